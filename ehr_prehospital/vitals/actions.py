"""Store what the vehicles measured and show it to those who watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg import Cursor

from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.vitals.live import Live, publish
from ehr_prehospital.vitals.queries import Number, Strip, missions_of
from ehr_prehospital.vitals.rules import judge


@dataclass(frozen=True, slots=True)
class Came:
    """A number or a wave with its place in its vehicle's stream, its identity for ever."""

    ambulance_id: UUID
    epoch: UUID
    sequence: int
    index: int
    what: Number | Strip

    @property
    def key(self) -> tuple[UUID, UUID, int, int]:
        return (self.ambulance_id, self.epoch, self.sequence, self.index)

    @property
    def at(self) -> datetime:
        return self.what.measured_at if isinstance(self.what, Number) else self.what.started_at


def take_telemetry(frames: Sequence[TelemetryFrame], now: datetime) -> None:
    """Store a batch of many vehicles' numbers and waves, then show it after the commit.

    Joins the uplink's transaction. A value that comes again is neither stored nor
    shown again. A value belongs to the mission that was open when it was measured.
    """
    came = [*numbers_in(frames, now=now), *waves_in(frames)]
    if not came:
        return
    missions = missions_of(
        ambulance_ids={one.ambulance_id for one in came}, since=min(one.at for one in came)
    )
    placed = [(one, missions.at(one.ambulance_id, one.at)) for one in came]
    with transaction.atomic():
        fresh = insert_readings(placed, now=now) | insert_waves(placed, now=now)
        live: dict[UUID, Live] = {}
        for one, mission_id in placed:
            if mission_id is not None and one.key in fresh:
                live.setdefault(mission_id, Live()).add(one.what)
        transaction.on_commit(lambda: publish(live), robust=True)


def numbers_in(frames: Sequence[TelemetryFrame], *, now: datetime) -> list[Came]:
    return [
        Came(
            frame.ambulance_id,
            frame.epoch,
            frame.sequence,
            index,
            Number(
                code=numeric.code,
                value=numeric.value,
                unit=numeric.unit,
                measured_at=numeric.measured_at,
                quality=judge(
                    code=numeric.code,
                    value=numeric.value,
                    unit=numeric.unit,
                    quality=numeric.quality,
                    measured_at=numeric.measured_at,
                    now=now,
                ).quality,
                source=numeric.source,
            ),
        )
        for frame in frames
        for index, numeric in enumerate(frame.body.numerics)
    ]


def waves_in(frames: Sequence[TelemetryFrame]) -> list[Came]:
    return [
        Came(
            frame.ambulance_id,
            frame.epoch,
            frame.sequence,
            index,
            Strip(
                lead=wave.lead,
                started_at=wave.started_at,
                rate_hz=wave.rate_hz,
                scale_uv=wave.scale_uv,
                samples=wave.samples,
            ),
        )
        for frame in frames
        for index, wave in enumerate(frame.body.waves)
    ]


Placed = Sequence[tuple[Came, UUID | None]]
Keys = set[tuple[UUID, UUID, int, int]]


def insert_readings(placed: Placed, *, now: datetime) -> Keys:
    """One statement for all; returns the keys of the rows that were new."""
    rows = [
        (*place_of(one, mission_id), n.code, n.value, n.unit, n.measured_at, n.quality, n.source)
        for one, mission_id in placed
        if isinstance(n := one.what, Number)
    ]
    return insert(
        "INSERT INTO ehr_prehospital_reading (ambulance_id, mission_id, epoch, sequence, index,"
        " code, value, unit, measured_at, quality, source, recorded_at)"
        " SELECT *, %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[],"
        " %s::int[], %s::text[], %s::float8[], %s::text[], %s::timestamptz[], %s::text[],"
        " %s::text[])"
        " ON CONFLICT (ambulance_id, epoch, sequence, index) DO NOTHING"
        " RETURNING ambulance_id, epoch, sequence, index",
        rows,
        now=now,
    )


def insert_waves(placed: Placed, *, now: datetime) -> Keys:
    rows = [
        (*place_of(one, mission_id), s.lead, s.started_at, s.rate_hz, s.scale_uv, s.samples)
        for one, mission_id in placed
        if isinstance(s := one.what, Strip)
    ]
    return insert(
        "INSERT INTO ehr_prehospital_wave (ambulance_id, mission_id, epoch, sequence, index,"
        " lead, started_at, rate_hz, scale_uv, samples, recorded_at)"
        " SELECT *, %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[],"
        " %s::int[], %s::text[], %s::timestamptz[], %s::float8[], %s::float8[], %s::bytea[])"
        " ON CONFLICT (ambulance_id, epoch, sequence, index) DO NOTHING"
        " RETURNING ambulance_id, epoch, sequence, index",
        rows,
        now=now,
    )


def place_of(one: Came, mission_id: UUID | None) -> tuple[object, ...]:
    return (one.ambulance_id, mission_id, one.epoch, one.sequence, one.index)


def insert(statement: str, rows: Sequence[tuple[object, ...]], *, now: datetime) -> Keys:
    if not rows:
        return set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.ensure_connection()
    # Bound by the server and in binary: Django's own cursor writes every value into the
    # statement as text, which for a batch of waves is most of the work.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), [now, *columns], binary=True)
        return set(cursor.fetchall())
