"""What a call taker types is found: prefixes, typing errors, Chinese, junctions, coordinates."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils import translation
from pytest_django import DjangoDbBlocker

from dispatch.city.imports.run import Order, import_city
from dispatch.city.models import City, HouseNumber, PlaceName
from dispatch.city.places.plus_codes import encode
from dispatch.city.queries import nearest_place, search_places
from dispatch.city.roads.router import LonLat
from dispatch.city.store import cities_dir
from tests.city.hamlet import at, write_hamlet

pytestmark = [pytest.mark.import_city, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def hamlet(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Imported once for all tests of this file."""
    extract: Path = write_hamlet(tmp_path_factory.mktemp("map") / "hamlet.osm.pbf")
    with django_db_blocker.unblock():
        import_city(
            Order(extract),
            state_dir=settings.STATE_DIR,
            install=lambda _hospitals, _stations: None,
            progress=lambda _stage, _done: None,
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )
    yield
    with django_db_blocker.unblock():
        City.objects.all().delete()
    shutil.rmtree(cities_dir(settings.STATE_DIR), ignore_errors=True)


def best(text: str) -> tuple[str, str]:
    found = search_places(text)
    assert found, text
    return found[0].kind, found[0].label_en


@pytest.mark.parametrize(
    "text",
    ["Harbour Road", "harb r", "road harbour", "harbor road", "hafenstr", "港口路", "港囗路"],
)
def test_a_street_is_found_by_beginning_by_resemblance_and_in_three_languages(text: str) -> None:
    assert best(text) == ("street", "Harbour Road")


@pytest.mark.parametrize("text", ["Muehlenweg", "mühlenweg", "MUHLENWEG", "Mill Ln"])
def test_spelling_and_short_forms_do_not_matter(text: str) -> None:
    assert best(text) == ("street", "Mill Lane")


@pytest.mark.parametrize(
    "text", ["7 Mill Lane", "Mill Lane 7", "磨坊路7号", "7号磨坊路", "mill la 7"]
)
def test_a_house_number_is_found_before_and_behind_the_street(text: str) -> None:
    place = search_places(text)[0]

    assert (place.kind, place.label_en, place.label_zh) == ("address", "7 Mill Lane", "磨坊路7号")
    assert (place.lon, place.lat) == pytest.approx(at(0.5, 0.1))


def test_a_number_between_two_known_ends_is_where_it_should_be() -> None:
    place = search_places("6 Harbour Road")[0]

    assert (place.lon, place.lat) == pytest.approx(at(0.5, 2.05), abs=1e-6)


def test_a_number_that_the_map_lacks_is_placed_at_its_neighbour() -> None:
    place = search_places("11 Mill Lane")[0]

    assert place.label_en == "11 Mill Lane"
    assert (place.lon, place.lat) == pytest.approx(at(0.5, 0.1))


@pytest.mark.parametrize(
    "text",
    [
        "Harbour Road & First Avenue",
        "First Avenue / Harbour Road",
        "harbour and first",
        "港口路与一大道",
        "一大道和港口路交叉口",
        "Harbor Road & Frist Avenue",
    ],
)
def test_a_junction_is_found_in_either_order(text: str) -> None:
    place = search_places(text)[0]

    assert place.kind == "junction"
    assert (place.lon, place.lat) == pytest.approx(at(0, 2))


@pytest.mark.parametrize("text", ["50.0041, 10.0021", "10.0021 50.0041", "50.0041N 10.0021E"])
def test_coordinates_are_taken_in_either_order(text: str) -> None:
    place = search_places(text)[0]

    assert place.kind == "coordinates"
    assert (place.lon, place.lat) == pytest.approx((10.0021, 50.0041))


@pytest.mark.parametrize(
    "text",
    [encode(50.0041, 10.0021), encode(50.0041, 10.0021)[4:], "{short} Hamlet", "小村 {short}"],
)
def test_a_plus_code_is_found_whole_short_and_beside_its_place(text: str) -> None:
    whole = encode(50.0041, 10.0021)

    place = search_places(text.format(short=whole[4:]), near=LonLat(10.01, 50.01))[0]

    assert (place.kind, place.label_en) == ("plus_code", whole)
    assert (place.lon, place.lat) == pytest.approx((10.0021, 50.0041), abs=0.000125)
    assert place.detail.startswith("near ")


def test_a_short_plus_code_in_a_place_that_nobody_knows_is_nowhere() -> None:
    assert search_places(f"{encode(50.0041, 10.0021)[4:]} Zzyzx") == []


def test_a_place_is_found_by_its_name_and_says_where_it_lies() -> None:
    with translation.override("en"):
        place = search_places("harbour hosp")[0]
    with translation.override("zh-hans"):
        chinese = search_places("港口医院")[0]

    assert (place.label_en, place.detail) == ("Harbour Hospital", "Hamlet")
    assert (chinese.label_zh, chinese.detail) == ("港口医院", "小村")


@pytest.mark.parametrize(
    "text", ["", "   ", "zzzzzzz", "'; DROP TABLE", "%", "&|!():*<->", "与", "/"]
)
def test_what_is_unknown_or_nonsense_gives_nothing_and_no_error(text: str) -> None:
    assert search_places(text) == []


def test_a_point_is_named_by_address_street_or_not_at_all() -> None:
    address = nearest_place(LonLat(*at(0.5, 0.101)))
    street = nearest_place(LonLat(*at(1.5, 0.02)))
    nowhere = nearest_place(LonLat(0.0, 0.0))

    assert address is not None
    assert address.label_en == "7 Mill Lane"
    assert street is not None
    assert (street.kind, street.label_en) == ("street", "Mill Lane")
    assert nowhere is None


def test_branches_of_a_chain_are_all_found_and_told_apart_by_their_street() -> None:
    city = City.objects.get(current=True)
    doors = HouseNumber.objects.filter(city=city).select_related("street")
    streets = {door.street_id: door for door in doors}
    assert len(streets) > 1
    for door in [*streets.values()][:2]:
        PlaceName.objects.create(
            city=city,
            kind="place",
            category="fuel",
            name_en="Galp",
            search="galp",
            vector=SearchVector(Value("galp"), config="simple"),
            lat=door.lat,
            lon=door.lon,
        )

    found = search_places("galp")

    assert [place.label_en for place in found] == ["Galp", "Galp"]
    details = [place.detail for place in found]
    assert len({*details}) == 2
    assert all(
        any(door.street.name_en in one for one in details) for door in [*streets.values()][:2]
    )
