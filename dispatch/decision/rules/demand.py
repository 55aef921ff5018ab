"""Where calls come from at this hour of the week, learned from few or many calls."""

import numpy as np

from dispatch.decision.rules.coverage import Floats

HOURS = 168


def hour_of_week(weekday: int, hour: int) -> int:
    """0 is Monday, 0 to 1 o'clock, local time."""
    return 24 * weekday + hour


def shares(calls: Floats, population: Floats, *, hour: int, prior_calls: float) -> Floats:
    """Share of the demand per zone, sum 1: the hour leans on the week, the week on the population.

    Args:
        calls: (zones, 168) calls by hour of the week.
        population: (zones,) of any sum above zero.
        hour: the hour asked about; its neighbours count with it.
        prior_calls: as many calls as the broader knowledge is worth. With none of its own a zone
            has its part of the population, with many the population no longer matters
            (posterior mean of a Dirichlet prior, twice).
    """
    own = calls.sum(axis=1)
    week = (own + prior_calls * population / population.sum()) / (own.sum() + prior_calls)
    around = calls[:, [(hour + step) % HOURS for step in (-1, 0, 1)]].sum(axis=1)
    found: Floats = (around + prior_calls * week) / (around.sum() + prior_calls)
    return found


def cells(lon: Floats, lat: Floats, *, west: float, south: float, cell_m: float) -> Floats:
    """(n, 2) column and row of the square of this size that each point lies in."""
    metres = 111_195.0 * np.column_stack([(lon - west) * np.cos(np.radians(south)), lat - south])
    found: Floats = np.floor(metres / cell_m)
    return found
