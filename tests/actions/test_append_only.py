"""What happened and what was written stays: the database itself refuses to lose it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from dispatch.fleet.models import Mission
from dispatch.journal.actions import Told, append_all
from dispatch.journal.models import Entry
from dispatch.journal.queries import broken_at
from dispatch.people.models import User
from tests.town import NOW

NOT_EMPTIED = ("dispatch_entry", "ehr_prehospital_recordentry", "ehr_prehospital_recordversion")


@pytest.mark.django_db
@pytest.mark.parametrize("table", NOT_EMPTIED)
def test_a_table_of_evidence_is_not_emptied(table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change", ["DELETE FROM dispatch_entry", "UPDATE dispatch_entry SET kind = 'call.closed'"]
)
def test_the_journal_is_not_rewritten(mission: Mission, change: str) -> None:
    before = list(Entry.objects.order_by("id").values_list("id", "kind"))

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert list(Entry.objects.order_by("id").values_list("id", "kind")) == before != []


def test_rows_told_together_follow_one_another_in_the_chain(
    mission: Mission, dispatcher_li: User
) -> None:
    refs = {"mission": mission.pk}
    before = Entry.objects.order_by("-id").values_list("id", flat=True)[0]

    with transaction.atomic():
        told = [Told(f"told.{number}", refs) for number in range(3)]
        append_all(told, actor=dispatcher_li, now=NOW)
        none = append_all([], actor=dispatcher_li, now=NOW)

    rows = Entry.objects.filter(id__gt=before).order_by("id")
    assert [row.kind for row in rows] == ["told.0", "told.1", "told.2"]
    assert [row.id for row in rows] == [before + 1, before + 2, before + 3]
    assert (none, broken_at()) == ([], None)


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_make_one_chain_without_gaps() -> None:
    together = Barrier(6)

    def write(_writer: int) -> None:
        together.wait()
        try:
            for _number in range(10):
                with transaction.atomic():
                    append_all([Told("told", {})] * 2, actor=None, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))

    assert list(Entry.objects.order_by("id").values_list("id", flat=True)) == [*range(1, 121)]
    assert broken_at() is None
