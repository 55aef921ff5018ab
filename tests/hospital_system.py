"""Starting the hospital's system of `hospital_peer` and asking it what it has taken."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehr_prehospital.exchange.hl7v2.client import hang_up
from tests.running import answers, free_port, process
from tests.waiting import wait_until


@dataclass(frozen=True)
class HospitalSystem:
    port: int
    control_port: int
    tls: bool = False

    @property
    def address(self) -> str:
        return f"{'mllps' if self.tls else 'mllp'}://127.0.0.1:{self.port}"

    # Any: the peer's own JSON.
    def tell(self, **said: Any) -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", self.control_port), 10) as wire:
            wire.sendall(json.dumps(said).encode() + b"\n")
            with wire.makefile("rb") as answer:
                found: dict[str, Any] = json.loads(answer.readline())
        return found

    def behaves(self, mode: str, **more: Any) -> None:
        self.tell(do="mode", mode=mode, **more)

    @property
    def taken(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.tell(do="taken")["taken"]
        return rows

    @property
    def events(self) -> list[str]:
        return [row["event"] for row in self.taken]


@contextmanager
def hospital_system(port: int = 0, certificate: Path | None = None) -> Iterator[HospitalSystem]:
    """Up until the end of the block; the lines to it are closed with it."""
    system = HospitalSystem(port or free_port(), free_port(), tls=certificate is not None)
    proof = [str(certificate)] if certificate else []
    with process("-m", "tests.hospital_peer", str(system.port), str(system.control_port), *proof):
        wait_until(
            lambda: answers(system.port) and answers(system.control_port),
            what="the hospital's system answers",
        )
        try:
            yield system
        finally:
            hang_up()
