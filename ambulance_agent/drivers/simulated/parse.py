"""The road of an order: where the wheels are at every second of the drive."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, hypot, radians

from ambulance_agent.protocol import MissionState, Order

METRES_PER_DEGREE = 111_195.0
OFF_ROAD_MPS = 8.0  # where the centre knows no path, as the crow flies

LonLat = tuple[float, float]

BOUND_FOR_SCENE = frozenset(
    {
        MissionState.ASSIGNED,
        MissionState.ACKNOWLEDGED,
        MissionState.EN_ROUTE,
        MissionState.ON_SCENE,
        MissionState.AT_PATIENT,
    }
)


@dataclass(frozen=True, slots=True)
class Road:
    """Points with the seconds and metres from the start to each of them."""

    points: tuple[LonLat, ...]
    seconds: tuple[float, ...]
    metres: tuple[float, ...]

    @classmethod
    def along(cls, points: list[LonLat], seconds: list[float]) -> Road:
        steps = [metres_between(a, b) for a, b in pairwise(points)]
        metres = tuple(accumulate(steps, initial=0.0))
        return cls(tuple(points), tuple(seconds), metres)

    @property
    def eta_s(self) -> float:
        return self.seconds[-1]

    def locate(self, at_s: float) -> tuple[LonLat, float, float]:
        """Place, metres from the start and heading, `at_s` seconds into the drive."""
        last = len(self.points) - 1
        after = min(max(bisect_right(self.seconds, at_s), 1), last)
        before = after - 1
        span = self.seconds[after] - self.seconds[before]
        part = min(max((at_s - self.seconds[before]) / span, 0.0), 1.0) if span > 0 else 1.0
        (x0, y0), (x1, y1) = self.points[before], self.points[after]
        metres = self.metres[before] + part * (self.metres[after] - self.metres[before])
        return (x0 + part * (x1 - x0), y0 + part * (y1 - y0)), metres, self._heading(before)

    def _heading(self, segment: int) -> float:
        """Of this segment, or of the next one that has a length."""
        for index in range(segment, len(self.points) - 1):
            if self.points[index] != self.points[index + 1]:
                return heading_deg(self.points[index], self.points[index + 1])
        return heading_deg(self.points[0], self.points[-1])

    def from_place(self, place: LonLat) -> Road:
        """The same road taken up from the nearest of its points."""
        distances = [metres_between(place, point) for point in self.points]
        nearest = distances.index(min(distances))
        lead_s = distances[nearest] / OFF_ROAD_MPS
        start_s = self.seconds[nearest]
        return Road.along(
            [place, *self.points[nearest:]],
            [0.0, *(lead_s + at_s - start_s for at_s in self.seconds[nearest:])],
        )


def leads_to_destination(order: Order) -> bool:
    return order.destination is not None and order.state not in BOUND_FOR_SCENE


def road_of(order: Order, place: LonLat) -> Road:
    """From where the vehicle stands to where the order leads."""
    if len(order.route) >= 2:
        return Road.along(list(order.route), list(order.route_s)).from_place(place)
    goal = order.destination if leads_to_destination(order) else order.scene
    end = (goal.lon, goal.lat) if goal is not None else place
    return Road.along([place, end], [0.0, metres_between(place, end) / OFF_ROAD_MPS])


def metres_between(a: LonLat, b: LonLat) -> float:
    """Flat earth: right to a millimetre over the segments of a street."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2))
    return hypot(east, b[1] - a[1]) * METRES_PER_DEGREE


def heading_deg(a: LonLat, b: LonLat) -> float:
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2))
    return round(degrees(atan2(east, b[1] - a[1])), 1) % 360
