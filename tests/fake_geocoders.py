"""The four geocoders as far as they are asked, on loopback, in a process of its own.

    python -m tests.fake_geocoders PORT

Each answers one place in its own datum; "slow" in the text waits, "broken" answers nonsense,
"refused" refuses, "nowhere" finds nothing.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from dispatch.city.geocoders.datum import Datum, from_wgs84

# (lon, lat) in WGS-84 of what every provider is asked for.
TOWER = (121.4952, 31.2419)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        text = asked.get("q") or asked.get("address") or ""
        if "slow" in text:
            time.sleep(5)
        body = b"<html>not what was asked for</html>"
        if "broken" not in text:
            body = json.dumps(self.answer(parts.path, text, asked)).encode()
        try:
            self.send_response(500 if "refused" in text else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the other side has not waited

    def answer(self, path: str, text: str, asked: dict[str, str]) -> object:
        none = "nowhere" in text
        lon, lat = TOWER
        if path.startswith("/search"):  # Nominatim
            place = {"display_name": "Tower, Shanghai", "lat": str(lat), "lon": str(lon)}
            return [] if none else [place]
        if path.startswith("/api"):  # Photon
            feature = {
                "geometry": {"coordinates": [lon, lat]},
                "properties": {"name": "Tower", "city": "Shanghai"},
            }
            return {"features": [] if none else [feature]}
        if path.startswith("/geocoding/v3"):  # Baidu
            there = from_wgs84(TOWER, Datum.BD09)
            if asked.get("ak") != "key":
                return {"status": 5}
            result = {"location": {"lng": there[0], "lat": there[1]}, "level": "道路"}
            return {"status": 1} if none else {"status": 0, "result": result}
        if path.startswith("/v3/geocode/geo"):  # AMap
            there = from_wgs84(TOWER, Datum.GCJ02)
            if asked.get("key") != "key":
                return {"status": "0", "infocode": "10001", "info": "INVALID_USER_KEY"}
            code = {"formatted_address": "上海市东方明珠", "location": f"{there[0]},{there[1]}"}
            return {"status": "1", "geocodes": [] if none else [code]}
        return {}

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
