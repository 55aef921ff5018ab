"""Shapes of areas: where a name goes, and how large it is."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, radians

Point = tuple[float, float]
_M_PER_DEGREE = 111_320.0
# A ring of four corners: a house, and there are tens of thousands of them.
_FEW = 5


def size_m2(ring: Sequence[Point]) -> float:
    """Area inside a closed ring of longitudes and latitudes, in square metres."""
    lon0, lat0 = ring[0]
    twice = sum(
        (ax - lon0) * (by - lat0) - (bx - lon0) * (ay - lat0)
        for (ax, ay), (bx, by) in pairwise(ring)
    )
    return abs(twice) / 2 * _M_PER_DEGREE**2 * cos(radians(lat0))


def label_point(ring: Sequence[Point]) -> Point:
    """A point well inside: the middle of the widest stretch, on three lines across the ring."""
    if len(ring) <= _FEW:
        corners = ring[:-1]
        count = len(corners)
        return sum(lon for lon, _ in corners) / count, sum(lat for _, lat in corners) / count
    low, high = min(lat for _, lat in ring), max(lat for _, lat in ring)
    best, width = ring[0], -1.0
    for share in (0.5, 0.35, 0.65):
        lat = low + share * (high - low)
        edges = _crossings(ring, lat)
        for left, right in zip(edges[::2], edges[1::2], strict=False):
            if right - left > width * 1.1:
                best, width = ((left + right) / 2, lat), right - left
    return best


def _crossings(ring: Sequence[Point], lat: float) -> list[float]:
    return sorted(
        ax + (lat - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in pairwise(ring)
        if (ay > lat) != (by > lat)
    )
