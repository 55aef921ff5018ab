"""Houses with numbers along the streets, and slabs inside the blocks."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dispatch.city.demo.curves import Line, rotate
from dispatch.city.demo.land import green_banks
from dispatch.city.demo.layout import Layout
from dispatch.city.demo.plan import DISTRICTS, Road, districts_at
from dispatch.city.demo.planar import Way
from dispatch.city.demo.raster import CLOSED, FREE, Raster
from dispatch.city.demo.streets import bend

CELL_M = 5.0
HALF_ROAD_M = {
    "motorway": 30.0, "motorway_link": 8.0, "trunk": 17.0, "primary": 15.0, "secondary": 12.0,
    "tertiary": 10.0, "residential": 7.0, "living_street": 5.0, "pedestrian": 5.0, "service": 5.0,
}  # fmt: skip
# Between the kerb and a house; less, and the cells of a slanting road reach into it.
FRONT_M = 6.5
# Per style: width along the street, depth, gap to the next, all from..to in metres.
SIZES = {
    "old": ((13, 24), (10, 14), (3, 9)),
    "centre": ((30, 56), (20, 30), (12, 22)),
    "estate": ((32, 60), (12, 15), (12, 24)),
    "campus": ((36, 70), (15, 20), (24, 40)),
    "works": ((50, 95), (26, 44), (22, 40)),
}
LEVELS = {"old": (1, 4), "centre": (8, 38), "estate": (6, 19), "campus": (3, 9), "works": (1, 4)}


@dataclass(frozen=True, slots=True)
class Building:
    """Four corners; `road` and `number` where it has an address."""

    corners: Line
    levels: int
    road: Road | None = None
    number: int = 0
    kind: str = "yes"


class Site:
    """What is still free to build on."""

    def __init__(self, layout: Layout) -> None:
        self.raster = Raster(CELL_M)
        plane = layout.plane
        lines: dict[float, list[Line]] = defaultdict(list)
        for way in plane.ways:
            if way.road.layer >= 0:
                lines[HALF_ROAD_M[way.road.highway]].append(plane.places[way.nodes])
        for radius_m, drawn in lines.items():
            self.raster.draw(drawn, radius_m - 1)
        for ground in layout.grounds:
            if ground.kind in {"park", "lake", "wood"}:
                self.raster.close(ground.outline)
        for closed in (layout.river.outline, *green_banks(layout.river)):
            self.raster.close(closed)

    def hopeful(self, corners: NDArray[np.float64]) -> NDArray[np.int64]:
        """Which of many boxes have free corners and a free middle; the rest need no closer look."""
        probes = np.concatenate([corners, corners.mean(axis=1, keepdims=True)], axis=1)
        row, column, on_sheet = self.raster.index(probes.reshape(-1, 2))
        free = on_sheet & (self.raster.cells[row, column] == FREE)
        return np.flatnonzero(free.reshape(-1, 5).all(axis=1))

    def take(self, corners: Line) -> bool:
        """Occupy the four-cornered ground (on the sheet) if all of it is free."""
        edges = corners[[1, 3]] - corners[0]
        across, deep = np.hypot(edges[:, 0], edges[:, 1]) / CELL_M
        inner = corners[0] - self.raster.origin + _shares(int(across) + 2, int(deep) + 2) @ edges
        column, row = (inner / CELL_M).astype(np.int64).T
        if self.raster.cells[row, column].any():
            return False
        self.raster.cells[row, column] = CLOSED
        return True


@lru_cache(maxsize=4096)
def _shares(across: int, deep: int) -> Line:
    """An even grid of points over the unit square."""
    u, v = np.meshgrid(np.linspace(0, 1, max(3, across)), np.linspace(0, 1, max(3, deep)))
    return np.column_stack([u.ravel(), v.ravel()])


_UNIT = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def rectangles(middles: Line, sizes: Line, angle: Line) -> NDArray[np.float64]:
    """(n, 4, 2) corners; sizes are along and across, angles in radians."""
    local = _UNIT[None] * sizes[:, None, :]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x = local[..., 0] * cos - local[..., 1] * sin
    y = local[..., 0] * sin + local[..., 1] * cos
    corners: NDArray[np.float64] = np.stack([x, y], axis=-1) + middles[:, None, :]
    return corners


@dataclass(frozen=True, slots=True)
class _Fronts:
    """Every possible house of every street at once; `way` says whose front it stands on."""

    way: NDArray[np.int64]
    side: NDArray[np.int64]
    middles: Line
    ahead: Line
    boxes: NDArray[np.float64]
    levels: NDArray[np.int64]


def along_streets(layout: Layout, site: Site, rng: np.random.Generator) -> Iterator[Building]:
    """Numbered houses: odd on the left, even on the right, growing with the distance."""
    ways = [way for way in layout.plane.ways if way.road.name_en and way.road.layer == 0]
    streets = _numbering(ways, layout.plane.places)
    fronts = _fronts(ways, layout.plane.places, site, rng)
    taken: dict[str, set[int]] = defaultdict(set)
    for i in site.hopeful(fronts.boxes):
        if not site.take(fronts.boxes[i]):
            continue
        road = ways[fronts.way[i]].road
        direction, origin = streets[road.name_en]
        odd = (fronts.side[i] > 0) == (float(fronts.ahead[i] @ direction) >= 0)
        metres = float(fronts.middles[i] @ direction) - origin
        number = 2 * max(0, int(metres / 14)) + (1 if odd else 2)
        while number in taken[road.name_en]:
            number += 2
        taken[road.name_en].add(number)
        yield Building(fronts.boxes[i], int(fronts.levels[i]), road, number)


def _numbering(ways: list[Way], places: Line) -> dict[str, tuple[Line, float]]:
    """Per street the direction in which numbers grow, and where they begin."""
    members: dict[str, list[int]] = defaultdict(list)
    for way in ways:
        members[way.road.name_en] += way.nodes
    found = {}
    for name, nodes in members.items():
        points = places[nodes]
        extent = np.ptp(points, axis=0)
        direction = np.array([1.0, 0.0]) if extent[0] >= extent[1] else np.array([0.0, -1.0])
        found[name] = direction, float((points @ direction).min())
    return found


def _fronts(ways: list[Way], places: Line, site: Site, rng: np.random.Generator) -> _Fronts:
    """Walk all streets in one go: every way is a stretch of one long line."""
    points = np.vstack([places[way.nodes] for way in ways])
    starts = np.cumsum([0, *(len(way.nodes) for way in ways)])
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps[starts[1:-1] - 1] = 1.0
    along = np.concatenate([[0.0], np.cumsum(steps)])
    first, last = along[starts[:-1]], along[starts[1:] - 1]
    middle = points[(starts[:-1] + starts[1:]) // 2]
    built_up = site.raster.urban(middle)
    styles = np.array([DISTRICTS[d].style for d in districts_at(middle)])
    sizes = np.array([np.ravel(SIZES[style]) for style in styles])
    heights = np.array([LEVELS[style] for style in styles])
    half = np.array([HALF_ROAD_M[way.road.highway] for way in ways])
    most = (2 * (last - first) / (sizes[:, 0] + sizes[:, 4])).astype(int) + 2
    # Left fronts of all ways, then right fronts.
    run = np.repeat(np.arange(2 * len(ways)), np.tile(most, 2))
    way = run % len(ways)
    size = sizes[way]
    width, depth = rng.uniform(size[:, 0], size[:, 1]), rng.uniform(size[:, 2], size[:, 3])
    gap = rng.uniform(size[:, 4], size[:, 5]) * (1 + 2.5 * np.maximum(0, 0.5 - built_up[way]))
    total = np.cumsum(width + gap)
    begin = np.flatnonzero(np.diff(run, prepend=-1))
    before = (total - width - gap)[begin]
    at = total - gap - width / 2 - np.repeat(before, np.diff([*begin, len(run)])) + 12.0
    chosen = (at < (last - first)[way] - 8) & (rng.random(len(run)) < 0.25 + 1.4 * built_up[way])
    run, way, at, width, depth = run[chosen], way[chosen], at[chosen], width[chosen], depth[chosen]
    at = at + first[way]
    x, y = np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])
    piece = np.clip(np.searchsorted(along, at), 1, len(points) - 1)
    ahead = points[piece] - points[piece - 1]
    angle = np.arctan2(ahead[:, 1], ahead[:, 0])
    side = np.where(run < len(ways), 1, -1)
    away = (half[way] + FRONT_M + depth / 2) * side
    middles = np.column_stack([x - np.sin(angle) * away, y + np.cos(angle) * away])
    boxes = rectangles(middles, np.column_stack([width, depth]), angle)
    levels = rng.integers(heights[way, 0], heights[way, 1])
    return _Fronts(way, side, middles, ahead, boxes, levels)


def inside_blocks(site: Site, rng: np.random.Generator) -> Iterator[Building]:
    """Rows of slabs behind the street front, on the angle of the district."""
    for number, district in enumerate(DISTRICTS):
        if district.style == "old":
            continue
        middle = np.array(district.centre) * 1000
        width, depth, _ = SIZES[district.style]
        pitch = (width[1] * 1.25, depth[1] * 2.6)
        u, v = np.meshgrid(np.arange(-5500, 5500, pitch[0]), np.arange(-5500, 5500, pitch[1]))
        points = bend(rotate(np.column_stack([u.ravel(), v.ravel()]), district.angle_deg) + middle)
        points = points[(site.raster.urban(points) > 0.3) & (rng.random(len(points)) < 0.5)]
        points = points[districts_at(points) == number]
        sizes = np.column_stack(
            [rng.uniform(*width, len(points)), rng.uniform(*depth, len(points))]
        )
        turned = np.full(len(points), np.radians(district.angle_deg))
        boxes = rectangles(points, sizes, turned)
        levels = rng.integers(*LEVELS[district.style], len(points))
        for i in site.hopeful(boxes):
            if site.take(boxes[i]):
                yield Building(boxes[i], int(levels[i]))
