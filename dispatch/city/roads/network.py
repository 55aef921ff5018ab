"""Ways become a graph: edges between junctions, each with its shape and its times.

All arrays; saved as one .npz. An edge is stored once with times for both directions
(infinite where not allowed), so that a closed lane or a learnt speed is one array write.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path as FilePath
from typing import IO

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dispatch.city.roads.speeds import CLASSES, RoadTraits

EARTH_RADIUS_M = 6_371_008.8
# scipy drops zero weights from a graph: nothing is ever faster than this.
FLOOR_S = 0.01

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RoadWay:
    """One drivable OpenStreetMap way: node ids with (n, 2) lon/lat positions, as drawn."""

    nodes: Sequence[int]
    points: Floats
    traits: RoadTraits


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Nodes 0..n-1, edges 0..m-1; edge i has the shape points shape_start[i]:shape_start[i+1]."""

    node_lon: Floats
    node_lat: Floats
    edge_from: Ints
    edge_to: Ints
    edge_length_m: Floats
    edge_class: NDArray[np.uint8]
    edge_name: Ints
    normal_forward_s: Floats
    normal_backward_s: Floats
    blue_forward_s: Floats
    blue_backward_s: Floats
    shape_start: Ints
    shape_lon: Floats
    shape_lat: Floats
    names_en: NDArray[np.str_]
    names_zh: NDArray[np.str_]
    # The nodes as a contraction hierarchy orders them (hierarchy.py); empty: not ordered yet.
    order: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    @property
    def node_count(self) -> int:
        return len(self.node_lon)

    @property
    def edge_count(self) -> int:
        return len(self.edge_from)

    def save(self, file: FilePath | IO[bytes]) -> None:
        arrays = {column.name: getattr(self, column.name) for column in fields(self)}
        np.savez(file, **arrays)

    @classmethod
    def load(cls, file: FilePath) -> "RoadGraph":
        with np.load(file, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in arrays})


