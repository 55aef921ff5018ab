"""Writes the city as a map extract and its tables. The same seed gives the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way

from dispatch.city.demo.curves import Line
from dispatch.city.demo.plan import CENTRE_LAT, CENTRE_LON
from dispatch.city.roads.network import EARTH_RADIUS_M

_PER_DEGREE = float(np.radians(1.0)) * EARTH_RADIUS_M
_SCALE = np.array([_PER_DEGREE * float(np.cos(np.radians(CENTRE_LAT))), _PER_DEGREE])
Tags = dict[str, str]


def to_lonlat(points: Line) -> Line:
    degrees: Line = np.round(points / _SCALE + np.array([CENTRE_LON, CENTRE_LAT]), 7)
    return degrees


def bilingual(name_en: str, name_zh: str) -> Tags:
    return {"name": name_zh, "name:zh": name_zh, "name:en": name_en} if name_en else {}


class Extract:
    """Collects objects; nodes are written at once, ways and relations after them."""

    def __init__(self, file: Path) -> None:
        header = osmium.io.Header()
        header.set("generator", "onboard-demo-city")
        self._writer = osmium.SimpleWriter(str(file), header=header, overwrite=True)
        self._nodes = 0
        self._ways: list[tuple[list[int], Tags]] = []
        self._relations: list[tuple[list[tuple[str, int, str]], Tags]] = []

    def points(self, places: Line, tags: Tags | None = None) -> list[int]:
        first = self._nodes + 1
        for number, (lon, lat) in enumerate(to_lonlat(places).tolist(), start=first):
            self._writer.add_node(Node(id=number, location=(lon, lat), tags=tags))
        self._nodes += len(places)
        return list(range(first, self._nodes + 1))

    def way(self, nodes: list[int], tags: Tags) -> int:
        self._ways.append((nodes, tags))
        return len(self._ways)

    def area(self, outline: Line, tags: Tags) -> int:
        """A closed way; a repeated last point is dropped and closed by reference."""
        body = outline[:-1] if (outline[0] == outline[-1]).all() else outline
        nodes = self.points(body)
        return self.way([*nodes, nodes[0]], tags)

    def boxes(self, corners: Sequence[Line], tags: Iterable[Tags]) -> None:
        """Many four-cornered areas at once."""
        nodes = np.array(self.points(np.vstack(corners))).reshape(-1, 4)
        for box, words in zip(nodes.tolist(), tags, strict=True):
            self.way([*box, box[0]], words)

    def holed(self, outer: Line, inner: Iterable[Line], tags: Tags) -> None:
        members = [("w", self.area(outer, {}), "outer")]
        members += [("w", self.area(hole, {}), "inner") for hole in inner]
        self._relations.append((members, {"type": "multipolygon", **tags}))

    def close(self) -> None:
        for number, (nodes, tags) in enumerate(self._ways, start=1):
            self._writer.add_way(Way(id=number, nodes=nodes, tags=tags))
        for number, (members, tags) in enumerate(self._relations, start=1):
            self._writer.add_relation(Relation(id=number, members=members, tags=tags))
        self._writer.close()


def write_table(file: Path, columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
