"""Collects what can be searched from an extract: streets, places, junctions, house numbers.

Pure: no Django, no database. `gather` gives rows; `index` stores them.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from scipy.spatial import cKDTree

from dispatch.city.osm import Tags, in_file_order, line_of, middle_of, tags_of
from dispatch.city.places.care import CareSite, care_of, each_once
from dispatch.city.places.streets import Numbered, Stretch, join_numbers, join_streets, junctions
from dispatch.city.roads.speeds import both_names

PLACE_KEYS = (
    "highway", "addr:housenumber", "addr:interpolation", "place", "amenity", "shop", "tourism",
    "leisure", "railway", "healthcare", "emergency", "historic", "office", "man_made", "natural",
    "building", "public_transport", "aeroway", "landuse",
)  # fmt: skip
STREETS = frozenset(
    {"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
     "living_street", "pedestrian", "service", "road", "footway", "path", "track", "steps"}
)  # fmt: skip
AROUND = {"city": 0.0, "town": 4.0, "borough": 5.0, "suburb": 5.0, "village": 3.0,
          "quarter": 2.0, "neighbourhood": 1.5, "hamlet": 1.5}  # fmt: skip
PLACE_WEIGHT = {"city": 1.0, "town": 0.9, "borough": 0.9, "suburb": 0.85, "village": 0.8,
                "quarter": 0.75, "neighbourhood": 0.7, "hamlet": 0.6}  # fmt: skip


WELL_KNOWN: dict[str, dict[str, float]] = {
    "emergency": {"ambulance_station": 0.7},
    "amenity": {"hospital": 0.8, "university": 0.65, "townhall": 0.6, "bus_station": 0.6,
                "fire_station": 0.55, "police": 0.55, "theatre": 0.55, "school": 0.5,
                "college": 0.55, "clinic": 0.55, "library": 0.55, "marketplace": 0.5},
    "railway": {"station": 0.75, "halt": 0.6, "subway_entrance": 0.5, "tram_stop": 0.4},
    "aeroway": {"aerodrome": 0.75, "terminal": 0.65},
    "tourism": {"museum": 0.6, "attraction": 0.6, "hotel": 0.55},
    "leisure": {"stadium": 0.65, "park": 0.6},
    "shop": {"mall": 0.6, "department_store": 0.55, "supermarket": 0.5},
}  # fmt: skip


@dataclass(slots=True)
class NameRow:
    """One searchable name; `local` is the name as the map has it, for matching addresses."""

    kind: str
    category: str
    name_en: str
    name_zh: str
    lon: float
    lat: float
    importance: float
    within_en: str = ""
    within_zh: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """`street` is an index into the name rows."""

    street: int
    number: str
    lon: float
    lat: float


@dataclass(slots=True)
class Gathered:
    names: list[NameRow] = field(default_factory=list)
    numbers: list[NumberRow] = field(default_factory=list)
    care: list[CareSite] = field(default_factory=list)
    city_en: str = ""
    city_zh: str = ""


def gather(extract: Path) -> Gathered:
    """Read the extract once. Raises RuntimeError as osmium does for a damaged file."""
    found = _Found()
    for thing in in_file_order(extract, PLACE_KEYS):
        found.take(thing)
    return found.rows()


class _Found:
    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self.places: list[NameRow] = []
        self.care: list[CareSite] = []
        self.numbered: list[Numbered] = []
        self.node_numbers: dict[int, tuple[str, str]] = {}

    def take(self, thing: osmium.osm.Node | osmium.osm.Way | osmium.osm.Area) -> None:
        tags = tags_of(thing)
        if isinstance(thing, osmium.osm.Node):
            location = thing.location
            self._place(tags, lambda: (location.lon, location.lat))
            if "addr:housenumber" in tags and "addr:street" in tags:
                self.node_numbers[thing.id] = (_number(tags), tags.get("addr:street", ""))
        elif isinstance(thing, osmium.osm.Way):
            self._way(thing, tags)
        else:
            self._place(tags, lambda: middle_of(thing))

    def _way(self, way: osmium.osm.Way, tags: Tags) -> None:
        highway = tags.get("highway", "").removesuffix("_link")
        if highway in STREETS and "name" in tags and tags.get("area", "") != "yes":
            nodes, points = line_of(way)
            if len(nodes) > 1:
                name_en, name_zh = both_names(tags)
                local = tags.get("name", "")
                self.stretches.append(Stretch(highway, local, name_en, name_zh, nodes, points))
        elif "addr:interpolation" in tags:
            self._interpolate(way, tags.get("addr:interpolation", ""))

    def _interpolate(self, way: osmium.osm.Way, rule: str) -> None:
        """Fill in the numbers between two known ends, evenly along the line."""
        nodes, points = line_of(way)
        known = [(i, *self.node_numbers[n]) for i, n in enumerate(nodes) if n in self.node_numbers]
        step = {"odd": 2, "even": 2, "all": 1, "1": 1, "2": 2}.get(rule, 0)
        for (i, low, street), (j, high, _) in pairwise(known):
            if not (step and low.isdigit() and high.isdigit()) or low == high:
                continue
            start, end = int(low), int(high)
            line = points[i : j + 1]
            along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
            for number in range(min(start, end) + step, max(start, end), step):
                at = (number - start) / (end - start) * along[-1]
                lon, lat = np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])
                self.numbered.append(Numbered(street, str(number), float(lon), float(lat)))

    def _place(self, tags: Tags, where: Callable[[], tuple[float, float]]) -> None:
        if "addr:housenumber" in tags:
            street = tags.get("addr:street", "") or tags.get("addr:place", "")
            if street:
                self.numbered.append(Numbered(street, _number(tags), *where()))
        if care := care_of(tags):
            open_to_all = tags.get("emergency", "") != "no"
            self.care.append(CareSite(care, *both_names(tags), *where(), open_to_all))
        if "name" not in tags:
            return
        category, importance = _category(tags)
        if category:
            name_en, name_zh = both_names(tags)
            lon, lat = where()
            row = NameRow("place", category, name_en, name_zh, lon, lat, importance)
            row.local = tags.get("name", "")
            self.places.append(row)

    def rows(self) -> Gathered:
        around = _Around(self.places)
        result = Gathered(care=each_once(self.care))
        result.names = _once(self.places)
        streets = join_streets(self.stretches, around.of_all)
        numbers = join_numbers(self.numbered, streets, around.of)
        offset = len(result.names)
        result.names += [
            NameRow("street", s.category, s.name_en, s.name_zh, s.lon, s.lat, s.importance,
                    local=s.local)
            for s in streets
        ]  # fmt: skip
        result.names += [
            NameRow("junction", "junction", j.name_en, j.name_zh, j.lon, j.lat, 0.5)
            for j in junctions(self.stretches)
        ]
        result.numbers = [NumberRow(offset + at, n.number, n.lon, n.lat) for at, n in numbers]
        around.label(result.names)
        city = max(
            (p for p in self.places if p.category in PLACE_WEIGHT), key=lambda p: p.importance,
            default=None,
        )  # fmt: skip
        if city is not None:
            result.city_en, result.city_zh = city.name_en, city.name_zh
        return result


class _Around:
    """Which suburb, quarter or village a point lies in: the nearest one whose reach covers it."""

    def __init__(self, places: list[NameRow]) -> None:
        self._places = [p for p in places if AROUND.get(p.category, 0.0) > 0]
        self._scale = np.array([1.0, 1.0])
        self._tree: cKDTree | None = None
        if self._places:
            lats = np.array([p.lat for p in self._places])
            self._scale = np.array([np.cos(np.radians(lats.mean())), 1.0]) * 111.2
            lons = np.array([p.lon for p in self._places])
            self._tree = cKDTree(np.column_stack([lons, lats]) * self._scale)

    def of_all(self, lons: Sequence[float], lats: Sequence[float]) -> list[int]:
        """Index of the surrounding place of every point, -1 for none."""
        if self._tree is None or not len(lons):
            return [-1] * len(lons)
        points = np.column_stack([lons, lats]) * self._scale
        nearest = np.arange(1, min(6, len(self._places)) + 1)
        away, which = (np.asarray(found) for found in self._tree.query(points, k=nearest))
        reach = np.array([AROUND[place.category] for place in self._places])
        covers = away <= reach[which]
        first = which[np.arange(len(points)), covers.argmax(axis=1)]
        return [int(one) for one in np.where(covers.any(axis=1), first, -1)]

    def of(self, lon: float, lat: float) -> int:
        return self.of_all([lon], [lat])[0]

    def label(self, rows: list[NameRow]) -> None:
        """Write into every row what it lies in; a place does not lie in itself."""
        found = self.of_all([row.lon for row in rows], [row.lat for row in rows])
        for row, index in zip(rows, found, strict=True):
            if index >= 0 and row.category != "city" and self._places[index] is not row:
                place = self._places[index]
                row.within_en, row.within_zh = place.name_en, place.name_zh


def _number(tags: Tags) -> str:
    return tags.get("addr:housenumber", "")[:40]


def _category(tags: Tags) -> tuple[str, float]:
    """What a named thing is and how much it matters; empty for what is not worth finding."""
    place = tags.get("place", "")
    if place:
        return place, PLACE_WEIGHT.get(place, 0.5)
    for key, weights in WELL_KNOWN.items():
        value = tags.get(key, "")
        if value == "hospital" and tags.get("emergency", "") == "no":
            return "clinic", weights["clinic"]
        if value in weights:
            return value, weights[value]
    for key in ("amenity", "shop", "tourism", "leisure", "healthcare", "historic", "office",
                "emergency", "man_made", "public_transport", "aeroway", "natural"):  # fmt: skip
        value = tags.get(key, "")
        if value and value not in {"no", "yes", "platform", "stop_position", "tree", "bench"}:
            return value[:40], 0.45
    return ("building", 0.4) if tags.get("building", "no") != "no" else ("", 0.0)


def _once(places: list[NameRow]) -> list[NameRow]:
    """One row for one thing: the same name drawn as node and area lies within 300 m."""
    seen: dict[tuple[str, str], list[NameRow]] = defaultdict(list)
    kept: list[NameRow] = []
    for place in sorted(places, key=lambda p: -p.importance):
        same = seen[place.name_en, place.name_zh]
        if any(abs(s.lat - place.lat) < 0.003 and abs(s.lon - place.lon) < 0.003 for s in same):
            continue
        same.append(place)
        kept.append(place)
    return kept
