"""How much longer roads really take than their free-flow times: learnt, with its reasons.

A leg is cut into windows of a minute; each says how long its stretch of roads took. Their time
is shared out over road classes and averaged in cells from coarse to fine, each drawn towards
the coarser one by PRIOR_S: where little was driven, little is believed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

# A cell's own driving counts as much as the coarser cell after so many free-flow seconds.
PRIOR_S = 900.0
# An hour of one weekday gets a row of its own from so many legs; of a day kind from so many.
LEAST_LEGS = {"weekday_hour": 30, "kind_hour": 10, "hour": 3}
# Sharing out and averaging in turn; the factors stand still after three rounds.
ROUNDS = 3
SLOWEST, FASTEST = 5.0, 0.4
WEEKEND = 5
# Fewer judged legs than this say nothing about whether a table is better than none.
LEAST_JUDGED = 10


@dataclass(frozen=True, slots=True)
class Window:
    """Some driving of one leg: free-flow seconds by road class, the seconds it took.

    `weekday` 0 is Monday; `hour` 0–23; both by the city's own clock.
    """

    leg: str
    weekday: int
    hour: int
    free_s: Mapping[str, float]
    took_s: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a factor table. `day` is "", "weekday", "weekend" or "0".."6"; hour None is any.

    `spread` is the standard deviation of what single windows said; `legs` and `free_s` how much
    was driven. An empty road class stands for every class that has no row.
    """

    road_class: str
    day: str
    hour: int | None
    factor: float
    legs: int
    free_s: float
    spread: float


Key = tuple[str, str, int | None]


def day_kind(weekday: int) -> str:
    return "weekend" if weekday >= WEEKEND else "weekday"


def keys_of(road_class: str, weekday: int, hour: int) -> tuple[Key, ...]:
    """The cells that a drive belongs to, coarse to fine: those of every class come first."""
    return (
        ("", "", None),
        ("", "", hour),
        ("", day_kind(weekday), hour),
        (road_class, "", None),
        (road_class, "", hour),
        (road_class, day_kind(weekday), hour),
        (road_class, str(weekday), hour),
    )


def least_legs(key: Key) -> int:
    _road_class, day, hour = key
    if hour is None:
        return 1
    if day == "":
        return LEAST_LEGS["hour"]
    return LEAST_LEGS["weekday_hour" if day.isdigit() else "kind_hour"]


def learn(windows: Sequence[Window]) -> list[Cell]:
    """The factor table that these windows support; empty without any."""
    cells: dict[Key, Cell] = {}
    for _round in range(ROUNDS if windows else 0):
        cells = _averaged(windows, cells)
    return [cells[key] for key in sorted(cells, key=_order)]


def factor_of(cells: Mapping[Key, Cell], road_class: str, weekday: int, hour: int) -> float:
    """The factor of the finest row there is, of all roads where the class has none; else 1."""
    for key in reversed(keys_of(road_class, weekday, hour)):
        if key in cells:
            return cells[key].factor
    return 1.0


def hour_factors(
    cells: Mapping[Key, Cell], weekday: int, hour: int, *, leg_factor: float = 1.0
) -> dict[str, float]:
    """Road class → factor in this hour; "" for the classes without a row."""
    classes = {road_class for road_class, _day, _hour in cells} | {""}
    return {one: leg_factor * factor_of(cells, one, weekday, hour) for one in classes}


def by_key(cells: Iterable[Cell]) -> dict[Key, Cell]:
    return {(cell.road_class, cell.day, cell.hour): cell for cell in cells}


def _order(key: Key) -> tuple[str, int, str]:
    road_class, day, hour = key
    return road_class, -1 if hour is None else hour, day


@dataclass(slots=True)
class _Sum:
    free_s: float = 0.0
    took_s: float = 0.0
    squares: float = 0.0
    legs: set[str] = field(default_factory=set)

    def add(self, leg: str, free_s: float, took_s: float) -> None:
        self.free_s += free_s
        self.took_s += took_s
        self.squares += took_s * took_s / free_s
        self.legs.add(leg)

    @property
    def spread(self) -> float:
        """Around the plain mean, each window by its free-flow seconds."""
        mean = self.took_s / self.free_s
        return sqrt(max(0.0, self.squares / self.free_s - mean * mean))


