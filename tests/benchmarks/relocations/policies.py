"""Three ways to wait: at home, by dynamic MEXCLP, and by the policy that we ship."""

from __future__ import annotations

import numpy as np

from dispatch.decision.rules.coverage import added, graded
from dispatch.decision.rules.policy import Relocation
from dispatch.decision.rules.relocation import Fleet, best_move
from tests.benchmarks.relocations.fleet import Ambulances, Service
from tests.benchmarks.relocations.region import Region


class Home:
    """Back to its own base, always."""

    def after_serving(self, unit: int, fleet: Ambulances, now_s: float) -> int:
        return int(fleet.home[unit])

    def look_again(self, fleet: Ambulances, now_s: float) -> tuple[int, int] | None:
        return None


class Dmexclp(Home):
    """Jagtenberg et al. 2015: whoever becomes free goes where one more adds most."""

    def __init__(self, region: Region, service: Service, bases: list[int]) -> None:
        reach_s = region.siren_s[bases] + service.delay_s
        targets = [(service.target_s, 1.0)]
        self._demand, self._points = graded(region.population, reach_s, targets)
        self._busy = service.busy

    def after_serving(self, unit: int, fleet: Ambulances, now_s: float) -> int:
        others = fleet.base[fleet.idle[fleet.idle != unit]]
        return int(added(self._demand, self._points[others], self._points, self._busy).argmax())


class Own:
    """What the console proposes, each proposal accepted at once: at most one move an event."""

    def __init__(
        self, region: Region, service: Service, bases: list[int], rule: Relocation
    ) -> None:
        reach_s = region.siren_s[bases] + service.delay_s
        self._demand, self._points = graded(region.population, reach_s, rule.targets_s)
        self._rule = rule

    def after_serving(self, unit: int, fleet: Ambulances, now_s: float) -> int:
        """Home is the default that a proposal changes."""
        home = int(fleet.home[unit])
        fleet.base[unit] = home
        move = self._move(fleet, now_s, only=unit)
        return move[1] if move else home

    def look_again(self, fleet: Ambulances, now_s: float) -> tuple[int, int] | None:
        return self._move(fleet, now_s)

    def _move(
        self, fleet: Ambulances, now_s: float, only: int | None = None
    ) -> tuple[int, int] | None:
        idle = fleet.idle
        here = [fleet.at(unit, now_s) for unit in idle]
        may = np.ones(len(idle), dtype=bool) if only is None else idle == only
        free = Fleet(
            in_reach=self._points[fleet.base[idle]],
            drive_s=fleet.calm_s[here][:, fleet.bases],
            at=fleet.base[idle],
            may_move=may,
            homeward=np.zeros(len(idle), dtype=bool) if only is None else may,
        )
        move = best_move(self._demand, self._points, free, self._rule)
        return (int(idle[move.unit]), move.point) if move else None
