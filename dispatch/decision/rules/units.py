"""Rank units for a scene: gates, run card, road time; a reason for each place and each gap."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from dispatch.decision.rules.policy import LEVELS, Policy, level_of
from dispatch.decision.rules.reasons import Reason, Why
from dispatch.fleet.rules import BEFORE_SCENE


class Duty(StrEnum):
    """What a unit is doing, as far as sending it matters."""

    FREE = "free"
    CLEARING = "clearing"  # the patient is handed over, the vehicle not yet reported free
    COMING = "coming"  # on its way to an incident, nobody on board
    SERVING = "serving"
    POSTED = "posted"  # free, but sent to wait somewhere: going elsewhere ends that


NEVER = float("inf")
# The console lists nine; who is passed over for a reason, or asked for others, is among these.
MOST_RANKED = 60


class Held(Struct, frozen=True, gc=False):
    """A person's word that a unit is kept, rests or lacks equipment; `what` is a code."""

    kind: str
    what: str


class Candidate(Struct, frozen=True, gc=False):
    """A unit as the decision sees it; `eta_s` is by road, None = no way.

    A struct, for a decision makes a thousand of them twice.
    """

    unit_id: UUID
    call_sign: str
    capability: str
    in_service: bool
    crew: int
    shift_ends_at: datetime | None
    mission_state: str | None
    fix_at: datetime | None
    eta_s: float | None = None
    crew_level: str = ""
    mission_priority: int | None = None
    mission_number: str = ""
    on_road: bool = False
    holds: tuple[Held, ...] = ()
    lon: float | None = None
    lat: float | None = None
    heading_deg: float | None = None
    posted: bool = False

    @property
    def level(self) -> int:
        """The lower of vehicle and crew: neither makes up for the other."""
        vehicle = level_of(self.capability)
        return min(vehicle, level_of(self.crew_level)) if self.crew_level else vehicle

    @property
    def duty(self) -> Duty:
        if self.mission_state is None:
            return Duty.FREE
        if self.posted:
            return Duty.POSTED
        if self.mission_state in BEFORE_SCENE:
            return Duty.COMING
        return Duty.CLEARING if self.mission_state == "handed_over" else Duty.SERVING


@dataclass(frozen=True, slots=True)
class Case:
    """The incident as the decision sees it; `sent` are the levels already on their way."""

    complaint: str
    priority: int
    needs: tuple[str, ...]
    opened_at: datetime
    sent: tuple[str, ...] = ()


class RankedUnit(Struct, frozen=True, gc=False):
    """`response_s` is all of it: clearing up, turning out, the road. `picked`: the card's."""

    unit_id: UUID
    call_sign: str
    eta_s: float
    response_s: float
    duty: Duty
    picked: bool
    reasons: tuple[Reason, ...]


