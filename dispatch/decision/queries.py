"""The candidates of a decision, read from the database."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dispatch.calls.models import Incident
from dispatch.city.queries import router
from dispatch.city.roads.router import Leg, LonLat, OffRoad, Origin, Path, Profile
from dispatch.decision.models import Hospital
from dispatch.decision.rules import Candidate, HospitalCandidate
from dispatch.fleet.models import Fix, Mission
from dispatch.fleet.queries import crews, open_missions, units_of
from dispatch.fleet.rules import State, rank
from dispatch.people.models import Organisation


def unit_candidates(*, centre: Organisation, now: datetime) -> list[tuple[Candidate, Fix | None]]:
    """Every unit of the centre with its last believed position; road times are added later."""
    units = units_of(centre)
    on_shift = crews(ambulances=[unit.pk for unit in units], now=now)
    busy = open_missions(centre)
    found = []
    for unit in units:
        crew = on_shift.get(unit.pk, [])
        mission = busy.get(unit.pk)
        fix = getattr(unit, "fix", None)
        found.append(
            (
                Candidate(
                    unit_id=unit.pk,
                    call_sign=unit.call_sign,
                    capability=unit.capability,
                    in_service=unit.in_service,
                    crew=len(crew),
                    shift_ends_at=min((shift.ends_at for shift in crew), default=None),
                    mission_state=mission.state if mission else None,
                    fix_at=fix.fix_at if fix else None,
                ),
                fix,
            )
        )
    return found


def inbound_counts(*, without: Mission | None = None) -> Counter[object]:
    """How many open missions are bound for each hospital."""
    rows = Mission.objects.filter(open=True, destination__isnull=False)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return Counter(rows.values_list("destination_id", flat=True))


def hospital_candidates(
    *,
    hospitals: Sequence[Hospital],
    legs: Sequence[Leg | None],
    without: Mission | None,
    now: datetime,
) -> list[HospitalCandidate]:
    inbound = inbound_counts(without=without)
    return [
        HospitalCandidate(
            hospital_id=hospital.pk,
            code=hospital.organisation.code,
            capabilities=frozenset(hospital.capabilities),
            on_divert=bool(hospital.divert_until and hospital.divert_until > now),
            inbound=inbound[hospital.pk],
            eta_s=leg.eta_s if leg else None,
            distance_m=leg.distance_m if leg else None,
        )
        for hospital, leg in zip(hospitals, legs, strict=True)
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


def way(mission: Mission) -> Path | None:
    """The road from the last believed position to the target, with blue light."""
    roads, target = router(), target_of(mission)
    fix = getattr(mission.ambulance, "fix", None)
    if roads is None or target is None or fix is None:
        return None
    try:
        return roads.path(Origin(fix.lon, fix.lat, fix.heading_deg), target[1], Profile.BLUE_LIGHT)
    except OffRoad:
        return None


def ways(unit_ids: Sequence[UUID], *, incident: Incident) -> dict[UUID, list[tuple[float, float]]]:
    """The blue-light roads from these units to the scene, [lon, lat] points each."""
    roads = router()
    if roads is None:
        return {}
    scene = LonLat(incident.lon, incident.lat)
    found: dict[UUID, list[tuple[float, float]]] = {}
    for fix in Fix.objects.filter(ambulance_id__in=unit_ids):
        try:
            path = roads.path(Origin(fix.lon, fix.lat, fix.heading_deg), scene, Profile.BLUE_LIGHT)
        except OffRoad:
            continue
        if path:
            found[fix.ambulance_id] = path.points
    return found
