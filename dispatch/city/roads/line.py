"""From driven edges to a line on the map with the time at every point."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.city.roads.network import Floats, RoadGraph, metres_between
from dispatch.city.roads.router import Path, Street


@dataclass(frozen=True, slots=True)
class Step:
    """Driving edge `edge` from one fraction to another; backwards when `end` is smaller."""

    edge: int
    start: float
    end: float
    seconds: float


class Pen:
    """Draws driven edges; knows for every shape point how far along its edge it lies."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        lons, lats, starts = graph.shape_lon, graph.shape_lat, graph.shape_start
        steps_m = metres_between(lons[:-1], lats[:-1], lons[1:], lats[1:])
        along = np.concatenate([[0.0], np.cumsum(steps_m)])
        owner = np.repeat(np.arange(graph.edge_count), np.diff(starts))
        begins, whole = along[starts[:-1]], along[starts[1:] - 1] - along[starts[:-1]]
        inner = np.arange(len(lons)) - starts[owner]
        even = inner / np.maximum(np.diff(starts)[owner] - 1, 1)
        by_length = (along - begins[owner]) / np.where(whole > 0, whole, 1.0)[owner]
        self._share: Floats = np.where(whole[owner] > 0, by_length, even)

    def draw(self, steps: Sequence[Step]) -> Path:
        """Join the steps; the seconds of a step are spread over its length."""
        graph = self._graph
        points: list[tuple[float, float]] = []
        times: list[float] = []
        streets: list[Street] = []
        names: list[int] = []
        clock = distance = 0.0
        for step in steps:
            stretch, share = self._stretch(step)
            driven = abs(step.end - step.start) * float(graph.edge_length_m[step.edge])
            name = int(graph.edge_name[step.edge])
            begins = max(0, len(points) - 1)
            if names and names[-1] == name:
                begins, driven_before = streets[-1].start, streets.pop().distance_m
                names.pop()
                streets.append(self._street(begins, name, driven_before + driven))
            else:
                streets.append(self._street(begins, name, driven))
            names.append(name)
            first = 1 if points else 0
            points += stretch[first:]
            times += [clock + one * step.seconds for one in share[first:]]
            clock += step.seconds
            distance += driven
        return Path(points, times, distance, clock, streets)

    def _street(self, start: int, name: int, metres: float) -> Street:
        return Street(
            start, str(self._graph.names_en[name]), str(self._graph.names_zh[name]), metres
        )

    def _stretch(self, step: Step) -> tuple[list[tuple[float, float]], list[float]]:
        """The driven part of an edge's shape in driving order, and each point's share of it."""
        graph = self._graph
        part = slice(graph.shape_start[step.edge], graph.shape_start[step.edge + 1])
        lons, lats, along = graph.shape_lon[part], graph.shape_lat[part], self._share[part]
        low, high = sorted((step.start, step.end))
        if (low, high) != (0.0, 1.0):
            inner = along[(along > low) & (along < high)]
            at = np.concatenate([[low], inner, [high]])
            lons, lats = np.interp(at, along, lons), np.interp(at, along, lats)
            along = (at - low) / (high - low) if high > low else np.linspace(0.0, 1.0, len(at))
        points, share = list(zip(lons.tolist(), lats.tolist(), strict=True)), along.tolist()
        if step.start <= step.end:
            return points, share
        return points[::-1], [1.0 - one for one in reversed(share)]