class ExcludedUnit(Struct, frozen=True, gc=False):
    """`response_s` only where the unit could have come: then it may have been the nearest."""

    unit_id: UUID
    call_sign: str
    reasons: tuple[Reason, ...]
    response_s: float | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The card wants a unit of this level and none is there: how many are shut out by what."""

    level: str
    because: Mapping[Why, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitRanking:
    """Picked units first, then the rest by time; shut-out units with every reason.

    So many are ranked that nobody looks for another (`MOST_RANKED`); `more` could come later.
    """

    ranked: tuple[RankedUnit, ...]
    excluded: tuple[ExcludedUnit, ...]
    wanted: tuple[str, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    more: int = 0

    @property
    def picked(self) -> tuple[RankedUnit, ...]:
        return tuple(unit for unit in self.ranked if unit.picked)


def wanted_levels(case: Case, policy: Policy) -> tuple[str, ...]:
    """What the run card still wants, and what triage says the patient needs; one at least."""
    card = list(policy.run_cards.card(case.complaint, case.priority).levels)
    needed = max((level_of(need) for need in case.needs if need in LEVELS), default=0)
    highest = max(range(len(card)), key=lambda place: level_of(card[place]))
    card[highest] = LEVELS[max(needed, level_of(card[highest]))]
    lowest = min(card, key=level_of)
    for level in sorted(case.sent, key=level_of, reverse=True):
        met = [one for one in card if level_of(one) <= level_of(level)]
        if met:
            card.remove(max(met, key=level_of))
    return tuple(card) or (lowest,)


def gate(unit: Candidate, *, case: Case, policy: Policy, now: datetime) -> tuple[Reason, ...]:
    """Why a unit cannot be sent, whatever the road says; empty when it can."""
    found: list[Reason] = []
    # Most units of a thousand are on duty, free and not held: nothing is asked of those.
    if not unit.in_service or unit.crew < max(1, policy.gates.least_crew):
        found.extend(_not_on_duty(unit, policy))
    if unit.mission_state is not None:
        found.extend(_on_mission(unit, case, policy))
    if unit.holds:
        found.extend(_held(unit, case, policy))
    left_s = _left_s(unit.shift_ends_at, now)
    if case.priority > policy.gates.spared_priority and left_s < policy.gates.shift_gate_s:
        found.append(Reason(Why.SHIFT_ENDS, {"in_s": int(left_s)}))
    if unit.fix_at is None:
        found.append(Reason(Why.NO_FIX))
    elif (age_s := (now - unit.fix_at).total_seconds()) > policy.gates.fix_unusable_s:
        found.append(Reason(Why.STALE_FIX, {"age_s": int(age_s)}))
    return tuple(found)


def _not_on_duty(unit: Candidate, policy: Policy) -> Iterable[Reason]:
    if not unit.in_service:
        yield Reason(Why.OUT_OF_SERVICE)
    if unit.crew == 0:
        yield Reason(Why.OFF_SHIFT)
    elif unit.crew < policy.gates.least_crew:
        yield Reason(Why.SHORT_CREW, {"has": unit.crew, "needs": policy.gates.least_crew})


def _on_mission(unit: Candidate, case: Case, policy: Policy) -> Iterable[Reason]:
    """A unit that is coming to somebody else may be taken away, by the policy's rule only."""
    rule = policy.rerouting
    if unit.duty is Duty.SERVING or (unit.duty is Duty.COMING and not rule.up_to_priority):
        yield Reason(Why.ON_MISSION, {"state": unit.mission_state or ""})
    elif unit.duty is Duty.COMING:
        theirs = unit.mission_priority or 1
        if case.priority > rule.up_to_priority or theirs - case.priority < rule.least_gap:
            yield Reason(Why.ON_MISSION, {"state": unit.mission_state or ""})
            yield Reason(Why.LESS_URGENT, {"priority": theirs})


def _held(unit: Candidate, case: Case, policy: Policy) -> Iterable[Reason]:
    needed = policy.gates.equipment | (
        policy.run_cards.card(case.complaint, case.priority).equipment
    )
    for hold in unit.holds:
        if hold.kind == "reserved":
            yield Reason(Why.RESERVED, {"hold": hold.what})
        elif hold.kind == "rest" and case.priority > policy.gates.spared_priority:
            yield Reason(Why.RESTING, {"hold": hold.what})
        elif hold.kind == "equipment" and hold.what in needed:
            yield Reason(Why.EQUIPMENT, {"equipment": hold.what})


def _left_s(until: datetime | None, now: datetime) -> float:
    return max(0.0, (until - now).total_seconds()) if until else float("inf")


def response_s(unit: Candidate, policy: Policy) -> float | None:
    """Until the unit is there: clearing up, turning out, the road."""
    if unit.eta_s is None:
        return None
    times = policy.response
    ready = times.turn_out_on_road_s if unit.on_road else times.turn_out_s
    return unit.eta_s + ready + (times.clear_up_s if unit.duty is Duty.CLEARING else 0.0)


class _Able(Struct, frozen=True, gc=False):
    """A unit that may go: its time, and the time it counts as in the order."""

    unit: Candidate
    level: int
    response_s: float
    cost_s: float


