"""Where a replayed incident is: from the log, or drawn when the log does not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Protocol

from config.demand import Demand
from config.replay.csv_file import BadRow, BadTable, cell, number, records
from config.replay.motion import metres_between
from config.replay.table import Row
from dispatch.city.queries import nearest_place
from dispatch.city.roads.router import (
    METRES_PER_DEGREE,
    LonLat,
    OffRoad,
    Origin,
    Profile,
    Router,
)
from dispatch.people.models import in_language

# A drawn point farther than this from any road is in a river or a park: drawn again.
NEAR_ROAD_M = 120.0
MOST_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Scene:
    lon: float
    lat: float
    label: str
    drawn: bool


class Places(Protocol):
    """A way to know or to draw the place of a row. `told` says it in the report."""

    @property
    def told(self) -> str: ...

    def point(self, row: Row, random: Random) -> LonLat: ...


@dataclass(frozen=True, slots=True)
class FromLog:
    told: str = "as the log has them"

    def point(self, row: Row, random: Random) -> LonLat:
        if row.lon_lat is None:
            raise ValueError("a log without positions")
        return LonLat(*row.lon_lat)


@dataclass(frozen=True, slots=True)
class Area:
    """A postal area: its centre, and the share of calls that come from it."""

    zip_code: str
    centre: LonLat
    weight: float


@dataclass(frozen=True, slots=True)
class Around:
    """Around the centre of the row's postal area, or of an area drawn by weight."""

    areas: tuple[Area, ...]
    spread_m: float
    zip_known: bool

    @property
    def told(self) -> str:
        area = "of the row's postal area" if self.zip_known else "of a postal area drawn by weight"
        return f"drawn: normal around the centre {area}, deviation {self.spread_m:.0f} m"

    def point(self, row: Row, random: Random) -> LonLat:
        if self.zip_known:
            areas = [area for area in self.areas if area.zip_code == row.zip_code]
            if not areas:
                raise BadRow(row.line, f"postal area “{row.zip_code}” is not in the table")
        else:
            weights = [area.weight for area in self.areas]
            areas = random.choices(self.areas, weights=weights)
        centre = areas[0].centre
        north = random.gauss(0, self.spread_m) / METRES_PER_DEGREE
        east = random.gauss(0, self.spread_m) / METRES_PER_DEGREE / cos(radians(centre.lat))
        return LonLat(centre.lon + east, centre.lat + north)


@dataclass(frozen=True, slots=True)
class OfCity:
    """Where the imported city's people are."""

    demand: Demand
    told: str = "drawn from the imported city's own demand (its named places, if it has none)"

    def point(self, row: Row, random: Random) -> LonLat:
        place = self.demand.draw(random)
        return LonLat(place.lon, place.lat)


def read_areas(path: Path, *, weight: str | None) -> tuple[Area, ...]:
    """The table of postal areas: columns zip, lat, lon and, when asked for, a weight."""
    areas = []
    for line, record in records(path, ["zip", "lat", "lon", *([weight] if weight else [])]):
        try:
            areas.append(
                Area(
                    cell(record, "zip", line),
                    LonLat(
                        number(cell(record, "lon", line), "lon", line),
                        number(cell(record, "lat", line), "lat", line),
                    ),
                    number(cell(record, weight, line), weight, line) if weight else 1.0,
                )
            )
        except BadRow as bad:
            raise BadTable(f"{path}, {bad}") from bad
    if not any(area.weight > 0 for area in areas) or any(area.weight < 0 for area in areas):
        raise BadTable(f"{path} has no area to draw from.")
    return tuple(areas)


class Finder:
    """Puts a row on the map: a point near a road, with the name of what is there."""

    def __init__(self, places: Places, roads: Router, hospitals: Sequence[LonLat]) -> None:
        self._places = places
        self._roads = roads
        self._towards = hospitals[0]
        self._drawn = not isinstance(places, FromLog)

    def scene(self, row: Row, random: Random) -> Scene:
        """Raises BadRow for a place from which no road leads anywhere."""
        return self._drawn_scene(row, random) if self._drawn else self._known_scene(row, random)

    def _known_scene(self, row: Row, random: Random) -> Scene:
        point = self._places.point(row, random)
        if self._road_away_m(point) is None:
            here = f"{point.lat:.5f}, {point.lon:.5f}"
            raise BadRow(row.line, f"no road of the imported city is near {here}")
        return Scene(point.lon, point.lat, label(point), drawn=False)

    def _drawn_scene(self, row: Row, random: Random) -> Scene:
        for _draw in range(MOST_DRAWS):
            point = self._places.point(row, random)
            away_m = self._road_away_m(point)
            if away_m is not None and away_m <= NEAR_ROAD_M:
                return Scene(point.lon, point.lat, label(point), drawn=True)
        raise BadRow(row.line, "nothing drawn is near a road of the imported city")

    def _road_away_m(self, point: LonLat) -> float | None:
        try:
            path = self._roads.path(Origin(*point), self._towards, Profile.NORMAL)
        except OffRoad:
            return None
        return metres_between(point, path.points[0]) if path else None


def label(point: LonLat) -> str:
    found = nearest_place(point)
    if found is None:
        return f"{point.lat:.5f}, {point.lon:.5f}"
    return in_language(found.label_en, found.label_zh)
