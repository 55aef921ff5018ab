"""How each vehicle's link is: gathered beside the frames, written every few seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from ambulance_agent.protocol import Frame, Hello, Report
from dispatch.bulk import columns, run

log = logging.getLogger(__name__)

WRITE_EVERY_S = 5.0
# No quartz drifts faster. What looks slower than that has only waited on the way.
DRIFT = 1e-3


@dataclass(slots=True)
class Clock:
    """A vehicle's clock against ours. The quickest of its messages tells most.

    A message that waited looks like a slow clock, so the estimate follows a larger offset at
    once and a smaller one no faster than clocks drift.
    """

    offset: timedelta | None = None
    _at: datetime | None = None

    def hear(self, said: datetime, now: datetime) -> None:
        seen = said - now
        if self.offset is None or self._at is None:
            self.offset = seen
        else:
            self.offset = max(seen, self.offset - DRIFT * (now - self._at))
        self._at = now

    @property
    def offset_ms(self) -> int | None:
        return None if self.offset is None else round(self.offset / timedelta(milliseconds=1))


@dataclass(slots=True)
class Link:
    """One socket, as long as it is open."""

    ambulance_id: UUID
    connected_at: datetime
    clock: Clock = field(default_factory=Clock)
    hello: Hello | None = None
    report: Report | None = None
    frames: int = 0
    last_frame_at: datetime | None = None
    newest_made_at: datetime | None = None
    disconnected_at: datetime | None = None

    def greet(self, hello: Hello, now: datetime) -> None:
        self.hello = hello
        self.clock.hear(hello.sent_at, now)

    def take(self, frame: Frame, now: datetime) -> None:
        self.frames += 1
        self.last_frame_at = now
        if self.newest_made_at is None or frame.made_at > self.newest_made_at:
            self.newest_made_at = frame.made_at
            self.clock.hear(frame.made_at, now)

    def lag_ms(self) -> int | None:
        """How old the newest news were when we heard last, the vehicle's clock set right."""
        if self.last_frame_at is None or self.newest_made_at is None or self.clock.offset is None:
            return None
        lag = self.last_frame_at + self.clock.offset - self.newest_made_at
        return round(lag / timedelta(milliseconds=1))

    def row(self, now: datetime) -> tuple[object, ...]:
        """In the order of COLUMNS."""
        report, hello = self.report, self.hello
        return (
            self.ambulance_id,
            self.connected_at,
            self.disconnected_at,
            now,
            hello.agent_version if hello else "",
            hello.protocol if hello else 0,
            self.last_frame_at,
            self.lag_ms(),
            self.clock.offset_ms,
            self.frames,
            report.waiting if report else None,
            report.waiting_bytes if report else None,
            report.thinned if report else None,
            report.dropped if report else None,
        )


class LinkBook:
    """The links of one process."""

    def __init__(self) -> None:
        self._links: dict[UUID, Link] = {}

    def open(self, ambulance_id: UUID) -> Link:
        link = self._links[ambulance_id] = Link(ambulance_id, timezone.now())
        return link

    def close(self, link: Link) -> None:
        link.disconnected_at = timezone.now()

    async def keep(self) -> None:
        """For as long as the process: one statement every few seconds for all vehicles."""
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            try:
                await self.write()
            except Exception:  # the database is away: the next round tells all the same
                log.exception("could not write how the links are")

    async def write(self) -> None:
        now = timezone.now()
        links = [link for link in self._links.values() if link.hello]
        gone = [link for link in links if link.disconnected_at]  # not who goes while it is written
        if links:
            await database_sync_to_async(write)([link.row(now) for link in links])
        for link in gone:
            if self._links.get(link.ambulance_id) is link:
                del self._links[link.ambulance_id]


COLUMNS = {
    "ambulance_id": "uuid",
    "connected_at": "timestamptz",
    "disconnected_at": "timestamptz",
    "told_at": "timestamptz",
    "agent_version": "text",
    "protocol": "int2",
    "last_frame_at": "timestamptz",
    "lag_ms": "int8",
    "clock_offset_ms": "int8",
    "frames": "int8",
    "waiting_frames": "int8",
    "waiting_bytes": "int8",
    "thinned_frames": "int8",
    "dropped_frames": "int8",
}


def write(rows: Sequence[tuple[object, ...]]) -> None:
    """A vehicle that meanwhile hangs on another process is not overwritten by its old one."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    fresh = ", ".join(f"{name} = excluded.{name}" for name in list(COLUMNS)[1:])
    run(
        f"INSERT INTO dispatch_vehiclelink AS known ({', '.join(COLUMNS)})"  # noqa: S608
        f" SELECT * FROM unnest({arrays})"
        f" ON CONFLICT (ambulance_id) DO UPDATE SET {fresh}"
        " WHERE known.connected_at <= excluded.connected_at",
        columns(sorted(rows, key=itemgetter(0))),  # one order: no deadlock
    )
