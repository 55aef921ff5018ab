"""The plane in cells: where roads run, what is closed, and the faces between them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from dispatch.city.demo.curves import Line
from dispatch.city.demo.plan import HALF_HEIGHT_M, HALF_WIDTH_M, urban

FREE, ROAD, CLOSED = 0, 1, 2
# Cells per side of one value of how built-up it is.
_COARSE = 4


class Raster:
    def __init__(self, cell_m: float) -> None:
        self.cell_m = cell_m
        self.origin = np.array([-HALF_WIDTH_M, -HALF_HEIGHT_M])
        shape = (int(2 * HALF_HEIGHT_M / cell_m), int(2 * HALF_WIDTH_M / cell_m))
        self.cells: NDArray[np.uint8] = np.zeros(shape, dtype=np.uint8)
        self._urban = self._built_up()

    def index(self, points: Line) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Row and column of every point, and whether it lies on the sheet."""
        column, row = ((points - self.origin) / self.cell_m).astype(np.int64).T
        height, width = self.cells.shape
        on_sheet = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        if not on_sheet.all():
            row, column = np.where(on_sheet, row, 0), np.where(on_sheet, column, 0)
        return row, column, on_sheet

    def urban(self, points: Line) -> Line:
        """How built-up it is at the points, from a sheet computed once."""
        row, column, _ = self.index(points)
        value: Line = self._urban[row // _COARSE, column // _COARSE]
        return value

    def _built_up(self) -> Line:
        coarse = tuple(-(-size // _COARSE) for size in self.cells.shape)
        rows, columns = np.mgrid[: coarse[0], : coarse[1]]
        middles = np.column_stack([columns.ravel() + 0.5, rows.ravel() + 0.5])
        return urban(middles * self.cell_m * _COARSE + self.origin).reshape(coarse)

    def draw(self, lines: Sequence[Line], radius_m: float) -> None:
        """Mark roads and what lies within the radius of their middle."""
        dense = _dense(lines, self.cell_m * 0.6)
        reach = int(radius_m / self.cell_m)
        for down in range(-reach, reach + 1):
            for right in range(-reach, reach + 1):
                if np.hypot(down, right) * self.cell_m <= radius_m + 0.1:
                    shift = np.array([right, down]) * self.cell_m
                    row, column, on_sheet = self.index(dense + shift)
                    row, column = row[on_sheet], column[on_sheet]
                    self.cells[row, column] = np.maximum(self.cells[row, column], ROAD)

    def close(self, outline: Line) -> None:
        """Nothing is built inside: toggle where an edge crosses a row, then sum along it."""
        path = (outline - self.origin) / self.cell_m - 0.5
        low = np.maximum(np.floor(path.min(axis=0)).astype(int), 0)
        high = np.minimum(np.ceil(path.max(axis=0)).astype(int) + 1, self.cells.shape[::-1])
        window = self.cells[low[1] : high[1], low[0] : high[0]]
        height, width = window.shape
        toggles = np.zeros((height, width + 1), dtype=np.uint8)
        for (ax, ay), (bx, by) in zip(path[:-1] - low, path[1:] - low, strict=True):
            bottom, top = sorted((ay, by))
            rows = np.arange(max(0, int(np.ceil(bottom))), min(height, int(np.ceil(top))))
            if len(rows):
                columns = np.ceil(ax + (rows - ay) * (bx - ax) / (by - ay)).astype(np.int64)
                toggles[rows, np.clip(columns, 0, width)] ^= 1
        window[np.bitwise_xor.accumulate(toggles, axis=1)[:, :-1] == 1] = CLOSED

    def centres(self, window: tuple[slice, slice]) -> Line:
        rows, columns = np.mgrid[window]
        middles = np.column_stack([columns.ravel() + 0.5, rows.ravel() + 0.5])
        points: Line = middles * self.cell_m + self.origin
        return points

    def faces(self) -> tuple[NDArray[np.int32], list[tuple[slice, slice]]]:
        """Number every connected free area from 1; and the window that holds each."""
        found, _ = ndimage.label(self.cells == FREE)
        labels: NDArray[np.int32] = np.asarray(found, dtype=np.int32)
        windows = [(window[0], window[1]) for window in ndimage.find_objects(labels) if window]
        return labels, windows


def _dense(lines: Sequence[Line], step: float) -> Line:
    """Points along all the lines, at most a step apart."""
    a = np.vstack([line[:-1] for line in lines])
    span = np.vstack([line[1:] for line in lines]) - a
    pieces = np.maximum(1, np.ceil(np.hypot(*span.T) / step)).astype(np.int64)
    segment = np.repeat(np.arange(len(a)), pieces)
    share = (np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[
        segment
    ]
    points: Line = a[segment] + share[:, None] * span[segment]
    return np.vstack([points, *(line[-1:] for line in lines)])
