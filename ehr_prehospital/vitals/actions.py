"""Store what the vehicles measured and show it to those who watch."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from msgspec import UnsetType

from ambulance_agent.protocol import Numeric, Telemetry
from dispatch.bulk import copy
from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.vitals.live import Live, audience, publish
from ehr_prehospital.vitals.queries import Number, Strip, missions_of
from ehr_prehospital.vitals.rules import judge

READING_COLUMNS = {
    "ambulance_id": "uuid",
    "mission_id": "uuid",
    "epoch": "uuid",
    "sequence": "int8",
    "index": "int2",
    "recorded_at": "timestamptz",
    "clock_offset_ms": "int8",
    "code": "text",
    "value": "float8",
    "unit": "text",
    "measured_at": "timestamptz",
    "quality": "text",
    "source": "text",
    "device_behind_ms": "int8",
}
WAVE_COLUMNS = {
    "ambulance_id": "uuid",
    "mission_id": "uuid",
    "epoch": "uuid",
    "sequence": "int8",
    "index": "int2",
    "recorded_at": "timestamptz",
    "clock_offset_ms": "int8",
    "lead": "text",
    "started_at": "timestamptz",
    "rate_hz": "float8",
    "scale_uv": "float8",
    "samples": "bytea",
}


Row = tuple[object, ...]


def take_telemetry(frames: Sequence[TelemetryFrame], now: datetime) -> None:
    """Store a batch of many vehicles' numbers and waves, then show it after the commit.

    Joins the uplink's transaction, which has seen to it that every frame is new. A value
    belongs to the mission that was open when it was measured.
    """
    measured = [frame for frame in frames if frame.body.numerics or frame.body.waves]
    if not measured:
        return
    missions = missions_of(
        ambulance_ids={frame.ambulance_id for frame in measured},
        since=min(earliest(frame.body) for frame in measured),
    )
    readings: list[Row] = []
    waves: list[Row] = []
    live: dict[UUID, Live] = {}
    for frame in measured:
        for index, numeric in enumerate(frame.body.numerics):
            mission_id = missions.at(frame.ambulance_id, numeric.measured_at)
            number = number_of(numeric, now=now)
            readings.append(
                (*place(frame, mission_id, index, now), *number, device_behind_ms(numeric))
            )
            if mission_id is not None and audience.looks_at(mission_id):
                live.setdefault(mission_id, Live()).add(Number(*number))
        for index, wave in enumerate(frame.body.waves):
            mission_id = missions.at(frame.ambulance_id, wave.started_at)
            strip = (wave.lead.value, wave.started_at, wave.rate_hz, wave.scale_uv, wave.samples)
            waves.append((*place(frame, mission_id, index, now), *strip))
            if mission_id is not None and audience.looks_at(mission_id):
                live.setdefault(mission_id, Live()).add(Strip(*strip))
    with transaction.atomic(savepoint=False):
        copy("ehr_prehospital_reading", READING_COLUMNS, readings)
        copy("ehr_prehospital_wave", WAVE_COLUMNS, waves)
        if live:
            transaction.on_commit(lambda: publish(live), robust=True)


def earliest(body: Telemetry) -> datetime:
    return min(
        [
            *(numeric.measured_at for numeric in body.numerics),
            *(wave.started_at for wave in body.waves),
        ]
    )


def place(frame: TelemetryFrame, mission_id: UUID | None, index: int, now: datetime) -> Row:
    return (
        frame.ambulance_id, mission_id, frame.epoch, frame.sequence, index, now,
        frame.clock_offset_ms,
    )  # fmt: skip


def device_behind_ms(numeric: Numeric) -> int | None:
    behind_s = numeric.device_behind_s
    return None if isinstance(behind_s, UnsetType) else round(behind_s * 1000)


def number_of(numeric: Numeric, *, now: datetime) -> tuple[str, float, str, datetime, str, str]:
    """The fields of a Number, in their order."""
    quality = judge(
        code=numeric.code,
        value=numeric.value,
        unit=numeric.unit,
        quality=numeric.quality,
        measured_at=numeric.measured_at,
        now=now,
    ).quality
    return (
        numeric.code.value,
        numeric.value,
        numeric.unit.value,
        numeric.measured_at,
        quality.value,
        numeric.source,
    )
