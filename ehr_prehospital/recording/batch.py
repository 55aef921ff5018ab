"""Group commit of pieces: what came within a few hundredths of a second shares flush and commit.

As in dispatch/uplink/batch.py: while one batch is written the next one gathers, so that a slow disk
makes batches larger, not queues longer.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from ambulance_agent.protocol.recording import Piece
from dispatch.per_loop import PerLoop
from ehr_prehospital.recording.actions.arriving import Fate, store_pieces

log = logging.getLogger(__name__)

GATHER_S = 0.02
LARGEST = 500
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece and whom to tell what became of it."""

    recording: UUID
    piece: Piece
    done: Callable[[Fate], None]


class PieceBatcher:
    """One per event loop; started by the first piece."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        # One thread: the files have one writer, and nobody's look-up stands before a flush.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="record")

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
            for waiting, fate in zip(batch, await self._store(batch), strict=True):
                waiting.done(fate)

    async def _store(self, batch: list[Waiting]) -> list[Fate]:
        """Until the database has it: an unacknowledged piece is still on its device."""
        arrived = [(waiting.recording, waiting.piece) for waiting in batch]
        while True:
            try:
                return await database_sync_to_async(
                    store_pieces, thread_sensitive=False, executor=self._thread
                )(arrived, now=timezone.now())
            except Exception:  # database away or worse: nothing is lost, everything waits
                log.exception("could not store %d pieces; trying again", len(batch))
                await asyncio.sleep(RETRY_S)


_batchers = PerLoop[PieceBatcher]()


def batcher() -> PieceBatcher:
    """The one of the running loop."""
    return _batchers.get(PieceBatcher)
