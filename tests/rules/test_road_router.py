"""The router against a plain Dijkstra of its own, on small random graphs."""

import heapq
import math
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.network import RoadGraph, RoadWay, build_graph
from dispatch.city.roads.router import LonLat, OffRoad, Origin, Profile
from dispatch.city.roads.snap import Segments, Snapped, Snapper
from dispatch.city.roads.speeds import RoadTraits

DEGREE = 0.001  # some 100 m


def street(
    nodes: list[int],
    points: list[tuple[float, float]],
    *,
    forward: float = 36,
    backward: float = 36,
    name: str = "",
) -> RoadWay:
    traits = RoadTraits("residential", forward, backward, forward, backward, name, "")
    return RoadWay(nodes, np.array(points) * DEGREE, traits)


@st.composite
def graphs(draw: st.DrawFn) -> RoadGraph:
    """A ring through all nodes (so that a strong part exists) and random shortcuts."""
    n = draw(st.integers(3, 9))
    cells = st.tuples(st.integers(0, 9), st.integers(0, 9))
    places = draw(st.lists(cells, min_size=n, max_size=n, unique=True))
    ends = [(i, (i + 1) % n) for i in range(n)]
    extra = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1])
    ends += draw(st.lists(extra, max_size=8))
    ways = []
    for i, (a, b) in enumerate(ends):
        one_way = i >= n and draw(st.booleans())
        speed = draw(st.sampled_from([18.0, 36.0, 72.0]))
        points = [(float(x), float(y)) for x, y in (places[a], places[b])]
        ways.append(street([a, b], points, forward=speed, backward=0 if one_way else speed))
    graph = build_graph(ways)
    assert graph is not None
    return graph


def plain_times(graph: RoadGraph, start: Snapped) -> list[float]:
    """Textbook Dijkstra from a place on an edge to every node."""
    arcs: dict[int, list[tuple[int, float]]] = {i: [] for i in range(graph.node_count)}
    for e in range(graph.edge_count):
        a, b = int(graph.edge_from[e]), int(graph.edge_to[e])
        arcs[a].append((b, float(graph.normal_forward_s[e])))
        arcs[b].append((a, float(graph.normal_backward_s[e])))
    edge = start.edge
    queue = [
        ((1 - start.fraction) * float(graph.normal_forward_s[edge]), int(graph.edge_to[edge]))
        if math.isfinite(graph.normal_forward_s[edge])
        else (math.inf, 0),
        (start.fraction * float(graph.normal_backward_s[edge]), int(graph.edge_from[edge]))
        if math.isfinite(graph.normal_backward_s[edge])
        else (math.inf, 0),
    ]
    heapq.heapify(queue)
    times = [math.inf] * graph.node_count
    while queue:
        now, node = heapq.heappop(queue)
        if now < times[node]:
            times[node] = now
            for after, seconds in arcs[node]:
                heapq.heappush(queue, (now + seconds, after))
    return times


def plain_time(graph: RoadGraph, start: Snapped, goal: Snapped) -> float:
    times = plain_times(graph, start)
    edge = goal.edge
    ahead, back = float(graph.normal_forward_s[edge]), float(graph.normal_backward_s[edge])
    options = []
    if math.isfinite(ahead):
        options.append(times[int(graph.edge_from[edge])] + goal.fraction * ahead)
        if start.edge == edge and goal.fraction >= start.fraction:
            options.append((goal.fraction - start.fraction) * ahead)
    if math.isfinite(back):
        options.append(times[int(graph.edge_to[edge])] + (1 - goal.fraction) * back)
        if start.edge == edge and goal.fraction <= start.fraction:
            options.append((start.fraction - goal.fraction) * back)
    return min(options)


def place_near(router: CsrRouter, point: LonLat) -> Snapped | None:
    """None where no road is within reach."""
    graph = router.graph
    snapper = Snapper(
        Segments(graph), np.isfinite(graph.normal_forward_s), np.isfinite(graph.normal_backward_s)
    )
    return snapper.snap(Origin(*point))


def place_on(router: CsrRouter, point: LonLat) -> Snapped:
    place = place_near(router, point)
    assert place is not None
    return place


points = st.tuples(st.floats(0, 9), st.floats(0, 9)).map(lambda p: LonLat(p[0] / 1e3, p[1] / 1e3))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs(), places=st.lists(points, min_size=2, max_size=5))
def test_times_and_paths_are_those_of_a_plain_dijkstra(
    graph: RoadGraph, places: list[LonLat]
) -> None:
    router = CsrRouter(graph)
    assume(all(place_near(router, place) for place in places))
    target, origins = places[0], [Origin(*place) for place in places[1:]]

    to_target = router.etas_to(target, origins, Profile.NORMAL)
    out_again = router.etas_from(Origin(*target), places[1:], Profile.NORMAL)

    goal = place_on(router, target)
    for origin, there, back in zip(origins, to_target, out_again, strict=True):
        start = place_on(router, LonLat(origin.lon, origin.lat))
        path = router.path(origin, target, "normal")
        assert there is not None
        assert back is not None
        assert path is not None
        # Zero weights are floored at 0.01 s, so tiny differences are right.
        assert there == pytest.approx(plain_time(graph, start, goal), abs=0.05)
        assert back == pytest.approx(plain_time(graph, goal, start), abs=0.05)
        assert path.eta_s == pytest.approx(there, abs=0.05)
        assert path.cumulative_s[0] == 0
        assert path.cumulative_s[-1] == pytest.approx(path.eta_s, abs=0.05)
        assert all(a <= b + 1e-9 for a, b in pairwise(path.cumulative_s))
        assert len(path.points) == len(path.cumulative_s)


