"""Which free unit should wait elsewhere: by expected coverage, or by a compliance table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.decision.rules.coverage import Bools, Floats, covered, moved
from dispatch.decision.rules.policy import Relocation


@dataclass(frozen=True, slots=True)
class Fleet:
    """The free units: what each covers from where it waits or is going to wait, row by row.

    `at` is the point at which it waits or to which it goes, -1 for neither. `may_move` keeps
    out who must be left alone; `homeward` are driving anyway.
    """

    in_reach: Bools
    drive_s: Floats
    at: NDArray[np.int64]
    may_move: Bools
    homeward: Bools


@dataclass(frozen=True, slots=True)
class Move:
    """Unit and point by their rows; the shares of the demand covered before and after."""

    unit: int
    point: int
    before: float
    after: float
    drive_s: float

    @property
    def gain(self) -> float:
        return self.after - self.before


def best_move(demand: Floats, points: Bools, fleet: Fleet, rule: Relocation) -> Move | None:
    """The one move that adds most to the expected coverage; None when none is worth it.

    Args:
        demand, points, fleet.in_reach: over the same zones, see `coverage.graded`.
        fleet.drive_s: (units, points) seconds without blue light, infinite where no way is.
    """
    if not len(fleet.in_reach):
        return None
    gains = moved(demand, fleet.in_reach, points, rule.busy)
    least = np.where(fleet.homeward, rule.least_gain_homeward, rule.least_gain)[:, None]
    open_ = fleet.may_move[:, None] & (fleet.drive_s <= rule.longest_s) & (gains > least)
    open_ &= fleet.at[:, None] != np.arange(len(points))
    if not open_.any():
        return None
    worth = np.where(open_, gains - least, -np.inf)
    unit, point = np.unravel_index(int(worth.argmax()), worth.shape)
    before = covered(demand, fleet.in_reach, rule.busy)
    return _move(int(unit), int(point), before, before + float(gains[unit, point]), fleet)


def worth_of(
    unit: int, point: int, demand: Floats, points: Bools, fleet: Fleet, rule: Relocation
) -> Move:
    """What this very move would do now; whether it is worth it is the caller's question."""
    gain = float(moved(demand, fleet.in_reach, points, rule.busy)[unit, point])
    before = covered(demand, fleet.in_reach, rule.busy)
    return _move(unit, point, before, before + gain, fleet)


def by_table(
    codes: Sequence[str], demand: Floats, points: Bools, fleet: Fleet, rule: Relocation
) -> Move | None:
    """The nearest unit for the first point of the table that nobody fills.

    Args:
        codes: of the points, by row. A point that the table names twice wants two units.
    """
    wanted = [codes.index(code) for code in rule.table.get(row_of(rule, len(fleet.at)), ())]
    spare = list(range(len(fleet.at)))
    unfilled = []
    for point in wanted:
        holder = next((unit for unit in spare if fleet.at[unit] == point), None)
        if holder is None:
            unfilled.append(point)
        else:
            spare.remove(holder)
    for point in unfilled:
        able = [
            unit
            for unit in spare
            if fleet.may_move[unit] and fleet.drive_s[unit, point] <= rule.longest_s
        ]
        if able:
            nearest = min(able, key=lambda unit: float(fleet.drive_s[unit, point]))
            return worth_of(nearest, point, demand, points, fleet, rule)
    return None


def row_of(rule: Relocation, free: int) -> int:
    """The table's row: for so many units, else for the next fewer that it names; 0 for none."""
    return max((count for count in rule.table if count <= free), default=0)


def _move(unit: int, point: int, before: float, after: float, fleet: Fleet) -> Move:
    return Move(unit, point, before, after, float(fleet.drive_s[unit, point]))
