"""Reads the drivable ways of an OpenStreetMap file."""

from collections.abc import Callable
from pathlib import Path as FilePath

import osmium

from dispatch.city.osm import line_of, tags_of
from dispatch.city.roads.network import RoadWay
from dispatch.city.roads.speeds import blocks_vehicles, road_traits


def read_ways(
    file: FilePath, progress: Callable[[int], None] = lambda _: None
) -> tuple[list[RoadWay], frozenset[int]]:
    """All ways a vehicle may use and the nodes that block it. `progress` gets the count.

    Raises RuntimeError or OSError as osmium does when the file is damaged.
    """
    ways: list[RoadWay] = []
    blocked: set[int] = set()
    objects = (
        osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("highway", "barrier"))
    )
    for thing in objects:
        if isinstance(thing, osmium.osm.Way):
            traits = road_traits(tags_of(thing))
            if traits is None:
                continue
            nodes, points = line_of(thing)
            if len(nodes) >= 2:
                ways.append(RoadWay(nodes, points, traits))
                if len(ways) % 2000 == 0:
                    progress(len(ways))
        elif isinstance(thing, osmium.osm.Node) and blocks_vehicles(tags_of(thing)):
            blocked.add(thing.id)
    progress(len(ways))
    return ways, frozenset(blocked)
