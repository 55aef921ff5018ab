"""A customisable contraction hierarchy over the graph: every time in a sweep of two milliseconds.

Ordering the nodes takes seconds and is done once, when a city is imported; a set of times
(a profile, a closure) is laid over it in tens of milliseconds. By RoutingKit: Dibbelt,
Strasser, Wagner, “Customizable Contraction Hierarchies”, JEA 21 (2016).
"""

from collections.abc import Sequence

import numpy as np
from routingkit_cch import (
    CCH,
    CCHManyToOne,
    CCHMetric,
    CCHOneToMany,
    CCHQuery,
    compute_order_inertial,
)

from dispatch.city.roads.network import Floats, Ints, RoadGraph

# The hierarchy counts in whole milliseconds: over a city's longest way 0.2 s at most.
A_SECOND = 1000
CLOSED = 2**31 - 1

# A node and the seconds that it costs beside the way: where a question begins or ends.
Entry = tuple[int, float]


def ordered(graph: RoadGraph) -> Ints:
    """The nodes, least important first: by halving the map again and again."""
    tails, heads = _arcs(graph)
    order = compute_order_inertial(
        graph.node_count, tails, heads, graph.node_lat.tolist(), graph.node_lon.tolist()
    )
    return np.array(order, dtype=np.int32)


class Hierarchy:
    """Arc i < m drives edge i as drawn, arc m + i against."""

    def __init__(self, graph: RoadGraph) -> None:
        tails, heads = _arcs(graph)
        order = graph.order if len(graph.order) == graph.node_count else ordered(graph)
        self._hierarchy = CCH(order.tolist(), tails, heads, filter_always_inf_arcs=False)

    def times(self, forward_s: Floats, backward_s: Floats) -> "Times":
        """Lay these seconds over it; infinite is closed."""
        seconds = np.concatenate([forward_s, backward_s])
        is_open = np.isfinite(seconds)
        counted = np.rint(np.where(is_open, seconds, 0.0) * A_SECOND).clip(1)
        weights = np.where(is_open, counted, CLOSED).astype(np.int64)
        return Times(CCHMetric(self._hierarchy, weights.tolist()))


class Times:
    """One set of times. Every question has a state of its own: safe to share between threads."""

    def __init__(self, metric: CCHMetric) -> None:
        self._metric = metric

    def towards(self, nodes: Ints, ends: Sequence[Entry]) -> Floats:
        """Seconds from each of the nodes, one at least, to the best of the ends; else infinite."""
        sweep = CCHManyToOne(self._metric, nodes.tolist())
        return _seconds(sweep.distances_to_multi(_counted(ends)))

    def outwards(self, nodes: Ints, starts: Sequence[Entry]) -> Floats:
        """Seconds from the best of the starts to each of the nodes, one at least."""
        sweep = CCHOneToMany(self._metric, nodes.tolist())
        return _seconds(sweep.distances_from_multi(_counted(starts)))

    def path(
        self, starts: Sequence[Entry], ends: Sequence[Entry]
    ) -> tuple[list[int], list[int]] | None:
        """The nodes and the arcs of the fastest way; None when there is none."""
        found = CCHQuery(self._metric).run_multi(_counted(starts), _counted(ends))
        return None if found.distance is None else (found.node_path, found.arc_path)


def _arcs(graph: RoadGraph) -> tuple[list[int], list[int]]:
    return (
        np.concatenate([graph.edge_from, graph.edge_to]).tolist(),
        np.concatenate([graph.edge_to, graph.edge_from]).tolist(),
    )


def _counted(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """In milliseconds; without closed ones, and a node only once."""
    best: dict[int, float] = {}
    for node, seconds in entries:
        if np.isfinite(seconds):
            best[node] = min(seconds, best.get(node, np.inf))
    return [(node, round(seconds * A_SECOND)) for node, seconds in best.items()]


def _seconds(found: Sequence[int | None]) -> Floats:
    return np.array([np.inf if one is None else one for one in found]) / A_SECOND
