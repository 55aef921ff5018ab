"""A past day decided again by another policy: who would have gone, how late, and where it differs.

Availability is carried along: a unit that the policy sends is away as long as the real
mission took, and one that it leaves standing can be sent to the next. What is not
simulated is said by the report: units drive nowhere of their own accord, and one that
comes back from a replayed mission stands where that mission really ended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, quantiles
from uuid import UUID

from msgspec.structs import replace

from dispatch.decision.rules.policy import Policy
from dispatch.decision.rules.units import Candidate, Case, rank_units, response_s

Spot = tuple[float, float]  # lon, lat
# The candidates again, with road times to the scene.
Timed = Callable[[Sequence[Candidate], Spot], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the day: what was known, who was sent, and how that mission went."""

    recommendation_id: UUID
    number: str
    made_at: datetime
    case: Case
    scene: Spot
    units: tuple[Candidate, ...]
    sent: UUID
    took_s: float
    ended_at_place: Spot


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit and its response as estimated then; nobody when there was none to send."""

    call_sign: str
    response_s: float | None
    late: bool


@dataclass(frozen=True, slots=True)
class Compared:
    recommendation_id: UUID
    number: str
    priority: int
    made_at: datetime
    decided: Choice
    replayed: Choice

    @property
    def differs(self) -> bool:
        return self.decided.call_sign != self.replayed.call_sign


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the choices of a day; the times are None when nobody could be sent at all."""

    decisions: int
    nobody: int
    late_share: float | None
    mean_s: float | None
    p90_s: float | None


@dataclass(slots=True)
class _Fleet:
    """Where the replayed day differs from the real one."""

    away: dict[UUID, tuple[datetime, Spot]]
    stood: dict[UUID, Candidate]


def replay(
    day: Sequence[Decided], *, policy: Policy, target_s: Mapping[int, float], timed: Timed
) -> list[Compared]:
    """Decide every case of the day again, in its order. `target_s` judges both sides alike."""
    of_the_day = {one.number for one in day}
    fleet = _Fleet({}, {})
    found = []
    for one in sorted(day, key=lambda decided: decided.made_at):
        units = _as_replayed(one, fleet, of_the_day, timed)
        ranking = rank_units(units, case=one.case, policy=policy, now=one.made_at)
        pick = ranking.ranked[0] if ranking.ranked else None
        real = next((unit for unit in one.units if unit.unit_id == one.sent), None)
        real_s = response_s(real, policy) if real else None
        if real:
            fleet.stood[one.sent] = real
        if pick:
            longer_s = pick.response_s - (pick.response_s if real_s is None else real_s)
            until = one.made_at + timedelta(seconds=max(0.0, one.took_s + longer_s))
            fleet.away[pick.unit_id] = until, one.ended_at_place
        found.append(
            Compared(
                one.recommendation_id,
                one.number,
                one.case.priority,
                one.made_at,
                _choice(real.call_sign if real else "", real_s, one, target_s),
                _choice(
                    pick.call_sign if pick else "", pick.response_s if pick else None, one, target_s
                ),
            )
        )
    return found


def _as_replayed(
    one: Decided, fleet: _Fleet, of_the_day: set[str], timed: Timed
) -> list[Candidate]:
    """The candidates with what the replayed policy did before this moment."""
    known, moved = [], []
    for unit in one.units:
        until, place = fleet.away.get(unit.unit_id, (None, None))
        if until is not None and one.made_at < until:
            known.append(replace(unit, mission_state="on_scene", mission_number=""))
        elif unit.mission_number not in of_the_day or unit.mission_state is None:
            known.append(unit)
        else:
            # Really under way for a case of this day, but not here: it stands somewhere else.
            stood = fleet.stood.get(unit.unit_id, unit)
            spot = place or _spot(stood)
            moved.append(_standing(unit, spot))
    again = timed(moved, one.scene) if moved else ()
    return [*known, *again]


def _spot(unit: Candidate) -> Spot | None:
    return (unit.lon, unit.lat) if unit.lon is not None and unit.lat is not None else None


def _standing(unit: Candidate, spot: Spot | None) -> Candidate:
    lon, lat = spot or (None, None)
    return replace(
        unit,
        mission_state=None,
        mission_priority=None,
        mission_number="",
        lon=lon,
        lat=lat,
        heading_deg=None,
        eta_s=None,
    )


def _choice(
    call_sign: str, takes_s: float | None, one: Decided, target_s: Mapping[int, float]
) -> Choice:
    waited_s = max(0.0, (one.made_at - one.case.opened_at).total_seconds())
    late = takes_s is None or waited_s + takes_s > target_s[one.case.priority]
    return Choice(call_sign, takes_s, late)


def figures(choices: Sequence[Choice]) -> Figures:
    """Late share of all, mean and P90 of those who got a unit."""
    times = sorted(one.response_s for one in choices if one.response_s is not None)
    return Figures(
        decisions=len(choices),
        nobody=len(choices) - len(times),
        late_share=sum(one.late for one in choices) / len(choices) if choices else None,
        mean_s=fmean(times) if times else None,
        p90_s=_p90(times),
    )


def _p90(ordered: Sequence[float]) -> float | None:
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    return quantiles(ordered, n=10, method="inclusive")[8]
