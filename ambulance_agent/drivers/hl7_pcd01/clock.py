"""How far a device's clock stands from ours, judged from when its messages arrive."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

KNOWN = 30
# Smaller differences are the way through the network and the rounding to a second.
TRUSTED = timedelta(seconds=3)


class DeviceClock:
    """A message that waited on the way looks like a slow clock; the quickest one tells most."""

    def __init__(self) -> None:
        self._seen: deque[timedelta] = deque(maxlen=KNOWN)

    def hear(self, sent_at: datetime, arrived_at: datetime) -> None:
        self._seen.append(arrived_at - as_utc(sent_at))

    @property
    def behind(self) -> timedelta:
        """To be added to what the device says; zero while its clock is right."""
        if not self._seen:
            return timedelta()
        least = min(self._seen)
        return least if abs(least) > TRUSTED else timedelta()

    def ours(self, told_at: datetime, arrived_at: datetime) -> datetime:
        """Nothing is measured after it arrives."""
        return min(as_utc(told_at) + self.behind, arrived_at)


def as_utc(told_at: datetime) -> datetime:
    """A time without offset counts as UTC: the difference to our clock then holds the zone."""
    return told_at.replace(tzinfo=UTC) if told_at.tzinfo is None else told_at.astimezone(UTC)
