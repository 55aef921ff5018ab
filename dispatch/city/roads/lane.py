"""The roads as one kind of driver sees them: times from and to places on edges, and ways."""

from collections.abc import Callable, Collection, Sequence
from copy import copy

import numpy as np

from dispatch.city.roads.hierarchy import Entry, Hierarchy
from dispatch.city.roads.line import Step
from dispatch.city.roads.network import (
    FLOOR_S,
    Floats,
    Ints,
    RoadGraph,
    in_largest_component,
)
from dispatch.city.roads.router import Profile
from dispatch.city.roads.snap import NOWHERE, Places, Segments, Snapped, Snapper

# Turning round on the spot costs a moving vehicle about this long.
U_TURN_S = 12.0


class Lane:
    """Edges open to one profile, inside the part where everything reaches everything."""

    def __init__(
        self, graph: RoadGraph, profile: Profile, hierarchy: Hierarchy, segments: Segments
    ) -> None:
        blue = profile is Profile.BLUE_LIGHT
        ahead = graph.blue_forward_s if blue else graph.normal_forward_s
        back = graph.blue_backward_s if blue else graph.normal_backward_s
        inside = in_largest_component(graph, ahead, back)
        usable = inside[graph.edge_from] & inside[graph.edge_to]
        self.graph = graph
        self.forward_s: Floats = np.where(usable, ahead, np.inf)
        self.backward_s: Floats = np.where(usable, back, np.inf)
        self.snapper = Snapper(segments, np.isfinite(self.forward_s), np.isfinite(self.backward_s))
        self._hierarchy = hierarchy
        self.times = hierarchy.times(self.forward_s, self.backward_s)

    def without(self, edges: Collection[int]) -> "Lane":
        """The same lane with these edges closed to whoever would drive through.

        A vehicle that stands there may leave and a scene there may be reached: often it
        is the scene that closes the road.
        """
        barred = np.zeros(self.graph.edge_count, dtype=bool)
        barred[list(edges)] = True
        lane = copy(self)
        lane.times = self._hierarchy.times(
            np.where(barred, np.inf, self.forward_s), np.where(barred, np.inf, self.backward_s)
        )
        return lane

    def scaled(self, by_class: Floats) -> "Lane":
        """The same lane with every time multiplied by the factor of its road's class."""
        by_edge = by_class[self.graph.edge_class]
        lane = copy(self)
        lane.forward_s = np.maximum(self.forward_s * by_edge, FLOOR_S)
        lane.backward_s = np.maximum(self.backward_s * by_edge, FLOOR_S)
        lane.times = self._hierarchy.times(lane.forward_s, lane.backward_s)
        return lane

    def towards(self, goal: Snapped, places: Places) -> Floats:
        """Seconds from each place to the goal; infinite where there is no way."""
        if not len(places.edge):
            return np.empty(0)
        at_start, at_end = self._at_ends(places, self.times.towards, self._arrivals(goal))
        over_start = part(places.fraction, self.backward_s[places.edge]) + at_start
        over_end = part(1 - places.fraction, self.forward_s[places.edge]) + at_end
        over_start = over_start + U_TURN_S * (places.along > 0)
        over_end = over_end + U_TURN_S * (places.along < 0)
        direct = self._along_edge(places, only(goal))
        return on_roads(places, np.minimum(np.minimum(over_start, over_end), direct))

    def outwards(self, start: Snapped, places: Places) -> Floats:
        """Seconds from the start to each place; infinite where there is no way."""
        if not len(places.edge):
            return np.empty(0)
        at_start, at_end = self._at_ends(places, self.times.outwards, self._departures(start))
        over_start = at_start + part(places.fraction, self.forward_s[places.edge])
        over_end = at_end + part(1 - places.fraction, self.backward_s[places.edge])
        direct = self._along_edge(only(start), places)
        return on_roads(places, np.minimum(np.minimum(over_start, over_end), direct))

    def steps(self, start: Snapped, goal: Snapped) -> list[Step] | None:
        """The edges driven from the start to the goal; None when there is no way."""
        direct_s = float(self._along_edge(only(start), only(goal))[0])
        direct = [Step(start.edge, start.fraction, goal.fraction, direct_s)]
        leaving, arriving = self._departures(start), self._arrivals(goal)
        found = self.times.path(leaving, arriving)
        if found is None:
            return direct if np.isfinite(direct_s) else None
        nodes, arcs = found
        out, out_s = _cheapest(leaving, nodes[0])
        into, into_s = _cheapest(arriving, nodes[-1])
        steps = [
            Step(start.edge, start.fraction, float(out), out_s),
            *map(self._driven, arcs),
            Step(goal.edge, float(into), goal.fraction, into_s),
        ]
        return steps if sum(step.seconds for step in steps) < direct_s else direct

    def _driven(self, arc: int) -> Step:
        edges = self.graph.edge_count
        if arc < edges:
            return Step(arc, 0.0, 1.0, float(self.forward_s[arc]))
        return Step(arc - edges, 1.0, 0.0, float(self.backward_s[arc - edges]))

    def _arrivals(self, goal: Snapped) -> list[Entry]:
        """The start and the end of the goal's edge, with the seconds from there to the goal."""
        edge = goal.edge
        return [
            (int(self.graph.edge_from[edge]), float(part(goal.fraction, self.forward_s[edge]))),
            (int(self.graph.edge_to[edge]), float(part(1 - goal.fraction, self.backward_s[edge]))),
        ]

    def _departures(self, start: Snapped) -> list[Entry]:
        """The start and the end of the start's edge, with the seconds until there."""
        edge = start.edge
        back_s = part(start.fraction, self.backward_s[edge]) + U_TURN_S * (start.along > 0)
        ahead_s = part(1 - start.fraction, self.forward_s[edge]) + U_TURN_S * (start.along < 0)
        return [
            (int(self.graph.edge_from[edge]), float(back_s)),
            (int(self.graph.edge_to[edge]), float(ahead_s)),
        ]

    def _at_ends(
        self,
        places: Places,
        sweep: Callable[[Ints, Sequence[Entry]], Floats],
        entries: Sequence[Entry],
    ) -> tuple[Floats, Floats]:
        """What the sweep says of the start and of the end of each place's edge."""
        graph, edge = self.graph, places.edge
        nodes = np.concatenate([graph.edge_from[edge], graph.edge_to[edge]])
        at_start, at_end = np.split(sweep(nodes, entries), 2)
        return at_start, at_end

    def _along_edge(self, here: Places, there: Places) -> Floats:
        """Seconds between places on the same edge without leaving it; else infinite."""
        same = here.edge == there.edge
        gap = there.fraction - here.fraction
        ahead = part(np.abs(gap), self.forward_s[here.edge]) + U_TURN_S * (
            (here.along < 0) & (gap != 0)
        )
        back = part(np.abs(gap), self.backward_s[here.edge]) + U_TURN_S * (
            (here.along > 0) & (gap != 0)
        )
        best: Floats = np.minimum(
            np.where(same & (gap >= 0), ahead, np.inf), np.where(same & (gap <= 0), back, np.inf)
        )
        return best


def only(place: Snapped) -> Places:
    return Places(
        np.array([place.edge], dtype=np.int32),
        np.array([place.fraction]),
        np.array([place.off_road_m]),
        np.array([place.along], dtype=np.int8),
    )


def on_roads(places: Places, seconds: Floats) -> Floats:
    """Infinite for what is on no road."""
    return np.where(places.edge == NOWHERE, np.inf, seconds)


def _cheapest(entries: Sequence[Entry], node: int) -> tuple[int, float]:
    """Over which end of an edge, 0 its start or 1 its end, a way through this node goes."""
    return min(
        ((end, seconds) for end, (at, seconds) in enumerate(entries) if at == node),
        key=lambda one: one[1],
    )


def part(share: Floats | float, seconds: Floats) -> Floats:
    """Part of an edge's time; a closed edge stays closed even for a part of no length."""
    is_open = np.isfinite(seconds)
    return np.where(is_open, share * np.where(is_open, seconds, 0.0), np.inf)
