"""Frames in memory on their way to the disk, or in its place while it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ambulance_agent.outbox import Parcel


class Spill:
    """Bounded: the oldest telemetry goes first, statuses (kind 0) stay."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parcels: dict[int, Parcel] = {}
        self.bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._parcels)

    def __iter__(self) -> Iterator[Parcel]:
        return iter(self._parcels.values())

    def put(self, parcel: Parcel) -> None:
        self._parcels[parcel.ticket] = parcel
        self.bytes += len(parcel.raw)
        if self.bytes > self._max_bytes:
            self._trim()

    def get(self, ticket: int) -> Parcel | None:
        return self._parcels.get(ticket)

    def oldest(self, limit: int) -> list[Parcel]:
        return list(islice(self._parcels.values(), limit))

    def moved(self, parcels: Iterable[Parcel]) -> None:
        for parcel in parcels:
            del self._parcels[parcel.ticket]
            self.bytes -= len(parcel.raw)

    def forget(self, keys: Iterable[tuple[bytes, int]]) -> None:
        if not self._parcels:
            return
        gone = set(keys)
        self.moved([p for p in self if (p.epoch.bytes, p.sequence) in gone])

    def _trim(self) -> None:
        telemetry = [p for p in self if p.kind]
        for parcel in telemetry[: max(1, len(telemetry) // 20)]:
            self.moved([parcel])
            self.dropped += 1
