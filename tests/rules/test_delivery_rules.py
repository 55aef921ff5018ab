"""When a delivery is tried again, and when a person has to look."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_prehospital.delivery.rules import (
    FIRST_PAUSE,
    GIVE_UP_AFTER,
    LONGEST_ASKED,
    LONGEST_PAUSE,
    Answer,
    Outcome,
    next_attempt,
    pause,
)
from tests.town import NOW

LATER = Answer(Outcome.LATER)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_to_a_limit_and_jitter_only_shortens_them(tries: int, chance: float) -> None:
    longest = pause(tries, outcome=Outcome.LATER, chance=0)

    assert FIRST_PAUSE <= longest <= LONGEST_PAUSE
    assert longest <= pause(tries + 1, outcome=Outcome.LATER, chance=0)
    assert longest / 2 <= pause(tries, outcome=Outcome.LATER, chance=chance) <= longest


def test_the_first_pauses_double() -> None:
    seconds = [pause(n, outcome=Outcome.LATER, chance=0).total_seconds() for n in range(1, 6)]

    assert seconds == [5, 10, 20, 40, 80]


def test_a_status_is_asked_for_sooner_than_a_document_is_sent_again() -> None:
    assert pause(1, outcome=Outcome.PENDING, chance=0) < pause(1, outcome=Outcome.LATER, chance=0)
    assert pause(50, outcome=Outcome.PENDING, chance=0) == LONGEST_ASKED


@pytest.mark.parametrize("outcome", [Outcome.DELIVERED, Outcome.REFUSED])
def test_an_answer_that_decides_ends_it(outcome: Outcome) -> None:
    assert next_attempt(Answer(outcome), tries=1, since=NOW, now=NOW, chance=0) is None


def test_patience_ends_after_three_days() -> None:
    last = NOW + GIVE_UP_AFTER

    assert next_attempt(LATER, tries=9, since=NOW, now=last, chance=0)
    past = last + timedelta(seconds=1)
    assert next_attempt(LATER, tries=9, since=NOW, now=past, chance=0) is None


@pytest.mark.parametrize(("asked_s", "waits_s"), [(1, 5), (60, 60), (10**9, 3600)])
def test_a_partner_may_ask_for_a_longer_pause(asked_s: float, waits_s: float) -> None:
    answer = Answer(Outcome.LATER, retry_after_s=asked_s)

    at = next_attempt(answer, tries=1, since=NOW, now=NOW, chance=0)

    assert at == NOW + timedelta(seconds=waits_s)
