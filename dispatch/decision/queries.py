"""The candidates of a decision, read from the database."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import F

from dispatch.calls.models import Incident
from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Path, Profile
from dispatch.decision.models import Hospital, Recommendation
from dispatch.decision.plain import again, rows_again
from dispatch.decision.policy_file import read_policy
from dispatch.decision.rules.hospitals import HospitalCandidate
from dispatch.decision.rules.policy import Policy
from dispatch.decision.rules.replay import Decided
from dispatch.decision.rules.units import Candidate, Case
from dispatch.fleet.models import Fix, Mission
from dispatch.fleet.rules import State, rank
from dispatch.people.models import Organisation


def policy_in_force() -> Policy:
    """The centre's policy, or ours where it names none."""
    return read_policy(settings.POLICY_FILE)


def case_of(incident: Incident, *, without: Mission | None = None) -> Case:
    """The incident as the decision sees it, with the levels that are already on their way."""
    on_it = incident.missions.filter(open=True)
    if without is not None:
        on_it = on_it.exclude(pk=without.pk)
    sent = on_it.values_list("ambulance__capability", flat=True)
    return Case(
        complaint=incident.complaint,
        priority=incident.priority,
        needs=tuple(incident.needs),
        opened_at=incident.opened_at,
        sent=tuple(sent),
    )


def incidents_without(incident: Incident) -> list[Incident]:
    """Other open incidents of the centre that nobody serves or has served, most urgent first."""
    return list(
        Incident.objects.filter(
            centre=incident.centre_id, closed_at__isnull=True, missions__isnull=True
        )
        .exclude(pk=incident.pk)
        .order_by("priority", "opened_at")
    )


def proposed_instead(mission_ids: Collection[UUID]) -> dict[UUID, Recommendation]:
    """The newest standing proposal of another unit for each of these missions."""
    rows = Recommendation.objects.filter(
        instead_of__in=mission_ids, withdrawn_at__isnull=True
    ).order_by("made_at")
    return {row.instead_of_id: row for row in rows if row.instead_of_id is not None}


def decided_between(
    *, centre: Organisation, begins: datetime, ends: datetime
) -> tuple[list[Decided], int]:
    """The recommendations by which a unit was sent, and how many cannot be read any more."""
    rows = Recommendation.objects.filter(
        question=Recommendation.Question.UNIT,
        incident__centre=centre,
        made_at__gte=begins,
        made_at__lt=ends,
        mission__isnull=False,
    ).select_related("incident", "mission__destination")
    found, skipped = [], 0
    for row in rows.order_by("made_at"):
        try:
            found.append(_decided(row, ends))
        except (KeyError, msgspec.ValidationError):
            skipped += 1  # stored before this form of the inputs
    return found, skipped


def _decided(row: Recommendation, ends: datetime) -> Decided:
    mission, scene = row.mission, row.inputs["scene"]
    if mission is None:
        raise KeyError("mission")
    place = mission.destination
    there = (place.lon, place.lat) if place and place.lon and place.lat else tuple(scene)
    return Decided(
        recommendation_id=row.pk,
        number=row.incident.number,
        made_at=row.made_at,
        case=again(row.inputs["case"], Case),
        scene=(scene[0], scene[1]),
        units=tuple(rows_again(row.inputs["units"], Candidate)),
        sent=mission.ambulance_id,
        took_s=max(0.0, ((mission.ended_at or ends) - row.made_at).total_seconds()),
        ended_at_place=(there[0], there[1]),
    )


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Ambulances on their way to each hospital, and those that wait to hand over there."""

    coming: Counter[object]
    offloading: Counter[object]


def at_doors(*, without: Mission | None = None) -> AtDoor:
    rows = Mission.objects.filter(open=True, destination__isnull=False)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    found = AtDoor(Counter(), Counter())
    for hospital_id, state in rows.values_list("destination_id", "state"):
        if state == State.HANDED_OVER:
            continue
        waits = state == State.AT_DESTINATION
        (found.offloading if waits else found.coming)[hospital_id] += 1
    return found


def boarded_since_declared(*, without: Mission | None = None) -> Counter[object]:
    """Patients who set out for a hospital after it declared its beds: each takes one."""
    rows = Mission.objects.filter(
        destination__hospital__declared_at__isnull=False,
        on_board_at__gt=F("destination__hospital__declared_at"),
    )
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return Counter(rows.values_list("destination_id", flat=True))


def hospital_candidates(
    *,
    hospitals: Sequence[Hospital],
    paths: Sequence[Path | None],
    without: Mission | None,
    now: datetime,
) -> list[HospitalCandidate]:
    doors, boarded = at_doors(without=without), boarded_since_declared(without=without)
    return [
        HospitalCandidate(
            hospital_id=hospital.pk,
            code=hospital.organisation.code,
            capabilities=frozenset(hospital.capabilities),
            on_divert=bool(hospital.divert_until and hospital.divert_until > now),
            inbound=doors.coming[hospital.pk],
            offloading=doors.offloading[hospital.pk],
            beds=hospital.beds_free,
            declared_at=hospital.declared_at,
            inbound_since=boarded[hospital.pk],
            eta_s=path.eta_s if path else None,
            distance_m=path.distance_m if path else None,
        )
        for hospital, path in zip(hospitals, paths, strict=True)
    ]


def target_of(mission: Mission) -> tuple[str, LonLat] | None:
    """Where the unit is heading: the scene, or the destination once on board."""
    if not mission.open or rank(State(mission.state)) >= rank(State.AT_DESTINATION):
        return None
    if mission.on_board_at is None:
        return "scene", LonLat(mission.incident.lon, mission.incident.lat)
    destination = mission.destination
    if destination is None or destination.lat is None or destination.lon is None:
        return None
    return "destination", LonLat(destination.lon, destination.lat)


def profile_of(mission: Mission) -> Profile:
    """Nobody waits at a posting: it is driven to without blue light."""
    return Profile.NORMAL if mission.incident.posting else Profile.BLUE_LIGHT


def way(mission: Mission) -> Path | None:
    """The road from the last believed position to the target."""
    roads, target = router(), target_of(mission)
    fix = getattr(mission.ambulance, "fix", None)
    if roads is None or target is None or fix is None:
        return None
    try:
        return roads.path(Origin(fix.lon, fix.lat, fix.heading_deg), target[1], profile_of(mission))
    except OffRoad:
        return None


def ways(unit_ids: Sequence[UUID], *, incident: Incident) -> dict[UUID, Path]:
    """The blue-light roads from these units to the scene, of those that have one."""
    roads = router()
    if roads is None:
        return {}
    scene = LonLat(incident.lon, incident.lat)
    found: dict[UUID, Path] = {}
    for fix in Fix.objects.filter(ambulance_id__in=unit_ids):
        try:
            path = roads.path(Origin(fix.lon, fix.lat, fix.heading_deg), scene, Profile.BLUE_LIGHT)
        except OffRoad:
            continue
        if path:
            found[fix.ambulance_id] = path
    return found
