"""The chain: any change of history shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.journal.rules import GENESIS, Row, chain_hash, first_broken

START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    previous = GENESIS
    for number in range(1, length + 1):
        at = START + timedelta(seconds=number)
        refs, detail = {"mission": str(number)}, {"priority": number}
        digest = chain_hash(
            previous=previous,
            kind="mission.assigned",
            occurred_at=at,
            recorded_at=at,
            actor_id=None,
            refs=refs,
            detail=detail,
        )
        rows.append(Row(number, "mission.assigned", at, at, None, refs, detail, previous, digest))
        previous = digest
    return rows


def test_an_untouched_chain_is_whole() -> None:
    assert first_broken(chain(20)) is None
    assert first_broken([]) is None


@given(place=st.integers(0, 9), what=st.sampled_from(["kind", "refs", "detail", "occurred_at"]))
def test_a_changed_row_is_found_where_it_was_changed(place: int, what: str) -> None:
    rows = chain(10)
    changed = {
        "kind": "mission.cancelled",
        "refs": {"mission": "x"},
        "detail": {"priority": 0},
        "occurred_at": START,
    }
    rows[place] = replace(rows[place], **{what: changed[what]})  # type: ignore[arg-type]

    assert first_broken(rows) == place + 1


@given(place=st.integers(0, 8))
def test_a_removed_row_is_found_at_its_successor(place: int) -> None:
    rows = chain(10)
    del rows[place]

    assert first_broken(rows) == place + 2
