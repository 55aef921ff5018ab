"""The handover's table: never backwards, never again after the end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_prehospital.handover.rules import (
    CLOSED,
    IMPLIES,
    OPEN,
    TRANSITIONS,
    WAY,
    IllegalStep,
    State,
    Times,
    alarm_level,
    state_of,
    take,
)

SENT_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SENT: Times = {State.SENT: SENT_AT}


def after(*steps: State) -> Times:
    times = SENT
    for number, step in enumerate(steps, start=1):
        times = take(times, step, SENT_AT + timedelta(seconds=number))
    return times


def rank(state: State) -> int:
    return WAY.index(state) if state in WAY else len(WAY)


def test_the_way_from_sent_to_handed_over() -> None:
    times = SENT
    for number, step in enumerate(WAY[1:], start=1):
        times = take(times, step, SENT_AT + timedelta(minutes=number))
        assert state_of(times) is step

    assert list(times) == list(WAY)


def test_delivered_is_not_confirmed() -> None:
    times = after(State.DELIVERED)

    assert state_of(times) is State.DELIVERED
    assert State.CONFIRMED not in times


@pytest.mark.parametrize("step", list(IMPLIES))
def test_who_takes_a_step_has_taken_those_before_it(step: State) -> None:
    times = after(step)

    assert set(IMPLIES[step]) <= set(times)


def test_a_late_confirmation_is_kept_without_going_back() -> None:
    times = after(State.ARRIVED, State.CONFIRMED)

    assert State.CONFIRMED in times
    assert state_of(times) is State.ARRIVED


@pytest.mark.parametrize("end", sorted(CLOSED))
@pytest.mark.parametrize("step", [state for state in State if state is not State.SENT])
def test_a_closed_handover_takes_no_more_steps(end: State, step: State) -> None:
    times = after(end)

    if step is end:
        assert take(times, step, SENT_AT) == times
        return
    with pytest.raises(IllegalStep) as refused:
        take(times, step, SENT_AT)
    assert refused.value.allowed == frozenset()


def test_the_table_has_every_state() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(OPEN) | CLOSED == set(State)
    assert all(State.SENT not in steps for steps in TRANSITIONS.values())


@settings(max_examples=50)
@given(st.lists(st.sampled_from([state for state in State if state is not State.SENT])))
def test_whatever_comes_in_whatever_order_the_state_never_goes_back(steps: list[State]) -> None:
    times = SENT
    for number, step in enumerate(steps, start=1):
        before = state_of(times)
        try:
            later = take(times, step, SENT_AT + timedelta(seconds=number))
        except IllegalStep:
            assert before in CLOSED
            continue
        assert rank(state_of(later)) >= rank(before)
        assert {state: later[state] for state in times} == times
        times = later
    assert len(set(times) & CLOSED) <= 1


@settings(max_examples=50)
@given(st.integers(0, 600))
def test_the_alarm_rises_at_30_60_and_120_seconds(seconds: int) -> None:
    level = alarm_level(sent_at=SENT_AT, now=SENT_AT + timedelta(seconds=seconds))

    assert level == sum(seconds >= limit for limit in (30, 60, 120))
