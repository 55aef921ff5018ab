"""How much of the demand the free units cover, and what one more, or one moved, would add.

MEXCLP (Daskin 1983, Transportation Science 17): each unit is busy with probability q, so a zone
with k of them in reach is served in time with probability 1 - q^k. DMEXCLP (Jagtenberg, Bhulai,
van der Mei 2015, Operations Research for Health Care 4) asks the same of the units that are free
now: one more in reach adds (1 - q) q^k of the zone's demand.

A demand is shares of zones, non-negative; reach is rows of booleans over the same zones. Several
target times are several copies of the zones, see `graded`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def graded(
    demand: Floats, reach_s: Floats, targets_s: Sequence[tuple[float, float]]
) -> tuple[Floats, Bools]:
    """Demand and reach for several (seconds, weight) targets at once, as zones side by side.

    Args:
        demand: (zones,) of any sum above zero; comes back as (zones * targets,) of sum 1.
        reach_s: (rows, zones) seconds, infinite where there is no way.
    """
    weights = np.array([weight for _seconds, weight in targets_s])
    shares = demand / demand.sum()
    return (
        np.concatenate([share * shares for share in weights / weights.sum()]),
        np.concatenate([reach_s <= seconds for seconds, _weight in targets_s], axis=1),
    )


def covered(demand: Floats, in_reach: Bools, busy: float) -> float:
    """Share of the demand that units with this reach (rows) are expected to serve in time."""
    return float(demand @ by_zone(in_reach, busy) / demand.sum())


def by_zone(in_reach: Bools, busy: float) -> Floats:
    """For each zone the probability that some unit is there in time."""
    return 1.0 - _all_busy(in_reach.sum(axis=0), busy)


def added(demand: Floats, in_reach: Bools, points: Bools, busy: float) -> Floats:
    """What one more unit at each point would add to the share that is covered.

    Args:
        in_reach: (units, zones) of those that are free.
        points: (points, zones) of the places where the unit could wait.
    """
    left = demand * (1.0 - busy) * _all_busy(in_reach.sum(axis=0), busy)
    found: Floats = points @ left
    return found


def moved(demand: Floats, in_reach: Bools, points: Bools, busy: float) -> Floats:
    """(units, points): what the covered share gains if this unit waited at that point instead."""
    count = in_reach.sum(axis=0)
    # As if the unit were away.
    without = demand * (1.0 - busy) * _all_busy(count - in_reach, busy)
    found: Floats = without @ points.T - (without * in_reach).sum(axis=1)[:, None]
    return found


def _all_busy(units: NDArray[np.int64], busy: float) -> Floats:
    """Looked up: there are few counts and many zones."""
    powers: Floats = busy ** np.arange(units.max(initial=0) + 1, dtype=np.float64)
    return powers[units]
