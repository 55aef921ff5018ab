"""Lines become a network: shared nodes where they cross, no loose ends, few points."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from dispatch.city.demo.curves import Line, resample, simplified
from dispatch.city.demo.plan import Road
from dispatch.city.roads.speeds import CLASSES

SEGMENT_M = 60.0
MERGE_M = 14.0
STUB_M = 62.0
# A street that ends so close before another one was meant to meet it.
REACH_M = 32.0
DENSE_M = 3.0


@dataclass(frozen=True, slots=True)
class Way:
    """A road as a chain of shared nodes."""

    road: Road
    nodes: list[int]


@dataclass(frozen=True, slots=True)
class Plane:
    places: Line
    ways: list[Way]


def planar(roads: list[Road]) -> Plane:
    lines = _reaching([_evened(road) for road in roads], roads)
    start = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    points = np.vstack(lines)
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    first = np.flatnonzero(owner[:-1] == owner[1:])
    cuts, share_a, share_b, seg_a, seg_b = _crossings(points, owner, first, roads)
    places = np.vstack([points, cuts])
    chains: list[list[tuple[float, int]]] = [
        [(float(i - start[k]), int(i)) for i in range(start[k], start[k + 1])]
        for k in range(len(lines))
    ]
    for number in range(len(cuts)):
        node = len(points) + number
        for segment, share in ((seg_a[number], share_a[number]), (seg_b[number], share_b[number])):
            k = int(owner[first[segment]])
            chains[k].append((float(first[segment] - start[k] + share), node))
    ends = np.concatenate([start[:-1], start[1:] - 1])
    merged = _merge(places, len(points), ends, roads, chains)
    ways = []
    for road, chain in zip(roads, chains, strict=True):
        nodes = [int(merged[node]) for _, node in sorted(chain)]
        nodes = [node for i, node in enumerate(nodes) if i == 0 or node != nodes[i - 1]]
        ways.append(Way(road, nodes))
    return _thinned(places, _connected(places, _pruned(places, _unique(ways))))


def _evened(road: Road) -> Line:
    """Finely drawn streets in longer steps; main roads keep their points, ramps end on them."""
    mean = np.hypot(*np.diff(road.line, axis=0).T).mean()
    return resample(road.line, SEGMENT_M) if mean < SEGMENT_M / 2 else road.line


def _reaching(lines: list[Line], roads: list[Road]) -> list[Line]:
    """Streets on the ground led over the road right ahead of their end; the overhang is cut."""
    ground = [i for i, road in enumerate(roads) if not road.layer]
    dense = [resample(lines[i], DENSE_M) for i in ground]
    points, owner = np.vstack(dense), np.repeat(ground, [len(line) for line in dense])
    tree = cKDTree(points)
    joints = cKDTree(np.vstack([line[[0, -1]] for line in lines]))
    reaching = list(lines)
    for i in ground:
        for _ in range(2):  # at its end, then at its start
            line = reaching[i]
            tip, ahead = line[-1], line[-1] - line[-2]
            # Where a bridge begins, the road goes on.
            if len(joints.query_ball_point(tip, 0.5)) == 1:
                near = np.array(tree.query_ball_point(tip, REACH_M), dtype=np.int64)
                target = _first_ahead(points[near[owner[near] != i]], tip, ahead)
                line = line if target is None else np.vstack([line, target])
            reaching[i] = line[::-1]
    return reaching


def _first_ahead(points: Line, tip: Line, ahead: Line) -> Line | None:
    """A place just behind the nearest point that lies in the street's direction."""
    away = points - tip
    distance = np.hypot(*away.T)
    in_front = np.flatnonzero(away @ ahead > 0.5 * distance * np.hypot(*ahead))
    if not len(in_front):
        return None
    nearest = in_front[distance[in_front].argmin()]
    behind: Line = tip + away[nearest] * (1 + DENSE_M / distance[nearest])
    return behind


def _crossings(
    points: Line, owner: NDArray[np.int64], first: NDArray[np.int64], roads: list[Road]
) -> tuple[Line, Line, Line, NDArray[np.int64], NDArray[np.int64]]:
    """All places where segments of two lines on one level cross, with both shares."""
    a, b = points[first], points[first + 1]
    layer = np.array([road.layer for road in roads])[owner[first]]
    left, right = _close_pairs(a, b)
    apart = (owner[first[left]] != owner[first[right]]) & (layer[left] == layer[right])
    left, right = left[apart], right[apart]
    d, e, gap = b[left] - a[left], b[right] - a[right], a[right] - a[left]
    area = d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[:, 0] * e[:, 1] - gap[:, 1] * e[:, 0]) / area
        u = (gap[:, 0] * d[:, 1] - gap[:, 1] * d[:, 0]) / area
        hit = (np.abs(area) > 1e-9) & (t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)
    left, right, t, u = left[hit], right[hit], t[hit], u[hit]
    return a[left] + t[:, None] * (b[left] - a[left]), t, u, left, right


