"""One record as every exporter takes it."""

from datetime import UTC, datetime
from uuid import UUID

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement

FIRST, SECOND = UUID(int=1), UUID(int=2)


def record(*statements: Statement) -> CanonicalRecord:
    return CanonicalRecord(
        id=UUID(int=9),
        version=0,
        written_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        statements=statements,
    )


def test_groups_come_in_the_order_in_which_they_began_with_their_lists_whole() -> None:
    kept = record(
        Statement("vital.heart_rate", "80", group=SECOND),
        Statement("vital.heart_rate", "90", group=FIRST),
        Statement("vital.ecg_rhythm", "a", group=SECOND),
        Statement("vital.ecg_rhythm", "b", group=SECOND),
        Statement("history.allergy", "none"),
    )

    groups = list(kept.groups("vital"))

    assert [group["vital.heart_rate"][0].value for group in groups] == ["80", "90"]
    assert [one.value for one in groups[0]["vital.ecg_rhythm"]] == ["a", "b"]


def test_an_element_of_which_nothing_is_said_has_no_value() -> None:
    kept = record(Statement("history.allergy", not_value="not_recorded"))

    assert kept.value("history.allergy") == ""
    assert kept.one("history.allergy") is not None
    assert kept.one("identity.sex") is None
