"""How a camera's recording reaches the centre: pieces, their chain, and the signed end.

One recording is one run of one encoder: pieces 0, 1, 2 … that together are its file. Browsers
(`static/shared/recording`) and vehicles (`ambulance_agent/recording`) speak this, the media hub
answers. Knows no socket and no store. The first word on the socket is `begin` of media.py, for the
camera that the recordings belong to.

    device  hello          which recording, of what kind, and the key that will sign its end
    hub     have           what it holds, so that the device sends only the rest
    device  piece (bytes)  in any order and any number of times
    hub     ack            these are durable: the device may forget them
    hub     refused        this one is not stored: the device keeps it
    device  last           the last number and the chain's head, signed
    hub     ended          what came of it
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

RECORD_VERSION = 1
# As the media frame begins; then the SHA-256 of the payload, then the payload.
HEADER = struct.Struct(">BIdB")
KIND_PIECE = 2
DIGEST_BYTES = 32
PIECE_BYTES = 16 * 1024
MOST_PIECE_BYTES = 64 * 1024
MOST_PIECES = 2**31 - 1
MOST_WORDS_BYTES = 8 * 1024
_PREFIX = HEADER.size + DIGEST_BYTES
_LINK = struct.Struct(">Id")


# Milliseconds of the Unix clock, 1970 to 2096.
Moment = Annotated[float, Meta(ge=0, lt=4e12)]


class RecordRefusal(StrEnum):
    """Why something was not taken. Whatever it is, the device keeps what it has."""

    MALFORMED = "malformed"
    NO_HELLO = "no_hello"
    TOO_LARGE = "too_large"
    HASH = "hash"
    DIFFERENT = "different"
    AFTER_END = "after_end"
    NOT_YOURS = "not_yours"
    OTHER_KEY = "other_key"
    SIGNATURE = "signature"
    DISK_FULL = "disk_full"
    DISK_FAULT = "disk_fault"


class EndReason(StrEnum):
    """Why a recording ended: as meant, by a crash found later, or for want of room."""

    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FULL = "full"


class MalformedPiece(ValueError):
    """Bytes that are no piece. `seq` is set where it could be read."""

    def __init__(self, reason: RecordRefusal, *, seq: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Piece:
    """`captured_ms` is the device's clock when the first byte of it came from the encoder."""

    seq: int
    captured_ms: float
    sha256: bytes
    payload: bytes


class Hello(Struct, tag_field="t", tag="hello", forbid_unknown_fields=True, kw_only=True):
    v: Literal[1] = 1
    recording: UUID
    mime: Annotated[str, Meta(max_length=120)]
    # The device's clock at the first picture, and now: the hub notes how far it is off.
    started_ms: Moment
    device_ms: Moment
    # How the end will be signed: ES256 with this public key (SPKI, base64), or the vehicle's token.
    alg: Literal["ES256", "HS256"]
    key: Annotated[str, Meta(max_length=400)] = ""


class End(Struct, tag_field="t", tag="last", forbid_unknown_fields=True, kw_only=True):
    recording: UUID
    last: Annotated[int, Meta(ge=0, le=MOST_PIECES)]
    chain: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    reason: EndReason
    signature: Annotated[str, Meta(max_length=200)]


class Beat(Struct, tag_field="t", tag="ping", forbid_unknown_fields=True):
    """As on the live sockets: see Ping and Pong of media.py."""

    at: Moment = 0.0
    offset_ms: float | None = None


class Have(Struct, tag_field="t", tag="have", kw_only=True):
    """`next` is the first number that was never seen; `holes` are [first, last] below it."""

    recording: UUID
    next: int
    holes: list[tuple[int, int]]
    ended: bool


class Stored(Struct, tag_field="t", tag="ack", kw_only=True):
    recording: UUID
    seqs: list[int]


class NotStored(Struct, tag_field="t", tag="refused", kw_only=True):
    recording: UUID | None
    code: RecordRefusal
    seq: int | None = None


class Ended(Struct, tag_field="t", tag="ended", kw_only=True):
    """`missing` are [first, last]; none when every piece up to the last is there."""

    recording: UUID
    missing: list[tuple[int, int]]


class Beaten(Struct, tag_field="t", tag="pong"):
    at: float
    now_ms: float


FromDevice = Hello | End | Beat
FromHub = Have | Stored | NotStored | Ended | Beaten

_from_device: msgspec.json.Decoder[FromDevice] = msgspec.json.Decoder(FromDevice)
_from_hub: msgspec.json.Decoder[FromHub] = msgspec.json.Decoder(FromHub)


def encode_message(message: FromDevice | FromHub) -> str:
    return msgspec.json.encode(message).decode()


def decode_from_device(text: str) -> FromDevice:
    """Raises MalformedPiece."""
    if len(text) > MOST_WORDS_BYTES:
        raise MalformedPiece(RecordRefusal.TOO_LARGE)
    try:
        return _from_device.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedPiece(RecordRefusal.MALFORMED) from error


def decode_from_hub(text: str) -> FromHub:
    """Raises MalformedPiece."""
    try:
        return _from_hub.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedPiece(RecordRefusal.MALFORMED) from error


def encode_piece(seq: int, captured_ms: float, payload: bytes) -> bytes:
    return HEADER.pack(KIND_PIECE, seq, captured_ms, 0) + hashlib.sha256(payload).digest() + payload


def decode_piece(raw: bytes) -> Piece:
    """Check form, size and hash. Raises MalformedPiece, whose reason the device is told."""
    if len(raw) <= _PREFIX:
        raise MalformedPiece(RecordRefusal.MALFORMED)
    kind, seq, captured_ms, _flags = HEADER.unpack_from(raw)
    # Not finite, or beyond the years that a clock can hold: no moment.
    if kind != KIND_PIECE or seq > MOST_PIECES or not 0 <= captured_ms < 4e12:
        raise MalformedPiece(RecordRefusal.MALFORMED, seq=seq)
    if len(raw) - _PREFIX > MOST_PIECE_BYTES:
        raise MalformedPiece(RecordRefusal.TOO_LARGE, seq=seq)
    digest, payload = raw[HEADER.size : _PREFIX], raw[_PREFIX:]
    if hashlib.sha256(payload).digest() != digest:
        raise MalformedPiece(RecordRefusal.HASH, seq=seq)
    return Piece(seq, captured_ms, digest, payload)


def first_link(recording: UUID) -> bytes:
    """The chain's head before the first piece: no recording continues another."""
    return hashlib.sha256(f"onboard record 1\n{recording}".encode()).digest()


def next_link(head: bytes, *, seq: int, captured_ms: float, sha256: bytes) -> bytes:
    return hashlib.sha256(head + _LINK.pack(seq, captured_ms) + sha256).digest()


def end_statement(*, recording: UUID, last: int, chain: bytes, reason: EndReason) -> bytes:
    """What is signed at the end."""
    return f"onboard record end 1\n{recording}\n{last}\n{chain.hex()}\n{reason.value}".encode()


def vehicle_signature(token_sha256: bytes, statement: bytes) -> bytes:
    """HMAC under the hash of the vehicle's token, which is what the centre keeps of it."""
    return hmac.new(token_sha256, statement, hashlib.sha256).digest()
