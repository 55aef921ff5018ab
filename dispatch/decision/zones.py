"""The squares of a city with the demand of an hour, learned from the centre's own calls.

Nothing is stored: a year of calls is read once an hour and process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.utils.timezone import localtime
from numpy.typing import NDArray

from dispatch.calls.models import Incident
from dispatch.city.population import population
from dispatch.city.queries import current_city
from dispatch.city.roads.router import METRES_PER_DEGREE, LonLat
from dispatch.decision.rules.coverage import Floats
from dispatch.decision.rules.demand import HOURS, cells, hour_of_week, shares
from dispatch.decision.rules.policy import Relocation
from dispatch.people.models import Organisation

LEARNED_FROM = timedelta(days=365)


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """Zones by row: where each is asked about, its square in degrees, its share of the demand.

    Equal only to itself, so that what was worked out for it can be kept.
    """

    places: tuple[LonLat, ...]
    # (zones, 4): west, south, east, north.
    squares: Floats
    demand: Floats
    calls: int
    hour: int


def ground_of(centre: Organisation, rule: Relocation, now: datetime) -> Ground | None:
    """The zones of the centre at this hour; None without a city, or one where nobody lives."""
    city = current_city()
    if city is None:
        return None
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _ground(city.version, centre.pk, rule.cell_m, rule.prior_calls, hour)


@lru_cache(maxsize=4)
def _ground(
    version: str, centre_id: UUID, cell_m: float, prior_calls: float, hour: datetime
) -> Ground | None:
    people = population()
    calls = list(
        Incident.objects.filter(
            centre_id=centre_id,
            kind=Incident.Kind.EMERGENCY,
            opened_at__gte=hour - LEARNED_FROM,
            opened_at__lt=hour,
        ).values_list("lon", "lat", "opened_at")
    )
    points = [point for point, _weight in people] + [(lon, lat) for lon, lat, _at in calls]
    if not people:
        return None
    lon, lat = np.array(points, dtype=np.float64).T
    # A call counts for nobody's population, and no call for its place twice.
    weight = np.array([weight for _point, weight in people] + [0.0] * len(calls))
    west, south = lon.min(), lat.min()
    square, zone = np.unique(
        cells(lon, lat, west=west, south=south, cell_m=cell_m), axis=0, return_inverse=True
    )
    zone = zone.reshape(-1).astype(np.int64)
    by_hour = np.zeros((len(square), HOURS))
    for place, (_lon, _lat, at) in zip(zone[len(people) :], calls, strict=True):
        local = localtime(at)
        by_hour[place, hour_of_week(local.weekday(), local.hour)] += 1
    local = localtime(hour)
    asked = hour_of_week(local.weekday(), local.hour)
    size = cell_m / METRES_PER_DEGREE * np.array([1 / np.cos(np.radians(south)), 1.0])
    corner = np.array([west, south]) + square * size
    return Ground(
        places=tuple(_middle(lon, lat, zone, len(square))),
        squares=np.hstack([corner, corner + size]),
        demand=shares(
            by_hour,
            np.bincount(zone, weights=weight, minlength=len(square)).astype(np.float64),
            hour=asked,
            prior_calls=prior_calls,
        ),
        calls=len(calls),
        hour=asked,
    )


def _middle(lon: Floats, lat: Floats, zone: NDArray[np.int64], zones: int) -> list[LonLat]:
    """Of each zone the known point nearest to the middle of its points: one that has a road."""
    count = np.bincount(zone, minlength=zones)
    middle = [np.bincount(zone, weights=axis, minlength=zones) / count for axis in (lon, lat)]
    away = np.hypot(lon - middle[0][zone], lat - middle[1][zone])
    order = np.lexsort((away, zone))
    first = order[np.searchsorted(zone[order], np.arange(zones))]
    return [LonLat(float(lon[one]), float(lat[one])) for one in first]
