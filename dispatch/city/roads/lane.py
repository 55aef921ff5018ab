"""The graph as one kind of driver sees it, in compressed rows for scipy."""

from collections.abc import Collection
from copy import copy

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from dispatch.city.roads.field import U_TURN_S, Field, part
from dispatch.city.roads.network import FLOOR_S, Floats, Ints, RoadGraph, in_largest_component
from dispatch.city.roads.router import Profile
from dispatch.city.roads.snap import Snapped, Snapper


class Lane:
    """Edges open to one profile, inside the part where everything reaches everything.

    Node n (one past the last) stands for the point asked about: its two row entries,
    the last of the arrays, are filled per question on a copy.
    """

    def __init__(self, graph: RoadGraph, profile: Profile) -> None:
        blue = profile is Profile.BLUE_LIGHT
        ahead = graph.blue_forward_s if blue else graph.normal_forward_s
        back = graph.blue_backward_s if blue else graph.normal_backward_s
        inside = in_largest_component(graph, ahead, back)
        usable = inside[graph.edge_from] & inside[graph.edge_to]
        self.graph = graph
        self.forward_s: Floats = np.where(usable, ahead, np.inf)
        self.backward_s: Floats = np.where(usable, back, np.inf)
        self.snapper = Snapper(graph, np.isfinite(self.forward_s), np.isfinite(self.backward_s))
        tails, heads, seconds, edges, signs = self._arcs()
        self.arc_edge, self.arc_sign = edges, signs
        self.keys = tails.astype(np.int64) * (graph.node_count + 1) + heads
        self._tails, self._heads = tails, heads
        self.out_rows = _rows(tails, heads, seconds, graph.node_count)
        self.in_rows = _rows(heads, tails, seconds, graph.node_count)

    def without(self, edges: Collection[int]) -> "Lane":
        """The same lane with these edges closed to whoever would drive through.

        A vehicle that stands there may leave and a scene there may be reached: often it
        is the scene that closes the road.
        """
        barred = np.isin(self.arc_edge, np.fromiter(edges, dtype=np.int32))
        lane = copy(self)
        lane.out_rows = _barred(self.out_rows, self._tails, barred)
        order = np.argsort(self._heads, kind="stable")
        lane.in_rows = _barred(self.in_rows, self._heads[order], barred[order])
        return lane

    def scaled(self, by_class: Floats) -> "Lane":
        """The same lane with every time multiplied by the factor of its road's class."""
        by_edge = by_class[self.graph.edge_class]
        by_arc = by_edge[self.arc_edge]
        lane = copy(self)
        lane.forward_s, lane.backward_s = self.forward_s * by_edge, self.backward_s * by_edge
        lane.out_rows = _stretched(self.out_rows, by_arc)
        lane.in_rows = _stretched(self.in_rows, by_arc[np.argsort(self._heads, kind="stable")])
        return lane

    def towards(self, goal: Snapped, limit_s: float = np.inf) -> Field:
        """Times from every node to the goal: one run on the reversed rows."""
        edge = goal.edge
        via_from = part(goal.fraction, self.forward_s[edge])
        via_to = part(1 - goal.fraction, self.backward_s[edge])
        return self._run(goal, self.in_rows, via_from, via_to, limit_s, outwards=False)

    def outwards(self, start: Snapped, limit_s: float = np.inf) -> Field:
        """Times from the start to every node."""
        edge = start.edge
        via_to = part(1 - start.fraction, self.forward_s[edge]) + U_TURN_S * (start.along < 0)
        via_from = part(start.fraction, self.backward_s[edge]) + U_TURN_S * (start.along > 0)
        return self._run(start, self.out_rows, via_from, via_to, limit_s, outwards=True)

    def _run(
        self,
        point: Snapped,
        rows: "csr_matrix[np.float64]",
        via_from: Floats,
        via_to: Floats,
        limit_s: float,
        *,
        outwards: bool,
    ) -> Field:
        n = self.graph.node_count
        ends = (int(self.graph.edge_from[point.edge]), int(self.graph.edge_to[point.edge]))
        entry = (float(via_from), float(via_to))
        seconds, heads = rows.data.copy(), rows.indices.copy()
        for slot in (0, 1):
            is_open = np.isfinite(entry[slot])
            # A closed direction points back at the virtual node, which changes nothing.
            heads[slot - 2] = ends[slot] if is_open else n
            seconds[slot - 2] = max(entry[slot], FLOOR_S) if is_open else 1.0
        asked = csr_matrix((seconds, heads, rows.indptr), shape=(n + 1, n + 1))
        times, previous = dijkstra(
            asked, indices=np.array([n]), limit=limit_s, return_predecessors=True
        )
        return Field(self, point, entry, times[0], previous[0], limit_s, outwards=outwards)

    def _arcs(self) -> tuple[Ints, Ints, Floats, Ints, Ints]:
        """Directed arcs sorted by tail and head; of parallel ones only the fastest."""
        graph = self.graph
        every = np.arange(graph.edge_count, dtype=np.int32)
        ahead, back = np.isfinite(self.forward_s), np.isfinite(self.backward_s)
        tails = np.concatenate([graph.edge_from[ahead], graph.edge_to[back]])
        heads = np.concatenate([graph.edge_to[ahead], graph.edge_from[back]])
        seconds = np.concatenate([self.forward_s[ahead], self.backward_s[back]])
        edges = np.concatenate([every[ahead], every[back]])
        signs = np.repeat(np.array([1, -1], dtype=np.int32), [ahead.sum(), back.sum()])
        order = np.lexsort((seconds, heads, tails))
        tails, heads = tails[order], heads[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
        kept = order[first]
        return tails[first], heads[first], seconds[kept], edges[kept], signs[kept]


def _stretched(rows: "csr_matrix[np.float64]", by_arc: Floats) -> "csr_matrix[np.float64]":
    seconds = rows.data.copy()
    seconds[:-2] = np.maximum(seconds[:-2] * by_arc, FLOOR_S)
    return csr_matrix((seconds, rows.indices, rows.indptr), shape=rows.shape)


def _barred(
    rows: "csr_matrix[np.float64]", owner: Ints, barred: NDArray[np.bool_]
) -> "csr_matrix[np.float64]":
    """Barred arcs lead back to where they begin, which helps nobody."""
    heads = rows.indices.copy()
    heads[:-2][barred] = owner[barred]
    return csr_matrix((rows.data, heads, rows.indptr), shape=rows.shape)


def _rows(tails: Ints, heads: Ints, seconds: Floats, n: int) -> "csr_matrix[np.float64]":
    """Rows for nodes 0..n-1 and two spare entries for node n."""
    order = np.argsort(tails, kind="stable")
    counts = np.bincount(tails, minlength=n)
    starts = np.concatenate([[0], np.cumsum(counts), [len(tails) + 2]]).astype(np.int32)
    return csr_matrix(
        (
            np.concatenate([seconds[order], [1.0, 1.0]]),
            np.concatenate([heads[order], [n, n]]).astype(np.int32),
            starts,
        ),
        shape=(n + 1, n + 1),
    )
