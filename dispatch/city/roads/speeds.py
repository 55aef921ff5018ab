"""What a way allows and how fast: normal traffic and blue light, both directions.

Factors measured against a full engine on a real city (median ratio of times 1.00):
a posted limit is driven at 0.85, on roads slower than 60 km/h at 0.77.
"""

import re
from dataclasses import dataclass

from dispatch.city.osm import Tags

# Free-flow km/h where no limit is tagged. Order is rank: the index is stored in the graph.
CLASS_KMH: dict[str, float] = {
    "motorway": 105,
    "trunk": 80,
    "primary": 62,
    "secondary": 52,
    "tertiary": 45,
    "unclassified": 38,
    "residential": 29,
    "living_street": 12,
    "service": 14,
    "busway": 40,
    "pedestrian": 0,
}
CLASSES = tuple(CLASS_KMH)
LINK_FACTOR = 0.65
# How much faster blue light is than traffic; small where width and children set the speed.
BLUE_FACTOR: dict[str, float] = {
    "motorway": 1.15,
    "trunk": 1.25,
    "primary": 1.35,
    "secondary": 1.35,
    "tertiary": 1.3,
    "unclassified": 1.2,
    "residential": 1.2,
    "living_street": 1.5,
    "service": 1.2,
    "busway": 1.2,
}
CONTRAFLOW_KMH = 20.0
PEDESTRIAN_BLUE_KMH = 15.0
BLUE_TOP_KMH = 130.0
# What keeps traffic out. Blue light still passes where only a sign or a gatekeeper does.
CLOSED = frozenset({"no", "private", "agricultural", "forestry", "military"})
BLOCKING_BARRIERS = frozenset(
    {
        "bollard",
        "block",
        "jersey_barrier",
        "cycle_barrier",
        "chain",
        "log",
        "wall",
        "fence",
        "debris",
    }
)


@dataclass(frozen=True, slots=True)
class RoadTraits:
    """Speeds in km/h along and against the drawn direction; 0 means not allowed."""

    road_class: str
    normal_forward_kmh: float
    normal_backward_kmh: float
    blue_forward_kmh: float
    blue_backward_kmh: float
    name_en: str = ""
    name_zh: str = ""


def road_traits(tags: Tags) -> RoadTraits | None:
    """Judge one OpenStreetMap way; None when no vehicle may ever use it."""
    highway = tags.get("highway", "")
    link = highway.endswith("_link")
    road_class = {"road": "unclassified", "bus_guideway": "busway"}.get(
        highway.removesuffix("_link"), highway.removesuffix("_link")
    )
    if road_class not in CLASS_KMH or tags.get("area", "") == "yes":
        return None
    access = _access(tags)
    bus_only = road_class == "busway" or (access in CLOSED and _for_buses(tags))
    normal = 0.0 if bus_only or access in CLOSED else _normal_kmh(road_class, tags, link=link)
    blue = _blue_kmh(road_class, tags, link=link)
    if not (bus_only or _open_to_blue_light(tags)):
        blue = 0.0
    if normal == 0.0 and blue == 0.0:
        return None
    forward, backward = _directions(highway, tags)
    contraflow = 0.0 if road_class == "motorway" or _roundabout(tags) else min(CONTRAFLOW_KMH, blue)
    name_en, name_zh = both_names(tags)
    return RoadTraits(
        road_class=road_class,
        normal_forward_kmh=normal if forward else 0.0,
        normal_backward_kmh=normal if backward else 0.0,
        blue_forward_kmh=blue if forward else contraflow,
        blue_backward_kmh=blue if backward else contraflow,
        name_en=name_en,
        name_zh=name_zh,
    )


def blocks_vehicles(tags: Tags) -> bool:
    """Whether a node on the way stops every vehicle (a gate does not stop an ambulance)."""
    return tags.get("barrier", "") in BLOCKING_BARRIERS and tags.get("motor_vehicle", "") != "yes"


def both_names(tags: Tags) -> tuple[str, str]:
    """The English and the Chinese name; a lone local name stands in for the missing one."""
    local = tags.get("name", "")
    chinese = tags.get("name:zh", "") or tags.get("name:zh-Hans", "")
    english = tags.get("name:en", "")
    if not chinese and has_chinese(local):
        chinese = local
    return english or local or chinese, chinese


def has_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def limit_kmh(text: str) -> float | None:
    """Read a maxspeed tag: "50", "30 mph", "CN:urban"; None when it gives no number."""
    found = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph|knots)?", text)
    if not found:
        return None
    value = float(found[1]) * {"mph": 1.609344, "knots": 1.852}.get(found[2] or "", 1.0)
    return value if 3 <= value <= 160 else None


def _access(tags: Tags) -> str:
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags.get(key, "yes")
    return "yes"


def _for_buses(tags: Tags) -> bool:
    return any(tags.get(key, "") in {"yes", "designated"} for key in ("bus", "psv"))


def _open_to_blue_light(tags: Tags) -> bool:
    """Signs do not stop it; what is closed to everybody (works, barracks) does."""
    if "emergency" in tags:
        return tags.get("emergency", "") != "no"
    return tags.get("access", "yes") not in {"no", "military", "agricultural", "forestry"}


def _normal_kmh(road_class: str, tags: Tags, *, link: bool) -> float:
    limit = limit_kmh(tags.get("maxspeed", ""))
    if limit is None or road_class in {"service", "living_street", "pedestrian"}:
        return CLASS_KMH[road_class] * (LINK_FACTOR if link else 1.0)
    return limit * (0.85 if limit >= 60 else 0.77)


def _blue_kmh(road_class: str, tags: Tags, *, link: bool) -> float:
    if road_class == "pedestrian":
        return PEDESTRIAN_BLUE_KMH
    return min(BLUE_TOP_KMH, _normal_kmh(road_class, tags, link=link) * BLUE_FACTOR[road_class])


def _roundabout(tags: Tags) -> bool:
    return tags.get("junction", "") in {"roundabout", "circular"}


def _directions(highway: str, tags: Tags) -> tuple[bool, bool]:
    """Whether traffic may drive along and against the drawn direction."""
    oneway = tags.get("oneway:motor_vehicle", "") or tags.get("oneway", "")
    if oneway in {"yes", "true", "1"}:
        return True, False
    if oneway in {"-1", "reverse"}:
        return False, True
    if oneway in {"no", "false", "0"}:
        return True, True
    return True, not (highway in {"motorway", "motorway_link"} or _roundabout(tags))
