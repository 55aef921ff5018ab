"""How each vehicle's link is: gathered beside the frames, written every few seconds."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from ambulance_agent.protocol import Frame, Hello, Report
from dispatch.uplink.models import VehicleLink

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

    def row(self, now: datetime) -> VehicleLink:
        report, hello = self.report, self.hello
        return VehicleLink(
            ambulance_id=self.ambulance_id,
            connected_at=self.connected_at,
            disconnected_at=self.disconnected_at,
            told_at=now,
            agent_version=hello.agent_version if hello else "",
            protocol=hello.protocol if hello else 0,
            last_frame_at=self.last_frame_at,
            lag_ms=self.lag_ms(),
            clock_offset_ms=self.clock.offset_ms,
            frames=self.frames,
            waiting_frames=report.waiting if report else None,
            waiting_bytes=report.waiting_bytes if report else None,
            thinned_frames=report.thinned if report else None,
            dropped_frames=report.dropped if report else None,
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
        await database_sync_to_async(write)([link.row(now) for link in links])
        for link in links:
            if link.disconnected_at and self._links.get(link.ambulance_id) is link:
                del self._links[link.ambulance_id]


FIELDS = (
    "connected_at", "disconnected_at", "told_at", "agent_version", "protocol", "last_frame_at",
    "lag_ms", "clock_offset_ms", "frames", "waiting_frames", "waiting_bytes", "thinned_frames",
    "dropped_frames",
)  # fmt: skip


def write(rows: list[VehicleLink]) -> None:
    """A vehicle that meanwhile hangs on another process is not overwritten by its old one."""
    ours = sorted(rows, key=lambda row: row.ambulance_id)
    newest = dict(
        VehicleLink.objects.filter(ambulance__in=[row.ambulance_id for row in ours]).values_list(
            "ambulance_id", "connected_at"
        )
    )
    VehicleLink.objects.bulk_create(
        [row for row in ours if newest.get(row.ambulance_id, row.connected_at) <= row.connected_at],
        update_conflicts=True,
        unique_fields=["ambulance"],
        update_fields=FIELDS,
    )
