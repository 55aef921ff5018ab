"""Who else acts when an order is released or withdrawn; they may refuse nothing."""

from collections.abc import Callable
from datetime import datetime

from dispatch.people.models import User
from ehr_prehospital.handover.orders.models import PreparedOrder

Follower = Callable[[PreparedOrder, User | None, datetime], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def tell(order: PreparedOrder, actor: User | None, now: datetime) -> None:
    for follower in _followers:
        follower(order, actor, now)
