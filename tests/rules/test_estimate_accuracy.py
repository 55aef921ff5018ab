"""Shown estimates against what happened, and the range that follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.decision.rules.accuracy import (
    ASSUMED,
    LEAST_MISSIONS,
    Shown,
    bands,
    horizon_of,
    quantile,
    range_of,
    scores,
)

seconds = st.floats(0, 4000)


def shown(eta_s: float, taken_s: float, *, mission: object = 1) -> Shown:
    return Shown(mission, eta_s, eta_s * 0.8, eta_s * 1.2, taken_s)


def test_horizons_end_at_two_five_ten_and_twenty_minutes() -> None:
    assert [horizon_of(s) for s in (-5, 0, 119, 120, 300, 600, 1199, 1200, 9000)] == [
        0, 0, 0, 1, 2, 3, 3, 4, 4,
    ]  # fmt: skip


def test_a_score_has_the_sign_of_being_late() -> None:
    small, every = scores([shown(100, 110), shown(100, 130)])

    assert (small.horizon, every.horizon) == (0, None)
    assert (small.mean_error_s, small.mae_s) == (20, 20)
    assert small.mape_pct == pytest.approx(100 * (10 / 110 + 30 / 130) / 2)
    assert (small.p90_s, small.within) == (30, 0.5)
    assert (every.estimates, every.missions) == (2, 1)
    assert scores([]) == []


@given(st.lists(st.tuples(seconds, seconds), min_size=1, max_size=50))
def test_all_scores_together_count_every_estimate(pairs: list[tuple[float, float]]) -> None:
    *parts, every = scores([shown(eta_s, taken_s) for eta_s, taken_s in pairs])

    assert sum(part.estimates for part in parts) == every.estimates == len(pairs)
    assert abs(every.mean_error_s) <= every.mae_s + 1e-9
    assert 0 <= every.within <= 1


@given(st.lists(seconds, min_size=1, max_size=40), st.floats(0.01, 1))
def test_a_quantile_is_not_exceeded_by_its_share(values: list[float], share: float) -> None:
    found = quantile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_a_new_centre_has_the_assumed_range_and_says_so() -> None:
    few = bands([shown(400, 500, mission=n) for n in range(LEAST_MISSIONS - 1)])

    assert not any(band.learnt for band in few.values())
    assert range_of(100, few) == (100 * ASSUMED[0], 100 * ASSUMED[1])
    assert range_of(100, {}) == range_of(100, few)


def test_a_learnt_range_holds_four_of_five() -> None:
    past = [shown(400, 4.0 * (50 + n), mission=n) for n in range(100)]
    known = bands(past)

    low, high = range_of(400, known)

    assert known[2].learnt
    assert sum(low <= one.taken_s <= high for one in past) in range(80, 83)


def test_a_drive_that_was_sampled_often_counts_once() -> None:
    slow = [shown(400, 4000, mission="slow")] * 500
    known = bands([*slow, *(shown(400, 400, mission=n) for n in range(50))])

    assert known[2].high == 1.0
    assert known[2].missions == 51


@given(seconds, st.floats(0.1, 5), st.floats(0.1, 5))
def test_a_range_holds_its_estimate(eta_s: float, a: float, b: float) -> None:
    known = bands([shown(400, 400 * (a if n % 2 else b), mission=n) for n in range(40)])

    low, high = range_of(eta_s, known)

    assert low <= eta_s <= high
