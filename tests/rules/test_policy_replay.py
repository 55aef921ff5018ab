"""A day decided again: availability is carried along, and both sides are judged alike."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from dispatch.decision.plain import Compact, again, columns, plain, rows_again
from dispatch.decision.policy_file import policy_named
from dispatch.decision.rules.replay import Compared, Decided, Spot, figures, replay
from dispatch.decision.rules.units import Candidate, Case

NOW = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
TARGETS = policy_named("standard").response.target_s


def unit(number: int, *, capability: str = "bls", eta_s: float = 300, busy: str = "") -> Candidate:
    return Candidate(
        unit_id=UUID(int=number),
        call_sign=f"A{number}",
        capability=capability,
        in_service=True,
        crew=2,
        shift_ends_at=None,
        mission_state="on_scene" if busy else None,
        mission_number=busy,
        mission_priority=3 if busy else None,
        fix_at=NOW + timedelta(days=1),
        eta_s=eta_s,
        lon=float(number),
        lat=0.0,
    )


def decided(number: str, minute: int, sent: int, *units: Candidate) -> Decided:
    at = NOW + timedelta(minutes=minute)
    case = Case("other", 3, (), at)
    return Decided(UUID(int=minute), number, at, case, (9.0, 9.0), units, UUID(int=sent), 3600,
                   (5.0, 5.0))  # fmt: skip


def standing_at_their_longitude(units: Sequence[Candidate], scene: Spot) -> list[Candidate]:
    return [replace(one, eta_s=100 * (one.lon or 0)) for one in units]


def run(*day: Decided, policy: str) -> list[Compared]:
    return replay(
        day,
        policy=policy_named(policy),
        target_s=TARGETS,
        timed=standing_at_their_longitude,
    )


def test_the_policy_that_decided_finds_the_same_units_again() -> None:
    als, bls = unit(1, capability="als", eta_s=100), unit(2, eta_s=250)

    (one,) = run(decided("C1-1", 0, 1, als, bls), policy="standard")

    assert not one.differs
    assert one.decided == one.replayed


def test_a_unit_that_was_left_standing_can_be_sent_to_the_next() -> None:
    als, bls = unit(1, capability="als", eta_s=100), unit(2, eta_s=250)
    first = decided("C1-1", 0, 1, als, bls)
    second = decided("C1-2", 5, 2, replace(als, mission_state="on_scene", mission_number="C1-1"),
                     replace(bls, eta_s=900))  # fmt: skip

    one, two = run(first, second, policy="spare_als")

    assert (one.decided.call_sign, one.replayed.call_sign) == ("A1", "A2")
    # A2 is away now, and A1 stands where it stood: one degree, hence 100 s and turning out.
    assert (two.decided.call_sign, two.replayed.call_sign) == ("A2", "A1")
    assert two.replayed.response_s == 160


def test_with_nobody_left_the_case_is_late_and_has_no_time() -> None:
    only = unit(1)
    day = [decided("C1-1", 0, 1, only), decided("C1-2", 5, 1, only)]

    compared = run(*day, policy="standard")
    side = figures([one.replayed for one in compared])

    assert (side.decisions, side.nobody, side.late_share) == (2, 1, 0.5)
    assert side.p90_s == side.mean_s == 360


def test_what_is_stored_of_a_decision_can_be_read_again() -> None:
    als = unit(1, capability="als", busy="C1-7")
    case = Case("arrest", 1, ("als",), NOW, ("bls",))

    assert again(plain(als), Candidate) == als
    assert again(plain(case), Case) == case


def test_many_units_are_stored_with_their_field_names_said_once() -> None:
    fleet = [unit(1, capability="als", busy="C1-7"), unit(2, capability="bls")]

    stored = json.loads(json.dumps(columns(fleet), cls=Compact))

    assert rows_again(stored, Candidate) == fleet
    assert rows_again([plain(one) for one in fleet], Candidate) == fleet  # as before
    assert len(stored["rows"]) == 2
    del stored["columns"][-1]
    with pytest.raises(ValueError, match="zip"):
        rows_again(stored, Candidate)
