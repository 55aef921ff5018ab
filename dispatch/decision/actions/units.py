"""Recommend units for an incident, store why, and send one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec.structs import replace

from dispatch.calls.actions import control_room
from dispatch.calls.models import Incident
from dispatch.city.queries import roads_now
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router
from dispatch.decision.candidates import unit_candidates
from dispatch.decision.models import Recommendation
from dispatch.decision.plain import columns, every_plain, plain
from dispatch.decision.queries import case_of, incidents_without, policy_in_force
from dispatch.decision.rules.policy import Policy
from dispatch.decision.rules.sides import Side, Waiting, side
from dispatch.decision.rules.units import (
    Candidate,
    Case,
    Duty,
    UnitRanking,
    rank_units,
    response_s,
)
from dispatch.fleet.actions import assign, command, record_fact
from dispatch.fleet.models import Ambulance, Mission, MissionFact
from dispatch.fleet.rules import BEFORE_SCENE, State
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User

# The sides of so many first units are worked out, against so many other incidents.
SIDES_SHOWN = 5
OTHERS_WEIGHED = 3
# Of the units that could go to those others, the nearest so many are asked about.
FOR_OTHERS = 60


class NoCity(Refused):
    code = "no_city"


class UnitIsTaken(Refused):
    """The unit has gone to somebody else, or further, since it was recommended."""

    code = "unit_has_open_mission"


def recommend_units(
    *, incident: Incident, actor: User | None, now: datetime, instead_of: Mission | None = None
) -> tuple[Recommendation, UnitRanking]:
    """Rank the centre's units for the incident by the policy in force; store why.

    Raises NoCity when no city is imported. A scene far from any road still gets an
    answer: every unit is then listed as unreachable. `instead_of` is a mission of
    the incident that nobody has acknowledged: it counts as not sent.
    """
    began = perf_counter()
    here, policy = roads_now(), policy_in_force()
    if here is None:
        raise NoCity(_("No city is imported; road times are not known."))
    roads = here.router
    case = case_of(incident, without=instead_of)
    scene = LonLat(incident.lon, incident.lat)
    candidates = with_road_times(unit_candidates(centre=incident.centre, now=now), scene, roads)
    ranking = rank_units(candidates, case=case, policy=policy, now=now)
    sides = _sides(ranking, candidates, incident, case, policy, roads, now)
    took_ms = (perf_counter() - began) * 1000
    with transaction.atomic():
        stored = Recommendation.objects.create(
            question=Recommendation.Question.UNIT,
            incident=incident,
            made_at=now,
            took_ms=took_ms,
            policy=policy.name,
            city_version=here.city.version,
            inputs={
                "case": plain(case),
                "scene": [incident.lon, incident.lat],
                "speeds": here.speeds,
                "run_cards": f"{policy.run_cards.id}-{policy.run_cards.version}",
                "units": columns(candidates),
            },
            ranked=every_plain(ranking.ranked),
            excluded=every_plain(ranking.excluded),
            instead_of=instead_of,
            outcome={
                "wanted": list(ranking.wanted),
                "shortfalls": [plain(one) for one in ranking.shortfalls],
                "sides": [plain(one) for one in sides],
            },
        )
        append(
            kind="recommendation.made",
            actor=actor,
            now=now,
            refs={"recommendation": stored.pk, "incident": incident.pk},
            detail={"policy": policy.name, "took_ms": round(took_ms)},
        )
    return stored, ranking


def with_road_times(
    candidates: Sequence[Candidate], scene: LonLat, roads: Router
) -> list[Candidate]:
    """One search from the scene gives every unit its time by blue light."""
    places = [
        Origin(one.lon, one.lat, one.heading_deg)
        for one in candidates
        if one.lon is not None and one.lat is not None
    ]
    try:
        found = iter(roads.etas_to(scene, places, Profile.BLUE_LIGHT))
    except OffRoad:
        return [replace(one, eta_s=None) for one in candidates]
    return [
        replace(one, eta_s=None if one.lon is None or one.lat is None else next(found))
        for one in candidates
    ]


# --- both sides of the choice -----------------------------------------------------


def _sides(
    ranking: UnitRanking,
    candidates: Sequence[Candidate],
    incident: Incident,
    case: Case,
    policy: Policy,
    roads: Router,
    now: datetime,
) -> list[Side]:
    """What sending each of the first units does to all who wait, and sending the nearest."""
    known = {one.unit_id: one for one in candidates}
    shown = [(one.unit_id, one.response_s) for one in ranking.ranked[:SIDES_SHOWN]]
    passed = [
        (one.unit_id, one.response_s) for one in ranking.excluded if one.response_s is not None
    ]
    nearest = min([*shown, *passed], key=lambda one: one[1], default=None)
    if nearest and nearest not in shown:
        shown.append(nearest)
    able = [known[one.unit_id] for one in ranking.ranked[:FOR_OTHERS]]
    free = [one for one in able if one.duty is not Duty.COMING]
    others = _waiting(incidents_without(incident)[:OTHERS_WEIGHED], free, policy, roads)
    found = []
    for unit_id, takes_s in shown:
        robbed = _robbed(known[unit_id], incident)
        found.append(
            side(
                unit_id=unit_id,
                call_sign=known[unit_id].call_sign,
                response_s=takes_s,
                priority=case.priority,
                opened_at=case.opened_at,
                others=[*others, *_waiting(robbed, free, policy, roads)],
                policy=policy,
                now=now,
            )
        )
    return found


def _robbed(unit: Candidate, incident: Incident) -> list[Incident]:
    """The incident that would lose this unit."""
    if unit.duty is not Duty.COMING:
        return []
    return list(
        Incident.objects.filter(
            centre=incident.centre, missions__ambulance=unit.unit_id, missions__open=True
        )
    )


def _waiting(
    incidents: Sequence[Incident], free: Sequence[Candidate], policy: Policy, roads: Router
) -> list[Waiting]:
    found = []
    for one in incidents:
        there = with_road_times(free, LonLat(one.lon, one.lat), roads)
        times: Mapping[UUID, float] = {
            unit.unit_id: takes_s
            for unit in there
            if (takes_s := response_s(unit, policy)) is not None
        }
        found.append(Waiting(one.number, one.priority, one.opened_at, times))
    return found


# --- the choice -------------------------------------------------------------------


def choose_unit(
    *,
    incident: Incident,
    ambulance: Ambulance,
    recommendation: Recommendation | None,
    override_reason: str,
    actor: User,
    now: datetime,
    mission_id: UUID,
) -> Mission:
    """Send a unit and keep what was recommended; one that was not picked needs a reason.

    A picked unit that is coming to somebody less urgent is diverted, one that is clearing
    up is reported free, one that is posted leaves its post, in the same transaction.
    """
    centre = control_room(actor)
    if incident.centre_id != centre.pk or ambulance.station.parent_id != centre.pk:
        raise Refused(_("This belongs to another centre."), code="other_centre")
    if recommendation is None or recommendation.incident_id != incident.pk:
        raise BadInput(_("Ask for a recommendation first."), code="no_recommendation")
    named = {row["unit_id"]: row for row in recommendation.ranked}
    row = named.get(str(ambulance.pk))
    overridden = row is None or not row.get("picked", row is recommendation.ranked[0])
    if overridden and not override_reason:
        raise BadInput(_("Say why not the first unit."), code="override_needs_reason")
    with transaction.atomic():
        earlier = Mission.objects.filter(pk=mission_id).first()
        if earlier:
            return earlier
        duty = Duty(row.get("duty", Duty.FREE)) if row else Duty.FREE
        _make_free(ambulance, duty, actor=actor, now=now)
        mission = assign(
            incident=incident, ambulance=ambulance, actor=actor, now=now, mission_id=mission_id
        )
        chosen = Recommendation.objects.filter(pk=recommendation.pk, chosen_at__isnull=True).update(
            chosen_id=ambulance.pk,
            chosen_at=now,
            chosen_by=actor,
            override_reason=override_reason if overridden else "",
            mission=mission,
        )
        if chosen and overridden:
            append(
                kind="recommendation.overridden",
                actor=actor,
                now=now,
                refs={
                    "recommendation": recommendation.pk,
                    "incident": incident.pk,
                    "unit": ambulance.pk,
                },
                detail={"reason": override_reason},
            )
    return mission


def _make_free(ambulance: Ambulance, duty: Duty, *, actor: User, now: datetime) -> None:
    """Take the unit off what it was doing when it was recommended; refuse if that has changed."""
    mission = (
        Mission.objects.filter(ambulance=ambulance, open=True).select_related("incident").first()
    )
    if mission is None or (duty is Duty.FREE and not mission.incident.posting):
        return  # with an open mission now, `assign` says that the unit is busy
    coming = duty is Duty.COMING and mission.state in BEFORE_SCENE
    if mission.incident.posting or coming:
        command(
            mission=mission,
            to=State.DIVERTED,
            reason="higher_priority",
            actor=actor,
            now=now,
            fact_id=uuid4(),
        )
    elif duty is Duty.CLEARING and mission.state == State.HANDED_OVER:
        record_fact(
            mission=mission,
            fact=State.AVAILABLE,
            occurred_at=now,
            actor=actor,
            source=MissionFact.Source.DISPATCHER,
            now=now,
            fact_id=uuid4(),
        )
    else:
        raise UnitIsTaken(
            _("%(unit)s is not free any more; ask again.") % {"unit": ambulance.call_sign}
        )
