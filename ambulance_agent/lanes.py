"""Which frame goes next: urgent ones at once, then live ones, then the back-log.

The back-log goes newest first beside live data, at a limited rate and with few frames
under way, so that a long cut never delays what happens now, on a thin line neither.
"""

from __future__ import annotations

from collections import deque
from uuid import UUID

from ambulance_agent.outbox import Outbox
from ambulance_agent.parcel import Parcel

PAGE = 64
BACKLOG_UNDER_WAY = 8  # some 25 KB: a live frame waits a second behind them at 200 kbit/s

Key = tuple[UUID, int]


class Lanes:
    """Of one connection. Urgent frames ignore the window, the others wait for room in it."""

    def __init__(self, outbox: Outbox, *, window: int, backlog_per_s: float, now: float) -> None:
        self._outbox = outbox
        self._window = window
        self._rate = backlog_per_s
        self._urgent = deque(outbox.urgent())
        self._live: deque[int] = deque()
        self._backlog: deque[int] = deque()
        self._below = outbox.end  # the back-log is what is older than this connection
        self._backlog_empty = False
        self._allowance, self._counted_at = 1.0, now
        self.in_flight: dict[Key, float] = {}

    def add(self, parcel: Parcel) -> None:
        (self._urgent if parcel.urgent else self._live).append(parcel.ticket)

    def next(self, now: float) -> Parcel | None:
        """None when there is nothing to send now; see `wait_s`."""
        while (ticket := self._choose(now)) is not None:
            parcel = self._outbox.parcel(ticket)
            if parcel is not None and (parcel.epoch, parcel.sequence) not in self.in_flight:
                self.in_flight[parcel.epoch, parcel.sequence] = now
                return parcel
        return None

    def wait_s(self) -> float | None:
        """Seconds until the back-log may go on; None: wait for an ack or a new frame."""
        if self._backlog_empty or not self._line_is_clear:
            return None
        return max((1.0 - self._allowance) / self._rate, 0.001)

    def acknowledged(self, epoch: UUID, sequences: list[int]) -> None:
        for sequence in sequences:
            self.in_flight.pop((epoch, sequence), None)
        self._outbox.acknowledge(epoch, sequences)

    def oldest_unanswered(self) -> float | None:
        """When the frame that waits longest for its ack was sent."""
        return next(iter(self.in_flight.values()), None)

    @property
    def _line_is_clear(self) -> bool:
        return len(self.in_flight) < min(self._window, BACKLOG_UNDER_WAY)

    def _choose(self, now: float) -> int | None:
        if self._urgent:
            return self._urgent.popleft()
        if len(self.in_flight) >= self._window:
            return None
        if self._live:
            return self._live.popleft()
        return self._from_backlog(now)

    def _from_backlog(self, now: float) -> int | None:
        self._allowance = min(
            self._allowance + (now - self._counted_at) * self._rate, max(1.0, self._rate / 10)
        )
        self._counted_at = now
        if self._backlog_empty or self._allowance < 1 or not self._line_is_clear:
            return None
        if not self._backlog:
            self._backlog.extend(self._outbox.newest_before(self._below, limit=PAGE))
            if not self._backlog:
                self._backlog_empty = True
                return None
            self._below = self._backlog[-1]
        self._allowance -= 1
        return self._backlog.popleft()
