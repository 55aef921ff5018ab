"""What the rest of the platform asks the city."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from dispatch.city.models import City, Closure, PlaceKind
from dispatch.city.places.queries import (
    Place,
    nearest_address,
    nearest_name,
    search_places,
    within,
)
from dispatch.city.roads.router import LonLat, Router
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


def router() -> Router | None:
    """The current city's router with the roads that are closed now; None without a city.

    The graph is loaded once per process and version, a set of closures laid over it once.
    """
    folder = current_folder()
    if folder is None:
        return None
    shut = Closure.objects.filter(reopened_at__isnull=True).values_list("lon", "lat")
    points = tuple(LonLat(*point) for point in shut.order_by("lon", "lat"))
    return _with_closures(folder.graph, points) if points else _loaded(folder.graph)


def street_at(point: LonLat) -> tuple[str, str] | None:
    """English and Chinese name of the street at the point; None off the roads or unnamed."""
    roads = _roads()
    return roads.street_at(point, within_m=ON_STREET_M) if roads else None


def main_roads() -> list[Main]:
    """The lines of the current city's main roads; empty without a city."""
    folder = current_folder()
    return _mains(folder.graph) if folder else []


def nearest_place(point: LonLat) -> Place | None:
    """What is at the point: an address, else the street it lies on, else the nearest name."""
    return nearest_address(point) or _on_street(point) or nearest_name(point)


def _roads() -> CsrRouter | None:
    folder = current_folder()
    return _loaded(folder.graph) if folder else None


@lru_cache(maxsize=1)
def _loaded(graph: Path) -> CsrRouter:
    # scipy costs a second of every process; only those that ask for a way pay it.
    from dispatch.city.roads.csr import CsrRouter  # noqa: PLC0415

    return CsrRouter.load(graph)


@lru_cache(maxsize=1)
def _mains(graph: Path) -> list[Main]:
    from dispatch.city.roads.mains import mains_of  # noqa: PLC0415

    return mains_of(_loaded(graph).graph)


@lru_cache(maxsize=2)
def _with_closures(graph: Path, points: tuple[LonLat, ...]) -> CsrRouter:
    return _loaded(graph).closed_at(points)


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
