"""The mission's table: facts in any order, commands that may be refused."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambulance_agent.protocol import Fact, MissionState
from dispatch.fleet.rules import (
    COMMANDS,
    ENDS,
    NEMSIS_TIMES,
    TRANSITIONS,
    WAY,
    Contradiction,
    Said,
    Standing,
    State,
    allowed,
    judge,
    rank,
    standing,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def after(*facts: tuple[State, float]) -> Standing:
    return standing(assigned_at=START, facts=[Said(state, minute(at)) for state, at in facts])


def test_every_state_has_a_row_and_ends_lead_nowhere() -> None:
    assert set(TRANSITIONS) == set(State)
    assert all(TRANSITIONS[end] == () for end in ENDS)
    reachable = {target for targets in TRANSITIONS.values() for target in targets}
    assert reachable == set(State) - {State.ASSIGNED}


def test_the_way_is_walkable_step_by_step() -> None:
    assert all(allowed(here, there) for here, there in pairwise(WAY))


def test_nobody_commands_a_patient_off_the_vehicle() -> None:
    boarded = WAY[WAY.index(State.ON_BOARD) :]
    assert not any(allowed(state, command) for state in boarded for command in COMMANDS)


def test_the_wire_and_the_table_say_the_same_words() -> None:
    assert {str(state) for state in State} == {str(state) for state in MissionState}
    assert {str(fact) for fact in Fact} == {
        str(state) for state in set(State) - {State.ASSIGNED} - COMMANDS
    }
    for fact in Fact:
        named = fact.nemsis
        if named and named.element.startswith("eTimes") and State(fact) in NEMSIS_TIMES:
            assert NEMSIS_TIMES[State(fact)] == named.element


@given(
    times=st.lists(st.floats(0, 600), min_size=len(WAY) - 1, max_size=len(WAY) - 1),
    order=st.permutations(range(len(WAY) - 1)),
    count=st.integers(0, len(WAY) - 1),
)
def test_the_order_of_arrival_does_not_matter(
    times: list[float], order: list[int], count: int
) -> None:
    facts = [Said(WAY[index + 1], minute(times[index])) for index in order[:count]]

    forwards = standing(assigned_at=START, facts=facts)
    backwards = standing(assigned_at=START, facts=list(reversed(facts)))

    assert forwards == backwards
    assert forwards.state == max((fact.state for fact in facts), key=rank, default=State.ASSIGNED)
    assert forwards.open == (State.AVAILABLE not in forwards.times)


@pytest.mark.parametrize(
    ("known", "fact", "at", "now", "doubt"),
    [
        (after(), State.EN_ROUTE, 2, 2, Contradiction.NONE),
        (after(), State.EN_ROUTE, 5, 2, Contradiction.IN_FUTURE),
        (after(), State.EN_ROUTE, -5, 2, Contradiction.BEFORE_ASSIGNED),
        (after((State.EN_ROUTE, 1)), State.EN_ROUTE, 2, 2, Contradiction.REPEATED),
        (after((State.ON_SCENE, 5)), State.EN_ROUTE, 2, 6, Contradiction.NONE),
        (after((State.ON_SCENE, 5)), State.EN_ROUTE, 6, 6, Contradiction.OUT_OF_ORDER),
        (after((State.ON_SCENE, 5)), State.AT_PATIENT, 4, 6, Contradiction.OUT_OF_ORDER),
        (after((State.ON_BOARD, 5)), State.NO_PATIENT, 6, 6, Contradiction.CONTRADICTS),
        (after((State.CANCELLED, 5)), State.ON_SCENE, 6, 6, Contradiction.AFTER_END),
        (after((State.CANCELLED, 5)), State.EN_ROUTE, 4, 6, Contradiction.NONE),
    ],
)
def test_a_fact_is_judged_against_what_is_known(
    known: Standing, fact: State, at: float, now: float, doubt: Contradiction
) -> None:
    assert judge(Said(fact, minute(at)), known=known, now=minute(now)) == doubt
