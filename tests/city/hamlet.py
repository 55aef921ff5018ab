"""A hamlet of six streets as a real map extract, small enough to import in a second or two."""

from collections.abc import Sequence
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

WEST, SOUTH, STEP = 10.0, 50.0, 0.004  # some 290 by 440 m
SIZE = 3
STREETS = (
    ("Mühlenweg", "Mill Lane", "磨坊路"),
    ("Hauptstraße", "Main Street", "大街"),
    ("Hafenstraße", "Harbour Road", "港口路"),
)
AVENUES = (
    ("Erste Allee", "First Avenue", "一大道"),
    ("Bahnallee", "Station Avenue", "车站大道"),
    ("Parkallee", "Park Avenue", "公园大道"),
)


def at(column: float, row: float) -> tuple[float, float]:
    """(lon, lat) of a crossing."""
    return WEST + column * STEP, SOUTH + row * STEP


Drawn = tuple[tuple[float, float], dict[str, str]]
CARE: tuple[Drawn, ...] = (
    (at(1.5, 1.1), {"amenity": "hospital", "name": "Hafenklinik",
                    "name:en": "Harbour Hospital", "name:zh": "港口医院"}),
    (at(0.2, 1.9), {"emergency": "ambulance_station", "name": "Wache 1"}),
)  # fmt: skip


def write_hamlet(
    file: Path,
    *,
    name: str = "Hamlet",
    care: Sequence[Drawn] = CARE,
    outline: Sequence[tuple[float, float]] = (),
) -> Path:
    """`care` is what hospitals and stations there are, `outline` that of one more house."""
    with osmium.SimpleWriter(str(file), overwrite=True) as writer:
        _nodes(writer, name, care)
        for index, place in enumerate(outline):
            writer.add_node(Node(id=300 + index, location=place))
        ways = [([1 + row * SIZE + c for c in range(SIZE)], STREETS[row]) for row in range(SIZE)]
        ways += [([1 + r * SIZE + c for r in range(SIZE)], AVENUES[c]) for c in range(SIZE)]
        for number, (nodes, (local, english, chinese)) in enumerate(ways, start=1):
            names = {"name": local, "name:en": english, "name:zh": chinese}
            writer.add_way(Way(id=number, nodes=nodes, tags={"highway": "residential", **names}))
        line = {"addr:interpolation": "even"}
        writer.add_way(Way(id=90, nodes=[110, 111], tags=line))
        if outline:
            ring = [300 + index for index in range(len(outline))]
            house = {"building": "yes", "name": "Crossed House", "addr:housenumber": "1",
                     "addr:street": "Mühlenweg"}  # fmt: skip
            writer.add_way(Way(id=91, nodes=[*ring, ring[0]], tags=house))
    return file


def _nodes(writer: osmium.SimpleWriter, name: str, care: Sequence[Drawn]) -> None:
    for row in range(SIZE):
        for column in range(SIZE):
            writer.add_node(Node(id=1 + row * SIZE + column, location=at(column, row)))
    tagged: list[tuple[int, tuple[float, float], dict[str, str]]] = [
        (100, at(1, 1), {"place": "village", "name": name, "name:en": name, "name:zh": "小村"}),
        (101, at(0.5, 0.1), {"addr:housenumber": "7", "addr:street": "Mühlenweg"}),
        (102, at(0.6, 0.1), {"addr:housenumber": "9a", "addr:street": "Mühlenweg"}),
        (110, at(0.1, 2.05), {"addr:housenumber": "2", "addr:street": "Hafenstraße"}),
        (111, at(0.9, 2.05), {"addr:housenumber": "10", "addr:street": "Hafenstraße"}),
    ]  # fmt: skip
    tagged += [(200 + index, *drawn) for index, drawn in enumerate(care)]
    for number, place, tags in tagged:
        writer.add_node(Node(id=number, location=place, tags=tags))
