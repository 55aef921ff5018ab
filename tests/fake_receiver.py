"""A partner that is sent plain POSTs, on loopback, in a process of its own.

    python -m tests.fake_receiver PORT

Remembers what it got (GET /received). The path chooses what happens: /slow never answers, /busy
asks for 7 s, /broken answers 500, /gone 410, /cut ends in the middle, /drip gives a byte a second,
/registry answers a FHIR transaction entry by entry, /full takes all but its last.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RECEIVED: list[dict[str, str]] = []
STATUSES = {"/busy": 503, "/broken": 500, "/gone": 410}


def taken(body: bytes, *, all_of_it: bool) -> bytes:
    """What a registry answers to a transaction."""
    entries = [{"response": {"status": "201 Created"}} for _one in json.loads(body)["entry"]]
    if not all_of_it:
        entries[-1] = {"response": {"status": "507 Insufficient Storage"}}
    bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
    return json.dumps(bundle).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, json.dumps(RECEIVED).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        RECEIVED.append(
            {
                "path": self.path,
                "body": body.decode(),
                "key": self.headers.get("Idempotency-Key", ""),
                "authorization": self.headers.get("Authorization", ""),
            }
        )
        if self.path == "/slow":
            time.sleep(120)
        if self.path == "/drip":
            self.drip()
        elif self.path in ("/registry", "/full"):
            self.answer(200, taken(body, all_of_it=self.path == "/registry"))
        else:
            self.answer(STATUSES.get(self.path, 200), b"thank you")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if self.path == "/busy":
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body) + (9 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.2)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
