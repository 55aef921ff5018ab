"""The tail of the journal: one read for all the boards of a process, and no row missed."""

import asyncio
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from dispatch.journal.actions import append
from dispatch.journal.queries import head
from dispatch.journal.tail import KEPT, tail
from tests.town import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@database_sync_to_async
def happens(times: int = 1) -> int:
    """So many rows; the newest one's id."""
    with transaction.atomic():
        rows = [
            append(kind="unit.silent", actor=None, now=NOW, refs={"unit": uuid4()})
            for _ in range(times)
        ]
    return rows[-1].pk


async def test_many_who_look_at_once_cost_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = await happens()
    reads = []

    def counted() -> int:
        reads.append("head")
        return head()

    monkeypatch.setattr("dispatch.journal.tail.head", counted)
    found = await asyncio.gather(*(tail().look() for _ in range(40)))

    assert set(found) == {newest}
    assert reads == ["head"]


async def test_who_looks_while_another_reads_sees_what_came_since() -> None:
    first = asyncio.create_task(tail().look())
    await asyncio.sleep(0)  # it has asked
    newest = await happens()

    assert await tail().look() == newest
    assert await first <= newest


async def test_the_rows_after_a_cursor_are_whole_or_not_given() -> None:
    before = await tail().look()
    newest = await happens(3)
    await tail().look()

    news, last = tail().since(before), tail().since(newest - 1)
    assert news
    assert [row.pk for row in news.rows] == list(range(before + 1, newest + 1))
    assert last
    assert [row.pk for row in last.rows] == [newest]
    assert tail().since(newest) is None
    assert tail().since(before - 1) is None, "older than what is here"
    assert tail().since(newest + 1) is None, "newer than the journal"


async def test_what_is_known_of_rows_is_shared_until_there_are_more() -> None:
    before = await tail().look()
    await happens()
    await tail().look()
    news = tail().since(before)
    assert news
    news.once("items", lambda: 1)
    await tail().look()
    assert tail().since(before) is news
    assert news.once("items", lambda: 2) == 1

    await happens()
    await tail().look()
    later = tail().since(before)
    assert later
    assert later.once("items", lambda: 2) == 2


async def test_a_tail_that_was_left_far_behind_begins_anew() -> None:
    before = await tail().look()
    newest = await happens(KEPT + 1)

    assert await tail().look() == newest
    assert tail().since(before) is None
