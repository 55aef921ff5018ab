"""What on a map can stand in for the tables: hospitals, ambulance stations, fire stations."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import cos, hypot, radians

from dispatch.city.osm import Tags

KM_PER_DEGREE = 111.195
# A node and an outline of the same name so near each other are one place.
ONE_PLACE_KM = 0.3


class Care(StrEnum):
    HOSPITAL = "hospital"
    AMBULANCE_STATION = "ambulance_station"
    FIRE_STATION = "fire_station"


@dataclass(frozen=True, slots=True)
class CareSite:
    """One of them as drawn; the names may be empty. `emergency` is False where the map says no."""

    care: Care
    name_en: str
    name_zh: str
    lon: float
    lat: float
    emergency: bool = True


def care_of(tags: Tags) -> Care | None:
    if tags.get("emergency", "") == "ambulance_station":
        return Care.AMBULANCE_STATION
    found = tags.get("amenity", "")
    return Care(found) if found in {Care.HOSPITAL, Care.FIRE_STATION} else None


def each_once(sites: Iterable[CareSite]) -> list[CareSite]:
    """In an order that does not depend on the file's; named ones first."""
    kept: list[CareSite] = []
    for site in sorted(sites, key=lambda one: (not one.name_en, one.name_en, one.lon, one.lat)):
        if not any(_same(site, other) for other in kept):
            kept.append(site)
    return kept


def _same(site: CareSite, other: CareSite) -> bool:
    if site.care != other.care or site.name_en not in {"", other.name_en}:
        return False
    east = (site.lon - other.lon) * cos(radians(site.lat))
    return hypot(east, site.lat - other.lat) * KM_PER_DEGREE < ONE_PLACE_KM
