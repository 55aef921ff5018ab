"""Where the standing units should be: the maximum expected covering location problem, solved."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from dispatch.decision.rules.coverage import Bools, Floats


class NoPlan(ValueError):
    """There are more units than the points can hold."""


def best_posts(
    demand: Floats,
    points: Bools,
    *,
    units: int,
    busy: float,
    room: Sequence[int],
    most_s: float = 60.0,
) -> list[int]:
    """How many units stand at each point so that the expected coverage is highest.

    Args:
        demand: (zones,) shares.
        points: (points, zones) reach in time.
        units: how many are to be placed, all of them.
        busy: probability that a unit is busy, 0 <= busy < 1.
        room: the most that each point can hold.
        most_s: the solver's best plan counts after so many seconds.

    Daskin's formulation: y[zone, k] says that a k-th unit has the zone in reach, worth
    (1 - busy) busy^(k-1) of it. The worth falls with k, so y may be continuous.
    """
    if sum(room) < units:
        raise NoPlan(f"{units} units, room for {sum(room)}")
    sites, zones = points.shape
    most = min(units, _useful(busy))
    worth = (1.0 - busy) * busy ** np.arange(most)
    cost = np.concatenate([np.zeros(sites), -np.outer(demand, worth).ravel()])
    zone, site = np.nonzero(points.T)
    level = np.arange(zones * most)
    rows = coo_array(
        (
            np.concatenate([-np.ones(len(zone)), np.ones(len(level)), np.ones(sites)]),
            (
                np.concatenate([zone, level // most, np.full(sites, zones)]),
                np.concatenate([site, sites + level, np.arange(sites)]),
            ),
        ),
        shape=(zones + 1, sites + zones * most),
    )
    done = milp(
        cost,
        integrality=np.concatenate([np.ones(sites), np.zeros(zones * most)]),
        bounds=Bounds(0, np.concatenate([np.asarray(room, dtype=float), np.ones(zones * most)])),
        constraints=LinearConstraint(
            rows.tocsr(),
            np.concatenate([np.full(zones, -np.inf), [units]]),
            np.concatenate([np.zeros(zones), [units]]),
        ),
        options={"time_limit": most_s, "mip_rel_gap": 1e-6},
    )
    if done.x is None:
        raise NoPlan(done.message)
    return [round(count) for count in done.x[:sites]]


def _useful(busy: float) -> int:
    """Beyond so many units in reach another one adds less than a millionth."""
    return 1 if busy <= 0 else max(1, int(np.ceil(np.log(1e-6) / np.log(busy))))
