"""AMap (高德) behind geopy's interface, which has none. Answers are in GCJ-02.

Web service "geocode/geo" of https://lbs.amap.com/api/webservice/guide/api/georegeo
"""

from typing import Any
from urllib.parse import urlencode

from geopy.exc import GeocoderAuthenticationFailure, GeocoderQuotaExceeded, GeocoderServiceError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

_QUOTA = {"10003", "10004", "10014", "10019", "10020", "10021", "10029", "10044"}
_KEY = {"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10010", "10012", "10013"}


class AMap(Geocoder):  # type: ignore[misc]  # geopy has no types
    api_path = "/v3/geocode/geo"

    # Any: geopy's own parameters.
    def __init__(self, api_key: str, *, domain: str = "restapi.amap.com", **options: Any) -> None:
        super().__init__(**options)
        self.api_key = api_key
        self.api = f"{self.scheme}://{domain}{self.api_path}"

    # Any: geopy hands its sentinel about.
    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Any:
        """A Location, a list of them, or None: latitude and longitude in GCJ-02."""
        url = f"{self.api}?{urlencode({'address': query, 'key': self.api_key, 'output': 'JSON'})}"
        return self._call_geocoder(
            url, lambda answer: self._parse(answer, exactly_one=exactly_one), timeout=timeout
        )

    # Any: JSON of somebody else.
    def _parse(self, answer: Any, *, exactly_one: bool) -> Any:
        if answer.get("status") != "1":
            code, info = str(answer.get("infocode", "")), str(answer.get("info", ""))
            if code in _QUOTA:
                raise GeocoderQuotaExceeded(info)
            if code in _KEY:
                raise GeocoderAuthenticationFailure(info)
            raise GeocoderServiceError(info)
        found = [self._location(one) for one in answer.get("geocodes") or [] if one.get("location")]
        if not found:
            return None
        return found[0] if exactly_one else found

    # Any: the same.
    def _location(self, one: Any) -> Location:
        lon, lat = map(float, one["location"].split(","))
        return Location(one.get("formatted_address") or "", (lat, lon), one)
