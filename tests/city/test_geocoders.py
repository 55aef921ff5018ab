"""Online geocoders: four providers in their datums, time-outs, and the index to fall back on."""

import time
from collections.abc import Iterator

import pytest
from django.test import Client

from config.env import GeocoderSetting
from dispatch.city.geocoders.online import Choice, Silent, ask
from dispatch.city.places.rules import Bounds
from dispatch.people.models import User
from tests.fake_geocoders import TOWER
from tests.running import answers, free_port, process
from tests.waiting import wait_until

SHANGHAI = Bounds(121.0, 31.0, 122.0, 31.6)
PROVIDERS = ("nominatim", "photon", "baidu", "amap")


@pytest.fixture(scope="module")
def outside() -> Iterator[str]:
    """The address of the four providers."""
    port = free_port()
    with process("-m", "tests.fake_geocoders", str(port)):
        wait_until(lambda: answers(port), what="the geocoders answer")
        yield f"http://127.0.0.1:{port}"


def choice(name: str, url: str, key: str = "key") -> Choice:
    return Choice(name, url, key, timeout_s=0.5)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_brought_to_wgs84(outside: str, name: str) -> None:
    (place, *_more) = ask(choice(name, outside), "tower", within=SHANGHAI)

    assert (place.lon, place.lat) == pytest.approx(TOWER, abs=1e-6)  # a decimetre
    assert place.kind == "online"
    assert place.label_en


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("text", ["slow", "broken", "refused"])
def test_a_provider_that_fails_in_any_way_is_silent_in_time(
    outside: str, name: str, text: str
) -> None:
    began = time.monotonic()

    with pytest.raises(Silent):
        ask(choice(name, outside), text, within=SHANGHAI)

    assert time.monotonic() - began < 1.2  # once as long as it may take, not twice


@pytest.mark.parametrize("name", ["nominatim", "photon", "amap"])  # Baidu calls it an error
def test_a_place_that_nobody_knows_is_no_fault(outside: str, name: str) -> None:
    assert ask(choice(name, outside), "nowhere", within=SHANGHAI) == []


@pytest.mark.parametrize("name", ["baidu", "amap"])
def test_a_wrong_key_is_silence_too(outside: str, name: str) -> None:
    with pytest.raises(Silent):
        ask(choice(name, outside, key="stolen"), "tower", within=SHANGHAI)


def test_without_a_geocoder_the_index_answers_and_nobody_is_asked(
    dispatcher_li: User, medic_wang: User
) -> None:
    client = Client()
    client.force_login(dispatcher_li)

    answer = client.get("/api/places/online/", {"q": "31.003, 120.003"}).json()
    client.force_login(medic_wang)

    assert (answer["source"], answer["silent"]) == ("local", False)
    assert answer["places"][0]["kind"] == "coordinates"
    assert client.get("/api/places/online/", {"q": "x"}).status_code == 403


def test_the_index_answers_for_a_geocoder_that_does_not(
    outside: str, dispatcher_li: User, settings: object
) -> None:
    client = Client()
    client.force_login(dispatcher_li)
    settings.GEOCODER = GeocoderSetting("photon", outside, "", 0.3)  # type: ignore[attr-defined]

    known = client.get("/api/places/online/", {"q": "tower"}).json()
    settings.GEOCODER = GeocoderSetting(  # type: ignore[attr-defined]
        "photon", f"http://127.0.0.1:{free_port()}", "", 0.3
    )
    silent = client.get("/api/places/online/", {"q": "31.003, 120.003"}).json()

    assert (known["source"], known["places"][0]["label_en"]) == ("photon", "Tower, Shanghai")
    assert (silent["source"], silent["silent"]) == ("local", True)
    assert silent["places"][0]["kind"] == "coordinates"