def _close_pairs(a: Line, b: Line) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Segments that may touch: their middles are no farther apart than both halves."""
    half = np.hypot(*(b - a).T) / 2
    tree = cKDTree((a + b) / 2)
    pairs = tree.query_pairs(2 * float(half.max()) + 0.1, output_type="ndarray")
    near = np.hypot(*((a + b)[pairs[:, 0]] / 2 - (a + b)[pairs[:, 1]] / 2).T)
    pairs = pairs[near <= half[pairs[:, 0]] + half[pairs[:, 1]] + 0.1]
    return pairs[:, 0], pairs[:, 1]


def _merge(
    places: Line,
    drawn: int,
    ends: NDArray[np.int64],
    roads: list[Road],
    chains: list[list[tuple[float, int]]],
) -> NDArray[np.int64]:
    """One node for what is one place: crossings side by side, line ends that coincide."""
    n = len(places)
    pairs = [np.empty((0, 2), dtype=np.int64)]
    crossings = np.arange(drawn, n)
    if len(crossings):
        close = cKDTree(places[crossings]).query_pairs(MERGE_M, output_type="ndarray")
        pairs.append(crossings[close])
    # A bridge begins, and a ramp ends, exactly on a point of the other line, on any level.
    found = cKDTree(places[:drawn]).query_ball_point(places[ends], 0.5)
    exact = cast("list[list[int]]", list(found))
    joints = [
        (int(tip), other) for tip, near in zip(ends.tolist(), exact, strict=True) for other in near
    ]
    pairs.append(np.array(joints, dtype=np.int64).reshape(-1, 2))
    # On one line, drawn points next to a crossing only make needles.
    beside = []
    for chain in chains:
        ordered = [node for _, node in sorted(chain)]
        for one, two in pairwise(ordered):
            if (one < drawn) != (two < drawn) and np.hypot(*(places[one] - places[two])) < MERGE_M:
                beside.append((one, two))
    pairs.append(np.array(beside, dtype=np.int64).reshape(-1, 2))
    links = np.vstack(pairs)
    graph = coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    # The crossing on the greatest road speaks for its group, so that it stays straight.
    rank = np.full(n, len(CLASSES))
    for road, chain in zip(roads, chains, strict=True):
        crossed = [node for _, node in chain if node >= drawn]
        rank[crossed] = np.minimum(rank[crossed], CLASSES.index(road.highway.removesuffix("_link")))
    order = np.lexsort((np.arange(n), rank, group))
    speaker = np.empty(group.max() + 1, dtype=np.int64)
    firsts = order[np.flatnonzero(np.diff(group[order], prepend=-1))]
    speaker[group[firsts]] = firsts
    return speaker[group]


def _unique(ways: list[Way]) -> list[Way]:
    """No stretch twice: where lines fell together, the first (greater) road keeps it."""
    taken: set[tuple[int, int]] = set()
    kept: list[Way] = []
    for way in ways:
        part = [way.nodes[0]]
        for a, b in pairwise(way.nodes):
            if (min(a, b), max(a, b)) in taken:
                kept.append(Way(way.road, part))
                part = [b]
            else:
                taken.add((min(a, b), max(a, b)))
                part.append(b)
        kept.append(Way(way.road, part))
    return [way for way in kept if len(way.nodes) > 1]


def _pruned(places: Line, ways: list[Way]) -> list[Way]:
    """Cut overhangs: loose ends on the ground shorter than a stub, twice round."""
    for _ in range(2):
        uses = _uses(ways)
        ways = [way for way in (_trimmed(places, way, uses) for way in ways) if len(way.nodes) > 1]
    return ways


def _trimmed(places: Line, way: Way, uses: dict[int, int]) -> Way:
    nodes = way.nodes
    if way.road.layer:
        return way
    for _ in range(2):
        nodes = nodes[::-1]
        if uses[nodes[0]] > 1:
            continue
        length = 0.0
        for i in range(1, len(nodes)):
            length += float(np.hypot(*(places[nodes[i]] - places[nodes[i - 1]])))
            if uses[nodes[i]] > 2 or (i == len(nodes) - 1 and uses[nodes[i]] > 1):
                if length < STUB_M:
                    nodes = nodes[i:]
                break
        else:
            return Way(way.road, [])
    return Way(way.road, nodes)


def _uses(ways: list[Way]) -> dict[int, int]:
    """How many road ends and passages meet at a node: 1 is a loose end, 2 a mere bend."""
    uses: dict[int, int] = defaultdict(int)
    for way in ways:
        for node in way.nodes[1:-1]:
            uses[node] += 2
        uses[way.nodes[0]] += 1
        uses[way.nodes[-1]] += 1
    return uses


def _connected(places: Line, ways: list[Way]) -> list[Way]:
    """Only what hangs together; islands of road help nobody."""
    ends = [(way.nodes[0], node) for way in ways for node in way.nodes[1:]]
    pairs = np.array(ends)
    n = len(places)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    largest = np.bincount(group[pairs[:, 0]]).argmax()
    return [way for way in ways if group[way.nodes[0]] == largest]


def _thinned(places: Line, ways: list[Way]) -> Plane:
    """Drop points that a straight line does not need; number the rest from 0."""
    uses = _uses(ways)
    number: dict[int, int] = {}
    thin: list[Way] = []
    for way in ways:
        fixed = [i for i, node in enumerate(way.nodes) if uses[node] != 2]
        stops = sorted({0, *fixed, len(way.nodes) - 1})
        kept = [way.nodes[0]]
        for a, b in pairwise(stops):
            if b - a == 1:
                kept.append(way.nodes[b])
                continue
            stretch = np.array(way.nodes[a : b + 1])
            kept += stretch[simplified(places[stretch], 0.6)][1:].tolist()
        thin.append(Way(way.road, [number.setdefault(node, len(number)) for node in kept]))
    return Plane(places[np.fromiter(number, dtype=np.int64)], thin)
