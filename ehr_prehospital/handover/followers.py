"""Who else acts when a handover takes a step, inside the same transaction.

Other systems are told of handovers, but the handover must not know them; so they register here
when the process starts. Followers may refuse nothing.
"""

from collections.abc import Callable
from datetime import datetime

from dispatch.people.models import User
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import State

Follower = Callable[[Handover, State, User | None, datetime], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def tell(handover: Handover, step: State, actor: User | None, now: datetime) -> None:
    for follower in _followers:
        follower(handover, step, actor, now)
