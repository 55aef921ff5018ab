"""WGS-84, GCJ-02 and BD-09: the three answers that a Chinese map gives to one place. Pure.

What a source speaks is said by the source, never guessed from where the point lies: guessing
by a rectangle round China shifts Seoul, Hanoi and Vladivostok by half a kilometre.
GCJ-02 by the transformation that is public since 2010; its inverse by iteration, to a millimetre.
"""

import math
from enum import StrEnum

Point = tuple[float, float]  # (lon, lat) in degrees

# Krasovsky 1940, on which GCJ-02 is built.
_AXIS_M = 6_378_245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0
_ROUNDS = 6


class Datum(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(point: Point, datum: Datum) -> Point:
    """What a source in `datum` calls `point`, as a receiver in the street would say it."""
    if datum is Datum.BD09:
        return gcj02_to_wgs84(bd09_to_gcj02(point))
    return gcj02_to_wgs84(point) if datum is Datum.GCJ02 else point


def from_wgs84(point: Point, datum: Datum) -> Point:
    """What a source in `datum` would call this point."""
    if datum is Datum.BD09:
        return gcj02_to_bd09(wgs84_to_gcj02(point))
    return wgs84_to_gcj02(point) if datum is Datum.GCJ02 else point


def wgs84_to_gcj02(point: Point) -> Point:
    lon, lat = point
    east, north = _shift_m(lon - 105.0, lat - 35.0)
    phi = math.radians(lat)
    bend = 1 - _ECCENTRICITY_2 * math.sin(phi) ** 2
    radius_lat = _AXIS_M * (1 - _ECCENTRICITY_2) / bend**1.5
    radius_lon = _AXIS_M / math.sqrt(bend) * math.cos(phi)
    return lon + math.degrees(east / radius_lon), lat + math.degrees(north / radius_lat)


def gcj02_to_wgs84(point: Point) -> Point:
    """One step alone leaves metres: the shift is that of the place sought, not of the answer."""
    lon, lat = point
    for _round in range(_ROUNDS):
        there_lon, there_lat = wgs84_to_gcj02((lon, lat))
        lon, lat = lon - (there_lon - point[0]), lat - (there_lat - point[1])
    return lon, lat


def gcj02_to_bd09(point: Point) -> Point:
    lon, lat = point
    far = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_TURN)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def bd09_to_gcj02(point: Point) -> Point:
    """The published inverse is off by decimetres; iterated like the other."""
    lon, lat = point[0] - 0.0065, point[1] - 0.006
    for _round in range(_ROUNDS):
        there_lon, there_lat = gcj02_to_bd09((lon, lat))
        lon, lat = lon - (there_lon - point[0]), lat - (there_lat - point[1])
    return lon, lat


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Metres to the east and to the north, of degrees from (105 E, 35 N)."""
    root = math.sqrt(abs(x))
    ripple = 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20 * math.sin(math.pi * x) + 40 * math.sin(math.pi / 3 * x)) * 2 / 3
    east += (150 * math.sin(math.pi / 12 * x) + 300 * math.sin(math.pi / 30 * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20 * math.sin(math.pi * y) + 40 * math.sin(math.pi / 3 * y)) * 2 / 3
    north += (160 * math.sin(math.pi / 12 * y) + 320 * math.sin(math.pi / 30 * y)) * 2 / 3
    return east, north
