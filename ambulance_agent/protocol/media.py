"""What cameras, viewers and the media hub say to each other: one binary frame, a few words.

A frame is 14 bytes of header and its payload; everything else is a JSON text message with its
name in `t`. Knows no socket. The browser's twin of the header is static/shared/media/frames.js.

Words that are not known are for a newer side and are passed over, unknown fields too: cameras
and hubs of two versions must still show a picture. Bytes are judged strictly.
"""

from __future__ import annotations

import math
import struct
from enum import IntEnum, IntFlag, StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from ambulance_agent.protocol.frames import Instant

MEDIA_VERSION = 1
_HEADER = struct.Struct(">BIdB")
HEADER_BYTES = _HEADER.size
# Larger pictures travel in pieces, so that no message waits long behind another.
MAX_PAYLOAD_BYTES = 64 * 1024
MAX_MEDIA_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES
MAX_WORDS_BYTES = 8 * 1024
MAX_SEQ = 2**32 - 1
# 1970 to 2100: a time outside is no clock.
_LAST_MS = 4_102_444_800_000.0

PING_S = 0.25
SILENT_S = 1.5


class Kind(IntEnum):
    """What the payload is. INIT opens a stream (mode `mse`) and is kept for whoever joins."""

    INIT = 0
    CHUNK = 1
    STILL = 2  # one JPEG picture
    SOUND = 3  # one Opus packet


class Flag(IntFlag):
    NONE = 0
    KEY = 1
    BACKLOG = 2  # to be stored, not shown
    LIVE_ONLY = 4  # to be shown, not stored
    MORE = 8  # the next frame of this seq, kind and size goes on with this payload
    LOW = 16  # of the small picture for tiles


ALL_FLAGS = Flag.KEY | Flag.BACKLOG | Flag.LIVE_ONLY | Flag.MORE | Flag.LOW


class MalformedMedia(ValueError):
    """Bytes or words that are not of this protocol. Says what, never the content."""


class MediaFrame(Struct, frozen=True, gc=False):
    """`capture_ms`: Unix milliseconds by the camera's clock, at the moment of the picture."""

    kind: Kind
    seq: int
    capture_ms: float
    flags: Flag
    payload: bytes | memoryview

    @property
    def key(self) -> bool:
        return bool(self.flags & Flag.KEY)

    @property
    def low(self) -> bool:
        return bool(self.flags & Flag.LOW)

    @property
    def more(self) -> bool:
        return bool(self.flags & Flag.MORE)


def pack(
    kind: Kind, seq: int, capture_ms: float, flags: Flag, payload: bytes | memoryview
) -> bytes:
    """One frame as bytes. Raises ValueError where the other side would refuse it."""
    if not 0 <= seq <= MAX_SEQ or len(payload) > MAX_PAYLOAD_BYTES:
        raise ValueError("a frame that the other side does not take")
    return _HEADER.pack(kind, seq, capture_ms, flags) + payload


def pieces(
    kind: Kind, seq: int, capture_ms: float, flags: Flag, payload: bytes | memoryview
) -> list[bytes]:
    """The same for a picture of any size: every piece but the last says that more follows."""
    view = memoryview(payload)
    starts = range(0, len(view), MAX_PAYLOAD_BYTES) or (0,)
    return [
        pack(
            kind, seq, capture_ms,
            flags | Flag.MORE if start + MAX_PAYLOAD_BYTES < len(view) else flags,
            view[start : start + MAX_PAYLOAD_BYTES],
        )
        for start in starts
    ]  # fmt: skip