def _averaged(windows: Sequence[Window], known: Mapping[Key, Cell]) -> dict[Key, Cell]:
    sums: defaultdict[Key, _Sum] = defaultdict(_Sum)
    for window in windows:
        # What is known says how a window's time divides between its classes.
        weights = {
            road_class: free_s * factor_of(known, road_class, window.weekday, window.hour)
            for road_class, free_s in window.free_s.items()
            if free_s > 0
        }
        whole = sum(weights.values())
        for road_class, weight in weights.items():
            took_s = window.took_s * weight / whole
            for key in keys_of(road_class, window.weekday, window.hour):
                sums[key].add(window.leg, window.free_s[road_class], took_s)
    return _shrunk(sums)


def _shrunk(sums: Mapping[Key, _Sum]) -> dict[Key, Cell]:
    cells: dict[Key, Cell] = {}
    for key in sorted(sums, key=_depth):
        one = sums[key]
        legs = len(one.legs)
        if legs < least_legs(key):
            continue
        took_s, free_s = one.took_s, one.free_s
        expected = _expected(cells, key)
        if expected is not None:
            took_s, free_s = took_s + PRIOR_S * expected, free_s + PRIOR_S
        factor = min(SLOWEST, max(FASTEST, took_s / free_s))
        cells[key] = Cell(*key, factor, legs, one.free_s, one.spread)
    return cells


def _depth(key: Key) -> tuple[int, bool]:
    road_class, day, hour = key
    return (hour is not None) + (day != "") + day.isdigit(), road_class != ""


def _expected(cells: Mapping[Key, Cell], key: Key) -> float | None:
    """What the coarser cells say of this one; None for the coarsest.

    A class at an hour is expected to slow down as all roads do at that hour.
    """
    road_class, day, hour = key
    if road_class == "" and hour is None:
        return None
    every = cells["", "", None].factor
    if hour is None:
        return every
    if day.isdigit():
        return _nearest(cells, (road_class, day_kind(int(day)), hour), every)
    if road_class and ("", day, hour) in cells:
        own = _nearest(cells, (road_class, "", None), every)
        return own * cells["", day, hour].factor / every
    return _nearest(cells, (road_class, "", hour), every)


def _nearest(cells: Mapping[Key, Cell], key: Key, every: float) -> float:
    """The factor of this cell or of the next coarser one of its class."""
    road_class, _day, hour = key
    for one in (key, (road_class, "", hour), (road_class, "", None)):
        if one in cells:
            return cells[one].factor
    return every


@dataclass(frozen=True, slots=True)
class Judged:
    """Whole legs estimated before and with a table, against what they took."""

    legs: int
    mae_s: float
    mape_pct: float


def judged(pairs: Sequence[tuple[float, float]]) -> Judged:
    """Errors of (estimated, taken) seconds; legs of no time do not count in the percentage."""
    errors = [abs(estimated - taken) for estimated, taken in pairs]
    shares = [abs(estimated - taken) / taken for estimated, taken in pairs if taken > 0]
    mean = sum(errors) / len(errors) if errors else 0.0
    return Judged(len(pairs), mean, 100 * sum(shares) / len(shares) if shares else 0.0)


def leg_factor(pairs: Sequence[tuple[float, float]]) -> float:
    """What whole legs take over their estimate: the ratio with the least absolute error.

    A leg is longer than its roads: doors, turns, ways that are not the fastest. The weighted
    median of taken / estimated, each by its estimate, is exactly that ratio.
    """
    ratios = sorted((taken / estimated, estimated) for estimated, taken in pairs if estimated > 0)
    half = sum(weight for _ratio, weight in ratios) / 2
    for ratio, weight in ratios:
        half -= weight
        if half <= 0:
            return min(SLOWEST, max(FASTEST, ratio))
    return 1.0


def is_better(table: Judged, before: Judged) -> bool:
    """Whether a table may take force: by legs that it did not learn from."""
    return table.legs >= LEAST_JUDGED and table.mae_s < before.mae_s
