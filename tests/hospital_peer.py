"""A hospital information system on loopback, in a process of its own: MLLP, with its faults.

    python -m tests.hospital_peer PORT CONTROL_PORT [CERTIFICATE.pem]

Takes HL7 v2 as such a system must: a message that it has taken is known again by MSH-10 and not
taken twice. The control port takes one JSON line: {"do": "mode", "mode": …, "share": 0.2},
{"do": "taken"}. Written with the hl7 package, nothing of the platform in it.

Modes: ok · no_ack (taken, silent) · AE · AR · cut (taken, the answer ends in the middle) · torn
(the connection goes before the message is read) · slow (answers late) · duplicate (answers twice)
· wrong_id · tells (gives the visit's number in a message of its own) · mixed (any but AR, wrong_id
and tells, for a share of the messages, on their first attempt).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import ssl
import sys
from dataclasses import dataclass, field
from typing import Any

import hl7  # type: ignore[import-untyped]

START, END = b"\x0b", b"\x1c\r"
MIXED = ("no_ack", "AE", "cut", "torn", "slow", "duplicate")
SLOW_S = 1.0


@dataclass
class Peer:
    """What it has taken, in the order of taking; and how it behaves now."""

    mode: str = "ok"
    share: float = 1.0
    gives_visit_numbers: bool = True
    slow_s: float = SLOW_S
    taken: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    heard: list[str] = field(default_factory=list)  # how its own messages were acknowledged
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def behaviour(self, control_id: str) -> str:
        if self.mode != "mixed":
            return self.mode
        first = self.attempts[control_id] == 1
        if first and self.chance.random() < self.share:
            return self.chance.choice(MIXED)
        return "ok"

    def take(self, message: Any, encoding: str) -> dict[str, Any]:
        """Once for each MSH-10. A visit's number is given with the first registration."""
        control_id = str(message["MSH.F10.R1"])
        if control_id in self.known:
            self.known[control_id]["repeats"] += 1
            return self.known[control_id]
        preadmission = first(message, "PV1", 5)
        visit = self.visits.get(preadmission, "")
        if not visit and preadmission and self.gives_visit_numbers:
            visit = self.visits[preadmission] = f"V{len(self.visits) + 1:06d}"
        row = {
            "control_id": control_id,
            "event": str(message["MSH.F9.R1.C2"]),
            "structure": str(message["MSH.F9.R1.C3"]),
            "preadmission": preadmission,
            "patient": first(message, "PID", 3),
            "name": first(message, "PID", 5),
            "merged": first(message, "MRG", 1),
            "visit": first(message, "PV1", 19),
            "place": whole(message, "PV1", 3),
            "admitted": first(message, "PV1", 44),
            "order": f"{first(message, 'ORC', 1)} {first(message, 'OBR', 4)}".strip(),
            "gives": visit,
            "encoding": encoding,
            "repeats": 0,
        }
        self.known[control_id] = row
        self.taken.append(row)
        return row


def whole(message: Any, segment: str, number: int) -> str:
    try:
        rows = message.segments(segment)
    except KeyError:
        return ""
    return str(rows[0][number]) if number < len(rows[0]) else ""


def first(message: Any, segment: str, number: int) -> str:
    return whole(message, segment, number).split("~")[0].split("^")[0]


def answer(control_id: str, code: str, row: dict[str, Any] | None, encoding: str) -> bytes:
    lines = [
        f"MSH|^~\\&|HIS|H|ONBOARD||20261122101500+0800||ACK^A04^ACK|A{control_id[:19]}|P|2.5.1",
        f"MSA|{code}|{control_id}",
    ]
    if code != "AA":
        lines.append("ERR||PID^1|207^Application internal error^HL70357|E")
    if row and row["gives"]:
        lines.append(f"PV1|1|E|||{row['preadmission']}{'|' * 14}{row['gives']}")
    return START + ("\r".join(lines) + "\r").encode(encoding) + END


def registered(row: dict[str, Any], encoding: str) -> bytes:
    """An A04 of its own: the visit that it has opened."""
    lines = [
        "MSH|^~\\&|HIS|H|ONBOARD||20261122101500+0800||ADT^A04^ADT_A01|OWN1|P|2.5.1",
        "EVN||20261122101500+0800",
        f"PID|1||{row['patient']}",
        f"PV1|1|E|||{row['preadmission']}{'|' * 14}{row['gives']}",
    ]
    return START + ("\r".join(lines) + "\r").encode(encoding) + END


class Gone(Exception):
    """The connection is cut."""


async def serve(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    peer.connections += 1
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, Gone):
        while True:
            block = await reader.readuntil(END)
            await handle(peer, block.lstrip(START)[: -len(END)], writer)
    writer.close()


async def handle(peer: Peer, block: bytes, writer: asyncio.StreamWriter) -> None:
    encoding = "gb18030" if b"GB 18030" in block else "utf-8"
    message = hl7.parse(block.decode(encoding))
    if str(message["MSH.F9.R1.C1"]) == "ACK":
        peer.heard.append(f"{message['MSA.F1.R1']} {message['MSA.F2.R1']}")
        return
    control_id = str(message["MSH.F10.R1"])
    peer.attempts[control_id] = peer.attempts.get(control_id, 0) + 1
    how = peer.behaviour(control_id)
    if how == "torn":
        raise Gone
    if how in ("AE", "AR"):
        writer.write(answer(control_id, how, None, encoding))
        return
    row = peer.take(message, encoding)
    if how == "tells":
        writer.write(answer(control_id, "AA", None, encoding))
        writer.write(registered(row, encoding))
        return
    said = answer(control_id, "AA", row, encoding)
    if how == "no_ack":
        return
    if how == "slow":
        await asyncio.sleep(peer.slow_s)
    if how == "cut":
        writer.write(said[: len(said) // 2])
        await writer.drain()
        raise Gone
    if how == "wrong_id":
        said = answer("SOMEBODYELSE", "AA", None, encoding)
    writer.write(said)
    if how == "duplicate":
        writer.write(said)


async def control(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    line = await reader.readline()
    if not line:  # somebody only looked whether the port answers
        writer.close()
        return
    said = json.loads(line)
    if said.pop("do") == "mode":
        for name, value in said.items():
            setattr(peer, name, value)
    writer.write(
        json.dumps(
            {"taken": peer.taken, "connections": peer.connections, "heard": peer.heard}
        ).encode()
        + b"\n"
    )
    await writer.drain()
    writer.close()


async def main(port: int, control_port: int, certificate: str = "") -> None:
    peer, tls = Peer(), None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    lines = await asyncio.start_server(lambda r, w: serve(peer, r, w), "127.0.0.1", port, ssl=tls)
    await asyncio.start_server(lambda r, w: control(peer, r, w), "127.0.0.1", control_port)
    await lines.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
