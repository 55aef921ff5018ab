"""Bytes to messages and back, with one typed error that says what was wrong.

Knows no socket and no store. Reasons never carry a value from the body: they
are logged and shown to administrators, and a body holds health data.
"""

import re
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from ambulance_agent.protocol.codes import PROTOCOL_VERSION
from ambulance_agent.protocol.frames import MAX_SEQUENCE, Frame, FromVehicle, Hello, Report
from ambulance_agent.protocol.replies import FromServer

MAX_FRAME_BYTES = 256 * 1024
MAX_REPLY_BYTES = 1024 * 1024
SUPPORTED_VERSIONS = frozenset(range(1, PROTOCOL_VERSION + 1))


class MalformedReason(StrEnum):
    TOO_LARGE = "too_large"
    NOT_MESSAGEPACK = "not_messagepack"
    WRONG_VERSION = "wrong_version"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    UNKNOWN_CODE = "unknown_code"
    NAIVE_TIME = "naive_time"
    INVALID_VALUE = "invalid_value"


class MalformedFrame(ValueError):
    """Bytes that are not a message of this protocol.

    `epoch` and `sequence` are set when at least the envelope of a frame could be
    read: such a frame is stored raw and acknowledged as parked.
    """

    def __init__(
        self,
        reason: MalformedReason,
        detail: str,
        *,
        epoch: UUID | None = None,
        sequence: int | None = None,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.epoch = epoch
        self.sequence = sequence


class _Envelope(Struct, gc=False):
    """The lenient look at bytes that the strict decoder refused."""

    epoch: UUID | None = None
    sequence: int | None = None
    protocol: int | None = None


_encoder = msgspec.msgpack.Encoder()
_from_vehicle: msgspec.msgpack.Decoder[FromVehicle] = msgspec.msgpack.Decoder(FromVehicle)
_from_server: msgspec.msgpack.Decoder[FromServer] = msgspec.msgpack.Decoder(FromServer)
_envelope = msgspec.msgpack.Decoder(_Envelope)


def encode(message: FromVehicle | FromServer) -> bytes:
    """Raises ValueError when a frame would be larger than the other side takes."""
    encoded = _encoder.encode(message)
    limit = MAX_FRAME_BYTES if isinstance(message, Hello | Report | Frame) else MAX_REPLY_BYTES
    if len(encoded) > limit:
        raise ValueError(f"{len(encoded)} bytes, at most {limit} are allowed")
    return encoded


def decode_from_vehicle(raw: bytes) -> FromVehicle:
    """Raises MalformedFrame."""
    if len(raw) > MAX_FRAME_BYTES:
        raise MalformedFrame(MalformedReason.TOO_LARGE, f"{len(raw)} bytes")
    try:
        message = _from_vehicle.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(raw, error) from error
    if isinstance(message, Hello) and message.protocol not in SUPPORTED_VERSIONS:
        raise MalformedFrame(MalformedReason.WRONG_VERSION, f"protocol {message.protocol}")
    return message


def decode_from_server(raw: bytes) -> FromServer:
    """Raises MalformedFrame."""
    if len(raw) > MAX_REPLY_BYTES:
        raise MalformedFrame(MalformedReason.TOO_LARGE, f"{len(raw)} bytes")
    try:
        return _from_server.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(raw, error) from error


_REASONS = (
    ("unknown field", MalformedReason.UNKNOWN_FIELD),
    ("missing required field", MalformedReason.MISSING_FIELD),
    ("invalid enum value", MalformedReason.UNKNOWN_CODE),
    ("invalid value '", MalformedReason.UNKNOWN_TYPE),
    ("timezone component", MalformedReason.NAIVE_TIME),
)
_QUOTED_VALUE = re.compile(r"(?i)(invalid (?:enum )?value) (?:'[^']*'|\S+)")


def _explained(raw: bytes, error: Exception) -> MalformedFrame:
    if not isinstance(error, msgspec.ValidationError):
        return MalformedFrame(MalformedReason.NOT_MESSAGEPACK, type(error).__name__)
    detail = _QUOTED_VALUE.sub(r"\1", str(error))[:300]
    try:
        envelope = _envelope.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        envelope = _Envelope()
    if envelope.protocol is not None and envelope.protocol not in SUPPORTED_VERSIONS:
        return MalformedFrame(MalformedReason.WRONG_VERSION, f"protocol {envelope.protocol}")
    text = str(error).lower()
    reason = next((why for words, why in _REASONS if words in text), MalformedReason.INVALID_VALUE)
    sequence = envelope.sequence if envelope.sequence is not None else -1
    # A number that no store can hold is no number to park a frame by.
    whole = envelope.epoch is not None and 0 <= sequence <= MAX_SEQUENCE
    return MalformedFrame(
        reason,
        detail,
        epoch=envelope.epoch if whole else None,
        sequence=sequence if whole else None,
    )
