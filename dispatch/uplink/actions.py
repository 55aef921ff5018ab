"""Store frames, each once, and hand the new ones on: all in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from ambulance_agent.protocol import Frame as WireFrame
from ambulance_agent.protocol import Status, Telemetry
from dispatch.bulk import columns, run
from dispatch.fleet.actions import VehicleFix, take_fixes
from dispatch.fleet.models import Fix
from dispatch.journal.refusals import Refused
from dispatch.uplink.takers import StatusFrame, Takers, TelemetryFrame

log = logging.getLogger(__name__)

Key = tuple[UUID, UUID, int]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame off the socket. `frame` is None when it could not be decoded."""

    ambulance_id: UUID
    epoch: UUID
    sequence: int
    raw: bytes
    frame: WireFrame | None
    fault: str = ""

    @property
    def key(self) -> Key:
        return (self.ambulance_id, self.epoch, self.sequence)


@dataclass(slots=True)
class Stored:
    """What one call committed: which frames are parked, and the newest positions."""

    parked: set[Key] = field(default_factory=set)
    moved: list[Fix] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        self.parked |= other.parked
        self.moved += other.moved


def store(arrived: Sequence[Arrived], *, takers: Takers, now: datetime) -> Stored:
    """Store and hand on; after the return everything is committed.

    When handing on fails for a reason nobody foresaw, the frames are stored one by
    one and the guilty ones parked with their bytes: no frame may block the others.
    Raises what is the database's trouble and no frame's; nothing is parked for it.
    """
    try:
        return _store_together(arrived, takers=takers, now=now)
    except Exception as bug:  # in a taker: logged, and every frame is kept below
        if _of_the_database(bug):
            raise
        log.exception("handing on %d frames failed; storing them one by one", len(arrived))
    stored = Stored()
    for one in arrived:
        try:
            stored.add(_store_together([one], takers=takers, now=now))
        except Exception as bug:  # the same bug, now pinned to its frame
            if _of_the_database(bug):
                raise
            log.exception("parked frame %s %s", one.epoch, one.sequence)
            guilty = Arrived(
                one.ambulance_id, one.epoch, one.sequence, one.raw, None, type(bug).__name__
            )
            stored.add(_store_together([guilty], takers=takers, now=now))
    return stored


def _of_the_database(error: Exception) -> bool:
    """Away, starting, out of room, in a deadlock: the same frames will do when it is well again.

    A database that comes back while frames are stored one by one would else take a good one
    as guilty. A value too large for it (class 54) is the frame's own fault.
    """
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, InterfaceError | OperationalError) and not state.startswith("54")


def _store_together(arrived: Sequence[Arrived], *, takers: Takers, now: datetime) -> Stored:
    with transaction.atomic():
        fresh = _insert(arrived, now=now)
        telemetry: list[TelemetryFrame] = []
        statuses: list[tuple[Arrived, Status]] = []
        for one in arrived:
            if one.key not in fresh or one.frame is None:
                continue
            fresh.discard(one.key)  # the same frame twice in one batch
            match one.frame.body:
                case Telemetry() as body:
                    telemetry.append(
                        TelemetryFrame(one.ambulance_id, one.epoch, one.sequence, body)
                    )
                case Status() as body:
                    statuses.append((one, body))
        moved = take_fixes(fixes=_fixes(telemetry), now=now)
        for take in takers.telemetry:
            take(telemetry, now)
        refused = {
            one.key: code
            for one, body in statuses
            if (code := _take_status(one, body, takers=takers, now=now))
        }
        if refused:
            _park(arrived, refused)
    return Stored({one.key for one in arrived if one.frame is None} | set(refused), moved)


def _take_status(one: Arrived, body: Status, *, takers: Takers, now: datetime) -> str:
    """A fact that belongs nowhere (no such mission) is parked for a person, with its code."""
    try:
        with transaction.atomic():
            takers.status(StatusFrame(one.ambulance_id, body), now)
    except Refused as refusal:
        return refusal.code
    return ""


def _fixes(frames: Iterable[TelemetryFrame]) -> list[VehicleFix]:
    return [
        VehicleFix(
            ambulance_id=frame.ambulance_id,
            lat=position.lat,
            lon=position.lon,
            fix_at=position.fix_at,
            heading_deg=position.heading_deg,
            speed_mps=position.speed_mps,
            accuracy_m=position.accuracy_m,
        )
        for frame in frames
        if (position := frame.body.position)
    ]


def _insert(arrived: Sequence[Arrived], *, now: datetime) -> set[Key]:
    """One statement for the batch; the unique key tells which frames are new."""
    rows = [
        (
            *one.key,
            one.frame.made_at if one.frame else None,
            now,
            one.fault,
            None if one.frame else one.raw,
        )
        for one in arrived
    ]
    return set(
        run(
            "INSERT INTO dispatch_frame"
            " (ambulance_id, epoch, sequence, made_at, received_at, parked_reason, raw)"
            " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::timestamptz[],"
            " %s::timestamptz[], %s::text[], %s::bytea[])"
            " ON CONFLICT (ambulance_id, epoch, sequence) DO NOTHING"
            " RETURNING ambulance_id, epoch, sequence",
            columns(rows),
        )
    )


def _park(arrived: Sequence[Arrived], refused: dict[Key, str]) -> None:
    with connection.cursor() as cursor:
        for one in arrived:
            if one.key in refused:
                cursor.execute(
                    "UPDATE dispatch_frame SET parked_reason = %s, raw = %s"
                    " WHERE ambulance_id = %s AND epoch = %s AND sequence = %s",
                    [refused[one.key], one.raw, *one.key],
                )
