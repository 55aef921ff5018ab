"""Is it one event? Place, time and words together, and what speaks for it is said."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dispatch.calls.rules.duplicates import (
    ALIKE,
    Duplicate,
    Near,
    OpenIncident,
    Sign,
    possible_duplicates,
)
from dispatch.calls.rules.triage import protocol

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def known(
    number: int = 1,
    *,
    metres: float = 100,
    straight: float | None = None,
    minutes: float = 3,
    complaint: str = "traffic",
    words: str = "",
) -> Near:
    incident = OpenIncident(
        UUID(int=number), f"C1-{number}", complaint, 0, 0, NOW - timedelta(minutes=minutes), words
    )
    return Near(incident, metres, metres if straight is None else straight)


def proposed(*near: Near, complaint: str = "", words: str = "") -> list[Duplicate]:
    return possible_duplicates(near, complaint=complaint, words=words, now=NOW)


@pytest.mark.parametrize(
    ("near", "complaint", "is_proposed"),
    [
        (known(), "traffic", True),
        (known(), "", True),
        (known(complaint="birth"), "burns", True),  # next door, minutes ago
        (known(metres=500, complaint="birth"), "burns", False),
        (known(metres=700), "traffic", False),
        (known(minutes=46), "traffic", False),
        (known(metres=900, straight=30), "traffic", True),  # across the divided road
    ],
)
def test_no_single_sign_decides(near: Near, complaint: str, *, is_proposed: bool) -> None:
    assert bool(proposed(near, complaint=complaint)) is is_proposed


def test_the_likeliest_stands_first_even_if_another_is_nearer() -> None:
    nearer = known(1, metres=80, complaint="birth", minutes=20)
    likelier = known(2, metres=150, complaint="trauma")

    found = proposed(nearer, likelier, complaint="traffic")

    assert [one.incident.number for one in found] == ["C1-2", "C1-1"]


def test_what_speaks_for_one_event_is_said() -> None:
    (one,) = proposed(
        known(metres=210, words="Harbour Road 12 bus on its side"),
        complaint="trauma",
        words="Harbour Road, a bus on its side",
    )

    signs = {reason.sign: reason.params for reason in one.reasons}
    assert signs[Sign.AWAY_BY_ROAD] == {"metres": 210}
    assert signs[Sign.AGO] == {"ago_s": 180}
    assert {Sign.LIKE_COMPLAINT, Sign.SAME_WORDS} <= signs.keys()


def test_complaints_that_may_be_alike_are_those_of_the_protocol() -> None:
    assert frozenset().union(*ALIKE) <= protocol().complaints.keys()
