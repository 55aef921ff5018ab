"""What the vehicles produced, written down beside their outboxes and never through them.

A body that `append` was given is written before and after the call. Both notes there: produced, it
must arrive. Only the first: the process was killed in between, nobody was promised anything; it may
arrive, once ("undecided"). The notes need no flush: the kernel keeps what a killed process wrote.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zlib import crc32

import msgspec

from ambulance_agent.outbox import Outbox
from ambulance_agent.parcel import Parcel
from ambulance_agent.protocol import Status, Telemetry

Body = Telemetry | Status
Key = tuple[UUID, int]  # epoch, sequence
HEAD = struct.Struct("<II")  # length and check sum: the last note of a killed process may be torn


class Made(msgspec.Struct, tag="made"):
    """Before the outbox has it."""

    epoch: UUID
    sequence: int
    body: Body


class Kept(msgspec.Struct, tag="kept"):
    """`append` has returned."""

    epoch: UUID
    sequence: int


class Acked(msgspec.Struct, tag="acked"):
    """The centre has these; `at_s` by the machine's one monotonic clock."""

    epoch: UUID
    sequences: list[int]
    at_s: float


Note = Made | Kept | Acked
_decoder = msgspec.msgpack.Decoder(Note)


class WitnessedOutbox(Outbox):
    """The real outbox with a witness at its door."""

    # Any: the settings of the real one.
    def __init__(self, path: Path, **settings: Any) -> None:
        # A file for each start: a torn note is always the last of its file.
        self._notes = os.open(
            path.with_name(f"{path.name}.truth-{time.time_ns()}"),
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND,
        )
        super().__init__(path, **settings)

    def append(self, body: Body, *, made_at: datetime, urgent: bool = False) -> Parcel:
        self._note(Made(self.epoch, self.next_sequence, body))
        parcel = super().append(body, made_at=made_at, urgent=urgent)
        self._note(Kept(parcel.epoch, parcel.sequence))
        return parcel

    def acknowledge(self, epoch: UUID, sequences: Iterable[int]) -> None:
        numbers = list(sequences)
        if numbers:
            self._note(Acked(epoch, numbers, time.monotonic()))
        super().acknowledge(epoch, numbers)

    def _note(self, note: Note) -> None:
        raw = msgspec.msgpack.encode(note)
        os.write(self._notes, HEAD.pack(len(raw), crc32(raw)) + raw)


@dataclass
class Truth:
    """All notes of one vehicle, over all its starts."""

    kept: dict[Key, Body] = field(default_factory=dict)
    undecided: dict[Key, Body] = field(default_factory=dict)
    acked_at_s: list[float] = field(default_factory=list)


def truth_of(outbox: Path) -> Truth:
    truth = Truth()
    for file in sorted(outbox.parent.glob(f"{outbox.name}.truth-*")):
        made: dict[Key, Body] = {}
        for note in _notes(file.read_bytes()):
            match note:
                case Made():
                    made[note.epoch, note.sequence] = note.body
                case Kept():
                    key = note.epoch, note.sequence
                    truth.kept[key] = made.pop(key)
                case Acked():
                    truth.acked_at_s.append(note.at_s)
        truth.undecided |= made
    truth.acked_at_s.sort()
    return truth


def _notes(raw: bytes) -> Iterator[Note]:
    begin = 0
    while begin + HEAD.size <= len(raw):
        length, crc = HEAD.unpack_from(raw, begin)
        note = raw[begin + HEAD.size : begin + HEAD.size + length]
        if len(note) < length or crc32(note) != crc:
            return  # torn: what it would have told never reached the outbox, or nobody was told
        yield _decoder.decode(note)
        begin += HEAD.size + length
