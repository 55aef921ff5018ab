"""From driven edges to a line on the map with the time at every point."""

from collections.abc import Sequence

import numpy as np

from dispatch.city.roads.field import Step
from dispatch.city.roads.network import Floats, RoadGraph, metres_between
from dispatch.city.roads.router import Path, Street


def draw(graph: RoadGraph, steps: Sequence[Step]) -> Path:
    """Join the steps; the seconds of a step are spread over its length."""
    points: list[tuple[float, float]] = []
    times: list[float] = []
    streets: list[Street] = []
    clock = distance = 0.0
    for step in steps:
        lons, lats = _stretch(graph, step)
        along = np.concatenate(
            [[0.0], np.cumsum(metres_between(lons[:-1], lats[:-1], lons[1:], lats[1:]))]
        )
        driven = abs(step.end - step.start) * float(graph.edge_length_m[step.edge])
        share = along / along[-1] if along[-1] > 0 else np.linspace(0.0, 1.0, len(along))
        first = 1 if points else 0
        _extend(streets, graph, step.edge, max(0, len(points) - 1), driven)
        points.extend(zip(lons[first:].tolist(), lats[first:].tolist(), strict=True))
        times.extend((clock + share[first:] * step.seconds).tolist())
        clock += step.seconds
        distance += driven
    return Path(points, times, distance, clock, streets)


def _stretch(graph: RoadGraph, step: Step) -> tuple[Floats, Floats]:
    """The driven part of an edge's shape, in driving order, at least two points."""
    part = slice(graph.shape_start[step.edge], graph.shape_start[step.edge + 1])
    lons, lats = graph.shape_lon[part], graph.shape_lat[part]
    along = np.concatenate(
        [[0.0], np.cumsum(metres_between(lons[:-1], lats[:-1], lons[1:], lats[1:]))]
    )
    along = along / along[-1] if along[-1] > 0 else np.linspace(0.0, 1.0, len(along))
    low, high = sorted((step.start, step.end))
    inner = (along > low) & (along < high)
    at = np.concatenate([[low], along[inner], [high]])
    stretch = np.interp(at, along, lons), np.interp(at, along, lats)
    return stretch if step.start <= step.end else (stretch[0][::-1], stretch[1][::-1])


def _extend(streets: list[Street], graph: RoadGraph, edge: int, start: int, metres: float) -> None:
    """Lengthen the last street when the name stays, else begin the next one."""
    name = graph.edge_name[edge]
    name_en, name_zh = str(graph.names_en[name]), str(graph.names_zh[name])
    if streets and (streets[-1].name_en, streets[-1].name_zh) == (name_en, name_zh):
        before = streets.pop()
        start, metres = before.start, before.distance_m + metres
    streets.append(Street(start, name_en, name_zh, metres))
