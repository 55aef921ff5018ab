"""Search and reverse search over the current city's index."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz.fuzz import ratio

from dispatch.city.models import City, HouseNumber, PlaceKind
from dispatch.city.places.plus_codes import PlusCode, decode, encode, plus_code, recover
from dispatch.city.places.rules import (
    DIVIDER,
    Bounds,
    coordinates,
    fold,
    fold_number,
    loose_query,
    prefix_query,
    split_junction,
    split_number,
)
from dispatch.city.places.spelling import Lexicon, near_query
from dispatch.city.roads.router import LonLat, plane_m

# Candidates that are looked at closely, and how like a typed word a name must be.
CANDIDATES = 60
LIKENESS = 0.42
# A number that the map lacks is placed at a neighbour not farther along than this.
NEIGHBOUR = 20
# One tenth of a degree outweighs the step from one class of street to the next.
PULL_PER_DEGREE = 1.5
AT_ADDRESS_M = 60.0
SAME_SPOT_M = 150.0
NEAR_NAME_M = 2000.0
# A kind of answer that no row of the index has.
PLUS_CODE = "plus_code"

_COLUMNS = (
    "id, kind, category, name_en, name_zh, within_en, within_zh, search, importance, lat, lon"
)
_BY_WORDS = f"""
SELECT {_COLUMNS} FROM dispatch_placename
WHERE city_id = %(city)s AND vector @@ %(query)s::tsquery AND (kind = 'junction') = %(junctions)s
ORDER BY (search = %(text)s OR search LIKE %(first)s OR search LIKE %(second)s) DESC,
         importance - (point(lon, lat) <-> point(%(lon)s, %(lat)s)) * %(pull)s DESC
LIMIT {CANDIDATES}
"""  # noqa: S608 - constants of this module only
_BY_LIKENESS = f"""
SELECT {_COLUMNS} FROM dispatch_placename
WHERE city_id = %(city)s AND search %%> %(text)s
ORDER BY word_similarity(%(text)s, search) DESC, importance DESC
LIMIT {CANDIDATES}
"""  # noqa: S608 - constants of this module only
_BY_MENDED = f"""
SELECT {_COLUMNS} FROM dispatch_placename
WHERE city_id = %(city)s AND vector @@ %(query)s::tsquery AND kind <> 'junction'
ORDER BY word_similarity(%(text)s, search) DESC, importance DESC
LIMIT {CANDIDATES}
"""  # noqa: S608 - constants of this module only
_BY_CHARACTERS = f"""
SELECT {_COLUMNS} FROM dispatch_placename
WHERE city_id = %(city)s AND vector @@ %(query)s::tsquery AND kind <> 'junction'
ORDER BY length(name_zh), importance DESC
LIMIT {CANDIDATES}
"""  # noqa: S608 - constants of this module only
_STREETS_OF = """
SELECT place.id, street.name_en, street.name_zh
FROM dispatch_placename place CROSS JOIN LATERAL (
    SELECT street_id FROM dispatch_housenumber
    WHERE city_id = place.city_id
    ORDER BY point(lon, lat) <-> point(place.lon, place.lat) LIMIT 1
) door JOIN dispatch_placename street ON street.id = door.street_id
WHERE place.id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A point with a label in both languages; `detail` is in the user's language."""

    id: str
    label_en: str
    label_zh: str
    kind: str
    lat: float
    lon: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A row of the first level."""

    id: UUID
    kind: str
    category: str
    name_en: str
    name_zh: str
    within_en: str
    within_zh: str
    search: str
    importance: float
    lat: float
    lon: float


def search_places(text: str, *, near: LonLat | None = None, limit: int = 8) -> list[Place]:
    """What the text may mean, best first: coordinates, junction, address, street or place."""
    city = City.objects.filter(current=True).first()
    text = text.strip()[:200]
    if city is None or not fold(text):
        return []
    code = plus_code(text)
    if code:
        return _plus_code(city, code, near)
    found = _coordinates(city, text) or _junctions(city, text, near, limit)
    if found:
        return found
    found = _addresses(city, text, near, limit)
    if len(found) < limit:
        # Beside an address only names that hold every word: "1 Maio Street" is one.
        names = (
            _by_words(city, text, near, junctions=False)
            if found
            else _names(city, text, near, limit)
        )
        found += [_shown(name) for name in names]
    return _told_apart(_once(found)[:limit])


def _once(found: Sequence[Place]) -> list[Place]:
    """Without what is said twice: the same words for about the same spot."""
    kept: list[Place] = []
    for place in found:
        here = LonLat(place.lon, place.lat)
        same = (one for one in kept if (one.label_en, one.kind) == (place.label_en, place.kind))
        if all(plane_m(here, LonLat(one.lon, one.lat)) > SAME_SPOT_M for one in same):
            kept.append(place)
    return kept


def _told_apart(found: list[Place]) -> list[Place]:
    """Branches of a chain have one name: each says on which street it stands."""
    shown = Counter((place.label_en, place.detail) for place in found)
    alike = [
        place
        for place in found
        if place.kind == PlaceKind.PLACE and shown[place.label_en, place.detail] > 1
    ]
    if not alike:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_STREETS_OF, [[place.id for place in alike]])
        streets = {str(row[0]): _local(row[1], row[2]) for row in cursor.fetchall()}
    return [
        replace(place, detail=", ".join(filter(None, (streets[place.id], place.detail))))
        if place.id in streets
        else place
        for place in found
    ]


def nearest_address(point: LonLat) -> Place | None:
    """The house number at the point, if there is one within a plot's width."""
    city = City.objects.filter(current=True).first()
    if city is None:
        return None
    nearest = _nearest(city, point, "dispatch_housenumber")
    if nearest is None or nearest[1] > AT_ADDRESS_M:
        return None
    number = HouseNumber.objects.select_related("street").get(pk=nearest[0])
    street = number.street
    name = _name_of(street)
    return _address(name, number.number, str(number.pk), number.lat, number.lon)


