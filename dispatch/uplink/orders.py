"""Which vehicles must hear a new order: one look at the database for all of a process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol
from uuid import UUID

from channels.db import database_sync_to_async

from ambulance_agent.protocol import FromServer
from dispatch.journal.bell import bell
from dispatch.per_loop import PerLoop
from dispatch.uplink.queries import Standing, news, standings

log = logging.getLogger(__name__)

# A lost bell delays an order at most so long.
LOOK_AGAIN_S = 5.0
# Rings of one moment melt into one look.
GATHER_S = 0.05
# So many orders, each with its road, are made in one go.
AT_ONCE = 20


class Listener(Protocol):
    """A vehicle's socket. `shown` is what the vehicle was told last, None on connecting."""

    shown: Standing | None

    async def say(self, message: FromServer) -> None: ...


class OrderDesk:
    """One per event loop."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, Listener] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._look_now = asyncio.Event()

    def add(self, ambulance_id: UUID, listener: Listener) -> None:
        self._listeners[ambulance_id] = listener
        self._look_now.set()
        if not self._tasks or any(task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()
            self._tasks = [asyncio.create_task(run()) for run in (self._hear_the_bell, self._run)]

    def remove(self, ambulance_id: UUID, listener: Listener) -> None:
        if self._listeners.get(ambulance_id) is listener:
            del self._listeners[ambulance_id]

    async def _hear_the_bell(self) -> None:
        async for _rung in bell().rings(at_least_every_s=LOOK_AGAIN_S):
            self._look_now.set()

    async def _run(self) -> None:
        while True:
            await self._look_now.wait()
            await asyncio.sleep(GATHER_S)
            self._look_now.clear()
            try:
                await self._look()
            except Exception:  # the database is away: the heartbeat looks again
                log.exception("could not look for orders")

    async def _look(self) -> None:
        """Those with an order first: a fleet that comes back must not stand before a new one."""
        listeners = dict(self._listeners)
        if not listeners:
            return
        now = await database_sync_to_async(standings)(list(listeners))
        changed = [key for key, one in listeners.items() if one.shown != now[key]]
        changed.sort(key=lambda key: listeners[key].shown is None)
        for some in batched(changed, AT_ONCE):
            told = await database_sync_to_async(news)({key: listeners[key].shown for key in some})
            for key, (standing, message) in told.items():
                listeners[key].shown = standing
                with suppress(OSError):  # it hung up: the next socket is told anew
                    if message:
                        await listeners[key].say(message)


def batched(keys: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    for first in range(0, len(keys), size):
        yield keys[first : first + size]


_desks = PerLoop[OrderDesk]()


def desk() -> OrderDesk:
    """The desk of the running loop."""
    return _desks.get(OrderDesk)
