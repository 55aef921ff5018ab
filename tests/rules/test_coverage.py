"""Expected coverage: adding never hurts, and the picks are those of brute force."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.decision.rules.coverage import Bools, Floats, added, by_zone, covered, graded, moved
from dispatch.decision.rules.demand import HOURS, cells, hour_of_week, shares
from dispatch.decision.rules.posts import NoPlan, best_posts

BUSY = st.floats(0.01, 0.9)


@st.composite
def grounds(draw: st.DrawFn) -> tuple[Floats, Bools, Bools]:
    """Demand of up to six zones, up to five free units and up to five points."""
    zones, units, points = (draw(st.integers(1, most)) for most in (6, 5, 5))
    weights = draw(st.lists(st.integers(1, 50), min_size=zones, max_size=zones))
    demand = np.array(weights, dtype=np.float64)

    def table(rows: int) -> Bools:
        cells = draw(st.lists(st.booleans(), min_size=rows * zones, max_size=rows * zones))
        return np.array(cells, dtype=bool).reshape(rows, zones)

    return demand / demand.sum(), table(units), table(points)


@given(grounds(), BUSY)
def test_one_more_unit_never_lowers_the_coverage(
    ground: tuple[Floats, Bools, Bools], busy: float
) -> None:
    demand, units, points = ground
    for point in points:
        more = np.vstack([units, point])
        assert covered(demand, more, busy) >= covered(demand, units, busy) - 1e-12
        assert (by_zone(more, busy) >= by_zone(units, busy) - 1e-12).all()


@given(grounds(), BUSY)
def test_what_a_unit_adds_is_the_difference_that_brute_force_finds(
    ground: tuple[Floats, Bools, Bools], busy: float
) -> None:
    demand, units, points = ground
    before = covered(demand, units, busy)

    gains = added(demand, units, points, busy)

    brute = [covered(demand, np.vstack([units, point]), busy) - before for point in points]
    assert gains == pytest.approx(brute, abs=1e-9)
    assert brute[int(gains.argmax())] == pytest.approx(max(brute), abs=1e-9)


@given(grounds(), BUSY)
def test_what_a_move_gains_is_the_difference_that_brute_force_finds(
    ground: tuple[Floats, Bools, Bools], busy: float
) -> None:
    demand, units, points = ground
    before = covered(demand, units, busy)

    gains = moved(demand, units, points, busy)

    for unit, point in product(range(len(units)), range(len(points))):
        after = units.copy()
        after[unit] = points[point]
        assert gains[unit, point] == pytest.approx(covered(demand, after, busy) - before, abs=1e-9)


def test_several_targets_are_the_weighted_sum_of_their_coverages() -> None:
    demand = np.array([3.0, 1.0])
    reach_s = np.array([[100.0, 400.0], [500.0, np.inf]])

    shared, in_reach = graded(demand, reach_s, [(450.0, 3.0), (120.0, 1.0)])

    assert shared.sum() == pytest.approx(1.0)
    each = [
        covered(demand, reach_s <= seconds, 0.3) * weight
        for seconds, weight in ((450, 0.75), (120, 0.25))
    ]
    assert covered(shared, in_reach, 0.3) == pytest.approx(sum(each))


@given(grounds(), BUSY, st.integers(1, 3))
def test_the_solver_places_units_as_well_as_trying_all_places(
    ground: tuple[Floats, Bools, Bools], busy: float, units: int
) -> None:
    demand, _units, points = ground

    plan = best_posts(demand, points, units=units, busy=busy, room=[units] * len(points))

    rows = [row for row, count in enumerate(plan) for _unit in range(count)]
    assert len(rows) == units
    best = max(
        covered(demand, points[list(chosen)], busy)
        for chosen in combinations_with_replacement(range(len(points)), units)
    )
    assert covered(demand, points[rows], busy) == pytest.approx(best, abs=1e-6)


def test_units_without_room_are_refused() -> None:
    with pytest.raises(NoPlan, match="3 units, room for 2"):
        best_posts(np.ones(1), np.ones((2, 1), dtype=bool), units=3, busy=0.3, room=[1, 1])


# --- demand ---------------------------------------------------------------------------


def test_without_calls_the_demand_is_the_population() -> None:
    nothing = np.zeros((2, HOURS))

    found = shares(nothing, np.array([30.0, 10.0]), hour=5, prior_calls=200)

    assert found == pytest.approx([0.75, 0.25])


def test_with_many_calls_the_hour_counts_and_not_the_population() -> None:
    monday_night, saturday_night = hour_of_week(0, 3), hour_of_week(5, 23)
    calls = np.zeros((2, HOURS))
    calls[0, monday_night] = calls[1, saturday_night] = 100_000

    night = shares(calls, np.array([1.0, 1.0]), hour=monday_night, prior_calls=200)
    party = shares(calls, np.array([1.0, 1.0]), hour=saturday_night, prior_calls=200)

    assert night[0] > 0.99
    assert party[1] > 0.99
    assert night.sum() == pytest.approx(1.0)


@given(st.integers(0, HOURS - 1), st.integers(0, 300))
def test_shares_are_positive_and_sum_to_one_at_any_hour(hour: int, calls: int) -> None:
    table = np.zeros((3, HOURS))
    table[1, hour] = calls

    found = shares(table, np.array([1.0, 2.0, 3.0]), hour=hour, prior_calls=50)

    assert found.sum() == pytest.approx(1.0)
    assert (found > 0).all()


def test_squares_have_the_size_asked_for() -> None:
    lon, lat = np.array([10.0, 10.0, 10.02]), np.array([50.0, 50.0095, 50.0])

    found = cells(lon, lat, west=10.0, south=50.0, cell_m=1000)

    assert found.tolist() == [[0, 0], [0, 1], [1, 0]]
