"""A provider's gateway, a push service and a mail server on loopback, as a process of its own.

`python tests/alert_peer.py FILE` prints its ports; every message that comes is a line of FILE.
Paths say what goes wrong: /busy answers 503 once a message, /refuse 400, /gone 410.
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEPT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("/dev/null")
LOCK = threading.Lock()
seen: set[str] = set()


def keep(row: dict[str, object]) -> None:
    with LOCK, KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers.get("Idempotency-Key", "") + self.path
        with LOCK:
            first = key not in seen
            seen.add(key)
        status = 201
        if self.path.startswith("/busy") and first:
            status = 503
        elif self.path.startswith("/refuse"):
            status = 400
        elif self.path.startswith("/gone"):
            status = 410
        keep(
            {
                "path": self.path,
                "status": status,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": b64encode(body).decode(),
            }
        )
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


class Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 peer")
        to: list[str] = []
        while line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250 peer")
            elif verb == "RCPT":
                nobody = "nobody@" in line
                to += [] if nobody else [line.split(":", 1)[1].strip(" <>")]
                self.say("550 no such box" if nobody else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                text = []
                while (part := self.rfile.readline().decode("utf-8", "replace")) != ".\r\n":
                    text.append(part)
                keep({"to": to, "mail": "".join(text)})
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


if __name__ == "__main__":
    web = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    mail.daemon_threads = web.daemon_threads = True
    threading.Thread(target=mail.serve_forever, daemon=True).start()
    print(web.server_address[1], mail.server_address[1], flush=True)  # noqa: T201
    web.serve_forever()
