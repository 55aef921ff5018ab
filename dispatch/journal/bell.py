"""The doorbell of a process: one subscription, any number of listeners inside.

A ring says only "look". Rings that come while a listener is still reading melt
into one, and a ring that is lost is replaced by the heartbeat of the listener.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from dispatch.journal.actions import BELL
from dispatch.per_loop import PerLoop

log = logging.getLogger(__name__)


class Bell:
    """Listens on behalf of every consumer of one event loop."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    async def rings(self, *, at_least_every_s: float) -> AsyncIterator[bool]:
        """Yield True at a ring, False when nothing rang for so long."""
        event = asyncio.Event()
        self._waiting.add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        try:
            while True:
                try:
                    await asyncio.wait_for(event.wait(), at_least_every_s)
                except TimeoutError:
                    yield False
                else:
                    event.clear()
                    yield True
        finally:
            self._waiting.discard(event)

    async def _listen(self) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        channel = await layer.new_channel()
        await layer.group_add(BELL, channel)
        while True:
            try:
                await layer.receive(channel)
            except (
                OSError,
                RedisError,
            ):  # the broker is away; heartbeats carry the boards meanwhile
                log.warning("the channel layer does not answer")
                await asyncio.sleep(1)
                with suppress(OSError, RedisError):
                    await layer.group_add(BELL, channel)
                continue
            for event in self._waiting:
                event.set()


_bells = PerLoop[Bell]()


def bell() -> Bell:
    """The bell of the running loop."""
    return _bells.get(Bell)
