"""How right the shown estimates were, and the honest range that follows from it.

Errors are taken minus shown, in seconds: positive came later than was said.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

# Horizons: up to 2, 5, 10 and 20 minutes shown, and beyond.
HORIZONS_S = (120.0, 300.0, 600.0, 1200.0)
# The range leaves out one of ten at either end.
LOW, HIGH = 0.1, 0.9
# Without so many missions behind it a horizon's range is the assumed one below.
LEAST_MISSIONS = 30
# Nobody has measured a centre that is new: an assumption, wider to the late side, and said to be
# one on the page of estimates.
ASSUMED = (0.7, 1.6)


@dataclass(frozen=True, slots=True)
class Shown:
    """One estimate that a screen showed, its range, and the seconds it really took."""

    mission: object
    eta_s: float
    low_s: float
    high_s: float
    taken_s: float


@dataclass(frozen=True, slots=True)
class Band:
    """What an estimate of this horizon is multiplied by for its range; `missions` behind it."""

    low: float
    high: float
    missions: int
    learnt: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Of one horizon; None of all. Seconds, percent, and shares from 0 to 1."""

    horizon: int | None
    estimates: int
    missions: int
    mean_error_s: float
    mae_s: float
    mape_pct: float
    p90_s: float
    within: float


def horizon_of(eta_s: float) -> int:
    """Index of the horizon: 0 up to two minutes, 4 beyond twenty."""
    return bisect_right(HORIZONS_S, max(0.0, eta_s))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def scores(shown: Sequence[Shown]) -> list[Score]:
    """One score a horizon that has estimates, and last all of them; empty without any."""
    if not shown:
        return []
    by_horizon: dict[int, list[Shown]] = {}
    for one in shown:
        by_horizon.setdefault(horizon_of(one.eta_s), []).append(one)
    return [*(_score(by_horizon[n], n) for n in sorted(by_horizon)), _score(shown, None)]


def _score(shown: Sequence[Shown], horizon: int | None) -> Score:
    errors = [one.taken_s - one.eta_s for one in shown]
    # A vehicle that was there already took no time: a percentage of that says nothing.
    shares = [abs(one.taken_s - one.eta_s) / one.taken_s for one in shown if one.taken_s >= 1]
    within = sum(one.low_s <= one.taken_s <= one.high_s for one in shown)
    return Score(
        horizon=horizon,
        estimates=len(shown),
        missions=len({one.mission for one in shown}),
        mean_error_s=sum(errors) / len(errors),
        mae_s=sum(map(abs, errors)) / len(errors),
        mape_pct=100 * sum(shares) / len(shares) if shares else 0.0,
        p90_s=quantile([abs(error) for error in errors], 0.9),
        within=within / len(shown),
    )


def bands(shown: Sequence[Shown]) -> dict[int, Band]:
    """The band of every horizon, learnt where enough missions were scored, else assumed.

    Each mission counts once in a horizon, by its middle ratio: a long wait must not
    outweigh ten quick ones because it was sampled more often.
    """
    ratios: dict[int, dict[object, list[float]]] = {}
    for one in shown:
        if one.eta_s > 0:
            of_horizon = ratios.setdefault(horizon_of(one.eta_s), {})
            of_horizon.setdefault(one.mission, []).append(one.taken_s / one.eta_s)
    found = {}
    for horizon in range(len(HORIZONS_S) + 1):
        middle = [quantile(each, 0.5) for each in ratios.get(horizon, {}).values()]
        learnt = len(middle) >= LEAST_MISSIONS
        low, high = (quantile(middle, LOW), quantile(middle, HIGH)) if learnt else ASSUMED
        found[horizon] = Band(low, high, len(middle), learnt)
    return found


def range_of(eta_s: float, known: Mapping[int, Band]) -> tuple[float, float]:
    """Between how many seconds four of five such estimates came true; holds the estimate.

    A fleet that is always late has a band beyond its estimates: the range still shows both.
    """
    band = known.get(horizon_of(eta_s), Band(*ASSUMED, 0, learnt=False))
    return min(eta_s, eta_s * band.low), max(eta_s, eta_s * band.high)
