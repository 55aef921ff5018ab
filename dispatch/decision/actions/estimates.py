"""Estimate every moving mission again."""

from datetime import datetime

from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router
from dispatch.decision.queries import policy_in_force, profile_of, target_of
from dispatch.fleet.models import Fix, Mission


def refresh_etas(*, now: datetime) -> list[Mission]:
    """Estimate every moving mission again by road; return those whose estimate was written.

    With a stale position the last estimate stays as it was and says so: a countdown
    over an unknown position would be an invention.
    """
    roads = router()
    stale_s = policy_in_force().gates.fix_stale_s
    if roads is None:
        return []
    missions = Mission.objects.filter(open=True).select_related(
        "incident", "ambulance__fix", "destination"
    )
    written = []
    for mission in missions:
        target = target_of(mission)
        fix = getattr(mission.ambulance, "fix", None)
        if target is None:
            eta, note = None, ""
        elif fix is None or (now - fix.fix_at).total_seconds() > stale_s:
            eta, note = mission.eta_s, "stale_fix"
        else:
            eta, note = _eta(roads, fix, target[1], profile_of(mission))
        if (eta, note) != (mission.eta_s, mission.eta_note) or note == "":
            at = mission.eta_computed_at if note == "stale_fix" else now
            Mission.objects.filter(pk=mission.pk, open=True).update(
                eta_s=eta, eta_computed_at=at if eta is not None else None, eta_note=note
            )
            mission.eta_s, mission.eta_computed_at, mission.eta_note = eta, at, note
            written.append(mission)
    return written


def _eta(roads: Router, fix: Fix, target: LonLat, profile: Profile) -> tuple[float | None, str]:
    try:
        (eta_s,) = roads.etas_to(target, [Origin(fix.lon, fix.lat, fix.heading_deg)], profile)
    except OffRoad:
        return None, "off_road"
    return eta_s, "" if eta_s is not None else "unreachable"
