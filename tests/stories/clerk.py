"""A supervisor without a screen, who puts the platform back as a test found it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from websockets.sync.client import connect
from websockets.typing import Origin

# Any: JSON from the server.
Json = dict[str, Any]
# How a mission ends that nobody may cancel any more, by its state.
WAY_OUT = {
    "at_patient": ("treated_and_released",),
    "on_board": ("at_destination", "handed_over", "available"),
    "left_scene": ("at_destination", "handed_over", "available"),
    "at_destination": ("handed_over", "available"),
    "handed_over": ("available",),
}
# What ends each row of a shelf; of the hospitals those on divert.
ENDINGS = {
    "incidents": "/api/incidents/{}/close/",
    "calls": "/api/calls/{}/close/",
    "closures": "/api/roads/closures/{}/reopen/",
    "zones": "/api/zones/{}/remove/",
    "hospitals": "/api/hospitals/{}/open/",
}


class Clerk:
    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._cookies = CookieJar()
        self._http = build_opener(HTTPCookieProcessor(self._cookies))
        self._http.open(f"{url}/login/").read()
        self._send(
            "/login/",
            urlencode({"username": username, "password": password}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )

    def put_back(self) -> None:
        """End what is open: alarms, holds, missions, incidents, calls, closures, zones, diverts."""
        board = self._board()
        for alarm in board["crew_alarms"]:
            self._post(f"/api/crew-alarms/{alarm}/end/", {"reason": "drill"})
        units = board["units"].values()
        for hold in (hold for unit in units for hold in unit["holds"]):
            self._post(f"/api/holds/{hold['id']}/end/")
        for mission in board["missions"].values():
            self._end(mission)
        for unit in units:  # a posting is a mission of no incident on the board
            if unit["mission_id"] and unit["mission_id"] not in board["missions"]:
                self._cancel(unit["mission_id"])
        for shelf, path in ENDINGS.items():
            for row in board[shelf].values():
                if row.get("divert", True):
                    self._post(path.format(row["id"]))

    def _end(self, mission: Json) -> None:
        if not mission["open"]:
            return
        if "cancelled" in mission["next"]:
            self._cancel(mission["id"])
            return
        for fact in WAY_OUT.get(mission["state"], ()):
            self._post(
                f"/api/missions/{mission['id']}/facts/",
                {
                    "id": str(uuid4()),
                    "fact": fact,
                    "occurred_at": datetime.now(UTC).isoformat(),
                    "reason": "other",
                },
            )

    def _cancel(self, mission_id: str) -> None:
        self._post(f"/api/missions/{mission_id}/cancel/", {"id": str(uuid4()), "reason": "other"})

    def take_over(self) -> None:
        """As a department: receive who is here or was on the way, and know of who is not."""
        board = self._board("ed")
        for handover in board["handovers"].values():
            path = f"/api/handovers/{handover['id']}/"
            if handover["state"] in ("redirected", "cancelled"):
                self._post(f"{path}seen/")
            elif handover["state"] != "handed_over":
                self.do(f"{path}confirm/", f"{path}receive/")

    def _board(self, name: str = "console") -> dict[str, dict[str, Json]]:
        cookie = "; ".join(f"{one.name}={one.value}" for one in self._cookies)
        with connect(
            self._url.replace("http", "ws", 1) + f"/live/{name}/",
            origin=Origin(self._url),
            additional_headers={"Cookie": cookie},
            max_size=None,
        ) as socket:
            socket.send(json.dumps({"t": "hello", "since": None}))
            while (message := json.loads(socket.recv(30)))["t"] != "snapshot":
                pass
        state: dict[str, dict[str, Json]] = message["state"]
        return state

    def do(self, *paths: str) -> None:
        """Post to each of them in turn."""
        for path in paths:
            self._post(path)

    def _post(self, path: str, body: Mapping[str, object] | None = None) -> None:
        with suppress(HTTPError):  # it has ended by itself, or ends with another
            self._send(path, json.dumps(body or {}).encode(), {"Content-Type": "application/json"})

    def _send(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        token = next(one.value for one in self._cookies if one.name == "csrftoken") or ""
        request = Request(  # noqa: S310  (our own server)
            f"{self._url}{path}",
            data=body,
            headers={**headers, "X-CSRFToken": token, "Referer": f"{self._url}/"},
        )
        self._http.open(request).read()
