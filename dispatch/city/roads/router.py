"""What may be asked of the roads. Engines implement `Router`; callers know nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, hypot, radians
from typing import NamedTuple, Protocol


class LonLat(NamedTuple):
    """WGS-84 degrees, longitude first."""

    lon: float
    lat: float


# Of latitude everywhere, of longitude times the cosine of the latitude.
METRES_PER_DEGREE = 111_195.0


def plane_m(one: LonLat, other: LonLat) -> float:
    """Metres as on a plane: within a city right to a thousandth."""
    east = (other.lon - one.lon) * cos(radians(one.lat))
    return METRES_PER_DEGREE * hypot(east, other.lat - one.lat)


class Profile(StrEnum):
    """How a vehicle drives: by the rules, or with the privileges of blue light."""

    NORMAL = "normal"
    BLUE_LIGHT = "blue_light"


class Origin(NamedTuple):
    """Where a vehicle is. A heading keeps it on its own side of a divided road."""

    lon: float
    lat: float
    heading_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Street:
    """A stretch of a path under one name; `start` is its first index in `points`."""

    start: int
    name_en: str
    name_zh: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Path:
    """A drivable line; `cumulative_s[i]` is the driving time from the origin to `points[i]`."""

    points: list[tuple[float, float]]
    cumulative_s: list[float]
    distance_m: float
    eta_s: float
    streets: list[Street]


class OffRoad(ValueError):
    """The point lies so far from every road that a driving time would be a lie."""

    def __init__(self, point: LonLat, distance_m: float) -> None:
        super().__init__(f"no road within reach of {point.lon:.5f}, {point.lat:.5f}")
        self.point = point
        self.distance_m = distance_m


class Router(Protocol):
    """Seconds and paths on one road graph.

    The point that all others are measured against (target of `etas_to`, origin of
    `etas_from`, both ends of `path`) raises `OffRoad` when no road is near it. Any
    other point that cannot be reached or lies off the roads gives None in its place.
    """

    def etas_to(
        self, target: LonLat, origins: Sequence[Origin], profile: Profile | str
    ) -> list[float | None]: ...

    def etas_from(
        self, origin: Origin, targets: Sequence[LonLat], profile: Profile | str
    ) -> list[float | None]: ...

    def path(self, origin: Origin, target: LonLat, profile: Profile | str) -> Path | None: ...
