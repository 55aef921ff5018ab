"""Fills the land between main roads: first district roads, then the streets of each block."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.city.demo.curves import Line, inside, rotate
from dispatch.city.demo.mains import runs
from dispatch.city.demo.names import NameBook, counted
from dispatch.city.demo.plan import District, Ground, Road, district_at
from dispatch.city.demo.raster import CLOSED, ROAD, Raster

STEP_M = 12.0
DISTRICT_ROAD_M = {"old": 400.0, "centre": 540.0, "estate": 700.0, "campus": 820.0, "works": 900.0}
# Share of street pieces that are built; the rest makes dead straight grids look lived in.
BUILT = {"old": 0.86, "centre": 0.95, "estate": 0.84, "campus": 0.8, "works": 0.66, "inner": 0.8}


@dataclass(frozen=True, slots=True)
class Piece:
    """One straight-ish piece of a grid line; `direction` 0 or 1, `number` of the line."""

    direction: int
    number: int
    line: Line


def district_roads(raster: Raster, names: NameBook, rng: np.random.Generator) -> list[Road]:
    """Secondary and tertiary roads on the angle of each district."""
    roads: list[Road] = []
    named: dict[tuple[str, int, int], tuple[str, str]] = {}
    labels, windows = raster.faces()
    for label, window in enumerate(windows, start=1):
        cells = _cells(raster, labels, window, label)
        if len(cells) * raster.cell_m**2 < 250_000:
            continue
        district = district_at(cells.mean(axis=0))
        angle = _angle(district, cells.mean(axis=0), rng)
        spacing = DISTRICT_ROAD_M[district.style]
        grid = _Grid(angle, (spacing, spacing * 1.15), np.zeros(2), rng, built=0.96)
        for piece in grid.pieces(raster, labels, label, cells, least_urban=0.17):
            key = (district.name_en, piece.direction, piece.number)
            if key not in named:
                named[key] = names.street("road")
            highway = "secondary" if piece.number % 2 == 0 else "tertiary"
            one_way = district.style == "centre" and highway == "tertiary"
            roads.append(
                Road(piece.line, highway, *named[key], tags={"oneway": "yes"} if one_way else {})
            )
    return roads


def block_streets(
    raster: Raster, grounds: list[Ground], names: NameBook, rng: np.random.Generator
) -> list[Road]:
    """Residential streets, old lanes, and the service roads of campus and works."""
    roads: list[Road] = []
    labels, windows = raster.faces()
    for label, window in enumerate(windows, start=1):
        cells = _cells(raster, labels, window, label)
        if len(cells) * raster.cell_m**2 < 9_000:
            continue
        middle = cells.mean(axis=0)
        district = district_at(middle)
        owner = next((ground for ground in grounds if _within(middle, ground.outline)), None)
        style = "inner" if owner else district.style
        size = np.array(district.block_m if not owner else (170.0, 210.0))
        thin = 1 - min(1.0, 1.6 * float(raster.urban(middle[None])[0]))
        size = size * rng.uniform(0.88, 1.15) * (1 + 0.9 * thin)
        angle = _angle(district, middle, rng) + rng.normal(0, 2.5)
        phase = rng.uniform(0, 1, 2) * size
        grid = _Grid(angle, (size[0], size[1]), phase, rng, built=BUILT[style])
        book = _BlockNames(names, style, rng)
        pieces = grid.pieces(raster, labels, label, cells, least_urban=0.24)
        roads += [_street(piece, style, book.name(piece), rng) for piece in pieces]
    return roads


def _within(point: Line, outline: Line) -> bool:
    low, high = outline.min(axis=0), outline.max(axis=0)
    return bool((point > low).all() and (point < high).all() and inside(point[None], outline)[0])


def _angle(district: District, middle: Line, rng: np.random.Generator) -> float:
    if district.style != "old":
        return district.angle_deg
    # The old town grew around its drum tower: lanes run to it and around it.
    away = middle - np.array(district.centre) * 1000
    if np.hypot(*away) > 1350:
        return district.angle_deg
    return float(np.degrees(np.arctan2(away[1], away[0]))) + rng.normal(0, 6)


def _street(piece: Piece, style: str, name: tuple[str, str], rng: np.random.Generator) -> Road:
    luck = rng.random()
    if style == "inner":
        return Road(piece.line, "service", *name)
    line = piece.line[::-1] if piece.number % 2 else piece.line
    tags: dict[str, str] = {}
    highway = "residential"
    if style == "old":
        highway = "pedestrian" if luck < 0.07 else ("living_street" if luck < 0.3 else highway)
    if style in {"old", "centre"} and highway == "residential" and luck < 0.85:
        tags["oneway"] = "yes"
    if style == "centre" and luck > 0.975:
        tags = {"access": "no", "bus": "yes"}
    return Road(line, highway, *name, tags=tags)


class _BlockNames:
    """One name per line of a block; half the blocks count theirs: 1st Street, 2nd Street."""

    def __init__(self, names: NameBook, style: str, rng: np.random.Generator) -> None:
        self._names, self._style = names, style
        self._counted = style != "old" and rng.random() < 0.72
        self._stems: dict[int, tuple[str, str]] = {}
        self._given: dict[tuple[int, int], tuple[str, str]] = {}

    def name(self, piece: Piece) -> tuple[str, str]:
        if self._style == "inner":
            return "", ""
        key = (piece.direction, piece.number)
        if key not in self._given:
            self._given[key] = self._next(piece.direction)
        return self._given[key]

    def _next(self, direction: int) -> tuple[str, str]:
        kind = "lane" if self._style == "old" else ("street" if direction else "road")
        if not self._counted:
            return self._names.street(kind)
        if direction not in self._stems:
            self._stems[direction] = self._names.stem()
        order = sum(1 for known in self._given if known[0] == direction)
        return counted(self._stems[direction], kind, order)


def _cells(
    raster: Raster, labels: NDArray[np.int32], window: tuple[slice, slice], label: int
) -> Line:
    own: Line = raster.centres(window)[(labels[window] == label).ravel()]
    return own


def bend(points: Line) -> Line:
    """Pull straight lines gently out of shape, everywhere alike, so that grids still meet."""
    x, y = points[:, 0], points[:, 1]
    pulled: Line = points + np.column_stack(
        [
            95 * np.sin(y / 830 + 0.6) + 55 * np.sin(x / 610 + y / 940),
            95 * np.sin(x / 770 + 2.1) + 55 * np.sin(y / 580 - x / 1020),
        ]
    )
    return pulled


class _Grid:
    """Two families of lines in a turned frame, with uneven gaps and missing pieces."""

    def __init__(
        self, angle_deg: float, spacing: tuple[float, float], phase: Line,
        rng: np.random.Generator, *, built: float,
    ) -> None:  # fmt: skip
        self._angle, self._spacing, self._phase = angle_deg, spacing, phase
        self._rng, self._built = rng, built

    def pieces(
        self, raster: Raster, labels: NDArray[np.int32], label: int, cells: Line,
        *, least_urban: float,
    ) -> Iterator[Piece]:  # fmt: skip
        local = rotate(cells, -self._angle)
        low, high = local.min(axis=0) - 150, local.max(axis=0) + 150
        across = [self._offsets(low[1 - d], high[1 - d], d) for d in (0, 1)]
        for direction in (0, 1):
            numbers, offsets = across[direction]
            cuts = across[1 - direction][1]
            for number, value in zip(numbers, offsets, strict=True):
                along = np.arange(low[direction], high[direction], STEP_M)
                strip = np.searchsorted(cuts, along)
                built = self._rng.random(len(cuts) + 1) < self._built
                keep = built[strip]
                if not keep.any():
                    continue
                points = np.empty((len(along), 2))
                points[:, direction], points[:, 1 - direction] = along, value
                line = bend(rotate(points, self._angle))
                yield from self._inside(
                    raster, labels, label, line, keep, least_urban, direction, int(number)
                )

    def _offsets(self, low: float, high: float, direction: int) -> tuple[NDArray[np.int64], Line]:
        gap, phase = self._spacing[direction], self._phase[direction]
        numbers = np.arange(int(np.ceil((low - phase) / gap)), int((high - phase) / gap) + 1)
        # Neighbouring faces must agree on where a line runs: jitter depends on its number.
        jitter = 0.16 * np.sin(numbers * 12.9898 + direction * 4.1) * gap
        return numbers, numbers * gap + phase + jitter

    def _inside(
        self, raster: Raster, labels: NDArray[np.int32], label: int, line: Line,
        keep: NDArray[np.bool_], least_urban: float, direction: int, number: int,
    ) -> Iterator[Piece]:  # fmt: skip
        row, column, on_sheet = raster.index(line)
        own = (labels[row, column] == label) & on_sheet
        road = (raster.cells[row, column] == ROAD) & on_sheet
        within = own & keep & (raster.urban(line) > least_urban)
        for run in runs(within):
            start, stop = run.start, run.stop
            # Reach over the edge to meet the road there; the overhang is cut off later.
            while start > 0 and run.start - start < 4 and (road[start - 1] or own[start - 1]):
                start -= 1
            while stop < len(line) and stop - run.stop < 4 and (road[stop] or own[stop]):
                stop += 1
            if (stop - start) * STEP_M > 60 and (
                raster.cells[row, column][start:stop] != CLOSED
            ).all():
                yield Piece(direction, number, line[start:stop])
