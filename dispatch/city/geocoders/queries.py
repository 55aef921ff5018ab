"""The search beyond the local index, with the local index to fall back on."""

import logging
from dataclasses import dataclass

from dispatch.city.geocoders.online import Choice, Silent, ask
from dispatch.city.models import City
from dispatch.city.places.queries import Place, search_places
from dispatch.city.places.rules import Bounds
from dispatch.city.roads.router import LonLat

log = logging.getLogger(__name__)
_WORLD = Bounds(-180, -90, 180, 90)


@dataclass(frozen=True, slots=True)
class Found:
    """`source` is the provider's name, or "local" when it was not asked or did not answer."""

    source: str
    places: list[Place]
    silent: bool = False


def search_online(text: str, *, choice: Choice | None, near: LonLat | None = None) -> Found:
    """What the chosen geocoder knows; without one, or when it is silent, what we know."""
    wanted = text.strip()[:200]
    if choice is None or not wanted:
        return Found("local", search_places(text, near=near))
    city = City.objects.filter(current=True).first()
    within = Bounds(city.west, city.south, city.east, city.north) if city else _WORLD
    try:
        return Found(choice.name, ask(choice, wanted, within=within))
    except Silent as silent:
        log.warning("geocoder silent: %s", silent)  # never the text: it may be somebody's home
        return Found("local", search_places(text, near=near), silent=True)
