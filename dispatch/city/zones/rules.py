"""Is a ring a zone, and does a point lie in it? Planar in degrees: zones are city-sized."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

Point = tuple[float, float]  # (lon, lat), WGS-84
Ring = Sequence[Point]

FEWEST_CORNERS = 3
MOST_CORNERS = 200


class Fault(StrEnum):
    """Why a ring is no zone."""

    TOO_FEW = "too_few_corners"
    TOO_MANY = "too_many_corners"
    OFF_EARTH = "off_earth"
    CROSSES_ITSELF = "crosses_itself"
    NO_AREA = "no_area"


def fault_of(ring: Ring) -> Fault | None:
    """What is wrong with the ring (not closed: the last corner joins the first), None if nothing.

    Date line: a zone across it is refused as crossing itself or off the earth; no centre has one.
    """
    if len(ring) < FEWEST_CORNERS:
        return Fault.TOO_FEW
    if len(ring) > MOST_CORNERS:
        return Fault.TOO_MANY
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ring):
        return Fault.OFF_EARTH
    if _crosses_itself(ring):  # first: the two halves of an eight have no area together
        return Fault.CROSSES_ITSELF
    return Fault.NO_AREA if _area(ring) == 0 else None


def holds(ring: Ring, point: Point) -> bool:
    """Whether the point lies in the ring: the even-odd rule; a point on the edge may be either."""
    lon, lat = point
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in _sides(ring):
        if (lat_a > lat) != (lat_b > lat):
            crossing = lon_a + (lat - lat_a) * (lon_b - lon_a) / (lat_b - lat_a)
            inside ^= lon < crossing
    return inside


def _sides(ring: Ring) -> list[tuple[Point, Point]]:
    return [(ring[at], ring[(at + 1) % len(ring)]) for at in range(len(ring))]


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring)) / 2


def _crosses_itself(ring: Ring) -> bool:
    sides = list(enumerate(_sides(ring)))
    return any(
        _cross(one, two)
        for (at, one), (other, two) in combinations(sides, 2)
        if other - at not in {1, len(ring) - 1}
    )


def _cross(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, two
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
