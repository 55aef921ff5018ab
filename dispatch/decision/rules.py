"""Rank units for a scene and hospitals for a patient, each with typed reasons.

Nothing is looked up here: candidates, road times and the clock are passed in, so
that a stored input gives the same answer again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

POLICY = "nearest-by-road-1"

# A fix older than this is never used; from STALE on it is used with a warning.
FIX_UNUSABLE = timedelta(seconds=120)
FIX_STALE = timedelta(seconds=30)
SHIFT_ENDING = timedelta(minutes=30)
# What a crew may do, lowest first; "als" as a need is met by als and above.
LEVELS = ("bls", "als", "micu")
# Each ambulance already bound for a hospital costs about this much waiting at its door.
INBOUND_PENALTY_S = 120.0
# A patient whose needs a hospital does not meet must be moved again; that costs
# more than any drive across a city.
LACKING_PENALTY_S = 3600.0
DIVERT_PENALTY_S = 2400.0


class Why(StrEnum):
    """Reasons for a choice or an exclusion; the texts are in decision/reasons.py."""

    ROAD_TIME = "road_time"
    SLOWER_BY = "slower_by"
    FIX_AGE = "fix_age"
    SHIFT_ENDS = "shift_ends"
    MEETS_NEED = "meets_need"
    CREW_LEVEL = "crew_level"
    OUT_OF_SERVICE = "out_of_service"
    OFF_SHIFT = "off_shift"
    ON_MISSION = "on_mission"
    NO_FIX = "no_fix"
    STALE_FIX = "stale_fix"
    UNREACHABLE = "unreachable"
    OFFERS = "offers"
    LACKS = "lacks"
    ON_DIVERT = "on_divert"
    INBOUND = "inbound"


@dataclass(frozen=True, slots=True)
class Reason:
    code: Why
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit as the decision sees it; `eta_s` and `distance_m` are by road, None = no way."""

    unit_id: UUID
    call_sign: str
    capability: str
    in_service: bool
    crew: int
    shift_ends_at: datetime | None
    mission_state: str | None
    fix_at: datetime | None
    eta_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class RankedUnit:
    unit_id: UUID
    call_sign: str
    eta_s: float
    distance_m: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ExcludedUnit:
    unit_id: UUID
    call_sign: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class UnitRanking:
    ranked: tuple[RankedUnit, ...]
    excluded: tuple[ExcludedUnit, ...]


def gate(unit: Candidate, *, now: datetime) -> tuple[Reason, ...]:
    """Why a unit cannot be sent, whatever the road says; empty when it can."""
    found: list[Reason] = []
    if not unit.in_service:
        found.append(Reason(Why.OUT_OF_SERVICE))
    if unit.crew == 0:
        found.append(Reason(Why.OFF_SHIFT))
    if unit.mission_state is not None:
        found.append(Reason(Why.ON_MISSION, {"state": unit.mission_state}))
    if unit.fix_at is None:
        found.append(Reason(Why.NO_FIX))
    elif now - unit.fix_at > FIX_UNUSABLE:
        age = int((now - unit.fix_at).total_seconds())
        found.append(Reason(Why.STALE_FIX, {"age_s": age}))
    return tuple(found)


def rank_units(units: Sequence[Candidate], *, needs: Sequence[str], now: datetime) -> UnitRanking:
    """Order the units that may go by road time; say why each is there or is not.

    A need for advanced life support shuts out a lower crew while any higher one
    can come; with none at all the nearest crew goes, and the reason says so.
    """
    excluded: list[ExcludedUnit] = []
    able: list[Candidate] = []
    for unit in units:
        against = gate(unit, now=now)
        if not against and unit.eta_s is None:
            against = (Reason(Why.UNREACHABLE),)
        if against:
            excluded.append(ExcludedUnit(unit.unit_id, unit.call_sign, against))
        else:
            able.append(unit)
    needed = max((LEVELS.index(need) for need in needs if need in LEVELS), default=0)
    enough = [unit for unit in able if LEVELS.index(unit.capability) >= needed]
    for unit in able if enough else ():
        if unit not in enough:
            level = Reason(Why.CREW_LEVEL, {"has": unit.capability, "needs": LEVELS[needed]})
            excluded.append(ExcludedUnit(unit.unit_id, unit.call_sign, (level,)))
    chosen = sorted(enough or able, key=lambda unit: (unit.eta_s or 0.0, unit.call_sign))
    best = chosen[0].eta_s or 0.0 if chosen else 0.0
    ranked = tuple(
        RankedUnit(
            unit_id=unit.unit_id,
            call_sign=unit.call_sign,
            eta_s=unit.eta_s or 0.0,
            distance_m=unit.distance_m or 0.0,
            reasons=_for_unit(unit, best=best, needed=needed, now=now),
        )
        for unit in chosen
    )
    return UnitRanking(ranked, tuple(sorted(excluded, key=lambda unit: unit.call_sign)))


