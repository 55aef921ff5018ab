"""The same question put to another engine, networkx, on the same roads and speeds.

It knows no closures, no headings and no places on edges: from crossing to crossing only. Where
ours is asked from crossing to crossing too, both must agree.
"""

from __future__ import annotations

import time

import networkx
import numpy as np

from dispatch.city.roads.csr import CsrRouter
from dispatch.city.roads.network import RoadGraph
from dispatch.city.roads.router import LonLat, Origin, Profile

QUESTIONS = 5
COMPARED = 60
# Half of the compared times lie within so much of each other, or something is wrong.
AGREE = 0.03


def asked(graph: RoadGraph, units: int) -> dict[str, object]:
    """CPU time of one scene's times for all units, and how far both engines lie apart.

    Raises SystemExit when they do not agree.
    """
    roads = reverse_of(graph)
    chance = np.random.default_rng(2)
    taken = []
    ratios: list[float] = []
    router = CsrRouter(graph)
    for _question in range(QUESTIONS):
        scene = int(chance.integers(0, graph.node_count))
        standing = chance.integers(0, graph.node_count, units)
        began = time.process_time()
        times = networkx.single_source_dijkstra_path_length(roads, scene)
        found = [times.get(int(node)) for node in standing]
        taken.append((time.process_time() - began) * 1000)
        for node, eta_s in list(zip(standing, found, strict=True))[: COMPARED // QUESTIONS]:
            ours = router.path(
                Origin(*place(graph, int(node))), place(graph, scene), Profile.BLUE_LIGHT
            )
            if ours and eta_s and eta_s > 60:
                ratios.append(ours.eta_s / eta_s)
    apart = float(np.median(np.abs(np.array(ratios) - 1)))
    if len(ratios) < COMPARED / 2 or apart > AGREE:
        raise SystemExit(f"networkx disagrees: {len(ratios)} compared, half by more than {apart}")
    return {
        "peer": f"networkx {networkx.__version__}",
        "peer_eta_ms_p95": round(float(np.percentile(taken, 95)), 1),
        "peer_ratio_p5_p50_p95": [round(float(np.percentile(ratios, q)), 3) for q in (5, 50, 95)],
    }


def reverse_of(graph: RoadGraph) -> networkx.DiGraph[int]:
    """The blue-light arcs turned round; of parallel ones the fastest."""
    roads: networkx.DiGraph[int] = networkx.DiGraph()
    ends = zip(graph.edge_from.tolist(), graph.edge_to.tolist(), strict=True)
    times = zip(graph.blue_forward_s.tolist(), graph.blue_backward_s.tolist(), strict=True)
    for (tail, head), (ahead, back) in zip(ends, times, strict=True):
        for start, end, seconds in ((head, tail, ahead), (tail, head, back)):
            known = roads.get_edge_data(start, end, {"weight": np.inf})["weight"]
            if seconds < known:
                roads.add_edge(start, end, weight=seconds)
    return roads


def place(graph: RoadGraph, node: int) -> LonLat:
    return LonLat(float(graph.node_lon[node]), float(graph.node_lat[node]))