def unpack(raw: bytes) -> MediaFrame:
    """Raises MalformedMedia. The payload is a view of `raw`, not a copy."""
    if len(raw) < HEADER_BYTES:
        raise MalformedMedia("shorter than a header")
    if len(raw) > MAX_MEDIA_BYTES:
        raise MalformedMedia(f"{len(raw)} bytes")
    kind, seq, capture_ms, flags = _HEADER.unpack_from(raw)
    if kind > Kind.SOUND:
        raise MalformedMedia(f"kind {kind}")
    if flags > ALL_FLAGS:
        raise MalformedMedia(f"flags {flags}")
    if not (math.isfinite(capture_ms) and 0 <= capture_ms <= _LAST_MS):
        raise MalformedMedia("a time that is none")
    return MediaFrame(Kind(kind), seq, capture_ms, Flag(flags), memoryview(raw)[HEADER_BYTES:])


class CameraRole(StrEnum):
    """What the camera looks at; decides who may watch."""

    CABIN = "cabin"
    ROAD = "road"
    BODY = "body"
    ULTRASOUND = "ultrasound"
    CONSULT = "consult"


class Mode(StrEnum):
    """`wc`: H.264 pictures for WebCodecs. `mse`: fragments of an MP4 for a media element."""

    WC = "wc"
    MSE = "mse"


class Recording(StrEnum):
    """`own`: by a recorder at the camera. `tap`: the live pictures are the record. `off`: none."""

    OWN = "own"
    TAP = "tap"
    OFF = "off"


class Consent(StrEnum):
    """Of the person in the picture."""

    NOT_NEEDED = "not_needed"  # nobody who could be asked is seen: the road, a screen
    NOT_ASKED = "not_asked"
    GIVEN = "given"
    REPRESENTATIVE = "representative"
    EMERGENCY = "emergency"  # cannot be asked, and cannot wait
    REFUSED = "refused"


class Step(StrEnum):
    """How much of the picture the link carries, best first."""

    HD = "hd"
    SD = "sd"
    STILL = "still"
    VOICE = "voice"


ShortText = Annotated[str, Meta(max_length=120)]
Milliseconds = Annotated[float, Meta(ge=0, le=_LAST_MS)]
Seq = Annotated[int, Meta(ge=0, le=MAX_SEQ)]


# --- a camera says ----------------------------------------------------------------


class Begin(Struct, frozen=True, kw_only=True, tag_field="t", tag="begin"):
    """The first message of a publisher and of a recorder; said again at every new socket.

    The stream's id is in the address and made by the camera's side: once for each time that
    somebody presses start. `codec` is of WebCodecs (`avc1.42001f`) or a MIME type (mode `mse`).
    """

    v: int = MEDIA_VERSION
    mission: UUID
    role: CameraRole
    label: Annotated[str, Meta(max_length=60)] = ""
    device: ShortText = ""
    mode: Mode = Mode.WC
    codec: ShortText
    recording: Recording = Recording.OWN
    consent: Consent = Consent.NOT_ASKED
    started_at: Instant


class Ping(Struct, frozen=True, kw_only=True, tag_field="t", tag="ping"):
    """Every 250 ms, by cameras and viewers. `offset_ms`: the hub's clock minus the sender's."""

    at: Milliseconds
    offset_ms: float | None = None


class Level(Struct, frozen=True, kw_only=True, tag_field="t", tag="level"):
    """The camera's side has stepped down or up; passed on to whoever watches."""

    step: Step
    kbps: Annotated[int, Meta(ge=0, le=100_000)] = 0
    reason: Annotated[str, Meta(max_length=20)] = ""


class Policy(Struct, frozen=True, kw_only=True, tag_field="t", tag="policy"):
    recording: Recording
    consent: Consent


class End(Struct, frozen=True, kw_only=True, tag_field="t", tag="end"):
    """The camera was switched off by a person; a cut link is no end."""

    at: Instant


# --- a viewer says ----------------------------------------------------------------


class Want(Struct, frozen=True, kw_only=True, tag_field="t", tag="want"):
    """Which picture: `full`, `low` (for tiles) or `none` (the tile is out of sight)."""

    picture: Annotated[str, Meta(pattern="^(full|low|none)$")]


