"""What happened and what was written stays: the database itself refuses to lose it."""

import pytest
from django.db import DatabaseError, connection, transaction

from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from tests.append_only import NOT_EMPTIED


@pytest.fixture
def as_in_real_use(db: None) -> None:
    """The refusal that is lifted for the tests' own cleaning, back for one transaction."""
    with connection.cursor() as cursor:
        for table, trigger in NOT_EMPTIED.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@pytest.mark.parametrize("table", NOT_EMPTIED)
def test_a_table_of_evidence_is_not_emptied(as_in_real_use: None, table: str) -> None:
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
    before = list(Entry.objects.values_list("id", "kind"))

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert list(Entry.objects.values_list("id", "kind")) == before != []
