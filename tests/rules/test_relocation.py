"""Which unit is moved where, who is left alone, and the compliance table."""

from dataclasses import replace

import numpy as np

from dispatch.decision.policy_file import policy_named
from dispatch.decision.rules.coverage import Bools
from dispatch.decision.rules.relocation import Fleet, best_move, by_table, row_of

RULE = replace(policy_named("standard").relocation, graded=((1.0, 1.0),))
# Two towns and the points A, B in the first, C in the second.
DEMAND = np.array([0.6, 0.4])
POINTS = np.array([[True, False], [True, False], [False, True]])
CODES = ["A", "B", "C"]


def fleet(*at: int, drive_s: float = 300.0, homeward: tuple[int, ...] = (),
          resting: tuple[int, ...] = ()) -> Fleet:  # fmt: skip
    rows = np.arange(len(at))
    reach: Bools = POINTS[list(at)].reshape(len(at), 2)
    return Fleet(
        in_reach=reach,
        drive_s=np.full((len(at), len(POINTS)), drive_s),
        at=np.array(at, dtype=np.int64),
        may_move=~np.isin(rows, resting),
        homeward=np.isin(rows, homeward),
    )


def test_the_second_unit_of_a_town_covers_the_empty_one() -> None:
    move = best_move(DEMAND, POINTS, fleet(0, 1), RULE)

    assert move is not None
    assert (move.unit, move.point) == (0, 2)
    assert move.gain == move.after - move.before > RULE.least_gain


def test_a_unit_at_rest_is_left_alone_and_the_other_goes() -> None:
    move = best_move(DEMAND, POINTS, fleet(0, 1, resting=(0,)), RULE)

    assert move is not None
    assert move.unit == 1
    assert best_move(DEMAND, POINTS, fleet(0, 1, resting=(0, 1)), RULE) is None


def test_nobody_drives_too_far_or_for_too_little() -> None:
    assert best_move(DEMAND, POINTS, fleet(0, 1, drive_s=RULE.longest_s + 1), RULE) is None
    assert best_move(DEMAND, POINTS, fleet(0, 1), replace(RULE, least_gain=0.5)) is None
    assert best_move(DEMAND, POINTS, fleet(0, 2), RULE) is None
    assert best_move(DEMAND, POINTS, fleet(), RULE) is None


def test_whoever_drives_home_anyway_is_asked_for_less() -> None:
    picky = replace(RULE, least_gain=0.5)

    move = best_move(DEMAND, POINTS, fleet(0, 1, homeward=(1,)), picky)

    assert move is not None
    assert (move.unit, move.point) == (1, 2)


def test_the_table_fills_its_first_gap_with_the_nearest_spare_unit() -> None:
    rule = replace(RULE, mode="table", table={2: ("A", "C"), 1: ("A",)})
    free = fleet(0, 1)
    free.drive_s[1, 2] = 200.0

    move = by_table(CODES, DEMAND, POINTS, free, rule)

    assert move is not None
    assert (move.unit, move.point) == (1, 2)
    assert by_table(CODES, DEMAND, POINTS, fleet(0, 2), rule) is None


def test_the_table_falls_back_to_the_next_fewer_and_says_nothing_below_its_first_row() -> None:
    rule = replace(RULE, table={2: ("A", "C")})

    assert [row_of(rule, free) for free in (1, 2, 5)] == [0, 2, 2]
    assert by_table(CODES, DEMAND, POINTS, fleet(1), rule) is None
