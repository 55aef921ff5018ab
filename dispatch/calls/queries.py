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
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile
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
    """One search each way, for one-way streets; off the roads the straight line stands in."""
    roads = router() if near else None
    here = Origin(lon, lat)
    places = [LonLat(one.lon, one.lat) for one in near]
    try:
        there = roads.times_from(here, places, Profile.NORMAL) if roads else []
        back = (
            roads.times_to(LonLat(lon, lat), [Origin(*place) for place in places], Profile.NORMAL)
            if roads
            else []
        )
    except OffRoad:
        there, back = [], []
    found = []
    for place, one in enumerate(near):
        straight_m = _straight_m(one, lat, lon)
        ways = [legs[place] for legs in (there, back) if legs]
        metres = min((leg.distance_m for leg in ways if leg), default=straight_m)
        found.append(Near(one, metres, straight_m))
    return found
