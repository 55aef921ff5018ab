"""Frames in memory on their way to the disk, or in its place while it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from ambulance_agent.parcel import LASTING, NUMBERS, TRIM_TO, WAVES, Parcel, without_waves


class Spill:
    """Bounded like the file: the oldest waves go first, then the oldest telemetry."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parcels: dict[int, Parcel] = {}
        self.bytes = 0
        self.thinned = self.dropped = 0

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

    def first(self, limit: int) -> list[Parcel]:
        """What must never go, then the oldest: a disk may have room for a little only."""
        lasting = [p for p in self if p.kind == LASTING]
        return list(islice((*lasting, *(p for p in self if p.kind != LASTING)), limit))

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
        goal = int(self._max_bytes * TRIM_TO)
        for parcel in [p for p in self if p.kind == WAVES]:
            if self.bytes <= goal:
                return
            thin = replace(parcel, kind=NUMBERS, raw=without_waves(parcel.raw))
            self._parcels[parcel.ticket] = thin  # in its old place
            self.bytes -= len(parcel.raw) - len(thin.raw)
            self.thinned += 1
        for parcel in [p for p in self if p.kind == NUMBERS]:
            if self.bytes <= goal:
                return
            self.moved([parcel])
            self.dropped += 1