def nearest_name(point: LonLat) -> Place | None:
    """The nearest street, junction or place by name."""
    city = City.objects.filter(current=True).first()
    nearest = _nearest(city, point, "dispatch_placename") if city else None
    if nearest is None or nearest[1] > NEAR_NAME_M:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM dispatch_placename WHERE id = %s", [nearest[0]])  # noqa: S608
        name = Name(*cursor.fetchone())
    place = _shown(name)
    about = _("%(metres)d m away") % {"metres": round(nearest[1], -1)}
    return replace(place, detail=", ".join(filter(None, (place.detail, about))))


def within(point: LonLat) -> tuple[str, str]:
    """The district or village around the point, in both languages; empty when unknown."""
    city = City.objects.filter(current=True).first()
    nearest = _nearest(city, point, "dispatch_placename") if city else None
    if nearest is None:
        return "", ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT within_en, within_zh FROM dispatch_placename WHERE id = %s", [nearest[0]]
        )
        found: tuple[str, str] = cursor.fetchone()
    return found


# --- forward ------------------------------------------------------------------


def _plus_code(city: City, code: PlusCode, near: LonLat | None) -> list[Place]:
    """A short code is meant near its locality, else near where somebody looks.

    With a locality that nobody knows it may be anywhere: then nothing is found.
    """
    if code.full:
        lat, lon = decode(code.code)
    else:
        middle = LonLat((city.west + city.east) / 2, (city.south + city.north) / 2)
        named = _names(city, code.locality, near, 1) if code.locality else []
        if code.locality and not named:
            return []
        beside = LonLat(named[0].lon, named[0].lat) if named else near or middle
        lat, lon = recover(code.code, lat=beside.lat, lon=beside.lon)
    whole = code.code if code.full else encode(lat, lon)
    place = Place(whole, whole, whole, PLUS_CODE, lat, lon)
    if not Bounds(city.west, city.south, city.east, city.north).holds(lon, lat):
        return [replace(place, detail=_("outside the map"))]
    return [_beside(place)]


def _beside(place: Place) -> Place:
    """A bare point with what it is near to."""
    point = LonLat(place.lon, place.lat)
    known = nearest_address(point) or nearest_name(point)
    if known is None:
        return place
    near_to = _("near %(place)s") % {"place": _local(known.label_en, known.label_zh)}
    return replace(place, detail=near_to)


