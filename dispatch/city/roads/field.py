"""The times around one point: what a single Dijkstra run knows, read for many places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispatch.city.roads.network import Floats, Ints
from dispatch.city.roads.router import Leg
from dispatch.city.roads.snap import Snapped

if TYPE_CHECKING:
    from dispatch.city.roads.lane import Lane

# Turning round on the spot costs a moving vehicle about this long.
U_TURN_S = 12.0


@dataclass(frozen=True, slots=True)
class Step:
    """Driving edge `edge` from one fraction to another; backwards when `to` is smaller."""

    edge: int
    start: float
    end: float
    seconds: float


class Field:
    """`times[x]` seconds between node x and the point, and the tree to walk back on."""

    def __init__(
        self,
        lane: "Lane",
        point: Snapped,
        entry: tuple[float, float],
        times: Floats,
        previous: Ints,
        limit_s: float,
        *,
        outwards: bool,
    ) -> None:
        self._lane = lane
        self._point = point
        self._entry = entry
        self._times = times
        self._previous = previous
        self._limit_s = limit_s
        self._outwards = outwards

    def legs(self, places: Sequence[Snapped]) -> list[Leg | None]:
        """Time and distance between the point and each place, in the field's direction."""
        if not places:
            return []
        via, seconds, metres = self._options(places)
        best = seconds.argmin(axis=1)
        row = np.arange(len(places))
        reached = np.isfinite(seconds[row, best])
        total = metres[row, best]
        walk = reached & (best < 2)
        if walk.any():
            nodes = via[row, best % 2][walk]
            total[walk] += self._tree_metres(nodes)[nodes]
        return [
            Leg(float(seconds[i, best[i]]), float(total[i])) if reached[i] else None for i in row
        ]

    def covers(self, places: Sequence[Snapped]) -> bool:
        """Whether every place was reached within the limit; only then are times the best."""
        return not places or bool((self._options(places)[1].min(axis=1) <= self._limit_s).all())

    def steps_to(self, goal: Snapped) -> list[Step] | None:
        """The edges driven from the point to the goal (outward fields only)."""
        via, seconds, _ = self._options([goal])
        best = int(seconds[0].argmin())
        if not np.isfinite(seconds[0, best]):
            return None
        if best >= 2:
            return [Step(goal.edge, self._point.fraction, goal.fraction, float(seconds[0, best]))]
        node = int(via[0, best])
        last = float(seconds[0, best] - self._times[node])
        steps = [Step(goal.edge, float(best), goal.fraction, last)]
        n = self._lane.graph.node_count
        while (before := int(self._previous[node])) != n:
            arc = int(np.searchsorted(self._lane.keys, before * (n + 1) + node))
            edge, sign = int(self._lane.arc_edge[arc]), int(self._lane.arc_sign[arc])
            took = float(self._times[node] - self._times[before])
            steps.append(Step(edge, 0.0 if sign > 0 else 1.0, 1.0 if sign > 0 else 0.0, took))
            node = before
        slot = self._slot(np.array([node]))[0]
        steps.append(
            Step(self._point.edge, self._point.fraction, float(slot), float(self._times[node]))
        )
        return steps[::-1]

    def _options(self, places: Sequence[Snapped]) -> tuple[NDArray[np.int64], Floats, Floats]:
        """Per place: over the edge's start, over its end, along the same edge either way."""
        lane, graph = self._lane, self._lane.graph
        edge = np.array([place.edge for place in places])
        share = np.array([place.fraction for place in places])
        along = np.array([place.along for place in places])
        via = np.column_stack([graph.edge_from[edge], graph.edge_to[edge]]).astype(np.int64)
        ahead, back, length = (
            lane.forward_s[edge],
            lane.backward_s[edge],
            graph.edge_length_m[edge],
        )
        # Towards the point a place leaves over its edge's start by driving backwards.
        over_start, over_end = (ahead, back) if self._outwards else (back, ahead)
        first = part(share, over_start) + self._times[via[:, 0]]
        second = part(1 - share, over_end) + self._times[via[:, 1]]
        gap = (share - self._point.fraction) * (1 if self._outwards else -1)
        same = edge == self._point.edge
        with_line = np.where(same & (gap >= 0), part(np.abs(gap), ahead), np.inf)
        against = np.where(same & (gap <= 0), part(np.abs(gap), back), np.inf)
        if self._outwards:
            along = np.full(len(places), self._point.along)
        else:
            first = first + U_TURN_S * (along > 0)
            second = second + U_TURN_S * (along < 0)
        with_line = with_line + U_TURN_S * (along < 0) * (gap != 0)
        against = against + U_TURN_S * (along > 0) * (gap != 0)
        seconds = np.column_stack([first, second, with_line, against])
        direct = np.abs(gap) * length
        metres = np.column_stack([share * length, (1 - share) * length, direct, direct])
        return via, seconds, metres

    def _tree_metres(self, wanted: NDArray[np.int64]) -> Floats:
        """Road length along the tree from these nodes, and those on their ways, to the point.

        Pointer doubling: each round every node adds what its ancestor knows and looks
        twice as far, so a path of 1,000 edges needs ten rounds instead of 1,000 steps.
        """
        lane, n = self._lane, self._lane.graph.node_count
        reached = self._ways(wanted)
        parent = self._previous[reached].astype(np.int64)
        metres = np.zeros(n + 1)
        root = parent == n
        share = np.where(self._slot(reached) == 0, self._point.fraction, 1 - self._point.fraction)
        own = share * lane.graph.edge_length_m[self._point.edge]
        tail, head = (parent, reached) if self._outwards else (reached, parent)
        arcs = np.searchsorted(lane.keys, tail * (n + 1) + head)
        edges = lane.arc_edge[np.where(root, 0, arcs)]
        metres[reached] = np.where(root, own, lane.graph.edge_length_m[edges])
        ancestor = np.full(n + 1, n)
        ancestor[reached] = parent
        while (ancestor[reached] != n).any():
            above = ancestor[reached]
            metres[reached] += metres[above]
            ancestor[reached] = ancestor[above]
        return metres

    def _ways(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """These nodes and all that lie between them and the point: ways meet soon."""
        n = self._lane.graph.node_count
        on_way = np.zeros(n + 1, dtype=bool)
        front = wanted
        while len(front):
            on_way[front] = True
            above = self._previous[front].astype(np.int64)
            front = above[(above != n) & ~on_way[above]]
        return np.flatnonzero(on_way)

    def _slot(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which end of the point's own edge a walk arrived at: 0 its start, 1 its end."""
        edge = self._point.edge
        start, end = self._lane.graph.edge_from[edge], self._lane.graph.edge_to[edge]
        if start == end:
            return np.full(len(nodes), int(self._entry[1] < self._entry[0]))
        at_end: NDArray[np.int64] = (nodes == end).astype(np.int64)
        return at_end


def part(share: Floats | float, seconds: Floats) -> Floats:
    """Part of an edge's time; a closed edge stays closed even for a part of no length."""
    is_open = np.isfinite(seconds)
    return np.where(is_open, share * np.where(is_open, seconds, 0.0), np.inf)