def _for_unit(unit: Candidate, *, best: float, needed: int, now: datetime) -> tuple[Reason, ...]:
    eta = unit.eta_s or 0.0
    found = [Reason(Why.ROAD_TIME, {"eta_s": round(eta)})]
    if eta > best:
        found.append(Reason(Why.SLOWER_BY, {"more_s": round(eta - best)}))
    if needed:
        meets = LEVELS.index(unit.capability) >= needed
        found.append(
            Reason(Why.MEETS_NEED, {"has": unit.capability})
            if meets
            else Reason(Why.CREW_LEVEL, {"has": unit.capability, "needs": LEVELS[needed]})
        )
    if unit.fix_at and now - unit.fix_at > FIX_STALE:
        age = int((now - unit.fix_at).total_seconds())
        found.append(Reason(Why.FIX_AGE, {"age_s": age}))
    if unit.shift_ends_at and unit.shift_ends_at - now < SHIFT_ENDING:
        left = max(0, int((unit.shift_ends_at - now).total_seconds()))
        found.append(Reason(Why.SHIFT_ENDS, {"in_s": left}))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class HospitalCandidate:
    hospital_id: UUID
    code: str
    capabilities: frozenset[str]
    on_divert: bool
    inbound: int
    eta_s: float | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class RankedHospital:
    hospital_id: UUID
    code: str
    eta_s: float | None
    distance_m: float | None
    recommended: bool
    reasons: tuple[Reason, ...]


def rank_hospitals(
    hospitals: Sequence[HospitalCandidate], *, needs: Sequence[str]
) -> tuple[RankedHospital, ...]:
    """Order hospitals by road time plus what a wrong or full door would cost.

    Every hospital stays in the list: the crew may know better, and sees why not.
    """
    wanted = [need for need in needs if need not in LEVELS]

    def cost(hospital: HospitalCandidate) -> float:
        lacking = any(need not in hospital.capabilities for need in wanted)
        return (
            (hospital.eta_s if hospital.eta_s is not None else float("inf"))
            + INBOUND_PENALTY_S * hospital.inbound
            + LACKING_PENALTY_S * lacking
            + DIVERT_PENALTY_S * hospital.on_divert
        )

    ordered = sorted(hospitals, key=lambda hospital: (cost(hospital), hospital.code))
    return tuple(
        RankedHospital(
            hospital_id=hospital.hospital_id,
            code=hospital.code,
            eta_s=hospital.eta_s,
            distance_m=hospital.distance_m,
            recommended=place == 0 and hospital.eta_s is not None,
            reasons=_for_hospital(hospital, wanted),
        )
        for place, hospital in enumerate(ordered)
    )


def _for_hospital(hospital: HospitalCandidate, wanted: Sequence[str]) -> tuple[Reason, ...]:
    found = (
        [Reason(Why.UNREACHABLE)]
        if hospital.eta_s is None
        else [Reason(Why.ROAD_TIME, {"eta_s": round(hospital.eta_s)})]
    )
    for need in wanted:
        has = need in hospital.capabilities
        found.append(Reason(Why.OFFERS if has else Why.LACKS, {"capability": need}))
    if hospital.on_divert:
        found.append(Reason(Why.ON_DIVERT))
    if hospital.inbound:
        found.append(Reason(Why.INBOUND, {"count": hospital.inbound}))
    return tuple(found)
