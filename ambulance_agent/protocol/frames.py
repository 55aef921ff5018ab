"""What a vehicle sends: one Hello, then numbered Frames and now and then a Report.

A frame is identified by (vehicle, epoch, sequence) and may be sent again until
it is acknowledged. Frames of older epochs may follow a Hello of the current one.
"""

from datetime import datetime
from math import isfinite
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from ambulance_agent.protocol.codes import (
    PROTOCOL_VERSION,
    VITALS,
    DeviceStateCode,
    Fact,
    FileKind,
    Lead,
    Quality,
    Unit,
    VitalCode,
)

# An aware time travels as the MessagePack timestamp extension (an instant, read
# back as UTC); a naive one would travel as text without offset and is refused.
Instant = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
MAX_SEQUENCE = 2**62
Sequence = Annotated[int, Meta(ge=0, le=MAX_SEQUENCE)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class Hello(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="hello"
):
    """First message of a connection. `next_sequence` is the one not yet used."""

    epoch: UUID
    agent_version: Name
    protocol: Annotated[int, Meta(ge=1, le=1000)] = PROTOCOL_VERSION
    sent_at: Instant
    next_sequence: Sequence


class Position(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """WGS-84 degrees, metres, metres a second; heading from true north."""

    fix_at: Instant
    lat: Latitude
    lon: Longitude
    heading_deg: Annotated[float, Meta(ge=0, lt=360)] | None = None
    speed_mps: Annotated[float, Meta(ge=0, le=150)] | None = None
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None
    satellites: Annotated[int, Meta(ge=0, le=200)] | None = None

    def __post_init__(self) -> None:
        # NaN passes every comparison of a bound.
        if not (isfinite(self.lat) and isfinite(self.lon)):
            raise ValueError("a position must be finite")
        for value in (self.heading_deg, self.speed_mps, self.accuracy_m):
            if value is not None and not isfinite(value):
                raise ValueError("a position must be finite")


class Numeric(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One number of one device. A value no body can have must be marked invalid.

    `device_behind_s` is what the driver has added to the device's own time to get
    `measured_at`; left out for a device without a clock.
    """

    code: VitalCode
    value: Annotated[float, Meta(ge=-1e6, le=1e6)]
    unit: Unit
    measured_at: Instant
    quality: Quality = Quality.GOOD
    source: Name
    device_behind_s: Annotated[float, Meta(ge=-1e9, le=1e9)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        spec = VITALS[self.code]
        if not isfinite(self.value):
            raise ValueError("a value must be finite")
        if self.unit is not spec.unit:
            raise ValueError(f"{self.code} is measured in {spec.unit}")
        if self.quality is not Quality.INVALID and not spec.low <= self.value <= spec.high:
            raise ValueError(f"{self.code} outside {spec.low}..{spec.high} must be invalid")


class Wave(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Little-endian int16; one count is `scale_uv` microvolts."""

    lead: Lead
    started_at: Instant
    rate_hz: Annotated[int, Meta(ge=1, le=4000)]
    scale_uv: Annotated[float, Meta(gt=0, le=1000)]
    samples: Annotated[bytes, Meta(min_length=2, max_length=40_000)]

    def __post_init__(self) -> None:
        if len(self.samples) % 2:
            raise ValueError("samples are pairs of bytes")
        if not isfinite(self.scale_uv):
            raise ValueError("a scale must be finite")


class DeviceState(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    device: Name
    state: DeviceStateCode
    since: Instant


MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_PIECE_BYTES = 48 * 1024


class FilePiece(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A piece of a file that a device wrote: (file_id, part) names it for ever.

    Pieces may come in any order and again; the file is whole when all parts are there and
    the SHA-256 is right. What it says is judged by the centre alone.
    """

    file_id: UUID
    kind: FileKind
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    found_at: Instant
    sha256: Annotated[bytes, Meta(min_length=32, max_length=32)]
    size: Annotated[int, Meta(ge=1, le=MAX_FILE_BYTES)]
    part: Annotated[int, Meta(ge=0)]
    parts: Annotated[int, Meta(ge=1, le=256)]
    content: Annotated[bytes, Meta(min_length=1, max_length=MAX_PIECE_BYTES)]

    def __post_init__(self) -> None:
        if self.part >= self.parts:
            raise ValueError("a part is one of its parts")


class Telemetry(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="telemetry"
):
    """Everything a vehicle measured in one second. Absent is not zero.

    `pieces` is left out of the bytes where there are none, so that a centre from before
    files understands every other frame.
    """

    position: Position | None = None
    numerics: Annotated[list[Numeric], Meta(max_length=64)] = []
    waves: Annotated[list[Wave], Meta(max_length=16)] = []
    devices: Annotated[list[DeviceState], Meta(max_length=32)] = []
    pieces: Annotated[list[FilePiece], Meta(min_length=1, max_length=4)] | UnsetType = UNSET


class Status(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="status"
):
    """A fact of the mission. `fact_id` makes a repetition harmless."""

    fact_id: UUID
    mission_id: UUID
    fact: Fact
    occurred_at: Instant
    reason: Annotated[str, Meta(max_length=200)] | None = None


class Frame(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="frame"
):
    epoch: UUID
    sequence: Sequence
    made_at: Instant
    urgent: bool = False
    body: Telemetry | Status


Count = Annotated[int, Meta(ge=0, le=MAX_SEQUENCE)]


class Report(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t", tag="report"
):
    """How the outbox is. Not numbered, not kept, not acknowledged: the next one comes.

    For want of space since the agent began: `thinned` frames lost their waves, `dropped` ones
    everything.
    """

    sent_at: Instant
    waiting: Count
    waiting_bytes: Count
    thinned: Count = 0
    dropped: Count = 0


FromVehicle = Hello | Frame | Report


def reading(
    code: VitalCode,
    value: float,
    *,
    measured_at: datetime,
    source: str,
    quality: Quality = Quality.GOOD,
    device_behind_s: float | UnsetType = UNSET,
) -> Numeric:
    """A Numeric in the code's own unit, marked invalid where no body can have the value."""
    spec = VITALS[code]
    if not spec.low <= value <= spec.high:
        quality = Quality.INVALID
    return Numeric(
        code=code,
        value=value,
        unit=spec.unit,
        measured_at=measured_at,
        quality=quality,
        source=source,
        device_behind_s=device_behind_s,
    )
