"""The main roads of a graph as plain lines: enough to find one's way where no tiles are drawn."""

from typing import TypedDict

from dispatch.city.roads.network import RoadGraph
from dispatch.city.roads.speeds import CLASSES

# As many edges as a canvas draws in a few milliseconds.
MOST_EDGES = 6000
# Metres do not matter on a picture of a whole city.
DECIMALS = 5


class Main(TypedDict):
    """`line` is [[lon, lat], …]; `rank` 0 for the widest class of road."""

    line: list[list[float]]
    rank: int
    name_en: str
    name_zh: str


def mains_of(graph: RoadGraph) -> list[Main]:
    """Class by class from the widest, as long as they fit; the widest one in any case."""
    ranks = graph.edge_class
    present = [rank for rank in range(len(CLASSES)) if (ranks == rank).any()]
    chosen: list[int] = []
    count = 0
    for rank in present:
        count += int((ranks == rank).sum())
        if chosen and count > MOST_EDGES:
            break
        chosen.append(rank)
    edges = [edge for edge in range(graph.edge_count) if int(ranks[edge]) in chosen][:MOST_EDGES]
    return [_main(graph, edge) for edge in edges]


def _main(graph: RoadGraph, edge: int) -> Main:
    shape = slice(int(graph.shape_start[edge]), int(graph.shape_start[edge + 1]))
    lons, lats = graph.shape_lon[shape].tolist(), graph.shape_lat[shape].tolist()
    name = int(graph.edge_name[edge])
    return {
        "line": [
            [round(lon, DECIMALS), round(lat, DECIMALS)]
            for lon, lat in zip(lons, lats, strict=True)
        ],
        "rank": int(graph.edge_class[edge]),
        "name_en": str(graph.names_en[name]),
        "name_zh": str(graph.names_zh[name]),
    }
