"""Recommend hospitals for a mission's patient, and store why."""

from datetime import datetime
from time import perf_counter

from django.utils.translation import gettext as _

from dispatch.city.queries import roads_now
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Path, Profile, Router
from dispatch.decision.actions.units import NoCity
from dispatch.decision.models import Hospital, Recommendation
from dispatch.decision.needs import needs_of
from dispatch.decision.plain import plain
from dispatch.decision.queries import hospital_candidates, policy_in_force
from dispatch.decision.rules.hospitals import RankedHospital, rank_hospitals
from dispatch.fleet.models import Mission


def recommend_hospitals(*, mission: Mission, now: datetime) -> list[RankedHospital]:
    """Rank hospitals for this mission's patient from where the vehicle is now; stored.

    Without a position the scene stands in for it.
    """
    began = perf_counter()
    here, policy = roads_now(), policy_in_force()
    if here is None:
        raise NoCity(_("No city is imported; road times are not known."))
    incident = mission.incident
    fix = getattr(mission.ambulance, "fix", None)
    origin = (
        Origin(fix.lon, fix.lat, fix.heading_deg) if fix else Origin(incident.lon, incident.lat)
    )
    hospitals = Hospital.objects.filter(organisation__active=True).select_related("organisation")
    paths = [_way(here.router, origin, hospital) for hospital in hospitals]
    candidates = hospital_candidates(
        hospitals=list(hospitals), paths=paths, without=mission, now=now
    )
    wanted = needs_of(mission, now)
    ranking = rank_hospitals(candidates, needs=wanted, policy=policy.hospitals, now=now)
    Recommendation.objects.create(
        question=Recommendation.Question.HOSPITAL,
        incident=incident,
        mission=mission,
        made_at=now,
        took_ms=(perf_counter() - began) * 1000,
        policy=policy.name,
        city_version=here.city.version,
        inputs={
            "needs": wanted,
            "from": [origin.lon, origin.lat],
            "hospitals": [plain(candidate) for candidate in candidates],
        },
        ranked=[plain(hospital) for hospital in ranking],
    )
    return list(ranking)


def _way(roads: Router, origin: Origin, hospital: Hospital) -> Path | None:
    try:
        return roads.path(origin, LonLat(hospital.lon, hospital.lat), Profile.BLUE_LIGHT)
    except OffRoad:
        return None
