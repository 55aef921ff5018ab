"""Moves the vehicle: to the scene, to the hospital, and home the way it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import pi, sin
from random import Random

from ambulance_agent.drivers.simulated.memory import LeftOff, Trail
from ambulance_agent.drivers.simulated.parse import LonLat, Road, metres_between

HALT_M = 30.0  # nearer than this a new road is the same place


@dataclass(frozen=True, slots=True)
class Place:
    lon_lat: LonLat
    heading_deg: float | None
    speed_mps: float


class Motion:
    """Stands still until told to go. `speed_factor` shortens the drive, not the road."""

    def __init__(self, home: LonLat, speed_factor: float, random: Random) -> None:
        self._home = self._here = home
        self._factor = speed_factor
        self._random = random
        self._road: Road | None = None
        self._since: datetime | None = None
        self._phase = 0.0
        self._trail: Trail = []
        self._homeward = False

    @property
    def driving(self) -> bool:
        return self._road is not None

    @property
    def here(self) -> LonLat:
        return self._here

    def place_at(self, lon_lat: LonLat) -> None:
        """The agent was started again in the middle of a mission."""
        self._road, self._here, self._trail = None, lon_lat, []

    def go(self, road: Road, now: datetime) -> None:
        self._leave_road(now)
        self._here = road.points[0]
        self._road, self._since = road, now
        self._phase = self._random.uniform(0, 2 * pi)

    def go_home(self, now: datetime) -> None:
        self._leave_road(now)
        if not self._trail:
            return
        points, seconds, total = [self._here], [0.0], 0.0
        for point, step_s in reversed(self._trail):
            total += step_s
            points.append(point)
            seconds.append(total)
        self.go(Road.along(points, seconds), now)
        self._trail, self._homeward = [], True

    def halt(self, now: datetime) -> None:
        self._leave_road(now)

    def at(self, now: datetime) -> Place:
        """Where the wheels are. A road that is driven to its end is left."""
        if self._road is None or self._since is None:
            return Place(self._here, None, 0.0)
        elapsed = (now - self._since).total_seconds()
        at_s = self._progress(elapsed)
        self._here, metres, heading = self._road.locate(at_s)
        if at_s >= self._road.eta_s:
            self._leave_road(now)
            return Place(self._here, heading, 0.0)
        _, before, _ = self._road.locate(self._progress(elapsed - 1))
        return Place(self._here, heading, metres - before)

    def _progress(self, elapsed_s: float) -> float:
        """Seconds of the planned drive done. Traffic makes it wobble by up to two seconds,
        never backwards, and it arrives when planned.
        """
        if self._road is None:
            return 0.0
        planned, done = self._road.eta_s, max(elapsed_s, 0.0) * self._factor
        if done >= planned:
            return planned
        taper = min(done, planned - done, 20.0) / 20.0
        wobble = 1.4 * sin(done / 6.3 + self._phase) + 0.6 * sin(done / 2.9 + 2 * self._phase)
        return min(max(done + 0.9 * taper * wobble, 0.0), planned)

    def left_off(self, now: datetime) -> LeftOff:
        """The place, and the way home from it."""
        if self._road is None or self._since is None:
            return LeftOff(self._home, self._here, self._trail)
        road, at_s = self._road, self._progress((now - self._since).total_seconds())
        here, _, _ = road.locate(at_s)
        if self._homeward:
            # Interrupted on the way home: what is not yet driven back is still to be driven.
            rest = [i for i, s in enumerate(road.seconds) if s > at_s]
            trail = [
                (road.points[i], road.seconds[i] - max(road.seconds[i - 1], at_s))
                for i in reversed(rest)
            ]
            return LeftOff(self._home, here, trail)
        driven = [i for i, s in enumerate(road.seconds) if s < at_s]
        ends = [road.seconds[i] for i in driven[1:]] + [at_s]
        steps = [
            (road.points[i], end - road.seconds[i]) for i, end in zip(driven, ends, strict=False)
        ]
        return LeftOff(self._home, here, self._trail + steps)

    def resume(self, left_off: LeftOff) -> None:
        self._here, self._trail = left_off.here, left_off.trail

    def _leave_road(self, now: datetime) -> None:
        if self._road is not None:
            left_off = self.left_off(now)
            self._road, self._homeward = None, False
            self.resume(left_off)


def same_place(a: LonLat, b: LonLat) -> bool:
    return metres_between(a, b) < HALT_M