def metres_between(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Great-circle distance, element by element."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_lat = np.sin((phi_b - phi_a) / 2) ** 2
    half_lon = np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    chord = half_lat + np.cos(phi_a) * np.cos(phi_b) * half_lon
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return metres


def build_graph(ways: Sequence[RoadWay], blocked: frozenset[int] = frozenset()) -> RoadGraph | None:
    """Cut ways at their junctions and keep what blue light can drive to and from.

    `blocked` nodes (bollards) end the road on both sides. None when nothing is left.
    """
    draft = _Draft()
    junctions = _junctions(ways)
    for way in ways:
        draft.add(way, junctions, blocked)
    return _largest_connected(draft.graph()) if draft.ends else None


def _junctions(ways: Iterable[RoadWay]) -> frozenset[int]:
    """Node ids where ways meet, cross themselves or end."""
    parts = [np.asarray(way.nodes, dtype=np.int64) for way in ways]
    if not parts:
        return frozenset()
    tips = [part[[0, -1]] for part in parts]
    ids, uses = np.unique(np.concatenate(parts + tips), return_counts=True)
    return frozenset(ids[uses >= 2].tolist())


class _Draft:
    """Edges as they are cut, before they become arrays."""

    def __init__(self) -> None:
        self.ends: list[tuple[int, int]] = []
        self.traits: list[RoadTraits] = []
        self.starts = [0]
        self.shapes: list[Floats] = []
        self.index: dict[int, int] = {}
        self.places: list[tuple[float, float]] = []

    def add(self, way: RoadWay, junctions: frozenset[int], blocked: frozenset[int]) -> None:
        first = 0
        last = len(way.nodes) - 1
        for i in range(1, last + 1):
            if i < last and way.nodes[i] not in junctions and way.nodes[i] not in blocked:
                continue
            tail = self._node(way, first, blocked)
            head = self._node(way, i, blocked)
            self.ends.append((tail, head))
            self.traits.append(way.traits)
            self.shapes.append(way.points[first : i + 1])
            self.starts.append(self.starts[-1] + i + 1 - first)
            first = i

    def _node(self, way: RoadWay, i: int, blocked: frozenset[int]) -> int:
        number = way.nodes[i]
        known = None if number in blocked else self.index.get(number)
        if known is None:
            known = len(self.places)
            self.places.append((float(way.points[i, 0]), float(way.points[i, 1])))
            if number not in blocked:
                self.index[number] = known
        return known

    def graph(self) -> RoadGraph:
        ends = np.asarray(self.ends, dtype=np.int32)
        places = np.asarray(self.places, dtype=np.float64)
        starts = np.asarray(self.starts, dtype=np.int32)
        shape = np.concatenate(self.shapes)
        lons, lats = shape[:, 0].copy(), shape[:, 1].copy()
        lengths = _edge_lengths(starts, lons, lats)
        names = sorted({(t.name_en, t.name_zh) for t in self.traits} | {("", "")})
        name_of = {name: i for i, name in enumerate(names)}
        traits = self.traits

        def seconds(kmh: list[float]) -> Floats:
            speed = np.asarray(kmh) / 3.6
            taken = np.full(len(speed), np.inf)
            np.divide(lengths, speed, out=taken, where=speed > 0)
            floored: Floats = np.maximum(taken, FLOOR_S)
            return floored

        return RoadGraph(
            node_lon=places[:, 0],
            node_lat=places[:, 1],
            edge_from=ends[:, 0],
            edge_to=ends[:, 1],
            edge_length_m=lengths,
            edge_class=np.asarray([CLASSES.index(t.road_class) for t in traits], dtype=np.uint8),
            edge_name=np.asarray([name_of[t.name_en, t.name_zh] for t in traits], dtype=np.int32),
            normal_forward_s=seconds([t.normal_forward_kmh for t in traits]),
            normal_backward_s=seconds([t.normal_backward_kmh for t in traits]),
            blue_forward_s=seconds([t.blue_forward_kmh for t in traits]),
            blue_backward_s=seconds([t.blue_backward_kmh for t in traits]),
            shape_start=starts,
            shape_lon=lons,
            shape_lat=lats,
            names_en=np.asarray([name[0] for name in names]),
            names_zh=np.asarray([name[1] for name in names]),
        )


def _edge_lengths(starts: Ints, lons: Floats, lats: Floats) -> Floats:
    steps = metres_between(lons[:-1], lats[:-1], lons[1:], lats[1:])
    along = np.concatenate([[0.0], np.cumsum(steps)])
    lengths: Floats = along[starts[1:] - 1] - along[starts[:-1]]
    return lengths


def _largest_connected(graph: RoadGraph) -> RoadGraph:
    """Drop what cannot be left or reached, or a unit on a private road would be lost."""
    keep = in_largest_component(graph, graph.blue_forward_s, graph.blue_backward_s)
    edges = keep[graph.edge_from] & keep[graph.edge_to]
    number = np.cumsum(keep, dtype=np.int32) - 1
    counts = np.diff(graph.shape_start)
    points = np.repeat(edges, counts)
    columns = {
        column.name: getattr(graph, column.name)[edges]
        for column in fields(graph)
        if column.name.startswith(("edge_", "normal_", "blue_"))
    }
    columns["edge_from"] = number[columns["edge_from"]].astype(np.int32)
    columns["edge_to"] = number[columns["edge_to"]].astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(counts[edges])]).astype(np.int32)
    return RoadGraph(
        node_lon=graph.node_lon[keep],
        node_lat=graph.node_lat[keep],
        shape_start=starts,
        shape_lon=graph.shape_lon[points],
        shape_lat=graph.shape_lat[points],
        names_en=graph.names_en,
        names_zh=graph.names_zh,
        **columns,
    )


def in_largest_component(
    graph: RoadGraph, forward_s: Floats, backward_s: Floats
) -> NDArray[np.bool_]:
    """Which nodes lie in the largest part where everything reaches everything."""
    ahead, back = np.isfinite(forward_s), np.isfinite(backward_s)
    tails = np.concatenate([graph.edge_from[ahead], graph.edge_to[back]])
    heads = np.concatenate([graph.edge_to[ahead], graph.edge_from[back]])
    n = graph.node_count
    links = coo_matrix((np.ones(len(tails)), (tails, heads)), shape=(n, n)).tocsr()
    _, label = connected_components(links, directed=True, connection="strong")
    inside: NDArray[np.bool_] = label == np.bincount(label).argmax()
    return inside
