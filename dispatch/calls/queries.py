"""Reads of calls and incidents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from geopy.distance import great_circle

from dispatch.calls.models import Incident
from dispatch.calls.rules.duplicates import (
    FARTHEST_M,
    Duplicate,
    Near,
    OpenIncident,
    possible_duplicates,
)
from dispatch.city.queries import router
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile, Router
from dispatch.people.models import Organisation


def duplicates_near(
    *,
    centre: Organisation,
    lat: float,
    lon: float,
    now: datetime,
    complaint: str = "",
    words: str = "",
    without: UUID | None = None,
) -> list[Duplicate]:
    """Open incidents that a call from here may be about, the likeliest first."""
    rows = Incident.objects.filter(
        centre=centre, closed_at__isnull=True, kind=Incident.Kind.EMERGENCY
    )
    if without:
        rows = rows.exclude(pk=without)
    known = [
        OpenIncident(
            row.pk,
            row.number,
            row.complaint,
            row.lat,
            row.lon,
            row.opened_at,
            words_of(row),
        )
        for row in rows
    ]
    near = [one for one in known if _straight_m(one, lat, lon) <= FARTHEST_M]
    return possible_duplicates(_by_road(near, lat, lon), complaint=complaint, words=words, now=now)


def words_of(incident: Incident) -> str:
    return f"{incident.place_label} {incident.place_detail} {incident.caller_note}".strip()


def _straight_m(one: OpenIncident, lat: float, lon: float) -> float:
    return float(great_circle((lat, lon), (one.lat, one.lon)).m)


def _by_road(near: Sequence[OpenIncident], lat: float, lon: float) -> list[Near]:
    """The shorter way of both, for one-way streets; without a road the straight line stands in."""
    roads = router() if near else None
    here = LonLat(lon, lat)
    found = []
    for one in near:
        there = LonLat(one.lon, one.lat)
        ways = [_road_m(roads, *ends) for ends in ((here, there), (there, here))] if roads else []
        straight_m = _straight_m(one, lat, lon)
        metres = min((way_m for way_m in ways if way_m is not None), default=straight_m)
        found.append(Near(one, metres, straight_m))
    return found


def _road_m(roads: Router, start: LonLat, end: LonLat) -> float | None:
    try:
        path = roads.path(Origin(*start), end, Profile.NORMAL)
    except OffRoad:
        return None
    return path.distance_m if path else None
