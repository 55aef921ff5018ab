"""The newest rows of the journal, read once for all the boards of an event loop.

A ring makes every open board look. Forty boards want the same rows: one of them reads, the others
wait for that. And what one has read to make items of them, the next need not read again.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from channels.db import database_sync_to_async

from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.journal.rules import is_look
from dispatch.per_loop import PerLoop

# A board that is further behind reads for itself.
KEPT = 1000

Found = TypeVar("Found")


class News:
    """Rows in their order, and what was found out about them: shared by all who are as far behind.

    What is kept here was read after the last of the rows. What changes later has rows of its own.
    """

    def __init__(self, rows: Sequence[Entry]) -> None:
        self.rows = rows
        # Those that may have changed something.
        self.telling = [row for row in rows if not is_look(row.kind)]
        # Any: each reader gives its own kind.
        self._known: dict[Hashable, Any] = {}

    def once(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """What `read` gave under this key, the first time."""
        if key not in self._known:
            self._known[key] = read()
        found: Found = self._known[key]
        return found


class Tail:
    """Of one event loop. `look` before `since`."""

    def __init__(self) -> None:
        self._newest = -1  # nothing was read yet
        self._rows: list[Entry] = []
        self._news: dict[int, News] = {}  # by the cursor that they follow
        self._reading: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def look(self) -> int:
        """The newest row's id, by a read that began after this call; 0 when there is none."""
        if self._next is None:
            self._next = asyncio.create_task(self._read_after(self._reading))
        await asyncio.shield(self._next)
        return self._newest

    def since(self, cursor: int) -> News | None:
        """The rows after the cursor, None where there is none or not all are here."""
        missed = self._newest - cursor
        if not 0 < missed <= len(self._rows):
            return None
        if cursor not in self._news:
            self._news[cursor] = News(self._rows[len(self._rows) - missed :])
        return self._news[cursor]

    async def _read_after(self, other: asyncio.Task[None] | None) -> None:
        if other:
            await asyncio.wait([other])
        # Who asks from here on may ask for a row that this read does not see.
        self._reading, self._next = self._next, None
        newest, rows = await database_sync_to_async(self._read)()
        if rows is None or rows:
            self._rows = [*self._rows, *rows][-KEPT:] if rows else []
            self._news = {}
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
