"""Arithmetic of a replay: when things happened in simulated seconds, and what that amounts to.

Simulated seconds count from the beginning of the replay, warm-up included. No Django.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor


@dataclass(slots=True)
class Timeline:
    """One incident's moments; None is what had not happened when the replay ended."""

    priority: int
    rang_s: float
    counted: bool = True
    opened_s: float | None = None
    assigned_s: float | None = None
    en_route_s: float | None = None
    on_scene_s: float | None = None
    freed_s: float | None = None
    unit: str = ""
    # No unit was free when the dispatcher first asked.
    waited: bool = False
    # What really happened, from the same row of the log.
    real_assigned_s: float | None = None
    real_on_scene_s: float | None = None


def elapsed(start_s: float | None, end_s: float | None) -> float | None:
    return None if start_s is None or end_s is None else end_s - start_s


# The intervals of the report, in its order.
INTERVALS = ("call_to_assigned", "assigned_to_on_scene", "ring_to_on_scene")


def simulated(timeline: Timeline) -> Mapping[str, float | None]:
    """The intervals as the replay had them, in seconds."""
    return {
        "call_to_assigned": elapsed(timeline.rang_s, timeline.assigned_s),
        "assigned_to_on_scene": elapsed(timeline.assigned_s, timeline.on_scene_s),
        "ring_to_on_scene": elapsed(timeline.rang_s, timeline.on_scene_s),
    }


def real(timeline: Timeline) -> Mapping[str, float | None]:
    """The same intervals as the log has them, counted from the time in its row."""
    assigned, on_scene = timeline.real_assigned_s, timeline.real_on_scene_s
    return {
        "call_to_assigned": assigned,
        "assigned_to_on_scene": elapsed(assigned, on_scene),
        "ring_to_on_scene": on_scene,
    }


def percentile(values: Sequence[float], share: float) -> float:
    """Linear between the two nearest ranks, as spreadsheets do (PERCENTILE.INC).

    `share` is 0 to 1; of no values there is no percentile: ValueError.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True, slots=True)
class Spread:
    """How many values there are, their median and the 90th percentile, in seconds."""

    count: int
    median_s: float | None
    p90_s: float | None


def spread(values: Iterable[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    if not known:
        return Spread(0, None, None)
    return Spread(len(known), percentile(known, 0.5), percentile(known, 0.9))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: a priority, or all of them together (None)."""

    priority: int | None
    calls: int
    waited: int
    simulated: Mapping[str, Spread]
    real: Mapping[str, Spread]


def lines(timelines: Sequence[Timeline]) -> list[Line]:
    """A line per priority that occurs, then one for all; warm-up calls do not count."""
    counted = [timeline for timeline in timelines if timeline.counted]
    priorities = sorted({timeline.priority for timeline in counted})
    return [
        _line(priority, [one for one in counted if one.priority == priority])
        for priority in priorities
    ] + [_line(None, counted)]


def _line(priority: int | None, timelines: Sequence[Timeline]) -> Line:
    ours = [simulated(timeline) for timeline in timelines]
    theirs = [real(timeline) for timeline in timelines]
    return Line(
        priority=priority,
        calls=len(timelines),
        waited=sum(timeline.waited for timeline in timelines),
        simulated={name: spread(row[name] for row in ours) for name in INTERVALS},
        real={name: spread(row[name] for row in theirs) for name in INTERVALS},
    )


def utilisation(
    timelines: Iterable[Timeline], *, units: int, start_s: float, end_s: float
) -> float | None:
    """The share of the units' time in the window that was spent on missions, 0 to 1."""
    if units < 1 or end_s <= start_s:
        return None
    busy = 0.0
    for timeline in timelines:
        if timeline.assigned_s is None:
            continue
        until = end_s if timeline.freed_s is None else min(timeline.freed_s, end_s)
        busy += max(0.0, until - max(timeline.assigned_s, start_s))
    return busy / (units * (end_s - start_s))


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """How many of these spans overlapped at the worst moment; one that ends lets one begin."""
    changes = sorted(
        change for start, end in spans if end > start for change in ((start, 1), (end, -1))
    )
    most = present = 0
    for _at_s, change in changes:
        present += change
        most = max(most, present)
    return most


def most_waiting(timelines: Iterable[Timeline], *, end_s: float) -> int:
    """The longest queue of incidents for which no unit was free."""
    return most_at_once(
        (timeline.opened_s, end_s if timeline.assigned_s is None else timeline.assigned_s)
        for timeline in timelines
        if timeline.waited and timeline.opened_s is not None
    )