class Got(Struct, frozen=True, kw_only=True, tag_field="t", tag="got"):
    """The newest picture that arrived, said every 100 ms by a timer, never by count."""

    seq: Seq


# --- the hub says -----------------------------------------------------------------


class Person(Struct, frozen=True, kw_only=True):
    id: UUID
    name_en: str
    name_zh: str
    role: str


class Welcome(Struct, frozen=True, kw_only=True, tag_field="t", tag="welcome"):
    """To a publisher: begin with a key frame; the first `seq` must be above `have`."""

    have: int | None = None
    now_ms: float


class Ack(Struct, frozen=True, kw_only=True, tag_field="t", tag="ack"):
    seq: int


class Pong(Struct, frozen=True, kw_only=True, tag_field="t", tag="pong"):
    """`at` is the ping's own."""

    at: float
    now_ms: float


class GiveKey(Struct, frozen=True, kw_only=True, tag_field="t", tag="key"):
    """A viewer cannot go on without a key frame."""


class Wanted(Struct, frozen=True, kw_only=True, tag_field="t", tag="wanted"):
    """Which pictures somebody watches now: what nobody watches need not be sent."""

    full: bool
    low: bool


class Watching(Struct, frozen=True, kw_only=True, tag_field="t", tag="watching"):
    """Who looks at this camera now: for the crew, and for those who look."""

    people: list[Person]


class About(Struct, frozen=True, kw_only=True, tag_field="t", tag="stream"):
    """To a viewer, first and whenever something of it changes.

    `live`: the camera's socket is open. `offset_ms` added to a frame's `capture_ms` gives the
    hub's time, as `Pong` tells it.
    """

    id: UUID
    role: CameraRole
    label: str
    mode: Mode
    codec: str
    recording: Recording
    consent: Consent
    live: bool
    ended: bool = False
    step: Step = Step.HD
    reason: str = ""
    offset_ms: float | None = None
    now_ms: float


class Moved(Struct, frozen=True, kw_only=True, tag_field="t", tag="moved"):
    """This incident is served elsewhere: connect there. Followed by a close."""

    url: str


class Refused(Struct, frozen=True, kw_only=True, tag_field="t", tag="refused"):
    """Followed by a close. `code` is for programs, `message` for a person, in English."""

    code: str
    message: str


FromCamera = Begin | Ping | Level | Policy | End
FromViewer = Want | Got | Ping
ToCamera = Welcome | Ack | Pong | GiveKey | Wanted | Watching | Moved | Refused
ToViewer = About | Pong | Watching | Moved | Refused

_from_camera: msgspec.json.Decoder[FromCamera] = msgspec.json.Decoder(FromCamera)
_from_viewer: msgspec.json.Decoder[FromViewer] = msgspec.json.Decoder(FromViewer)
_to_camera: msgspec.json.Decoder[ToCamera] = msgspec.json.Decoder(ToCamera)
_encoder = msgspec.json.Encoder()


def words(message: FromCamera | FromViewer | ToCamera | ToViewer) -> str:
    return _encoder.encode(message).decode()


def camera_words(text: str) -> FromCamera | None:
    """None for a word of a newer version. Raises MalformedMedia."""
    return _decoded(_from_camera, text)


def viewer_words(text: str) -> FromViewer | None:
    """None for a word of a newer version. Raises MalformedMedia."""
    return _decoded(_from_viewer, text)


def hub_words(text: str) -> ToCamera | None:
    """What a camera hears. None for a word of a newer version. Raises MalformedMedia."""
    return _decoded(_to_camera, text)


W = TypeVar("W")


def _decoded(decoder: msgspec.json.Decoder[W], text: str) -> W | None:
    if len(text) > MAX_WORDS_BYTES:
        raise MalformedMedia(f"{len(text)} characters")
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        if "Invalid value" in str(error) and "$.t" in str(error):
            return None
        raise MalformedMedia("words of another shape") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMedia("no JSON") from error
