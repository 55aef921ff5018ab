"""Estimate every moving mission again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatch.city.queries import router, speeds_in_force
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router
from dispatch.decision.estimate_queries import bands_in_force
from dispatch.decision.models import ShownEta
from dispatch.decision.queries import policy_in_force, profile_of, target_of
from dispatch.decision.rules.accuracy import range_of
from dispatch.fleet.models import Fix, Mission

# A screen shows a new estimate every two seconds, each nearly the one before. One a minute, and
# one whenever the mission's state or place changes, holds what there is to judge.
KEPT_EVERY = timedelta(minutes=1)


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
    known, written = bands_in_force(), []
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
            low, high = (None, None) if eta is None else range_of(eta, known)
            Mission.objects.filter(pk=mission.pk, open=True).update(
                eta_s=eta,
                eta_computed_at=at if eta is not None else None,
                eta_note=note,
                eta_low_s=low,
                eta_high_s=high,
            )
            mission.eta_s, mission.eta_computed_at, mission.eta_note = eta, at, note
            mission.eta_low_s, mission.eta_high_s = low, high
            written.append(mission)
    _keep([one for one in written if not one.eta_note], now=now)
    return written


def _keep(missions: Sequence[Mission], *, now: datetime) -> None:
    """Keep what the screens show now of those whose last kept estimate is old or was another."""
    if not missions:
        return
    newest = ShownEta.objects.filter(mission__in=missions).order_by("mission", "-shown_at")
    last = {row.mission_id: row for row in newest.distinct("mission")}
    speeds = speeds_in_force()
    shown = [_shown(mission, speeds, now) for mission in missions]
    ShownEta.objects.bulk_create(
        one for one in shown if one and _is_news(one, last.get(one.mission_id))
    )


def _shown(mission: Mission, speeds: str, now: datetime) -> ShownEta | None:
    if mission.eta_s is None or mission.eta_low_s is None or mission.eta_high_s is None:
        return None
    boarded = mission.on_board_at is not None
    return ShownEta(
        mission=mission,
        heading_for="destination" if boarded else "scene",
        destination_id=mission.destination_id if boarded else None,
        state=mission.state,
        shown_at=now,
        eta_s=mission.eta_s,
        low_s=mission.eta_low_s,
        high_s=mission.eta_high_s,
        speeds=speeds,
    )


def _is_news(one: ShownEta, last: ShownEta | None) -> bool:
    if last is None or one.shown_at - last.shown_at >= KEPT_EVERY:
        return True
    return (one.state, one.destination_id) != (last.state, last.destination_id)


def _eta(roads: Router, fix: Fix, target: LonLat, profile: Profile) -> tuple[float | None, str]:
    try:
        (eta_s,) = roads.etas_to(target, [Origin(fix.lon, fix.lat, fix.heading_deg)], profile)
    except OffRoad:
        return None, "off_road"
    return eta_s, "" if eta_s is not None else "unreachable"
