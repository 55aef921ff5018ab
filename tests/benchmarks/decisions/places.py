"""What a dispatcher types, and whether the search finds it, and how fast."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from geopy.distance import great_circle

from dispatch.city.roads.router import LonLat

# So near to what was meant a suggestion counts as found.
FOUND_M = 150.0
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """One text, and where what it means lies."""

    kind: str
    text: str
    lat: float
    lon: float


def searched(questions: int, near: LonLat) -> dict[str, object]:
    """Wall time of each search as the console asks it, and the share that finds its place.

    Each kind is asked `questions` times: addresses, junctions, streets and landmarks, by their
    beginning, with one slip, and in Chinese where the map has Chinese names.
    """
    from dispatch.city.places.queries import search_places

    chance = random.Random(3)
    taken: list[float] = []
    found: dict[str, list[bool]] = {}
    search_places("warm", near=near)
    for one in typed(questions, chance):
        began = time.perf_counter()
        places = search_places(one.text, near=near)
        taken.append((time.perf_counter() - began) * 1000)
        there = (one.lat, one.lon)
        hit = any(great_circle(there, (place.lat, place.lon)).m <= FOUND_M for place in places)
        found.setdefault(one.kind, []).append(hit)
    taken.sort()
    return {
        "geocode_p95_ms": round(taken[int(0.95 * len(taken))], 1),
        "geocode_p50_ms": round(taken[len(taken) // 2], 1),
        "geocode_searches": len(taken),
        "geocode_found": {kind: round(sum(hits) / len(hits), 2) for kind, hits in found.items()},
    }


def typed(questions: int, chance: random.Random) -> Iterator[Typed]:
    from dispatch.city.models import HouseNumber, PlaceName

    names = PlaceName.objects.filter(city__current=True)
    numbers = HouseNumber.objects.filter(city__current=True).select_related("street")
    for door in numbers.order_by("?")[:questions]:
        yield Typed("address", f"{door.street.name_en} {door.number}", door.lat, door.lon)
    for row in names.filter(kind="junction").order_by("?")[:questions]:
        yield Typed("junction", row.name_en.replace(" / ", " & "), row.lat, row.lon)
    for kind in ("street", "place"):
        for row in names.filter(kind=kind).order_by("?")[:questions]:
            yield Typed(kind, row.name_en, row.lat, row.lon)
            start = row.name_en[: max(SHORTEST, len(row.name_en) * 2 // 3)]
            yield Typed(f"{kind} begun", start, row.lat, row.lon)
            if len(row.name_en) > SHORTEST:
                yield Typed(f"{kind} with a slip", slip(row.name_en, chance), row.lat, row.lon)
    for row in names.exclude(name_zh="").exclude(kind="junction").order_by("?")[:questions]:
        yield Typed("Chinese", row.name_zh, row.lat, row.lon)


def slip(text: str, chance: random.Random) -> str:
    """One letter left out, doubled or exchanged with its neighbour; never the first."""
    at = chance.randrange(1, len(text) - 1)
    left, letter, right = text[:at], text[at], text[at + 1 :]
    return chance.choice(
        [left + right, left + letter + letter + right, left + right[0] + letter + right[1:]]
    )
