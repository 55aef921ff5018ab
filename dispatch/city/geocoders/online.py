"""Which geocoder the centre has chosen, made ready, and asked within its time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from ssl import SSLContext, create_default_context
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import RequestsAdapter
from geopy.exc import GeopyError
from geopy.geocoders import BaiduV3, Nominatim, Photon

from dispatch.city.geocoders.amap import AMap
from dispatch.city.geocoders.datum import Datum, to_wgs84
from dispatch.city.places.queries import Place
from dispatch.city.places.rules import Bounds

ONLINE = "online"
USER_AGENT = "onboard-dispatch"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the operator has set. `url` empty: the provider's own address."""

    name: str
    url: str = ""
    key: str = ""
    timeout_s: float = 2.0


class Silent(Exception):
    """The geocoder did not answer in time, refused, or made no sense. Says which it was."""


# Any: geopy has no types.
@dataclass(frozen=True, slots=True)
class Provider:
    datum: Datum
    make: Callable[[Choice, dict[str, Any]], Any]
    # What `geocode` is asked besides the text; some take several answers only by a limit.
    more: Mapping[str, object]
    # Whether an answer has a name; else what was asked stands for it.
    named: bool = True


def _domain(choice: Choice) -> dict[str, str]:
    """The `domain` of geopy, where an address is set; a path belongs to it."""
    parts = urlsplit(choice.url)
    return {"domain": f"{parts.netloc}{parts.path}".strip("/")} if choice.url else {}


# Any: geopy's options and classes.
def _baidu(choice: Choice, options: dict[str, Any]) -> Any:
    geocoder = BaiduV3(choice.key, **options)
    if choice.url:  # its host is fixed in the class
        geocoder.api = f"{choice.url.rstrip('/')}{geocoder.api_path}"
    return geocoder


PROVIDERS: Mapping[str, Provider] = {
    "nominatim": Provider(
        Datum.WGS84,
        lambda choice, options: Nominatim(**_domain(choice), **options),
        {"exactly_one": False, "limit": 8},
    ),
    "photon": Provider(
        Datum.WGS84,
        lambda choice, options: Photon(**_domain(choice), **options),
        {"exactly_one": False, "limit": 8},
    ),
    # Asked without a datum of its own choice it answers in Baidu's, one place without a name.
    "baidu": Provider(Datum.BD09, _baidu, {}, named=False),
    "amap": Provider(
        Datum.GCJ02,
        lambda choice, options: AMap(choice.key, **_domain(choice), **options),
        {"exactly_one": False},
    ),
}


@cache
def _trusted() -> SSLContext:
    """The machine's certificates, read once: that takes longer than a near provider does."""
    return create_default_context()


def ask(choice: Choice, text: str, *, within: Bounds, limit: int = 8) -> list[Place]:
    """Places of the provider in WGS-84, those on the city's map first. Raises `Silent`.

    Nothing but the text leaves the house: no caller, no complaint, no position.
    """
    provider = PROVIDERS[choice.name]
    options = {
        # By itself it would ask three times, each for as long as the operator allows one answer.
        "adapter_factory": partial(RequestsAdapter, max_retries=0),
        "ssl_context": _trusted(),
        "timeout": choice.timeout_s,
        "user_agent": USER_AGENT,
        "scheme": urlsplit(choice.url).scheme or "https",
    }
    try:
        found = provider.make(choice, options).geocode(text, **provider.more)
        several = found if isinstance(found, list) else [found] if found else []
        name = "" if provider.named else text
        places = [_place(one, provider.datum, name) for one in several]
    except (GeopyError, LookupError, TypeError, ValueError, AttributeError) as wrong:
        # Not geopy's own alone: an answer that is no answer fails in its parser.
        raise Silent(f"{choice.name}: {type(wrong).__name__}") from wrong
    places.sort(key=lambda place: not within.holds(place.lon, place.lat))
    return places[:limit]


# Any: geopy's Location.
def _place(location: Any, datum: Datum, name: str) -> Place:
    lon, lat = to_wgs84((float(location.longitude), float(location.latitude)), datum)
    label = name or str(location.address or "").strip() or f"{lat:.5f}, {lon:.5f}"
    return Place(f"{lat:.6f},{lon:.6f}", label, label, ONLINE, lat, lon)
