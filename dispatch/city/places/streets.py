"""Ways become streets, addresses find their street, shared nodes become junctions. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

WEIGHT = {"motorway": 0.75, "trunk": 0.72, "primary": 0.7, "secondary": 0.62, "tertiary": 0.55,
          "residential": 0.45, "unclassified": 0.45, "living_street": 0.42, "pedestrian": 0.45,
          "service": 0.2, "footway": 0.15, "path": 0.1, "track": 0.1, "steps": 0.1}  # fmt: skip
# Two crossings of the same two streets closer than this are one junction (divided roads).
SAME_JUNCTION_DEG = 0.0012
Around = Callable[[float, float], int]
AroundAll = Callable[[Sequence[float], Sequence[float]], list[int]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One named way."""

    highway: str
    local: str
    name_en: str
    name_zh: str
    nodes: Sequence[int]
    points: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A house number as found, with the street's name as written there."""

    street: str
    number: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class StreetRow:
    local: str
    name_en: str
    name_zh: str
    category: str
    importance: float
    around: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class JunctionRow:
    name_en: str
    name_zh: str
    lon: float
    lat: float


def join_streets(stretches: Sequence[Stretch], around: AroundAll) -> list[StreetRow]:
    """One row per street name and surrounding place, at the drawn point nearest its middle."""
    groups: dict[tuple[str, int], list[Stretch]] = defaultdict(list)
    middles = [stretch.points[len(stretch.points) // 2].tolist() for stretch in stretches]
    places = around([lon for lon, _ in middles], [lat for _, lat in middles])
    for stretch, place in zip(stretches, places, strict=True):
        groups[stretch.local, place].append(stretch)
    rows = []
    for (local, place), members in groups.items():
        best = max(members, key=lambda m: WEIGHT.get(m.highway, 0.2))
        points = np.vstack([member.points for member in members])
        off = points - points.mean(axis=0)
        lon, lat = points[int((off**2).sum(axis=1).argmin())].tolist()
        weight = WEIGHT.get(best.highway, 0.2)
        rows.append(
            StreetRow(local, best.name_en, best.name_zh, best.highway, weight, place, lon, lat)
        )
    return rows


def join_numbers(
    numbered: Sequence[Numbered], streets: list[StreetRow], around: Around
) -> Iterator[tuple[int, Numbered]]:
    """Each number once with the index of its street; unknown streets are appended."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, street in enumerate(streets):
        by_name[street.local].append(index)
    seen: set[tuple[int, str]] = set()
    for one in numbered:
        same = by_name[one.street]
        if not same:
            row = StreetRow(one.street, one.street, "", "address", 0.3, around(one.lon, one.lat),
                            one.lon, one.lat)  # fmt: skip
            streets.append(row)
            same.append(len(streets) - 1)
        at = same[0] if len(same) == 1 else _nearest(one, same, streets, around)
        if (at, one.number) not in seen:
            seen.add((at, one.number))
            yield at, one


def _nearest(one: Numbered, same: list[int], streets: list[StreetRow], around: Around) -> int:
    place = around(one.lon, one.lat)
    for index in same:
        if streets[index].around == place:
            return index
    return min(
        same, key=lambda i: (streets[i].lon - one.lon) ** 2 + (streets[i].lat - one.lat) ** 2
    )


def junctions(stretches: Sequence[Stretch]) -> Iterator[JunctionRow]:
    """Where two differently named streets share a node."""
    at: dict[int, dict[str, Stretch]] = defaultdict(dict)
    where: dict[int, NDArray[np.float64]] = {}
    for stretch in stretches:
        if WEIGHT.get(stretch.highway, 0.0) < 0.4:
            continue
        for node, point in zip(stretch.nodes, stretch.points, strict=True):
            at[node].setdefault(stretch.local, stretch)
            where[node] = point
    known: dict[tuple[str, str], list[NDArray[np.float64]]] = defaultdict(list)
    for node, streets in at.items():
        for a, b in combinations(sorted(streets), 2):
            point, same = where[node], known[a, b]
            if any(np.abs(point - other).max() < SAME_JUNCTION_DEG for other in same):
                continue
            same.append(point)
            one, two = streets[a], streets[b]
            chinese = f"{one.name_zh}与{two.name_zh}路口" if one.name_zh and two.name_zh else ""
            lon, lat = point.tolist()
            yield JunctionRow(f"{one.name_en} & {two.name_en}", chinese, lon, lat)
