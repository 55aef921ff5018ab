"""Reads a map extract once and writes one file of line-delimited GeoJSON per layer."""

from contextlib import ExitStack
from pathlib import Path
from typing import IO

import msgspec
import osmium
from osmium.filter import KeyFilter

from dispatch.city.basemap import layers
from dispatch.city.basemap.geometry import Point, label_point, size_m2
from dispatch.city.basemap.layers import Drawn

_GEOJSON = osmium.geom.GeoJSONFactory()
# Square metres from which a shape is worth a place at a smaller scale.
_VISIBLE_M2 = ((400_000, 8), (100_000, 10), (25_000, 12), (4_000, 13))


class _Files:
    """One open file per layer."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._open: dict[str, IO[bytes]] = {
            name: stack.enter_context((folder / f"{name}.geojsonl").open("wb"))
            for name in layers.LAYERS
        }

    def write(self, drawn: Drawn, geometry: str, *, minzoom: int = 0) -> None:
        self._open[drawn.layer].write(
            b'{"type":"Feature","tippecanoe":{"minzoom":%d},"properties":%b,"geometry":%b}\n'
            % (
                max(drawn.minzoom, minzoom),
                msgspec.json.encode(drawn.properties),
                geometry.encode(),
            )
        )


def write_layers(extract: Path, folder: Path) -> None:
    """Fill `folder` with `<layer>.geojsonl`; files of layers without features stay empty."""
    objects = osmium.FileProcessor(str(extract)).with_areas().with_filter(KeyFilter(*layers.KEYS))
    with ExitStack() as stack:
        files = _Files(folder, stack)
        for entity in objects:
            if isinstance(entity, osmium.osm.Node):
                _node(entity, files)
            elif isinstance(entity, osmium.osm.Way):
                _way(entity, files)
            elif isinstance(entity, osmium.osm.Area):
                _area(entity, files)


def _node(node: osmium.osm.Node, files: _Files) -> None:
    for drawn in layers.labels(dict(node.tags)):
        files.write(drawn, _GEOJSON.create_point(node))


def _way(way: osmium.osm.Way, files: _Files) -> None:
    if "building" in way.tags:
        return  # half of all ways, drawn as areas
    tags = dict(way.tags)
    drawn = layers.road(tags) or layers.other_line(tags)
    if drawn is None:
        return
    try:
        files.write(drawn, _GEOJSON.create_linestring(way))
    except (RuntimeError, osmium.InvalidLocationError):
        # Cut at the border: draw the nodes that the extract still has.
        known = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if len(known) > 1:
            files.write(drawn, _geometry("LineString", known))


def _area(area: osmium.osm.Area, files: _Files) -> None:
    tags = dict(area.tags)
    surface, labels = layers.surface(tags), layers.labels(tags)
    if surface is None and not labels:
        return
    outlines = [[(node.lon, node.lat) for node in ring] for ring in area.outer_rings()]
    outline = max(outlines, key=len, default=[])
    if len(outline) < 4:
        return  # osmium could not close its rings
    size = sum(size_m2(ring) for ring in outlines)
    if surface is not None:
        small = 0 if surface.layer == layers.BUILDING else _visible_from(size)
        files.write(surface, _GEOJSON.create_multipolygon(area), minzoom=small)
    for drawn in labels:
        # A pond's name does not stand beside a lake's.
        wide = drawn.properties.get("kind") in {"park", "water"}
        minzoom = min(layers.MAX_ZOOM, _visible_from(size / 4) + 1) if wide else 0
        files.write(drawn, _geometry("Point", label_point(outline)), minzoom=minzoom)


def _visible_from(size: float) -> int:
    return next((zoom for least, zoom in _VISIBLE_M2 if size >= least), 14)


def _geometry(kind: str, coordinates: list[Point] | Point) -> str:
    return msgspec.json.encode({"type": kind, "coordinates": coordinates}).decode()
