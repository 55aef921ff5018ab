"""Small, fast reads of osmium objects. No Django here.

osmium makes a Python object per tag and per node reference; these functions keep
that to what is needed, which halves the time of an import.
"""

import binascii
from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Protocol, cast

import numpy as np
import osmium
from numpy.typing import NDArray

_WKB = osmium.geom.WKBFactory()
# Byte order, type and count stand before the coordinates of a line.
_WKB_HEAD = 9
# The same for a multipolygon, its first polygon and that one's first ring.
_RING_HEAD = 9 + 9 + 4


class Tags(Protocol):
    """What a rule may ask of the tags of an object: osmium's own list or a dict."""

    def get(self, key: str, default: str, /) -> str: ...

    def __contains__(self, key: str, /) -> bool: ...


def tags_of(thing: osmium.osm.Node | osmium.osm.Way | osmium.osm.Area) -> Tags:
    """The tags, read one by one as they are asked for."""
    return cast("Tags", thing.tags)


def line_of(way: osmium.osm.Way) -> tuple[list[int], NDArray[np.float64]]:
    """Node ids and (n, 2) longitudes and latitudes; nodes missing from the file are left out."""
    refs = [node.ref for node in way.nodes]
    try:
        wkb = binascii.unhexlify(_WKB.create_linestring(way, osmium.geom.use_nodes.ALL))
    except (RuntimeError, osmium.InvalidLocationError):
        # Extracts cut at a border refer to nodes outside; a line of one node is no line.
        known = [node for node in way.nodes if node.location.valid()]
        points = np.array([(node.lon, node.lat) for node in known]).reshape(-1, 2)
        return [node.ref for node in known], points
    return refs, np.frombuffer(wkb, dtype="<f8", offset=_WKB_HEAD).reshape(-1, 2)


def middle_of(area: osmium.osm.Area) -> tuple[float, float]:
    """The mean of the outer ring's points: near enough for a name or an address."""
    wkb = binascii.unhexlify(_WKB.create_multipolygon(area))
    count = int.from_bytes(wkb[_RING_HEAD - 4 : _RING_HEAD], "little")
    ring = np.frombuffer(wkb, dtype="<f8", count=2 * count, offset=_RING_HEAD).reshape(-1, 2)
    lon, lat = ring[:-1].mean(axis=0).tolist()
    return lon, lat


def in_file_order(
    file: FilePath, keys: Sequence[str]
) -> Iterator[osmium.osm.Node | osmium.osm.Way | osmium.osm.Area]:
    """Nodes, ways and closed areas that carry one of the keys.

    A closed way comes twice, as a way and as an area; multipolygons come as areas. Areas
    without an outline are left out: real extracts have some, cut at the border or crossing
    themselves. Objects are only valid until the next one is read.
    """
    things = (
        osmium.FileProcessor(str(file)).with_areas().with_filter(osmium.filter.KeyFilter(*keys))
    )
    for thing in things:
        if isinstance(thing, osmium.osm.Area):
            outer, _inner = thing.num_rings()
            if outer:
                yield thing
        elif isinstance(thing, (osmium.osm.Node, osmium.osm.Way)):
            yield thing
