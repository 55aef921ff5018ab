"""Where a vehicle is on its way at a moment. Pure arithmetic on a router's path."""

from bisect import bisect_right
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians

from dispatch.city.roads.router import METRES_PER_DEGREE, Path


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in degrees; standing when it has no heading."""

    lon: float
    lat: float
    heading_deg: float | None = None
    speed_mps: float = 0.0


@dataclass(frozen=True, slots=True)
class Drive:
    """A path that is driven from a moment on, in simulated seconds."""

    path: Path
    started_s: float

    @property
    def arrives_s(self) -> float:
        return self.started_s + self.path.eta_s

    def spot(self, at_s: float) -> Spot:
        points, times = self.path.points, self.path.cumulative_s
        gone_s = at_s - self.started_s
        if gone_s >= times[-1]:
            return Spot(*points[-1])
        ahead = max(1, bisect_right(times, gone_s))
        (west, south), (lon, lat) = points[ahead - 1], points[ahead]
        takes_s = times[ahead] - times[ahead - 1]
        part = max(0.0, gone_s - times[ahead - 1]) / takes_s if takes_s > 0 else 0.0
        east_m = (lon - west) * METRES_PER_DEGREE * cos(radians(lat))
        north_m = (lat - south) * METRES_PER_DEGREE
        return Spot(
            lon=west + part * (lon - west),
            lat=south + part * (lat - south),
            heading_deg=degrees(atan2(east_m, north_m)) % 360,
            speed_mps=hypot(east_m, north_m) / takes_s if takes_s > 0 else 0.0,
        )


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Between two (lon, lat) a few kilometres apart at most; flat is near enough."""
    east_m = (b[0] - a[0]) * METRES_PER_DEGREE * cos(radians(a[1]))
    return hypot(east_m, (b[1] - a[1]) * METRES_PER_DEGREE)
