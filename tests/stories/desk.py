"""A dispatcher's browser as a desk: the server's own operations and board, in their session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

CALL = """async ([method, path, body]) => {
  const { api } = await import("/static/shared/api.js");
  return api[method](path, body ?? undefined);
}"""
SNAPSHOT = """(path) => new Promise((resolve, reject) => {
  const socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
  socket.onopen = () => socket.send(JSON.stringify({ t: "hello", since: null }));
  socket.onmessage = ({ data }) => { socket.close(); resolve(JSON.parse(data).state); };
  socket.onerror = () => reject(new Error("no board"));
})"""
# Awake, breathing, sweating: the open protocol makes it priority 1.
URGENT = {"awake": "yes", "breathing": "yes", "sweating": "yes"}

# Any: JSON from the server.
Json = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    page: Page

    def api(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """One operation; Playwright raises with the server's words when it is refused."""
        return self.page.evaluate(CALL, [method, path, body])

    def board(self) -> dict[str, dict[str, Json]]:
        """The collections of the console's board as they are now."""
        state: dict[str, dict[str, Json]] = self.page.evaluate(SNAPSHOT, "/live/console/")
        return state

    def incident(
        self,
        lat: float,
        lon: float,
        *,
        complaint: str = "chest_pain",
        answers: Mapping[str, str] = URGENT,
        note: str = "",
        sex: str = "unknown",
        age_years: int | None = None,
    ) -> Json:
        """Open an incident; the answer holds its recommendation."""
        place = {"label": f"Test {lat:.4f}", "lat": lat, "lon": lon, "source": "map"}
        opened: Json = self.api(
            "post",
            "/api/incidents/",
            {
                "id": str(uuid4()),
                "place": place,
                "complaint": complaint,
                "answers": dict(answers),
                "caller_note": note,
                "patient_sex": sex,
                "patient_age_years": age_years,
            },
        )
        return opened

    def assign(self, incident: Json, unit: Json) -> Json:
        """Send a unit of the incident's recommendation."""
        sent: Json = self.api(
            "post",
            f"/api/incidents/{incident['id']}/missions/",
            {
                "id": str(uuid4()),
                "ambulance_id": unit["unit_id"],
                "recommendation_id": incident["recommendation"]["id"],
                "override_reason": "" if unit["picked"] else "other",
            },
        )
        return sent

    def tell(self, mission: Json, *facts: str) -> None:
        """Facts that the crew reports by radio."""
        for fact in facts:
            self.api(
                "post",
                f"/api/missions/{mission['id']}/facts/",
                {
                    "id": str(uuid4()),
                    "fact": fact,
                    "occurred_at": datetime.now(UTC).isoformat(),
                    "reason": "other",
                },
            )

    def hold(self, unit_ids: Sequence[str]) -> list[Json]:
        """Keep units back for an event, in the order given."""
        return [
            self.api(
                "post",
                f"/api/units/{unit_id}/holds/",
                {"id": str(uuid4()), "kind": "reserved", "what": "event"},
            )
            for unit_id in unit_ids
        ]

    def release(self, hold: Json) -> None:
        self.api("post", f"/api/holds/{hold['id']}/end/")

    def close(self, incident: Json) -> None:
        """Leave nothing behind: cancel what is open, close the incident."""
        for mission in self.board()["missions"].values():
            if mission["incident_id"] != incident["id"] or not mission["open"]:
                continue
            if "cancelled" not in mission["next"]:
                self.tell(mission, "treated_and_released")
            else:
                self.api(
                    "post",
                    f"/api/missions/{mission['id']}/cancel/",
                    {"id": str(uuid4()), "reason": "other"},
                )
        if incident["id"] in self.board()["incidents"]:
            self.api("post", f"/api/incidents/{incident['id']}/close/")

    def select(self, incident: Json) -> None:
        """Open the incident in the console's own list."""
        number = str(incident["number"])
        self.page.locator(".row.incident", has=self.page.locator(f"[title='{number}']")).click()
