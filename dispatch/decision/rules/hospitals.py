"""Rank hospitals for a patient: what they can do, how far they are, what they say of themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dispatch.decision.rules.policy import LEVELS, Bypass, HospitalPolicy
from dispatch.decision.rules.reasons import Reason, Why

NO_WAY = float("inf")
# Types of beds that a hospital declares, and why it asks for no patients: codes.
BEDS = ("ed", "resus", "icu", "cath_lab", "stroke", "burns", "paediatric", "obstetric")
DIVERT_REASONS = ("full", "resus_full", "imaging_down", "cath_lab_down", "staff", "incident")
MOST_BEDS = 500
# Colours by which patients of a major incident are sorted, worst first.
CAPABILITIES = (
    "ed",
    "trauma",
    "stroke",
    "cath_lab",
    "paediatric",
    "obstetric",
    "burns",
    "poisoning",
)
COLOURS = ("red", "yellow", "green")


@dataclass(frozen=True, slots=True)
class HospitalCandidate:
    """A hospital as the decision sees it; `beds` are the free ones by type, as declared."""

    hospital_id: UUID
    code: str
    capabilities: frozenset[str]
    on_divert: bool
    inbound: int
    eta_s: float | None
    distance_m: float | None
    offloading: int = 0
    beds: Mapping[str, int] = field(default_factory=dict)
    declared_at: datetime | None = None
    # Ambulances that set out for it after it declared its beds: each will take one.
    inbound_since: int = 0


@dataclass(frozen=True, slots=True)
class RankedHospital:
    hospital_id: UUID
    code: str
    eta_s: float | None
    distance_m: float | None
    recommended: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    hospital: HospitalCandidate
    cost_s: float
    reasons: tuple[Reason, ...]


def rank_hospitals(
    hospitals: Sequence[HospitalCandidate],
    *,
    needs: Sequence[str],
    policy: HospitalPolicy,
    now: datetime,
) -> tuple[RankedHospital, ...]:
    """Order hospitals by road time plus what a wrong, full or closed door would cost.

    Every hospital stays in the list: the crew may know better, and sees why not.
    """
    wanted = [need for need in needs if need not in LEVELS]
    nearest_s = min((h.eta_s for h in hospitals if h.eta_s is not None), default=NO_WAY)
    judged = [
        _judge(hospital, wanted, policy=policy, nearest_s=nearest_s, now=now)
        for hospital in hospitals
    ]
    judged.sort(key=lambda one: (one.cost_s, one.hospital.code))
    best_s = judged[0].hospital.eta_s if judged else None
    return tuple(
        RankedHospital(
            hospital_id=one.hospital.hospital_id,
            code=one.hospital.code,
            eta_s=one.hospital.eta_s,
            distance_m=one.hospital.distance_m,
            recommended=place == 0 and one.hospital.eta_s is not None,
            reasons=(*_road(one.hospital, best_s), *one.reasons),
        )
        for place, one in enumerate(judged)
    )


def _road(hospital: HospitalCandidate, best_s: float | None) -> Iterable[Reason]:
    if hospital.eta_s is None:
        yield Reason(Why.UNREACHABLE)
        return
    yield Reason(Why.ROAD_TIME, {"eta_s": round(hospital.eta_s)})
    if best_s is not None and hospital.eta_s > best_s:
        yield Reason(Why.SLOWER_BY, {"more_s": round(hospital.eta_s - best_s)})


def _judge(
    hospital: HospitalCandidate,
    wanted: Sequence[str],
    *,
    policy: HospitalPolicy,
    nearest_s: float,
    now: datetime,
) -> _Judged:
    eta_s = NO_WAY if hospital.eta_s is None else hospital.eta_s
    cost, reasons = eta_s, []
    lacking = [need for need in wanted if need not in hospital.capabilities]
    for need in wanted:
        code = Why.LACKS if need in lacking else Why.OFFERS
        reasons.append(Reason(code, {"capability": need}))
    rules = _bypasses(hospital, wanted, policy, nearest_s)
    too_far = any(_far(rule, eta_s, nearest_s) for rule in rules)
    if not lacking:
        reasons += [
            _bypassing(rule, eta_s, nearest_s, far=_far(rule, eta_s, nearest_s)) for rule in rules
        ]
    # Out of reach within the time that counts, it is worth no more than the nearest door.
    if lacking or too_far:
        cost += policy.lacking_s
    for extra_s, reason in _door(hospital, wanted, policy, now):
        cost += extra_s
        reasons.append(reason)
    return _Judged(hospital, cost, tuple(reasons))


def _bypasses(
    hospital: HospitalCandidate, wanted: Sequence[str], policy: HospitalPolicy, nearest_s: float
) -> list[Bypass]:
    """The rules by which this hospital may be driven to past a nearer door."""
    if hospital.eta_s is None or hospital.eta_s <= nearest_s:
        return []
    offered = hospital.capabilities.intersection(wanted)
    return [policy.bypass[need] for need in wanted if need in offered and need in policy.bypass]


def _far(rule: Bypass, eta_s: float, nearest_s: float) -> bool:
    return eta_s > rule.longest_s or eta_s - nearest_s > rule.longest_extra_s


def _bypassing(rule: Bypass, eta_s: float, nearest_s: float, *, far: bool) -> Reason:
    if far:
        return Reason(Why.TOO_FAR, {"capability": rule.need, "longest_s": round(rule.longest_s)})
    return Reason(Why.BYPASS, {"capability": rule.need, "more_s": round(eta_s - nearest_s)})


def _door(
    hospital: HospitalCandidate, wanted: Sequence[str], policy: HospitalPolicy, now: datetime
) -> Iterable[tuple[float, Reason]]:
    """What the hospital says of itself, and who is already there or on the way."""
    if hospital.on_divert:
        yield policy.divert_s, Reason(Why.ON_DIVERT)
    kinds = {policy.bed_of[need] for need in wanted if need in policy.bed_of} or {"ed"}
    for kind in sorted(kinds.intersection(hospital.beds)):
        # Whoever set out after the hospital spoke will lie in one of these.
        free = max(0, hospital.beds[kind] - hospital.inbound_since)
        code = Why.BEDS_FREE if free else Why.NO_BED
        params: dict[str, str | int] = {"bed": kind, "count": free} if free else {"bed": kind}
        yield 0.0 if free else policy.no_bed_s, Reason(code, params)
    if hospital.beds and hospital.declared_at:
        age_s = (now - hospital.declared_at).total_seconds()
        if age_s > policy.word_old_s:
            yield 0.0, Reason(Why.OLD_WORD, {"age_s": int(age_s)})
    if hospital.inbound:
        yield (
            policy.inbound_s * hospital.inbound,
            Reason(Why.INBOUND, {"count": hospital.inbound}),
        )
    if hospital.offloading:
        yield (
            policy.offloading_s * hospital.offloading,
            Reason(Why.OFFLOADING, {"count": hospital.offloading}),
        )
