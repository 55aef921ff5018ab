"""A vehicle's track becomes driving over edges: windows for learning, whole legs for judging."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians

from dispatch.city.roads.lane import Lane
from dispatch.city.roads.router import METRES_PER_DEGREE, Origin
from dispatch.city.roads.snap import Snapped
from dispatch.city.roads.speeds import CLASSES
from dispatch.city.rules import Window

# Fixes this close in time say nothing new of speed and much of the receiver's noise.
WINDOW_S = 60.0
# Farther apart nobody knows the road between them.
GAP_S = 180.0
# Nearer a fix is to its road, or it does not count.
OFF_ROAD_M = 40.0
# A way between two fixes that is so much longer than the track was not driven.
DETOUR, DETOUR_M = 1.4, 80.0
# Nearer than this two fixes are one place; so long at one is a stop on purpose.
MOVED_M = 30.0
STOP_S = 180.0
# A heading from two fixes needs a distance well above the noise.
HEADING_M = 25.0
# The search between two fixes looks as far as roads twice as fast as free flow would lead.
REACH_S = 240.0


@dataclass(frozen=True, slots=True)
class TrackFix:
    """WGS-84 degrees at an aware time in the city's own zone."""

    at: datetime
    lon: float
    lat: float


def driven(fixes: Sequence[TrackFix], *, to_first_stop: bool) -> Sequence[TrackFix]:
    """The part between first and last movement, or up to the first stop of STOP_S.

    A crew presses "arrived" late and "departed" early; a unit on its way home may shop.
    """
    moves = _moves(fixes)
    if not moves:
        return []
    end = len(moves) - 1
    if to_first_stop:
        pauses = [(fixes[b].at - fixes[a].at).total_seconds() for a, b in pairwise(moves)]
        end = next((i for i, pause in enumerate(pauses) if pause > STOP_S), end)
    return fixes[moves[0] : moves[end] + 1]


def _moves(fixes: Sequence[TrackFix]) -> list[int]:
    """The fixes that are MOVED_M or more from the last such one; empty when it only stood."""
    found: list[int] = [0] if fixes else []
    for i, fix in enumerate(fixes):
        if hypot(*_apart(fixes[found[-1]], fix)) >= MOVED_M:
            found.append(i)
    return found if len(found) > 1 else []


def windows(lane: Lane, leg: str, fixes: Sequence[TrackFix]) -> list[Window]:
    """What the leg says of the roads it was driven on; a doubtful stretch says nothing.

    `fixes` in order of time. Standing at lights and in queues is part of a window.
    """
    kept = _thinned(fixes)
    if len(kept) < 2:
        return []
    places = lane.snapper.places([_pointing(fixes, i) for i in kept]).each()
    found = []
    for n in range(len(kept) - 1):
        one = _window(lane, leg, fixes[kept[n] : kept[n + 1] + 1], places[n], places[n + 1])
        if one is not None:
            found.append(one)
    return found


def _thinned(fixes: Sequence[TrackFix]) -> list[int]:
    kept: list[int] = []
    for i, fix in enumerate(fixes):
        if not kept or (fix.at - fixes[kept[-1]].at).total_seconds() >= WINDOW_S:
            kept.append(i)
    return kept


def _pointing(fixes: Sequence[TrackFix], i: int) -> Origin:
    """The fix with the heading from the fix before it to the one after."""
    before, after = fixes[max(0, i - 1)], fixes[min(len(fixes) - 1, i + 1)]
    east, north = _apart(before, after)
    heading = degrees(atan2(east, north)) % 360 if hypot(east, north) >= HEADING_M else None
    return Origin(fixes[i].lon, fixes[i].lat, heading)


def _apart(a: TrackFix, b: TrackFix) -> tuple[float, float]:
    """Metres east and north."""
    east = (b.lon - a.lon) * METRES_PER_DEGREE * cos(radians(a.lat))
    return east, (b.lat - a.lat) * METRES_PER_DEGREE


def _window(
    lane: Lane, leg: str, fixes: Sequence[TrackFix], start: Snapped | None, goal: Snapped | None
) -> Window | None:
    took_s = (fixes[-1].at - fixes[0].at).total_seconds()
    if start is None or goal is None or not 0 < took_s <= GAP_S:
        return None
    if max(start.off_road_m, goal.off_road_m) > OFF_ROAD_M:
        return None
    steps = lane.steps(start, goal)
    if not steps or sum(step.seconds for step in steps) > REACH_S:
        return None
    lengths, classes = lane.graph.edge_length_m, lane.graph.edge_class
    free_s: defaultdict[str, float] = defaultdict(float)
    metres = 0.0
    for step in steps:
        share = abs(step.end - step.start)
        metres += share * float(lengths[step.edge])
        each = lane.forward_s if step.end > step.start else lane.backward_s
        if share > 0:
            free_s[CLASSES[classes[step.edge]]] += share * float(each[step.edge])
    drawn = sum(hypot(*_apart(a, b)) for a, b in pairwise(fixes))
    if metres < HEADING_M or metres > DETOUR * drawn + DETOUR_M:
        return None
    return Window(leg, fixes[0].at.weekday(), fixes[0].at.hour, dict(free_s), took_s)