def _coordinates(city: City, text: str) -> list[Place]:
    bounds = Bounds(city.west, city.south, city.east, city.north)
    pair = coordinates(text, bounds)
    if pair is None:
        return []
    lon, lat = pair
    label = f"{lat:.5f}, {lon:.5f}"
    place = Place(label, label, label, PlaceKind.COORDINATES, lat, lon)
    if not bounds.holds(lon, lat):
        return [replace(place, detail=_("outside the map"))]
    return [_beside(place)]


def _junctions(city: City, text: str, near: LonLat | None, limit: int) -> list[Place]:
    """Both streets as typed; else the streets that each side resembles."""
    splits = list(split_junction(text))
    for left, right in splits:
        found = _by_words(city, f"{left} {right}", near, junctions=True)
        if found:
            return [_shown(name) for name in found[:limit]]
    for left, right in splits[:2]:
        streets = [_names(city, side, near, 3) for side in (left, right)]
        for one, two in product(*streets):
            found = _by_words(city, f"{one.name_en} {two.name_en}", near, junctions=True)
            if found and one.id != two.id:
                return [_shown(name) for name in found[:limit]]
    return []


def _addresses(city: City, text: str, near: LonLat | None, limit: int) -> list[Place]:
    """The number on each street that the rest of the text may mean."""
    parts = split_number(text)
    if parts is None:
        return []
    rest, number = parts
    streets = [name for name in _names(city, rest, near, CANDIDATES) if name.kind == "street"][:25]
    known = _numbers(streets, number)
    exact = [one for one in known if fold_number(one[1]) == number]
    chosen = exact or _neighbours(streets, number)
    longer = [one for one in known if one not in exact]
    return [_address(*one) for one in (*chosen, *longer)][:limit]


Known = tuple[Name, str, str, float, float]


def _numbers(streets: Sequence[Name], number: str) -> list[Known]:
    """Numbers that begin with what was typed, in the order of the streets."""
    by_id = {street.id: street for street in streets}
    rows = (
        HouseNumber.objects.filter(street_id__in=by_id, folded__startswith=number)
        .order_by("folded")
        .values_list("street_id", "number", "pk", "lat", "lon")[:120]
    )
    order = {street.id: rank for rank, street in enumerate(streets)}
    ranked = sorted(rows, key=lambda row: (order[row[0]], len(row[1]), row[1]))
    return [(by_id[row[0]], row[1], str(row[2]), row[3], row[4]) for row in ranked]


def _neighbours(streets: Sequence[Name], number: str) -> list[Known]:
    """For a number the map lacks: the place of the nearest one on the same side."""
    digits = "".join(c for c in number if c.isdigit())
    if not digits or not streets:
        return []
    wanted = int(digits)
    sql = """
        SELECT DISTINCT ON (street_id) street_id, id, lat, lon FROM dispatch_housenumber
        WHERE street_id = ANY(%s) AND folded ~ '^[0-9]{1,5}$'
          AND abs(folded::int - %s) <= %s AND folded::int %% 2 = %s
        ORDER BY street_id, abs(folded::int - %s)
    """
    ids = [street.id for street in streets[:8]]
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids, wanted, NEIGHBOUR, wanted % 2, wanted])
        rows = {row[0]: row for row in cursor.fetchall()}
    return [
        (street, number, str(rows[street.id][1]), rows[street.id][2], rows[street.id][3])
        for street in streets
        if street.id in rows
    ]


def _names(city: City, text: str, near: LonLat | None, limit: int) -> list[Name]:
    """Prefixes of words first; then with slips mended; similarity when that finds nothing."""
    found = (
        _by_words(city, text, near, junctions=False)
        or _by_mended(city, text, near)
        or _by_likeness(city, fold(text))
    )
    return found[:limit]


