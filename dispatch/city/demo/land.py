"""What the ground is used for: tinted blocks, green banks, and where people live."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.city.demo.curves import Line, offset, simplified
from dispatch.city.demo.plan import DISTRICTS, River, district_at, districts_at
from dispatch.city.demo.raster import CLOSED, Raster

LANDUSE = {
    "old": "residential", "centre": "commercial", "estate": "residential",
    "campus": "residential", "works": "industrial",
}  # fmt: skip
# Looking down, right, … from a cell: where its edge there begins and ends.
_SIDES = (
    (-1, 0, (0, 0), (0, 1)),
    (0, 1, (0, 1), (1, 1)),
    (1, 0, (1, 1), (1, 0)),
    (0, -1, (1, 0), (0, 0)),
)
DEMAND_CELL_M = 500.0
_WEIGHT = {"old": 1.5, "centre": 1.2, "estate": 1.0, "campus": 0.8, "works": 0.5}


@dataclass(frozen=True, slots=True)
class Block:
    outline: Line
    landuse: str


@dataclass(frozen=True, slots=True)
class Demand:
    """How many people live around a point, and in which district."""

    district: int
    at: Line
    population: int


def blocks(raster: Raster) -> Iterator[Block]:
    """The built-up faces between the larger roads, as outlines."""
    labels, windows = raster.faces()
    for label, window in enumerate(windows, start=1):
        mask = labels[window] == label
        if mask.sum() * raster.cell_m**2 < 12_000:
            continue
        cells = raster.centres(window)[mask.ravel()]
        middle = cells.mean(axis=0)
        if raster.urban(cells).mean() < 0.2 or mask.sum() * raster.cell_m**2 > 6e6:
            continue
        corner = raster.origin + np.array([window[1].start, window[0].start]) * raster.cell_m
        style = district_at(middle).style
        outline = outer_edge(mask) * raster.cell_m + corner
        yield Block(outline[simplified(outline, 0.75 * raster.cell_m)], LANDUSE[style])


def outer_edge(mask: NDArray[np.bool_]) -> Line:
    """The longest loop around the cells of a mask, along cell corners, closed."""
    padded = np.pad(mask, 1)
    steps: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for down, right, tail, head in _SIDES:
        beside = np.roll(padded, (-down, -right), axis=(0, 1))
        for row, column in np.argwhere(padded & ~beside).tolist():
            steps[row + tail[0], column + tail[1]].append((row + head[0], column + head[1]))
    longest: list[tuple[int, int]] = []
    while steps:
        start = here = next(iter(steps))
        loop = [here]
        while True:
            ahead = steps[here]
            here = ahead.pop()
            if not ahead:
                del steps[loop[-1]]
            loop.append(here)
            if here == start or here not in steps:
                break
        longest = max(longest, loop, key=len)
    return np.array(longest, dtype=np.float64)[:, ::-1] - 1


def green_banks(river: River) -> Iterator[Line]:
    """The strip between the water and the riverside road, where the city is dense."""
    middle, half = river.middle, river.half_width[:, 0]
    town = (middle[:, 0] > -7_800) & (middle[:, 0] < 9_400)
    for side in (1, -1):
        near = offset(middle, side * (half + 7))[town]
        far = offset(middle, side * (half + 66))[town]
        yield np.vstack([near, far[::-1], near[:1]])


def promenades(river: River) -> Iterator[Line]:
    """The walk along the water."""
    town = (river.middle[:, 0] > -7_700) & (river.middle[:, 0] < 9_300)
    for side in (1, -1):
        yield offset(river.middle, side * (river.half_width[:, 0] + 24))[town]


def demand(raster: Raster) -> list[Demand]:
    """Population on a coarse grid; each district's cells add up to its population."""
    step = int(DEMAND_CELL_M / raster.cell_m)
    height, width = raster.cells.shape
    rows, columns = np.mgrid[step // 2 : height : step, step // 2 : width : step]
    points = np.column_stack([columns.ravel(), rows.ravel()]) * raster.cell_m + raster.origin
    dense = raster.urban(points)
    row, column, _ = raster.index(points)
    built = (dense > 0.24) & (raster.cells[row, column] != CLOSED)
    points, dense = points[built], dense[built]
    owner = districts_at(points)
    found: list[Demand] = []
    for number, district in enumerate(DISTRICTS):
        own = owner == number
        share = dense[own] ** 1.5 * _WEIGHT[district.style]
        exact = np.cumsum(share / share.sum() * district.population)
        people = np.diff(np.round(exact), prepend=0).astype(int)
        found += [
            Demand(number, at, int(count))
            for at, count in zip(points[own], people, strict=True)
            if count
        ]
    return found
