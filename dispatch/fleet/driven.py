"""How far a unit drove between two moments, by its own track; where fixes lack, by the roads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router, plane_m
from dispatch.fleet.models import Track
from dispatch.fleet.tracks import TRUE

# Nearer together, a receiver's own wandering would add up to a way of its own.
LEAST_STEP_M = 15.0
# Further apart, the straight line is no way: a tunnel, a receiver that was off.
GAP_M = 250.0
FEWEST_FIXES = 2


def driven_m(*, ambulance_id: UUID, begins: datetime, ends: datetime) -> float | None:
    """Metres driven in [begins, ends]; None where there is no track to say it."""
    rows = Track.objects.filter(
        ambulance=ambulance_id, fix_at__gte=begins, fix_at__lte=ends, doubt__in=TRUE
    )
    points = [LonLat(lon, lat) for lon, lat in rows.order_by("fix_at").values_list("lon", "lat")]
    return length_m(points, router()) if len(points) >= FEWEST_FIXES else None


def length_m(points: Sequence[LonLat], roads: Router | None) -> float:
    """The length of a track; gaps are driven by the shortest way, or straight without roads."""
    metres, last = 0.0, points[0]
    for point in points[1:]:
        step = plane_m(last, point)
        if step < LEAST_STEP_M:
            continue
        metres += (road_m(roads, last, point) or step) if step > GAP_M else step
        last = point
    return metres


def road_m(roads: Router | None, start: LonLat, end: LonLat) -> float | None:
    try:
        path = roads.path(Origin(*start), end, Profile.BLUE_LIGHT) if roads else None
    except OffRoad:
        return None
    return path.distance_m if path else None
