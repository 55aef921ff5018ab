"""Group commit: the frames of all vehicles of a process go in one transaction.

A frame waits at most GATHER_S for company; its acknowledgement leaves after the
commit. While one batch commits the next one gathers, so a slow disk makes batches
larger, not queues longer.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from dispatch.fleet.models import Fix
from dispatch.fleet.telemetry import publish_positions
from dispatch.uplink.actions import Arrived, Stored, store
from dispatch.uplink.links import LinkBook
from dispatch.uplink.takers import Takers

log = logging.getLogger(__name__)

GATHER_S = 0.04
LARGEST = 2000
RETRY_S = 1.0
SHOW_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Waiting:
    """A frame and whom to tell when it is safe: `done(parked)`."""

    arrived: Arrived
    done: Callable[[bool], None]


class Batcher:
    """One per event loop; started by the first frame."""

    def __init__(self, takers: Takers) -> None:
        self._takers = takers
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._beside: list[asyncio.Task[None]] = []
        self._moved: dict[UUID, Fix] = {}
        self.links = LinkBook()
        # A thread of its own: no look-up of another socket may stand before a commit.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    def put(self, waiting: Waiting) -> None:
        self._queue.put_nowait(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
            for task in self._beside:
                task.cancel()
            beside = (self._show_positions, self.links.keep, *self._takers.beside)
            self._beside = [asyncio.create_task(run()) for run in beside]

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(GATHER_S)
            while len(batch) < LARGEST and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            stored = await self._commit([waiting.arrived for waiting in batch])
            for waiting in batch:
                waiting.done(waiting.arrived.key in stored.parked)
            self._moved |= {fix.ambulance_id: fix for fix in stored.moved}

    async def _show_positions(self) -> None:
        """To the screens a few times a second, however many commits there were."""
        while True:
            await asyncio.sleep(SHOW_EVERY_S)
            moved, self._moved = self._moved, {}
            if moved:
                try:
                    await database_sync_to_async(publish_positions)(moved.values())
                except Exception:  # a live picture: the next one comes
                    log.exception("could not show %d positions", len(moved))

    async def _commit(self, arrived: Sequence[Arrived]) -> Stored:
        """Until the database has it: an unacknowledged frame is still in its vehicle."""
        while True:
            try:
                return await database_sync_to_async(
                    store, thread_sensitive=False, executor=self._thread
                )(arrived, takers=self._takers, now=timezone.now())
            except Exception:  # database away or worse: nothing is lost, everything waits
                log.exception("could not store %d frames; trying again", len(arrived))
                await asyncio.sleep(RETRY_S)
