"""The ambulances of a simulated region, event by event: who serves, who drives where."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.decision.rules.coverage import Floats
from tests.benchmarks.relocations.region import Region


@dataclass(frozen=True)
class Service:
    """What the published model assumes, times in seconds."""

    calls_per_hour: float = 6.3
    delay_s: float = 180.0
    on_scene_s: float = 720.0
    transported: float = 0.8
    handover_shape: float = 1.5
    handover_s: float = 1080.0
    target_s: float = 900.0
    speed_without_siren: float = 0.9
    busy: float = 0.3


class Call(NamedTuple):
    at_s: float
    zone: int
    on_scene_s: float
    transported: bool
    handover_s: float


def calls_of(region: Region, service: Service, count: int, seed: int) -> list[Call]:
    chance = np.random.default_rng(seed)
    share = region.population / region.population.sum()
    return [
        Call(float(at), int(zone), float(scene), bool(taken), float(handover))
        for at, zone, scene, taken, handover in zip(
            np.cumsum(chance.exponential(3600.0 / service.calls_per_hour, count)),
            chance.choice(len(share), count, p=share),
            chance.exponential(service.on_scene_s, count),
            chance.random(count) < service.transported,
            service.handover_s * chance.weibull(service.handover_shape, count),
            strict=True,
        )
    ]


class Policy(Protocol):
    """Where ambulances wait. Rows of bases throughout."""

    def after_serving(self, unit: int, fleet: Ambulances, now_s: float) -> int: ...

    def look_again(self, fleet: Ambulances, now_s: float) -> tuple[int, int] | None: ...


class Ambulances:
    """`base[u]` is where u waits or is going to wait; only the free ones count."""

    def __init__(
        self, region: Region, service: Service, home: Sequence[int], bases: Sequence[int]
    ) -> None:
        self.bases = np.array(bases)
        self.home = np.array(home)
        self.base = self.home.copy()
        self.free = np.ones(len(home), dtype=bool)
        self.siren_s = region.siren_s
        self.calm_s = region.siren_s / service.speed_without_siren
        self._from = self.bases[self.base]
        self._to = self._from.copy()
        self._left_s = np.zeros(len(home))
        self._there_s = np.zeros(len(home))
        self.moves = 0
        self.driven_s = 0.0

    @property
    def idle(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.free)

    def at(self, unit: int, now_s: float) -> int:
        """The zone; on the road the one that fits best the time driven and the time to go."""
        if now_s >= self._there_s[unit]:
            return int(self._to[unit])
        behind = np.abs(self.calm_s[self._from[unit]] - (now_s - self._left_s[unit]))
        ahead = np.abs(self.calm_s[:, self._to[unit]] - (self._there_s[unit] - now_s))
        return int(np.argmin(behind + ahead))

    def go(self, unit: int, base: int, now_s: float) -> None:
        here, there = self.at(unit, now_s), int(self.bases[base])
        takes_s = float(self.calm_s[here, there])
        self._from[unit], self._to[unit] = here, there
        self._left_s[unit], self._there_s[unit] = now_s, now_s + takes_s
        self.base[unit] = base
        self.moves += 1
        self.driven_s += takes_s

    def serve(self, unit: int, ends_in: int) -> None:
        self.free[unit] = False
        self._from[unit] = self._to[unit] = ends_in
        self._there_s[unit] = 0.0


@dataclass(frozen=True)
class Outcome:
    """Response times in the order of the calls; moves per unit and day, driving included."""

    response_s: Floats
    moves: float
    driven_h: float


def simulate(  # noqa: C901  (the events of one clock, each a line or two)
    region: Region,
    service: Service,
    calls: Sequence[Call],
    home: Sequence[int],
    bases: Sequence[int],
    policy: Policy,
) -> Outcome:
    """The nearest free ambulance goes at once; without one calls wait in their order."""
    fleet = Ambulances(region, service, home, bases)
    hospital = np.array(region.hospitals)[region.siren_s[:, region.hospitals].argmin(axis=1)]
    response_s = np.zeros(len(calls))
    ends: list[tuple[float, int]] = []
    queue: deque[int] = deque()

    def send(unit: int, number: int, now_s: float) -> None:
        call = calls[number]
        takes_s = service.delay_s + region.siren_s[fleet.at(unit, now_s), call.zone]
        response_s[number] = now_s + takes_s - call.at_s
        done_s, place = now_s + takes_s + call.on_scene_s, call.zone
        if call.transported:
            place = int(hospital[call.zone])
            done_s += fleet.calm_s[call.zone, place] + call.handover_s
        fleet.serve(unit, place)
        heapq.heappush(ends, (done_s, unit))

    def look_again(now_s: float) -> None:
        if move := policy.look_again(fleet, now_s):
            fleet.go(*move, now_s)

    def finish(now_s: float, unit: int) -> None:
        if queue:
            return send(unit, queue.popleft(), now_s)
        fleet.free[unit] = True
        fleet.go(unit, policy.after_serving(unit, fleet, now_s), now_s)
        return look_again(now_s)

    for number, call in enumerate(calls):
        while ends and ends[0][0] <= call.at_s:
            finish(*heapq.heappop(ends))
        idle = fleet.idle
        if not len(idle):
            queue.append(number)
            continue
        there_s = [region.siren_s[fleet.at(unit, call.at_s), call.zone] for unit in idle]
        send(int(idle[int(np.argmin(there_s))]), number, call.at_s)
        look_again(call.at_s)
    while ends and queue:
        finish(*heapq.heappop(ends))
    unit_days = len(home) * (calls[-1].at_s - calls[0].at_s) / 86_400
    return Outcome(response_s, fleet.moves / unit_days, fleet.driven_s / 3600 / unit_days)
