"""What happened and what was written stays: the database itself refuses to lose it."""

import pytest
from django.db import DatabaseError, connection, transaction

from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry

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
    before = list(Entry.objects.values_list("id", "kind"))

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert list(Entry.objects.values_list("id", "kind")) == before != []