def rank_units(
    units: Sequence[Candidate], *, case: Case, policy: Policy, now: datetime
) -> UnitRanking:
    """Fill the run card with the units that are there first; say why each is there or is not.

    A unit takes the highest place of the card that it meets. While a higher crew can
    come a lower one does not stand in for it; with none at all the nearest goes, and
    the shortfall says so. A unit is taken from another incident only for enough gain.
    """
    wanted = wanted_levels(case, policy)
    highest = max(map(level_of, wanted))
    # A crew that can do more than is asked is kept for those who need it.
    spare = case.priority >= policy.response.spare_from_priority
    spare_s = policy.response.spare_higher_s if spare else 0.0
    able: list[_Able] = []
    excluded: list[ExcludedUnit] = []
    for unit in units:
        takes_s = response_s(unit, policy)
        against = gate(unit, case=case, policy=policy, now=now)
        if not against and takes_s is None:
            against = (Reason(Why.UNREACHABLE),)
        if against or takes_s is None:
            excluded.append(_out(unit, against, takes_s if _could_come(against) else None))
        else:
            level = unit.level
            able.append(_Able(unit, level, takes_s, takes_s + spare_s * (level > highest)))
    able.sort(key=lambda one: (one.cost_s, one.unit.call_sign))
    lowest = min(map(level_of, wanted)) if policy.gates.respect_level else 0
    able, too_little = _worth_taking(able, lowest, policy)
    excluded += too_little
    picks, gaps = _fill(able, wanted, respect_level=policy.gates.respect_level)
    picked = {one.unit.unit_id for one in picks}
    rest = [one for one in able if one.unit.unit_id not in picked]
    if any(one.level >= lowest for one in able):
        excluded += [
            _out(one.unit, (_too_low(one.unit, lowest),), one.response_s)
            for one in rest
            if one.level < lowest
        ]
        rest = [one for one in rest if one.level >= lowest]
    best_s = min((one.response_s for one in able), default=0.0)
    # Below the card's highest place a unit still fits its lowest one, unless a place is open.
    least = highest if gaps else lowest
    ranked = tuple(
        _ranked(
            one,
            picked=one.unit.unit_id in picked,
            best_s=best_s,
            needed=highest if one.level >= highest else least,
            case=case,
            policy=policy,
            now=now,
        )
        for one in [*picks, *rest][:MOST_RANKED]
    )
    return UnitRanking(
        ranked,
        tuple(sorted(excluded, key=lambda unit: unit.call_sign)),
        wanted,
        tuple(_shortfall(level, units, excluded) for level in gaps),
        more=len(picks) + len(rest) - len(ranked),
    )


# A unit shut out only by these could drive there: it may have been the nearest.
_JUDGEMENTS = frozenset(
    {Why.RESERVED, Why.RESTING, Why.SHIFT_ENDS, Why.EQUIPMENT, Why.SHORT_CREW, Why.CREW_LEVEL,
     Why.GAINS_LITTLE}
)  # fmt: skip


def _could_come(against: Sequence[Reason]) -> bool:
    return all(reason.code in _JUDGEMENTS for reason in against)


def _out(
    unit: Candidate, reasons: tuple[Reason, ...], takes_s: float | None = None
) -> ExcludedUnit:
    return ExcludedUnit(unit.unit_id, unit.call_sign, reasons, takes_s)


def _too_low(unit: Candidate, needed: int) -> Reason:
    return Reason(Why.CREW_LEVEL, {"has": LEVELS[unit.level], "needs": LEVELS[needed]})


def _worth_taking(
    able: Sequence[_Able], lowest: int, policy: Policy
) -> tuple[list[_Able], list[ExcludedUnit]]:
    """Of the units that are coming to others, those that gain enough over the free ones.

    A free crew below the card's lowest level is no rival to one that meets it.
    """
    coming = [one for one in able if one.unit.duty is Duty.COMING]
    if not coming:
        return list(able), []
    free = [one for one in able if one.unit.duty is not Duty.COMING]
    best_s = {
        least: min((one.response_s for one in free if one.level >= least), default=NEVER)
        for least in range(lowest + 1)
    }
    left = [
        _out(
            one.unit, (Reason(Why.GAINS_LITTLE, {"gain_s": max(0, round(gain_s))}),), one.response_s
        )
        for one in coming
        if (gain_s := best_s[min(lowest, one.level)] - one.response_s)
        < policy.rerouting.least_gain_s
    ]
    too_little = {one.unit_id for one in left}
    kept = [one for one in able if one.unit.unit_id not in too_little]
    return kept, left


