"""What the rest of the platform asks the city."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from dispatch.city.models import City, Closure, PlaceKind, SpeedTable
from dispatch.city.places.queries import (
    Place,
    nearest_address,
    nearest_name,
    search_places,
    within,
)
from dispatch.city.roads.router import LonLat, Profile, Router
from dispatch.city.rules import Cell, by_key, hour_factors
from dispatch.city.store import CityFolder, folder_of

if TYPE_CHECKING:
    from dispatch.city.roads.csr import CsrRouter
    from dispatch.city.roads.mains import Main

__all__ = [
    "Place",
    "current_city",
    "current_folder",
    "main_roads",
    "nearest_place",
    "roads_now",
    "router",
    "search_places",
    "street_at",
]
ON_STREET_M = 120.0


def current_city() -> City | None:
    return City.objects.filter(current=True).first()


def current_folder() -> CityFolder | None:
    """The files of the current city; None before the first import."""
    city = current_city()
    return folder_of(settings.STATE_DIR, city.version) if city else None


@dataclass(frozen=True, slots=True)
class RoadsNow:
    """The current city, its router as the roads are now, and the table of learnt speeds in it."""

    city: City
    router: Router
    speeds: str


def router() -> Router | None:
    """The current city's router with the roads that are closed now; None without a city."""
    now = roads_now()
    return now.router if now else None


def roads_now() -> RoadsNow | None:
    """The roads as they are now; None without a city.

    The graph is loaded once per process and version; learnt speeds are laid over it once an
    hour, a set of closures once.
    """
    city = current_city()
    if city is None:
        return None
    graph = folder_of(settings.STATE_DIR, city.version).graph
    shut = Closure.objects.filter(reopened_at__isnull=True).values_list("lon", "lat")
    points = tuple(LonLat(*point) for point in shut.order_by("lon", "lat"))
    here, tables = timezone.localtime(), tables_in_force(city.version)
    found = _now(graph, points, tables, here.weekday(), here.hour)
    return RoadsNow(city, found, _blue_light(tables))


def tables_in_force(city_version: str) -> tuple[SpeedTable, ...]:
    """The speed tables that count: the newest of each profile, none before the first."""
    return tuple(
        SpeedTable.objects.filter(city_version=city_version, in_force=True)
        .order_by("profile", "-learnt_at")
        .distinct("profile")
    )


def speeds_in_force() -> str:
    """The version of the table behind blue-light estimates; empty without one."""
    city = current_city()
    tables = tables_in_force(city.version) if city else ()
    return _blue_light(tables)


def _blue_light(tables: Sequence[SpeedTable]) -> str:
    return next((one.version for one in tables if one.profile == Profile.BLUE_LIGHT), "")


def street_at(point: LonLat) -> tuple[str, str] | None:
    """English and Chinese name of the street at the point; None off the roads or unnamed."""
    roads = plain_roads()
    return roads.street_at(point, within_m=ON_STREET_M) if roads else None


def main_roads() -> list[Main]:
    """The lines of the current city's main roads; empty without a city."""
    folder = current_folder()
    return _mains(folder.graph) if folder else []


def nearest_place(point: LonLat) -> Place | None:
    """What is at the point: an address, else the street it lies on, else the nearest name."""
    return nearest_address(point) or _on_street(point) or nearest_name(point)


def plain_roads() -> CsrRouter | None:
    """The current city's roads at free flow and without closures, to learn against."""
    folder = current_folder()
    return _loaded(folder.graph) if folder else None


@lru_cache(maxsize=1)
def _loaded(graph: Path) -> CsrRouter:
    # scipy and shapely cost a second of every process; only those that ask for a way pay it.
    from dispatch.city.roads.csr import CsrRouter  # noqa: PLC0415

    roads = CsrRouter.load(graph)
    # It stays as long as the process: to look through it for garbage again and again costs more
    # than a decision does.
    gc.freeze()
    return roads


@lru_cache(maxsize=1)
def _mains(graph: Path) -> list[Main]:
    from dispatch.city.roads.mains import mains_of  # noqa: PLC0415

    return mains_of(_loaded(graph).graph)


@lru_cache(maxsize=2)
def _now(
    graph: Path,
    points: tuple[LonLat, ...],
    tables: tuple[SpeedTable, ...],
    weekday: int,
    hour: int,
) -> CsrRouter:
    roads = _loaded(graph)
    if tables:
        roads = roads.at_speeds(
            {Profile(one.profile): class_factors(one, weekday, hour) for one in tables}
        )
    return roads.closed_at(points) if points else roads


def class_factors(table: SpeedTable, weekday: int, hour: int) -> dict[str, float]:
    """Road class → what its free-flow times are multiplied by in this hour."""
    return hour_factors(by_key(cells_of(table)), weekday, hour, leg_factor=table.leg_factor)


def cells_of(table: SpeedTable) -> list[Cell]:
    names = [field.name for field in fields(Cell)]
    return [Cell(*row) for row in table.rows.order_by("pk").values_list(*names)]


def _on_street(point: LonLat) -> Place | None:
    street = street_at(point)
    if street is None:
        return None
    english, chinese = street
    label = f"{point.lat:.5f},{point.lon:.5f}"
    place = Place(label, english, chinese or english, PlaceKind.STREET, point.lat, point.lon)
    district_en, district_zh = within(point)
    in_chinese = (get_language() or "en").startswith("zh")
    return replace(place, detail=(district_zh if in_chinese else district_en) or district_en)