def crossroads() -> CsrRouter:
    r"""Nodes 0..3 in a square of 900 m; 0-1 is one-way east, the rest two-way."""
    square = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]
    graph = build_graph(
        [
            street([0, 1], square[:2], backward=0, name="South Street"),
            street([1, 2, 3, 0], [*square[1:], square[0]], name="The Long Way"),
        ]
    )
    assert graph is not None
    return CsrRouter(graph)


def test_two_places_on_one_street_are_joined_directly() -> None:
    west, east = (2 * DEGREE, 0.0), (7 * DEGREE, 0.0)

    (eta_s,) = crossroads().etas_to(LonLat(*east), [Origin(*west)], "normal")
    path = crossroads().path(Origin(*west), LonLat(*east), "normal")

    assert path is not None
    assert path.distance_m == pytest.approx(556, rel=0.01)
    assert eta_s == pytest.approx(55.6, rel=0.01)


def test_against_a_one_way_street_the_way_leads_around() -> None:
    west, east = (2 * DEGREE, 0.0), (7 * DEGREE, 0.0)

    path = crossroads().path(Origin(*east), LonLat(*west), "normal")

    assert path is not None
    assert path.distance_m == pytest.approx(3 * 1001 + 445, rel=0.01)
    names = [street.name_en for street in path.streets]
    assert names == ["South Street", "The Long Way", "South Street"]
    assert path.points[0] == pytest.approx(east)
    assert path.points[-1] == pytest.approx(west)


def test_standing_at_the_target_takes_no_time() -> None:
    path = crossroads().path(Origin(0.002, 0.0), LonLat(0.002, 0.0), "blue_light")

    assert path is not None
    assert path.eta_s == 0
    assert path.distance_m == 0
    assert len(path.points) >= 1


def test_a_target_far_from_every_road_is_refused_and_an_origin_there_is_none() -> None:
    router, here = crossroads(), LonLat(0.002, 0.0)

    with pytest.raises(OffRoad) as refused:
        router.etas_to(LonLat(1.0, 1.0), [Origin(*here)], "normal")
    times = router.etas_to(here, [Origin(1.0, 1.0), Origin(0.003, 0.0)], "normal")

    assert refused.value.distance_m > 1000
    assert times[0] is None
    assert times[1] is not None


def test_roads_that_cannot_be_left_are_not_part_of_the_graph() -> None:
    graph = build_graph(
        [
            street([0, 1, 2, 0], [(0, 0), (5, 0), (5, 5), (0, 0)]),
            street([2, 9], [(5, 5), (9, 9)], backward=0),
        ]
    )

    assert graph is not None
    assert graph.node_lon.max() < 9 * DEGREE


def test_a_bollard_ends_the_road_on_both_sides() -> None:
    ring = street([0, 1, 2, 3, 0], [(0, 0), (5, 0), (5, 5), (0, 5), (0, 0)])
    open_ring, closed = build_graph([ring]), build_graph([ring], frozenset({2}))

    assert open_ring is not None
    assert closed is not None
    east, north = LonLat(0.005, 0.004), LonLat(0.004, 0.005)
    short = CsrRouter(open_ring).path(Origin(*east), north, "normal")
    long = CsrRouter(closed).path(Origin(*east), north, "normal")
    assert short is not None
    assert long is not None
    assert long.distance_m > 5 * short.distance_m


def test_a_graph_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    graph, file = crossroads().graph, tmp_path / "graph.npz"

    graph.save(file)
    again = RoadGraph.load(file)

    assert again.node_count == graph.node_count
    assert (again.shape_lon == graph.shape_lon).all()
    assert again.names_en.tolist() == graph.names_en.tolist()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs(), places=st.lists(points, min_size=3, max_size=9))
def test_a_place_is_matched_the_same_alone_among_others_and_after_all_were_forgotten(
    graph: RoadGraph, places: list[LonLat]
) -> None:
    snapper = CsrRouter(graph).lanes[Profile.NORMAL].snapper
    origins = [Origin(*place) for place in (*places, places[0])]
    alone = [snapper.snap(origin) for origin in origins]

    with patch("dispatch.city.roads.snap.MOST_KEPT", len(origins)):
        together = CsrRouter(graph).lanes[Profile.NORMAL].snapper
        first = together.places(origins).each()
        moved = together.places([Origin(9e-3, 9e-3), *origins[1:]]).each()
        again = together.places(origins).each()

    assert first == again == alone
    assert moved[1:] == alone[1:]
