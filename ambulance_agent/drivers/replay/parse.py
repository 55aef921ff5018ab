"""The case file: one header line, then one line per second of telemetry.

Times in the file count from 2000-01-01T00:00:00+00:00, the start of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from ambulance_agent.protocol import Telemetry

START = datetime(2000, 1, 1, tzinfo=UTC)


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["onboard-case"] = "onboard-case"
    version: Literal[1] = 1
    name: str
    made_by: str


class Second(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at_s: float
    telemetry: Telemetry


@dataclass(frozen=True, slots=True)
class Case:
    header: Header
    seconds: Sequence[Second]


class DamagedCase(ValueError):
    """The file is not a case; says which line."""


def read_case(path: Path) -> Case:
    """Raises DamagedCase."""
    lines = path.read_bytes().splitlines()
    seconds: list[Second] = []
    number = 1
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
        decoder = msgspec.json.Decoder(Second)
        for number, line in enumerate(lines[1:], 2):  # noqa: B007 - named in the error
            seconds.append(decoder.decode(line))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedCase(f"{path}, line {number}: {error}") from error
    if any(late.at_s < early.at_s for early, late in pairwise(seconds)):
        raise DamagedCase(f"{path}: the seconds are not in order")
    return Case(header, seconds)


def write_case(path: Path, header: Header, seconds: Iterable[Second]) -> None:
    lines = [msgspec.json.encode(header), *(msgspec.json.encode(second) for second in seconds)]
    path.write_bytes(b"\n".join(lines) + b"\n")


def moved(telemetry: Telemetry, shift: timedelta) -> Telemetry:
    """The same telemetry at another time."""
    position = telemetry.position
    return Telemetry(
        position=position and replace(position, fix_at=position.fix_at + shift),
        numerics=[replace(n, measured_at=n.measured_at + shift) for n in telemetry.numerics],
        waves=[replace(w, started_at=w.started_at + shift) for w in telemetry.waves],
        devices=[replace(d, since=d.since + shift) for d in telemetry.devices],
    )
