"""What makes no sense is said beside the statement, and the statement stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_prehospital.record.catalogue import Kind, Occurs, elements
from ehr_prehospital.record.rules import Statement, Wrong, judge

SET = UUID(int=1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def wrongs(said: Statement, group: UUID | None = None) -> list[str]:
    return [problem.code for problem in judge(said, group=group).problems]


@pytest.mark.parametrize(
    ("said", "group"),
    [
        (Statement("vital.heart_rate", "88"), SET),
        (Statement("vital.heart_rate", "88", "/min"), SET),
        (Statement("vital.glucose", "5.6", "mmol/L"), SET),
        (Statement("vital.heart_rate", not_value="not_recorded"), SET),
        (Statement("vital.heart_rate", pertinent_negative="refused"), SET),
        (Statement("medication.drug", "aspirin"), SET),
        (Statement("medication.drug", "速效救心丸"), SET),  # an open list takes words
        (Statement("situation.onset", "2026-11-22T13:40:00+08:00"), None),
        (Statement("history.last_menses", "2026-10-30"), None),
        (Statement("scene.position", "31.2304,121.4737"), None),
        (Statement("situation.acuity", not_value="entered_in_error"), None),
        (Statement("identity.name", "王秀英"), None),
        (Statement("drug.aspirin", "300", "mg", "oral"), None),
        (Statement("form.heart.pain_character", "crushing"), None),
    ],
)
def test_sense(said: Statement, group: UUID | None) -> None:
    assert wrongs(said, group) == []


@pytest.mark.parametrize(
    ("said", "group", "wrong"),
    [
        (Statement("mood", "fine"), None, Wrong.UNKNOWN_ELEMENT),
        (Statement("vital.mood", "fine"), SET, Wrong.UNKNOWN_ELEMENT),
        (Statement("form.Heart", "x"), None, Wrong.UNKNOWN_ELEMENT),
        (Statement("vital.heart_rate", "1240"), SET, Wrong.OUT_OF_BOUNDS),
        (Statement("vital.heart_rate", "fast"), SET, Wrong.NOT_A_NUMBER),
        (Statement("vital.heart_rate", "80", "mg"), SET, Wrong.WRONG_UNIT),
        (Statement("vital.glucose", "5.6"), SET, Wrong.UNIT_MISSING),
        (Statement("vital.heart_rate"), SET, Wrong.VALUE_MISSING),
        (Statement("vital.heart_rate", "80"), None, Wrong.GROUP_MISSING),
        (Statement("situation.acuity", "critical"), SET, Wrong.NOT_IN_A_GROUP),
        (Statement("situation.acuity", "tired"), None, Wrong.UNKNOWN_CODE),
        (
            Statement("situation.acuity", "critical", not_value="not_recorded"),
            None,
            Wrong.VALUE_AND_REASON,
        ),
        (
            Statement("situation.acuity", pertinent_negative="not_immunised"),
            None,
            Wrong.REASON_NOT_ALLOWED,
        ),
        (Statement("situation.acuity", not_value="bored"), None, Wrong.UNKNOWN_CODE),
        (Statement("situation.onset", "2026-11-22T13:40:00"), None, Wrong.NOT_A_TIME),
        (Statement("situation.onset", "noon"), None, Wrong.NOT_A_TIME),
        (Statement("scene.position", "91,0"), None, Wrong.NOT_A_POSITION),
        (Statement("identity.sex", "yes"), None, Wrong.UNKNOWN_CODE),
        (Statement("drug.aspirin", "300", "kg"), None, Wrong.WRONG_UNIT),
        (Statement("response.call_sign", "x" * 41), None, Wrong.TOO_LONG),
    ],
)
def test_nonsense(said: Statement, group: UUID | None, wrong: Wrong) -> None:
    judged = judge(said, group=group)

    assert [problem.code for problem in judged.problems] == [wrong]
    assert judged.said.value.strip() == said.value.strip()


def test_what_is_still_to_come_is_flagged_but_not_a_clock_that_is_a_little_ahead() -> None:
    said = Statement("narrative.note", "x")

    assert judge(said, occurred_at=NOW + timedelta(minutes=2), now=NOW).problems == ()
    (problem,) = judge(said, occurred_at=NOW + timedelta(hours=1), now=NOW).problems
    assert problem.code == Wrong.IN_FUTURE


@given(
    st.sampled_from([*sorted(elements()), "drug.aspirin", "mood", "form.x.y", ""]),
    st.text(max_size=30),
    st.text(max_size=10),
    st.sampled_from(["", "not_recorded", "refused", "x"]),
)
def test_no_statement_breaks_the_judge(element: str, value: str, unit: str, reason: str) -> None:
    judged = judge(Statement(element, value, unit, not_value=reason))

    assert judged.said.element == element


@given(st.data())
def test_a_number_within_its_bounds_is_taken_as_it_is(data: st.DataObject) -> None:
    numbers = [one for one in elements().values() if one.type is Kind.NUMBER]
    one = data.draw(st.sampled_from(numbers))
    unit = data.draw(st.sampled_from(sorted(one.units)))
    low, high = one.units[unit]
    number = data.draw(st.decimals(str(low), str(high), places=2))

    judged = judge(
        Statement(one.code, str(number), unit), group=SET if one.occurs is Occurs.GROUP else None
    )

    if not one.code.startswith("identity."):
        assert judged.problems == ()
        assert float(judged.said.value) == float(number)
