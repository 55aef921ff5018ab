"""Figures of a department: formula, what is left out, and which cases stand behind. No database.

Each figure is a table row: what it counts of, how, and against which target. The page prints
the formula from here, so that nobody has to believe a number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One alert as the figures see it. Times are aware; `hour` is the local one of the alert."""

    handover_id: str
    number: str
    sent_at: datetime
    hour: int
    pathway: str
    withdrawn: bool
    confirmed_at: datetime | None = None
    arrived_at: datetime | None = None
    handed_over_at: datetime | None = None
    target_s: int = 900
    signed_sides: int = 0
    verdict: str = ""
    outcome_at: datetime | None = None
    intervention_min: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one case gives a figure. `value` None: it belongs here and its value is missing."""

    row: CaseRow
    value: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure over some cases: its value, over how many, and how many lack it."""

    code: str
    unit: str
    value: float | None
    median: float | None
    count: int
    missing: int
    target_met: float | None = None


def seconds(begins: datetime | None, ends: datetime | None) -> float | None:
    """None where one of both is missing, or the end was told to be before the beginning."""
    if begins is None or ends is None or ends < begins:
        return None
    return (ends - begins).total_seconds()


Take = Callable[[CaseRow], float | None]
Belongs = Callable[[CaseRow], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """`kind`: count, share (of 0 and 1), or duration (median and 90th percentile, in seconds)."""

    code: str
    kind: str
    belongs: Belongs
    take: Take
    target_s: Callable[[CaseRow], float] | None = None


def _alerts(row: CaseRow) -> bool:
    return True


def _came(row: CaseRow) -> bool:
    return not row.withdrawn


def _received(row: CaseRow) -> bool:
    return row.handed_over_at is not None and not row.withdrawn


def _judged(row: CaseRow) -> bool:
    return bool(row.verdict)


FIGURES: tuple[Figure, ...] = (
    Figure("alerts", "count", _alerts, lambda row: 1.0),
    Figure("withdrawn", "share", _alerts, lambda row: float(row.withdrawn)),
    Figure("alert_rate", "share", _came, lambda row: float(bool(row.pathway))),
    Figure(
        "confirm",
        "duration",
        _came,
        lambda row: seconds(row.sent_at, row.confirmed_at),
        lambda row: 120.0,
    ),
    Figure(
        "offload",
        "duration",
        lambda row: row.arrived_at is not None and not row.withdrawn,
        lambda row: seconds(row.arrived_at, row.handed_over_at),
        lambda row: float(row.target_s),
    ),
    Figure("both_signed", "share", _received, lambda row: float(row.signed_sides >= 2)),
    Figure("judged", "share", _alerts, lambda row: float(_judged(row))),
    Figure("right", "share", _judged, lambda row: float(row.verdict == "right")),
    Figure("over", "share", _judged, lambda row: float(row.verdict == "over")),
    Figure("under", "share", _judged, lambda row: float(row.verdict == "under")),
    Figure("not_needed", "share", _judged, lambda row: float(row.verdict == "not_needed")),
    Figure("outcome", "share", _received, lambda row: float(row.outcome_at is not None)),
    Figure(
        "outcome_time",
        "duration",
        _received,
        lambda row: seconds(row.handed_over_at, row.outcome_at),
    ),
    Figure(
        "door_to_needle",
        "duration",
        lambda row: _received(row) and row.pathway == "stroke",
        lambda row: _minutes(row, "needle"),
        lambda row: 3600.0,
    ),
    Figure(
        "door_to_balloon",
        "duration",
        lambda row: _received(row) and row.pathway == "stemi",
        lambda row: _minutes(row, "balloon"),
        lambda row: 5400.0,
    ),
)
BY_CODE: Mapping[str, Figure] = MappingProxyType({figure.code: figure for figure in FIGURES})


def _minutes(row: CaseRow, code: str) -> float | None:
    minutes = row.intervention_min.get(code)
    return None if minutes is None else minutes * 60.0


def cases_of(figure: Figure, rows: Iterable[CaseRow]) -> list[Taken]:
    """The cases behind a figure, those without a value included, oldest first."""
    taken = [Taken(row, figure.take(row)) for row in rows if figure.belongs(row)]
    return sorted(taken, key=lambda one: one.row.sent_at)


def show(figure: Figure, rows: Iterable[CaseRow]) -> Shown:
    taken = cases_of(figure, rows)
    values = [one.value for one in taken if one.value is not None]
    missing = len(taken) - len(values)
    if figure.kind == "count":
        return Shown(figure.code, "count", float(len(values)), None, len(taken), missing)
    if not values:
        unit = "share" if figure.kind == "share" else "s"
        return Shown(figure.code, unit, None, None, len(taken), missing)
    if figure.kind == "share":
        return Shown(figure.code, "share", sum(values) / len(values), None, len(taken), missing)
    target = figure.target_s
    met = target and sum(
        one.value <= target(one.row) for one in taken if one.value is not None
    ) / len(values)
    p90, median = nearest_rank(values, 90), nearest_rank(values, 50)
    return Shown(figure.code, "s", p90, median, len(taken), missing, met)


def nearest_rank(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(percent / 100 * len(ordered)) - 1)]


def by(rows: Iterable[CaseRow], key: Callable[[CaseRow], str]) -> dict[str, list[CaseRow]]:
    groups: dict[str, list[CaseRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return dict(sorted(groups.items()))
