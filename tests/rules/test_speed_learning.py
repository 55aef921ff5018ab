"""Factors by road class and hour: what is learnt, and how little is believed of little."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.city.rules import (
    FASTEST,
    PRIOR_S,
    SLOWEST,
    Judged,
    Window,
    by_key,
    factor_of,
    hour_factors,
    is_better,
    judged,
    learn,
    leg_factor,
)

MONDAY, SUNDAY = 0, 6

drives = st.builds(
    Window,
    leg=st.sampled_from("abcdefgh"),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    free_s=st.dictionaries(
        st.sampled_from(["primary", "residential", "service"]), st.floats(1, 300), min_size=1
    ),
    took_s=st.floats(1, 600),
)


def windows(
    factor: float, *, legs: int, road_class: str = "primary", weekday: int = MONDAY, hour: int = 8
) -> list[Window]:
    """So many legs of ten minutes at free flow, each in ten windows."""
    return [
        Window(f"{road_class}{weekday}{hour}{leg}", weekday, hour, {road_class: 60.0}, 60 * factor)
        for leg in range(legs)
        for _window in range(10)
    ]


@settings(deadline=None)
@given(st.lists(drives, max_size=40))
def test_every_factor_is_believable_and_explained(found: list[Window]) -> None:
    cells = learn(found)

    assert bool(cells) == bool(found)
    for cell in cells:
        assert FASTEST <= cell.factor <= SLOWEST
        assert cell.legs >= 1
        assert cell.free_s > 0
        assert cell.spread >= 0
    assert len(by_key(cells)) == len(cells)


@settings(deadline=None)
@given(st.lists(drives, min_size=1, max_size=30))
def test_the_order_of_the_drives_does_not_matter(found: list[Window]) -> None:
    turned = found[::-1]

    for one, other in zip(learn(found), learn(turned), strict=True):
        assert one.factor == pytest.approx(other.factor)
        assert (one.road_class, one.day, one.hour, one.legs) == (
            other.road_class,
            other.day,
            other.hour,
            other.legs,
        )


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 4))
def test_roads_that_all_take_the_same_factor_get_it(factor: float) -> None:
    cells = by_key(learn(windows(factor, legs=40) + windows(factor, legs=5, road_class="service")))

    assert all(cell.factor == pytest.approx(factor) for cell in cells.values())
    assert all(cell.spread == pytest.approx(0, abs=1e-3) for cell in cells.values())


def test_a_rush_hour_slows_its_own_hour() -> None:
    cells = by_key(learn(windows(2.0, legs=40, hour=8) + windows(1.0, legs=40, hour=3)))

    assert factor_of(cells, "primary", MONDAY, 8) == pytest.approx(2.0, rel=0.05)
    assert factor_of(cells, "primary", MONDAY, 3) == pytest.approx(1.0, rel=0.05)
    assert 1.4 < factor_of(cells, "primary", MONDAY, 15) < 1.6


def test_a_thin_cell_stays_near_the_coarser_one() -> None:
    one_leg = Window("odd", MONDAY, 8, {"service": 60.0}, 300.0)
    cells = by_key(learn([*windows(1.0, legs=100), one_leg]))

    every = cells["", "", None].factor
    thin = cells["service", "", None]
    assert thin.legs == 1
    assert thin.factor == pytest.approx((300 + PRIOR_S * every) / (60 + PRIOR_S), rel=0.02)


def test_an_hour_of_one_weekday_needs_thirty_legs() -> None:
    few, many = learn(windows(1.5, legs=29)), learn(windows(1.5, legs=30))

    assert ("primary", "0", 8) not in by_key(few)
    assert ("primary", "0", 8) in by_key(many)


def test_weekends_are_learnt_apart() -> None:
    cells = by_key(
        learn(windows(2.0, legs=20) + windows(1.0, legs=20, weekday=SUNDAY, road_class="primary"))
    )

    assert factor_of(cells, "primary", MONDAY + 1, 8) > 1.8
    assert factor_of(cells, "primary", SUNDAY - 1, 8) < 1.2


def test_a_class_that_nobody_drove_takes_the_factor_of_all() -> None:
    factors = hour_factors(by_key(learn(windows(1.7, legs=20))), MONDAY, 8, leg_factor=1.1)

    assert factors[""] == pytest.approx(1.7 * 1.1)
    assert set(factors) == {"", "primary"}


def test_without_a_table_nothing_changes() -> None:
    assert learn([]) == []
    assert hour_factors({}, MONDAY, 8) == {"": 1.0}
    assert leg_factor([]) == 1.0


@given(st.lists(st.tuples(st.floats(10, 3000), st.floats(10, 3000)), min_size=1, max_size=30))
def test_no_other_factor_has_a_smaller_error(pairs: list[tuple[float, float]]) -> None:
    def error(factor: float) -> float:
        return sum(abs(factor * known - taken) for known, taken in pairs)

    best = leg_factor(pairs)

    if FASTEST < best < SLOWEST:
        assert all(error(best) <= error(best + step) + 1e-6 for step in (-0.1, -0.01, 0.01, 0.1))


def test_a_table_takes_force_only_by_legs_that_judge_it_better() -> None:
    assert is_better(Judged(20, 90.0, 20.0), Judged(20, 100.0, 25.0))
    assert not is_better(Judged(20, 100.0, 20.0), Judged(20, 100.0, 25.0))
    assert not is_better(Judged(9, 10.0, 2.0), Judged(9, 100.0, 25.0))
    assert judged([(90.0, 100.0), (110.0, 100.0)]) == Judged(2, 10.0, 10.0)
    assert judged([]) == Judged(0, 0.0, 0.0)


def test_a_row_says_what_it_is_made_of() -> None:
    (cell,) = [one for one in learn(windows(1.5, legs=4)) if one.hour is None and one.road_class]

    assert (cell.road_class, cell.day, cell.legs) == ("primary", "", 4)
    assert cell.factor == pytest.approx(1.5)
    assert cell.free_s == pytest.approx(2400)
    assert cell.spread == pytest.approx(0, abs=1e-6)
