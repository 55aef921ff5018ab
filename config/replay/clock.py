"""Simulated time: a queue of what happens next, and how fast the wall clock follows."""

import heapq
import time
from collections.abc import Callable
from itertools import count

Act = Callable[[], None]
TICK_S = 1.0


class Pace:
    """Lets wall time pass so that `speed` simulated seconds fit into each real one.

    Speed 0 never waits. `tick` is called about once a real second with the simulated time,
    for what must be fresh on the screens whether or not something happens.
    """

    def __init__(
        self,
        speed: float,
        tick: Callable[[float], None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._speed = speed
        self._tick = tick
        self._monotonic = monotonic
        self._sleep = sleep
        self._began = self._next_tick = monotonic()
        self.behind_s = 0.0

    def wait_until(self, at_s: float) -> None:
        if not self._speed:
            return
        due = self._began + at_s / self._speed
        while (now := self._monotonic()) < due:
            if now >= self._next_tick:
                self._tick((now - self._began) * self._speed)
                self._next_tick = max(self._next_tick + TICK_S, self._monotonic())
            self._sleep(max(0.0, min(due, self._next_tick) - self._monotonic()))
        self.behind_s = max(self.behind_s, now - due)


class Clock:
    """Does things in the order of their simulated moments; ties in the order of asking."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._order = count()
        self._queue: list[tuple[float, int, Act]] = []

    def at(self, moment_s: float, act: Act) -> None:
        """Nothing happens in the past: an earlier moment means now."""
        heapq.heappush(self._queue, (max(moment_s, self.now_s), next(self._order), act))

    def after(self, seconds: float, act: Act) -> None:
        self.at(self.now_s + seconds, act)

    def run(self, pace: Pace) -> None:
        while self._queue:
            moment_s, _order, act = heapq.heappop(self._queue)
            pace.wait_until(moment_s)
            self.now_s = moment_s
            act()
