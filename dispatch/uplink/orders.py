"""Which vehicles must hear a new order: one look at the database for all of a process."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol
from uuid import UUID

from channels.db import database_sync_to_async

from dispatch.journal.bell import bell
from dispatch.uplink.queries import Standing, standings

log = logging.getLogger(__name__)

# A lost bell delays an order at most so long.
LOOK_AGAIN_S = 5.0
# Rings of one moment melt into one look.
GATHER_S = 0.05


class Listener(Protocol):
    """A vehicle's socket."""

    @property
    def shown(self) -> Standing | None: ...

    async def look_for_order(self) -> None: ...


class OrderDesk:
    """One per event loop. A vehicle asks for its order itself when it comes."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, Listener] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, ambulance_id: UUID, listener: Listener) -> None:
        self._listeners[ambulance_id] = listener
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def remove(self, ambulance_id: UUID, listener: Listener) -> None:
        if self._listeners.get(ambulance_id) is listener:
            del self._listeners[ambulance_id]

    async def _run(self) -> None:
        async for _rung in bell().rings(at_least_every_s=LOOK_AGAIN_S):
            try:
                await self._look()
            except Exception:  # the database is away: the heartbeat looks again
                log.exception("could not look for orders")
            await asyncio.sleep(GATHER_S)

    async def _look(self) -> None:
        listeners = dict(self._listeners)
        if not listeners:
            return
        now = await database_sync_to_async(standings)(list(listeners))
        changed = [one for key, one in listeners.items() if one.shown != now[key]]
        await asyncio.gather(
            *(listener.look_for_order() for listener in changed), return_exceptions=True
        )


_desks: dict[asyncio.AbstractEventLoop, OrderDesk] = {}


def desk() -> OrderDesk:
    """The desk of the running loop."""
    loop = asyncio.get_running_loop()
    for closed in [other for other in _desks if other.is_closed()]:
        del _desks[closed]
    return _desks.setdefault(loop, OrderDesk())