def _by_words(city: City, text: str, near: LonLat | None, *, junctions: bool) -> list[Name]:
    query = prefix_query(text)
    if not query:
        return []
    folded = fold(text)
    parameters: dict[str, UUID | str | bool | float] = {
        "city": city.pk,
        "text": folded,
        "first": _like(folded) + "%",
        "second": "%" + DIVIDER + _like(folded) + "%",
        "query": query,
        "junctions": junctions,
        "lon": near.lon if near else 0.0,
        "lat": near.lat if near else 0.0,
        "pull": PULL_PER_DEGREE if near else 0.0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS, parameters)
        rows = [Name(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda name: -_rank(name, folded, near))


@lru_cache(maxsize=2)
def _lexicon(city_id: UUID) -> Lexicon:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(tsvector_to_array(vector)) FROM dispatch_placename"
            " WHERE city_id = %s AND kind <> 'junction'",
            [city_id],
        )
        return Lexicon(word for (word,) in cursor.fetchall())


def _by_mended(city: City, text: str, near: LonLat | None) -> list[Name]:
    query, folded = near_query(text, _lexicon(city.pk)), fold(text)
    if not query:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_MENDED, {"city": city.pk, "query": query, "text": folded})
        rows = [Name(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda name: _alike(name, folded) + _pull(name, near), reverse=True)


def _alike(name: Name, folded: str) -> float:
    """How like the typed text the better of the two names is: 1 for the same."""
    return max(ratio(folded, own) for own in name.search.split(DIVIDER)) / 100


def _by_likeness(city: City, folded: str) -> list[Name]:
    if len(folded) < 3:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS}")
        cursor.execute(_BY_LIKENESS, {"city": city.pk, "text": folded})
        rows = cursor.fetchall()
        loose = loose_query(folded)
        if not rows and loose:
            cursor.execute(_BY_CHARACTERS, {"city": city.pk, "query": loose})
            rows = cursor.fetchall()
            rows.sort(key=lambda row: -ratio(folded, Name(*row).search.split(DIVIDER)[-1]))
        return [Name(*row) for row in rows]


def _rank(name: Name, folded: str, near: LonLat | None) -> float:
    """Exact name, then its beginning, then importance; nearer first among equals."""
    own = name.search.split(DIVIDER)
    score = name.importance
    if folded in own:
        score += 3
    elif any(one.startswith(folded) for one in own):
        score += 2
    elif any(folded.split(" ", 1)[0] in one for one in own):
        score += 1
    return score + _pull(name, near)


def _pull(name: Name, near: LonLat | None) -> float:
    """Nearer is better: what the distance takes away."""
    if near is None:
        return 0.0
    return -PULL_PER_DEGREE * math.hypot(name.lon - near.lon, name.lat - near.lat)


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# --- labels -------------------------------------------------------------------


def _shown(name: Name) -> Place:
    detail = _local(name.within_en, name.within_zh)
    return Place(
        str(name.id),
        name.name_en,
        name.name_zh or name.name_en,
        name.kind,
        name.lat,
        name.lon,
        detail,
    )


def _address(street: Name, number: str, identity: str, lat: float, lon: float) -> Place:
    chinese = f"{street.name_zh}{number}号" if street.name_zh else f"{street.name_en} {number}"
    detail = _local(street.within_en, street.within_zh)
    return Place(
        identity, f"{number} {street.name_en}", chinese, PlaceKind.ADDRESS, lat, lon, detail
    )


def _local(english: str, chinese: str) -> str:
    first, second = english, chinese
    if (get_language() or "en").startswith("zh"):
        first, second = chinese, english
    return first or second


def _name_of(row: object) -> Name:
    return Name(*(getattr(row, column) for column in _COLUMNS.split(", ")))


# --- reverse ------------------------------------------------------------------


def _nearest(city: City, point: LonLat, table: str) -> tuple[UUID, float] | None:
    """Id and metres of the nearest row. Degrees are not square, so a few are compared."""
    sql = f"""
        SELECT id, lat, lon FROM {table} WHERE city_id = %s
        ORDER BY point(lon, lat) <-> point(%s, %s) LIMIT 12
    """  # noqa: S608 - table is one of two constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [city.pk, point.lon, point.lat])
        rows = cursor.fetchall()
    measured = [(plane_m(point, LonLat(lon, lat)), identity) for identity, lat, lon in rows]
    if not measured:
        return None
    metres, identity = min(measured)
    return identity, metres