def _fill(
    able: Sequence[_Able], wanted: Sequence[str], *, respect_level: bool
) -> tuple[list[_Able], list[str]]:
    """The card's units, first there first, and the levels for which nobody came forward."""
    places = sorted((level_of(level) for level in wanted), reverse=True)
    picks: list[_Able] = []
    for one in able:
        if not places:
            break
        met = next((place for place in places if one.level >= place or not respect_level), -1)
        if met >= 0:
            places.remove(met)
            picks.append(one)
    taken = {one.unit.unit_id for one in picks}
    stand_ins = [one for one in able if one.unit.unit_id not in taken][: len(places)]
    first_there = sorted([*picks, *stand_ins], key=lambda one: (one.cost_s, one.unit.call_sign))
    return first_there, [LEVELS[place] for place in places]


def _shortfall(
    level: str, units: Sequence[Candidate], excluded: Sequence[ExcludedUnit]
) -> Shortfall:
    enough = {unit.unit_id for unit in units if unit.level >= level_of(level)}
    because = Counter(unit.reasons[0].code for unit in excluded if unit.unit_id in enough)
    return Shortfall(level, dict(because.most_common()))


def _ranked(
    one: _Able,
    *,
    picked: bool,
    best_s: float,
    needed: int,
    case: Case,
    policy: Policy,
    now: datetime,
) -> RankedUnit:
    unit = one.unit
    waited = max(0.0, (now - case.opened_at).total_seconds())
    late_s = waited + one.response_s - policy.response.target_s[case.priority]
    more_s = round(one.response_s - best_s)
    found = [
        Reason(Why.ROAD_TIME, {"eta_s": round(unit.eta_s or 0.0)}),
        *_before_driving(unit, policy),
        *([Reason(Why.SLOWER_BY, {"more_s": more_s})] if more_s else []),
        *([Reason(Why.LATE, {"late_s": round(late_s)})] if late_s > 0 else []),
        *_level(unit, needed, spared=one.cost_s > one.response_s),
        *_doubts(unit, policy, now),
    ]  # fmt: skip
    return RankedUnit(
        unit_id=unit.unit_id,
        call_sign=unit.call_sign,
        eta_s=unit.eta_s or 0.0,
        response_s=one.response_s,
        duty=unit.duty,
        picked=picked,
        reasons=tuple(found),
    )


def _before_driving(unit: Candidate, policy: Policy) -> Iterable[Reason]:
    if unit.duty is Duty.COMING:
        priority = unit.mission_priority or 0
        yield Reason(Why.TAKEN_FROM, {"number": unit.mission_number, "priority": priority})
    if unit.duty is Duty.POSTED:
        yield Reason(Why.POSTED)
    if unit.duty is Duty.CLEARING:
        yield Reason(Why.CLEARS_UP, {"takes_s": round(policy.response.clear_up_s)})
    if unit.on_road:
        yield Reason(Why.ON_ROAD)
    elif policy.response.turn_out_s:
        yield Reason(Why.TURN_OUT, {"takes_s": round(policy.response.turn_out_s)})


def _level(unit: Candidate, needed: int, *, spared: bool) -> Iterable[Reason]:
    if unit.level < needed:
        yield _too_low(unit, needed)
    elif needed:
        yield Reason(Why.MEETS_NEED, {"has": LEVELS[unit.level]})
    if spared:
        yield Reason(Why.SPARED, {"has": LEVELS[unit.level]})


def _doubts(unit: Candidate, policy: Policy, now: datetime) -> Iterable[Reason]:
    """What does not shut a unit out but should be known before it is sent."""
    for hold in unit.holds:
        if hold.kind == "rest":
            yield Reason(Why.RESTING, {"hold": hold.what})
        if hold.kind == "equipment":
            yield Reason(Why.EQUIPMENT, {"equipment": hold.what})
    age = now - unit.fix_at if unit.fix_at else timedelta()
    if age.total_seconds() > policy.gates.fix_stale_s:
        yield Reason(Why.FIX_AGE, {"age_s": int(age.total_seconds())})
    left_s = _left_s(unit.shift_ends_at, now)
    if left_s < policy.gates.shift_ending_s:
        yield Reason(Why.SHIFT_ENDS, {"in_s": int(left_s)})
