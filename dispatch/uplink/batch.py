"""Group commit: the frames of all vehicles of a process go in one transaction.

A frame waits at most GATHER_S for company; its acknowledgement leaves after the
commit. While one batch commits the next one gathers, so a slow disk makes batches
larger, not queues longer.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.utils import timezone

from dispatch.uplink.actions import Arrived, Key, store
from dispatch.uplink.takers import Takers

log = logging.getLogger(__name__)

GATHER_S = 0.02
LARGEST = 2000
RETRY_S = 1.0


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

    def put(self, waiting: Waiting) -> None:
        self._queue.put_nowait(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(GATHER_S)
            while len(batch) < LARGEST and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            parked = await self._commit([waiting.arrived for waiting in batch])
            for waiting in batch:
                waiting.done(waiting.arrived.key in parked)

    async def _commit(self, arrived: Sequence[Arrived]) -> set[Key]:
        """Until the database has it: an unacknowledged frame is still in its vehicle."""
        while True:
            try:
                return await database_sync_to_async(store)(
                    arrived, takers=self._takers, now=timezone.now()
                )
            except Exception:  # database away or worse: nothing is lost, everything waits
                log.exception("could not store %d frames; trying again", len(arrived))
                await asyncio.sleep(RETRY_S)
