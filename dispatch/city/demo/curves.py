"""Lines and outlines on the plane, as (n, 2) arrays."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]


def lengths_along(line: Line) -> NDArray[np.float64]:
    """Metres from the start at every point."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def resample(line: Line, spacing: float) -> Line:
    """Points at even distances, both ends kept."""
    along = lengths_along(line)
    count = max(1, round(along[-1] / spacing))
    at = np.linspace(0.0, along[-1], count + 1)
    return np.column_stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])])


def smooth(points: Line, spacing: float = 50.0, *, closed: bool = False) -> Line:
    """A Catmull-Rom curve through the points, evenly resampled."""
    ring = np.vstack([points[-1:], points, points[:2]]) if closed else _with_guides(points)
    pieces = []
    share = np.linspace(0, 1, 24, endpoint=False)[:, None]
    for a, b, c, d in zip(ring[:-3], ring[1:-2], ring[2:-1], ring[3:], strict=True):
        pieces.append(
            0.5
            * (
                2 * b
                + (c - a) * share
                + (2 * a - 5 * b + 4 * c - d) * share**2
                + (3 * b - a - 3 * c + d) * share**3
            )
        )
    return resample(np.vstack([*pieces, ring[-2][None]]), spacing)


def _with_guides(points: Line) -> Line:
    first, last = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    return np.vstack([first, points, last])


def normals(line: Line) -> Line:
    """Unit vectors to the left of the driving direction, at every point."""
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    return np.column_stack([-ahead[:, 1], ahead[:, 0]])


def offset(line: Line, left: NDArray[np.float64] | float) -> Line:
    """The line moved to its left (right when negative)."""
    moved: Line = line + normals(line) * np.broadcast_to(left, len(line))[:, None]
    return moved


def blob(
    centre: tuple[float, float],
    size: tuple[float, float],
    angle_deg: float,
    rng: np.random.Generator,
    *,
    wobble: float = 0.12,
) -> Line:
    """A closed, softly irregular outline (first point repeated at the end)."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = np.ones_like(turn)
    for wave in (2, 3, 5):
        radius += wobble / wave * 1.6 * np.sin(wave * turn + rng.uniform(0, 2 * np.pi))
    local = np.column_stack([np.cos(turn) * size[0], np.sin(turn) * size[1]]) * radius[:, None]
    outline = rotate(local, angle_deg) + np.asarray(centre)
    return np.vstack([outline, outline[:1]])


def rotate(points: Line, angle_deg: float) -> Line:
    a = np.radians(angle_deg)
    matrix = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    turned: Line = points @ matrix
    return turned


def inside(points: Line, outline: Line) -> NDArray[np.bool_]:
    """Which points lie within the outline (even-odd rule)."""
    x, y = points[:, 0], points[:, 1]
    within = np.zeros(len(points), dtype=bool)
    for (ax, ay), (bx, by) in pairwise(outline):
        if ay != by:
            crosses = (ay > y) != (by > y)
            within ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return within


def simplified(line: Line, tolerance: float) -> NDArray[np.bool_]:
    """Which points to keep so that the line moves by no more than the tolerance."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        off = _away_from_chord(line[first : last + 1])
        worst = int(off.argmax())
        if off[worst] > tolerance:
            middle = first + 1 + worst
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return keep


def _away_from_chord(part: Line) -> NDArray[np.float64]:
    """How far the points between the ends lie from the straight piece that joins the ends.

    From the piece, not from the endless line through it: the ends of a ring are one point,
    and what lies farthest from that point is where the ring has to be cut first.
    """
    chord, reach = part[-1] - part[0], part[1:-1] - part[0]
    share = np.clip(reach @ chord / max(float(chord @ chord), 1e-9), 0.0, 1.0)
    off: NDArray[np.float64] = np.hypot(*(reach - share[:, None] * chord).T)
    return off
