"""Store what the vehicles measured and show it to those who watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

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
    "code": "text",
    "value": "float8",
    "unit": "text",
    "measured_at": "timestamptz",
    "quality": "text",
    "source": "text",
}
WAVE_COLUMNS = {
    "ambulance_id": "uuid",
    "mission_id": "uuid",
    "epoch": "uuid",
    "sequence": "int8",
    "index": "int2",
    "recorded_at": "timestamptz",
    "lead": "text",
    "started_at": "timestamptz",
    "rate_hz": "float8",
    "scale_uv": "float8",
    "samples": "bytea",
}


@dataclass(frozen=True, slots=True)
class Came:
    """A number or a wave with its place in its vehicle's stream."""

    frame: TelemetryFrame
    index: int
    at: datetime
    what: Number | Strip


def take_telemetry(frames: Sequence[TelemetryFrame], now: datetime) -> None:
    """Store a batch of many vehicles' numbers and waves, then show it after the commit.

    Joins the uplink's transaction, which has seen to it that every frame is new. A value
    belongs to the mission that was open when it was measured.
    """
    came = [*numbers_in(frames, now=now), *waves_in(frames)]
    if not came:
        return
    missions = missions_of(
        ambulance_ids={frame.ambulance_id for frame in frames}, since=min(one.at for one in came)
    )
    readings: list[tuple[object, ...]] = []
    waves: list[tuple[object, ...]] = []
    live: dict[UUID, Live] = {}
    for one in came:
        frame, what = one.frame, one.what
        mission_id = missions.at(frame.ambulance_id, one.at)
        place = (frame.ambulance_id, mission_id, frame.epoch, frame.sequence, one.index, now)
        if isinstance(what, Number):
            readings.append(
                (*place, what.code, what.value, what.unit, one.at, what.quality, what.source)
            )
        else:
            waves.append((*place, what.lead, one.at, what.rate_hz, what.scale_uv, what.samples))
        if mission_id is not None and audience.looks_at(mission_id):
            live.setdefault(mission_id, Live()).add(what)
    with transaction.atomic(savepoint=False):
        copy("ehr_prehospital_reading", READING_COLUMNS, readings)
        copy("ehr_prehospital_wave", WAVE_COLUMNS, waves)
        transaction.on_commit(lambda: publish(live), robust=True)


def numbers_in(frames: Sequence[TelemetryFrame], *, now: datetime) -> list[Came]:
    return [
        Came(
            frame,
            index,
            numeric.measured_at,
            Number(
                code=numeric.code.value,
                value=numeric.value,
                unit=numeric.unit.value,
                measured_at=numeric.measured_at,
                quality=judge(
                    code=numeric.code,
                    value=numeric.value,
                    unit=numeric.unit,
                    quality=numeric.quality,
                    measured_at=numeric.measured_at,
                    now=now,
                ).quality.value,
                source=numeric.source,
            ),
        )
        for frame in frames
        for index, numeric in enumerate(frame.body.numerics)
    ]


def waves_in(frames: Sequence[TelemetryFrame]) -> list[Came]:
    return [
        Came(
            frame,
            index,
            wave.started_at,
            Strip(
                lead=wave.lead.value,
                started_at=wave.started_at,
                rate_hz=wave.rate_hz,
                scale_uv=wave.scale_uv,
                samples=wave.samples,
            ),
        )
        for frame in frames
        for index, wave in enumerate(frame.body.waves)
    ]
