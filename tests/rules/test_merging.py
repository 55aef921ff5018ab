"""Two tablets and the office write at once: nothing is lost, and all see the same."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ehr_prehospital.record.rules import Entry, merge
from ehr_prehospital.record.rules.merging import Standing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SET = UUID(int=900)


def entry(
    number: int,
    element: str = "situation.acuity",
    value: str = "critical",
    *,
    replaces: tuple[int, ...] = (),
    group: UUID | None = None,
    not_value: str = "",
) -> Entry:
    at = NOON + timedelta(seconds=number)
    return Entry(
        id=UUID(int=number),
        element=element,
        value="" if not_value else value,
        not_value=not_value,
        occurred_at=at,
        entered_at=at,
        replaces=frozenset(UUID(int=one) for one in replaces),
        group=group,
    )


def heads(standing: tuple[Standing, ...]) -> list[list[int]]:
    return [[head.id.int for head in one.heads] for one in standing]


def test_the_newest_of_a_chain_stands() -> None:
    merged = merge([entry(1), entry(2, value="lower", replaces=(1,))])

    assert heads(merged.standing) == [[2]]
    assert merged.replaced == {UUID(int=1)}
    assert merged.conflicts == ()


def test_two_that_replace_the_same_one_are_a_conflict_until_one_replaces_both() -> None:
    rows = [
        entry(1),
        entry(2, value="lower", replaces=(1,)),
        entry(3, value="emergent", replaces=(1,)),
    ]

    assert heads(merge(rows).conflicts) == [[3, 2]]
    settled = merge([*rows, entry(4, value="lower", replaces=(2, 3))])
    assert heads(settled.standing) == [[4]]
    assert settled.conflicts == ()
    assert settled.replaced == {UUID(int=one) for one in (1, 2, 3)}


def test_two_first_words_on_what_stands_once_disagree_too() -> None:
    assert heads(merge([entry(1), entry(2, value="lower")]).conflicts) == [[2, 1]]
    assert merge([entry(1), entry(2)]).conflicts == ()


def test_a_list_takes_several_and_a_correction_of_one_of_them_may_be_in_doubt() -> None:
    two = [
        entry(1, "history.allergy", "penicillin"),
        entry(2, "history.allergy", "latex"),
    ]
    assert heads(merge(two).standing) == [[1], [2]]

    both = [
        *two,
        entry(3, "history.allergy", "aspirin", replaces=(1,)),
        entry(4, "history.allergy", "nsaid", replaces=(1,)),
    ]
    assert heads(merge(both).conflicts) == [[4, 3]]


def test_each_group_has_its_own_place() -> None:
    other = UUID(int=901)
    merged = merge(
        [
            entry(1, "vital.heart_rate", "80", group=SET),
            entry(2, "vital.heart_rate", "90", group=other),
        ]
    )

    assert heads(merged.standing) == [[1], [2]]
    assert merged.conflicts == ()


def test_what_was_entered_in_error_leaves_nothing_standing_and_stays_in_the_record() -> None:
    merged = merge([entry(1), entry(2, not_value="entered_in_error", replaces=(1,))])

    assert merged.standing == ()
    assert merged.replaced == {UUID(int=1)}


def test_taking_back_what_another_corrects_is_a_conflict() -> None:
    merged = merge(
        [
            entry(1),
            entry(2, value="lower", replaces=(1,)),
            entry(3, not_value="entered_in_error", replaces=(1,)),
        ]
    )

    assert heads(merged.conflicts) == [[3, 2]]


def test_a_circle_of_replacements_hides_nothing() -> None:
    merged = merge([entry(1, replaces=(2,)), entry(2, replaces=(1,)), entry(3, replaces=(3,))])

    assert {number for row in heads(merged.standing) for number in row} == {1, 2, 3}


def test_an_old_element_that_nobody_knows_is_a_list() -> None:
    merged = merge([entry(1, "drug.aspirin", "300"), entry(2, "drug.aspirin", "100")])

    assert heads(merged.standing) == [[1], [2]]


ELEMENTS = ("situation.acuity", "history.allergy", "vital.heart_rate", "note")


@st.composite
def records(draw: st.DrawFn) -> list[Entry]:
    """Entries by several writers, each naming any of the entries before or after it."""
    count = draw(st.integers(1, 8))
    return [
        entry(
            number,
            element := draw(st.sampled_from(ELEMENTS)),
            draw(st.sampled_from(["a", "b", "c"])),
            replaces=tuple(draw(st.lists(st.integers(1, count), max_size=3))),
            group=SET if element.startswith("vital") else None,
        )
        for number in range(1, count + 1)
    ]


@given(records(), st.randoms())
def test_the_order_of_arrival_does_not_matter(rows: list[Entry], dice: Random) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)

    assert merge(shuffled) == merge(rows)


@given(records())
def test_every_entry_either_stands_or_is_replaced(rows: list[Entry]) -> None:
    merged = merge(rows)

    standing = {head.id for one in merged.standing for head in one.heads}
    assert standing | merged.replaced == {row.id for row in rows}
    assert not standing & merged.replaced
    assert standing


@given(records())
def test_one_word_on_all_heads_settles_every_conflict(rows: list[Entry]) -> None:
    merged = merge(rows)
    settling = [
        entry(
            100 + number,
            one.element,
            "settled",
            replaces=tuple(head.id.int for head in one.heads),
            group=one.group,
        )
        for number, one in enumerate(merged.conflicts)
    ]

    assert merge([*rows, *settling]).conflicts == ()


def test_all_orders_of_a_real_quarrel_agree() -> None:
    rows = [
        entry(1),
        entry(2, value="lower", replaces=(1,)),
        entry(3, value="emergent", replaces=(1,)),
        entry(4, value="dead", replaces=(2,)),
    ]

    assert len({merge(order).standing for order in permutations(rows)}) == 1
