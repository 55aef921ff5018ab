"""A hospital's FHIR server on loopback, in a process of its own: transactions by identifier.

    python -m tests.fhir_hospital PORT

Keeps resources by their conditional update, gives each Encounter a visit number of its own,
remembers every Bundle (GET /received). /broken answers 503.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RECEIVED: list[dict[str, Any]] = []
KEPT: dict[str, dict[str, Any]] = {}


def taken(bundle: dict[str, Any]) -> dict[str, Any]:
    entries = []
    for one in bundle["entry"]:
        url, resource = one["request"]["url"], dict(one["resource"])
        status = "200" if url in KEPT else "201"
        if resource["resourceType"] == "Encounter":
            number = {"type": {"coding": [{"code": "VN"}]}, "system": "urn:his", "value": "F00001"}
            resource["identifier"] = [*resource["identifier"], number]
        KEPT[url] = resource
        entries.append({"resource": resource, "response": {"status": status}})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, {"received": RECEIVED, "kept": KEPT})

    def do_POST(self) -> None:
        bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/broken":
            issue = {"severity": "error", "code": "transient", "expression": ["Bundle.entry[0]"]}
            self.answer(503, {"resourceType": "OperationOutcome", "issue": [issue]})
            return
        RECEIVED.append(bundle)
        self.answer(200, taken(bundle))

    # Any: JSON.
    def answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
