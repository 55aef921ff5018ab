"""Who else acts when a fact is recorded, inside the same transaction.

The clinical side follows missions (a handover arrives when its ambulance does)
but dispatch must not know it; so it registers here when the process starts.
Followers run in the order of registration and may refuse nothing.
"""

from collections.abc import Callable
from datetime import datetime

from dispatch.fleet.models import Mission, MissionFact

Follower = Callable[[Mission, MissionFact, datetime], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def tell(mission: Mission, fact: MissionFact, now: datetime) -> None:
    for follower in _followers:
        follower(mission, fact, now)
