"""A health-record system as far as it is asked, on loopback, in a process of its own.

    python -m tests.fake_health_record PORT

Speaks FHIR R4 search bundles. The document number chooses what happens: "slow" waits, "broken"
answers no FHIR, "down" answers 503, "two" finds two, anything unknown finds nobody.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "secret-token"
WANG: dict[str, object] = {
    "resourceType": "Patient",
    "id": "wang",
    "identifier": [{"value": "110101195803020020"}],
    "name": [{"text": "王秀英"}],
    "birthDate": "1958-03-02",
}


def coded(text: str) -> dict[str, object]:
    return {"coding": [{"display": text}]}


KNOWN: dict[str, list[dict[str, object]]] = {
    "AllergyIntolerance": [
        {"id": "a1", "code": {"text": "青霉素"}, "recordedDate": "2019-05-01"},
        {
            "id": "a2",
            "code": {"text": "Peanut"},
            "verificationStatus": {"coding": [{"code": "refuted"}]},
        },
    ],
    "MedicationStatement": [
        {
            "id": "m1",
            "status": "active",
            "medicationCodeableConcept": coded("Warfarin"),
            "dateAsserted": "2026-10-01",
        },
        {"id": "m2", "status": "entered-in-error", "medicationCodeableConcept": coded("Aspirin")},
    ],
    "Condition": [{"id": "c1", "code": coded("Atrial fibrillation")}, {"id": "c2"}],
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        kind, number = parts.path.rpartition("/")[2], asked.get("identifier", "")
        if number == "slow":
            time.sleep(5)
        status = 503 if number == "down" else 200
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status = 401
        body = b"<html>" if number == "broken" else json.dumps(self.bundle(kind, asked)).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the other side has not waited

    def bundle(self, kind: str, asked: dict[str, str]) -> dict[str, object]:
        rows = [{**row, "resourceType": kind} for row in self.found(kind, asked)]
        return {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": row} for row in rows],
        }

    def found(self, kind: str, asked: dict[str, str]) -> list[dict[str, object]]:
        if kind != "Patient":
            return KNOWN[kind] if asked.get("patient") == "wang" else []
        number = asked.get("identifier")
        if number == "two":
            return [WANG, {**WANG, "id": "other"}]
        known = number == "110101195803020020" or (
            asked.get("name") == "王秀英" and asked.get("birthdate") == "1958-03-02"
        )
        return [dict(WANG)] if known else []

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
