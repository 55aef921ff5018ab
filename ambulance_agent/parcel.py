"""One encoded frame on its way, and what of it may go when there is no room."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from ambulance_agent.protocol import Frame, Status, Telemetry, decode_from_vehicle, encode

# What a frame holds, and so when it may go: never, without its waves, as a whole.
LASTING, WAVES, NUMBERS = range(3)
TRIM_TO = 0.95  # of a bound, so that what is full is not trimmed at every frame


@dataclass(frozen=True, slots=True)
class Parcel:
    """`ticket` is its place in this outbox, in order of making."""

    ticket: int
    epoch: UUID
    sequence: int
    urgent: bool
    kind: int
    raw: bytes


def kind_of(body: Telemetry | Status) -> int:
    """A status and a piece of a device's file cannot be measured again a second later."""
    if isinstance(body, Status) or body.pieces:
        return LASTING
    return WAVES if body.waves else NUMBERS


def without_waves(raw: bytes) -> bytes:
    """The same frame, thinner. Raises MalformedFrame where the bytes are none any more."""
    frame = decode_from_vehicle(raw)
    if not isinstance(frame, Frame) or not isinstance(frame.body, Telemetry):
        raise TypeError("only telemetry carries waves")
    return encode(replace(frame, body=replace(frame.body, waves=[])))
