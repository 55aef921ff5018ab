"""What of a map extract is drawn, in which layer and from which zoom. Tags in, features out.

Our own small schema, so that the map owes credit to nobody but the source of the data.
No geometry and no file is known here. Which words fit which kind: see `kinds`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.city.basemap.kinds import GROUNDS, NAMELESS, PLACES, POIS, RAILS, RIVERS, ROADS

Tags = Mapping[str, str]
Property = str | int
MIN_ZOOM, MAX_ZOOM = 8, 15

WATER, WATERWAY, GROUND, BUILDING = "water", "waterway", "ground", "building"
ROAD, RAIL, PLACE, POI, NUMBER = "road", "rail", "place", "poi", "number"
LAYERS = (WATER, WATERWAY, GROUND, BUILDING, ROAD, RAIL, PLACE, POI, NUMBER)
# An object without any of these is never looked at; sorting them out is done in C++.
KEYS = (
    "addr:housenumber", "aeroway", "amenity", "building", "emergency", "healthcare", "highway",
    "historic", "landuse", "leisure", "man_made", "natural", "office", "place", "railway",
    "shop", "tourism", "waterway",
)  # fmt: skip
_NO = {"", "no"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One feature of one layer, without its geometry."""

    layer: str
    minzoom: int
    properties: dict[str, Property] = field(default_factory=dict)


def names(tags: Tags) -> dict[str, Property]:
    """The local name, and the English and Chinese ones where they differ from it."""
    local = tags.get("name", "")
    chinese = tags.get("name:zh-Hans", "") or tags.get("name:zh", "")
    found: dict[str, Property] = {"name": local} if local else {}
    others = {"name_en": tags.get("name:en", ""), "name_zh": chinese}
    return found | {key: name for key, name in others.items() if name not in {"", local}}


def road(tags: Tags) -> Drawn | None:
    highway = tags.get("highway", "")
    known = ROADS.get(highway.removesuffix("_link"))
    if known is None or tags.get("area", "") == "yes" or tags.get("indoor", "") == "yes":
        return None
    kind, minzoom = known
    if tags.get("footway", "") in {"sidewalk", "crossing"}:
        kind, minzoom = "sidewalk", MAX_ZOOM
    properties: dict[str, Property] = {"kind": kind, **names(tags), **_structure(tags)}
    if highway.endswith("_link"):
        properties["link"] = 1
        minzoom = max(minzoom, 11)
    if kind == "service" and tags.get("service", "") in {"parking_aisle", "driveway"}:
        minzoom = 14
    one_way = tags.get("oneway", "")
    if one_way in {"yes", "1", "true", "-1"} or tags.get("junction", "") == "roundabout":
        properties["oneway"] = -1 if one_way == "-1" else 1
    if ref := tags.get("ref", ""):
        properties["ref"] = ref.split(";")[0]
    return Drawn(ROAD, minzoom, properties)


def other_line(tags: Tags) -> Drawn | None:
    """Rivers, the coast, railways, runways."""
    if tags.get("natural", "") == "coastline":
        return Drawn(WATERWAY, 8, {"kind": "coast"})
    if (minzoom := RIVERS.get(tags.get("waterway", ""))) is not None:
        shown = {"kind": tags["waterway"], **names(tags), **_structure(tags)}
        return Drawn(WATERWAY, minzoom, shown)
    if (rail := RAILS.get(tags.get("railway", ""))) is not None:
        kind, minzoom = rail
        minzoom = max(minzoom, 13) if "service" in tags else minzoom
        return Drawn(RAIL, minzoom, {"kind": kind, **names(tags), **_structure(tags)})
    if tags.get("aeroway", "") in {"runway", "taxiway"}:
        return Drawn(ROAD, 11, {"kind": tags["aeroway"]})
    return None


def surface(tags: Tags) -> Drawn | None:
    """What an area is drawn as: a building, water or ground."""
    if tags.get("building", "") not in _NO:
        return Drawn(BUILDING, 14 if tags["building"] != "roof" else 15)
    if tags.get("natural", "") == "water" or tags.get("waterway", "") in {"riverbank", "dock"}:
        return Drawn(WATER, 8, {"kind": tags.get("water", "") or "water"})
    if tags.get("landuse", "") in {"reservoir", "basin"} or tags.get("leisure", "") == "marina":
        return Drawn(WATER, 11, {"kind": "basin"})
    for key, kinds in GROUNDS.items():
        if (known := kinds.get(tags.get(key, ""))) is not None:
            return Drawn(GROUND, known[1], {"kind": known[0]})
    if tags.get("highway", "") in {"pedestrian", "footway"} and tags.get("area", "") == "yes":
        return Drawn(GROUND, 14, {"kind": "square"})
    return None


def labels(tags: Tags) -> list[Drawn]:
    """What is written at a point, or in the middle of an area."""
    return [drawn for drawn in (_poi(tags), _place(tags), _number(tags)) if drawn is not None]


def _place(tags: Tags) -> Drawn | None:
    kind = tags.get("place", "")
    minzoom = PLACES.get(kind)
    if minzoom is None or "name" not in tags:
        return None
    return Drawn(PLACE, minzoom, {"kind": kind, "rank": minzoom, **names(tags)})


def _poi(tags: Tags) -> Drawn | None:
    for key, kinds in POIS:
        value = tags.get(key, "")
        known = kinds.get(value) or (kinds.get("*") if value not in _NO else None)
        if known is None:
            continue
        kind, minzoom = known
        named = names(tags)
        if kind == "exit":
            named = {"name": tags["ref"]} if "ref" in tags else {}
        if named or kind in NAMELESS:
            return Drawn(POI, minzoom, {"kind": kind, "rank": minzoom, **named})
    return None


def _number(tags: Tags) -> Drawn | None:
    text = tags.get("addr:housenumber", "")
    return Drawn(NUMBER, MAX_ZOOM, {"number": text[:20]}) if text else None


def _structure(tags: Tags) -> dict[str, Property]:
    """Bridge or tunnel, and what lies above what."""
    found: dict[str, Property] = {}
    if tags.get("tunnel", "") not in _NO:
        found["structure"] = "tunnel"
    elif tags.get("bridge", "") not in _NO:
        found["structure"] = "bridge"
    layer = tags.get("layer", "")
    if layer.lstrip("-").isdecimal() and layer != "0":
        found["level"] = int(layer)
    return found
