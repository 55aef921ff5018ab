"""The vehicles as seen from outside: their settings, their outboxes, their notes."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.chaos.agent import LEFT


@dataclass(frozen=True, slots=True)
class Unit:
    """One vehicle of the fleet: who it is for the centre, and where its frames wait."""

    vehicle_id: str
    token: str
    lat: float
    lon: float
    outbox: Path


def settings_file(folder: Path, unit: Unit, number: int, port: int) -> Path:
    file = folder / f"vehicle-{number}.toml"
    file.write_text(
        f"""[vehicle]
id = "{unit.vehicle_id}"
call_sign = "C{number:03}"
token = "{unit.token}"
[uplink]
url = "ws://127.0.0.1:{port}/uplink/"
[outbox]
path = "{unit.outbox.name}"
[drivers.simulated]
seed = {number}
home = [{unit.lon}, {unit.lat}]
"""
    )
    return file


def until_a_note_grows(outbox: Path) -> None:
    """The witness has just been told, the outbox is at it."""
    notes = max(outbox.parent.glob(f"{outbox.name}.truth-*"), default=None)
    give_up_s = time.monotonic() + 1.2  # a frame comes each second
    size = notes.stat().st_size if notes else 0
    while notes and notes.stat().st_size == size and time.monotonic() < give_up_s:
        time.sleep(0.0002)


def waiting(unit: Unit) -> int:
    """Frames, as the vehicle tells itself; more than none before it has told."""
    told = unit.outbox.with_name(unit.outbox.name + LEFT)
    return int(told.read_text() or 1) if told.exists() else 1


def on_disk(unit: Unit) -> int:
    with sqlite3.connect(unit.outbox) as db:
        return int(db.execute("SELECT count(*) FROM parcel").fetchone()[0])
