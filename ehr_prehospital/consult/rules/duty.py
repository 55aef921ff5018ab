"""Who of the physicians on call rings next. No clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# A desk says every five seconds that somebody sits there.
PRESENT_WITHIN = timedelta(seconds=20)
# Whoever did not answer is rung again after this, when nobody else is left.
AGAIN_AFTER = timedelta(seconds=30)
DECLINED_FOR = timedelta(minutes=10)
ANY = "any"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One physician on call: `rank` is the place in the ringing order, 1 first."""

    user_id: UUID
    specialties: frozenset[str]
    rank: int
    available: bool
    heard_at: datetime | None
    # In another call, or ringing in one.
    busy: bool = False
    last_rung_at: datetime | None = None
    declined_at: datetime | None = None


def is_present(one: OnDuty, now: datetime) -> bool:
    return one.heard_at is not None and now - one.heard_at < PRESENT_WITHIN


def can_ring(one: OnDuty, *, specialty: str, now: datetime) -> str | None:
    """None when this physician may be rung now, else why not."""
    if specialty != ANY and specialty not in one.specialties:
        return "other_specialty"
    if not is_present(one, now):
        return "not_at_desk"
    if not one.available:
        return "away"
    if one.busy:
        return "busy"
    if one.declined_at and now - one.declined_at < DECLINED_FOR:
        return "declined"
    if one.last_rung_at and now - one.last_rung_at < AGAIN_AFTER:
        return "just_rung"
    return None


def next_to_ring(duty: Sequence[OnDuty], *, specialty: str, now: datetime) -> OnDuty | None:
    """The first who was not rung yet by ringing order; then who was rung longest ago."""
    free = [one for one in duty if can_ring(one, specialty=specialty, now=now) is None]
    rung = [one for one in free if one.last_rung_at]
    fresh = sorted((one for one in free if not one.last_rung_at), key=lambda one: one.rank)
    if fresh:
        return fresh[0]
    return min(rung, key=lambda one: one.last_rung_at or now, default=None)
