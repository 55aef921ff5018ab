"""Who else acts when something is written into a record, inside the same transaction.

The second argument names the elements that were written, or MERGED or PARTED. Followers register
when the process starts, and may refuse nothing.
"""

from collections.abc import Callable
from datetime import datetime

from dispatch.people.models import User
from ehr_prehospital.record.models import Record

# Of a patient, not of an element.
MERGED, PARTED = "patient:merged", "patient:parted"

Follower = Callable[[Record, frozenset[str], User | None, datetime], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def tell(record: Record, written: frozenset[str], actor: User | None, now: datetime) -> None:
    for follower in _followers:
        follower(record, written, actor, now)
