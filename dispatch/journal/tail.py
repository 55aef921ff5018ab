"""The newest rows of the journal, read once for all the boards of an event loop.

A ring makes every open board look. Forty boards want the same rows: one of them reads, the others
wait for that.
"""

import asyncio
from collections.abc import Sequence

from channels.db import database_sync_to_async

from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.per_loop import PerLoop

# A board that is further behind reads for itself.
KEPT = 1000


class Tail:
    """Of one event loop. `look` before `since`."""

    def __init__(self) -> None:
        self._newest = -1  # nothing was read yet
        self._rows: list[Entry] = []
        self._reading: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def look(self) -> int:
        """The newest row's id, by a read that began after this call; 0 when there is none."""
        if self._next is None:
            self._next = asyncio.create_task(self._read_after(self._reading))
        await asyncio.shield(self._next)
        return self._newest

    def since(self, cursor: int) -> Sequence[Entry] | None:
        """The rows after the cursor, None where they are not all here."""
        missed = self._newest - cursor
        if not 0 <= missed <= len(self._rows):
            return None
        return self._rows[len(self._rows) - missed :]

    async def _read_after(self, other: asyncio.Task[None] | None) -> None:
        if other:
            await asyncio.wait([other])
        # Who asks from here on may ask for a row that this read does not see.
        self._reading, self._next = self._next, None
        newest, rows = await database_sync_to_async(self._read)()
        self._rows = [*self._rows, *rows][-KEPT:] if rows is not None else []
        self._newest = newest

    def _read(self) -> tuple[int, list[Entry] | None]:
        """The newest id and the rows after those that are here; None to begin anew."""
        if self._newest >= 0:
            rows = rows_since(self._newest, limit=KEPT)
            if 0 < len(rows) < KEPT:
                return rows[-1].pk, rows
        newest = head()
        # Many more than there were, or less: the database was put back to an earlier day.
        return newest, [] if newest == self._newest else None


_tails = PerLoop[Tail]()


def tail() -> Tail:
    """The tail of the running loop."""
    return _tails.get(Tail)
