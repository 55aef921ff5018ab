"""Both sides of a choice that is not the nearest: what it does to everybody who waits.

A cleverer choice has a price: in a published comparison fewer late arrivals came with a
longer mean response (Health Care Management Science 20:517). So both are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.decision.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident besides this one that has no unit, or would lose it: seconds by unit."""

    number: str
    priority: int
    opened_at: datetime
    response_s: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class Side:
    """Sending this unit here and the nearest of the others to everybody else."""

    unit_id: UUID
    call_sign: str
    response_s: float
    mean_s: float
    late: int
    of: int

    @property
    def late_share(self) -> float:
        return self.late / self.of


def side(
    *,
    unit_id: UUID,
    call_sign: str,
    response_s: float,
    priority: int,
    opened_at: datetime,
    others: Sequence[Waiting],
    policy: Policy,
    now: datetime,
) -> Side:
    """Serve the others by urgency from what is left; one that gets nobody counts as late."""
    used = {unit_id}
    responses = [(priority, _since(opened_at, now) + response_s)]
    late = 0
    for other in sorted(others, key=lambda one: (one.priority, one.opened_at)):
        left = {unit: takes for unit, takes in other.response_s.items() if unit not in used}
        if not left:
            late += 1
            continue
        nearest = min(left, key=lambda unit: left[unit])
        used.add(nearest)
        responses.append((other.priority, _since(other.opened_at, now) + left[nearest]))
    late += sum(takes > policy.response.target_s[level] for level, takes in responses)
    mean_s = sum(takes for _level, takes in responses) / len(responses)
    return Side(unit_id, call_sign, response_s, mean_s, late, len(others) + 1)


def _since(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
