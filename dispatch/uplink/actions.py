"""Store frames, each once, and hand the new ones on: all in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from ambulance_agent.protocol import Frame as WireFrame
from ambulance_agent.protocol import MalformedFrame, Status, Telemetry, decode_from_vehicle
from dispatch.bulk import columns, run
from dispatch.fleet.actions import VehicleFix, take_fixes
from dispatch.fleet.models import Fix
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import User
from dispatch.uplink.models import Frame, ParkedFrame
from dispatch.uplink.takers import StatusFrame, Takers, TelemetryFrame

log = logging.getLogger(__name__)

Key = tuple[UUID, UUID, int]


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """A frame off the socket. `frame` is None when it could not be decoded."""

    ambulance_id: UUID
    epoch: UUID
    sequence: int
    raw: bytes
    frame: WireFrame | None
    fault: str = ""
    # The vehicle's clock minus ours, as far as it is known.
    clock_offset_ms: int | None = None

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
        fresh = _insert([one for one in arrived if one.frame], now=now)
        _park({one: one.fault for one in arrived if not one.frame}, now=now)
        telemetry: list[TelemetryFrame] = []
        statuses: list[tuple[Arrived, Status]] = []
        for one in arrived:
            if one.key not in fresh or one.frame is None:
                continue
            fresh.discard(one.key)  # the same frame twice in one batch
            match one.frame.body:
                case Telemetry() as body:
                    telemetry.append(
                        TelemetryFrame(
                            one.ambulance_id, one.epoch, one.sequence, body, one.clock_offset_ms
                        )
                    )
                case Status() as body:
                    statuses.append((one, body))
        moved = take_fixes(fixes=_fixes(telemetry), now=now)
        for take in takers.telemetry if telemetry else ():
            take(telemetry, now)
        refused = {
            one: code
            for one, body in statuses
            if (code := _take_status(one, body, takers=takers, now=now))
        }
        _park(refused, now=now)
    return Stored({one.key for one in arrived if not one.frame or one in refused}, moved)


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
    rows = [(*one.key, one.frame.made_at, now) for one in arrived if one.frame]
    if not rows:
        return set()
    return set(
        run(
            "INSERT INTO dispatch_frame (ambulance_id, epoch, sequence, made_at, received_at)"
            " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::timestamptz[],"
            " %s::timestamptz[])"
            " ON CONFLICT (ambulance_id, epoch, sequence, made_at) DO NOTHING"
            " RETURNING ambulance_id, epoch, sequence",
            columns(rows),
        )
    )


def _park(faults: Mapping[Arrived, str], *, now: datetime) -> None:
    ParkedFrame.objects.bulk_create(
        [
            ParkedFrame(
                ambulance_id=one.ambulance_id,
                epoch=one.epoch,
                sequence=one.sequence,
                received_at=now,
                reason=fault,
                raw=one.raw,
            )
            for one, fault in faults.items()
        ],
        update_conflicts=True,
        unique_fields=["ambulance", "epoch", "sequence"],
        update_fields=["reason"],
    )


def replay(parked: ParkedFrame, *, takers: Takers, actor: User, now: datetime) -> str:
    """Take a parked frame as if it came now, after what was wrong is mended.

    Returns why it stays parked, or "" when it was taken. Idempotent.
    """
    with transaction.atomic():
        parked = ParkedFrame.objects.select_for_update(no_key=True).get(pk=parked.pk)
        if parked.replayed_at:
            return ""
        key = (parked.ambulance_id, parked.epoch, parked.sequence)
        try:
            frame = decode_from_vehicle(bytes(parked.raw))
        except MalformedFrame as fault:
            frame, parked.reason = None, str(fault)[:200]
        if isinstance(frame, WireFrame):
            if isinstance(frame.body, Status):
                # A fact that belonged nowhere counts as taken; its own id makes twice harmless.
                Frame.objects.filter(ambulance=key[0], epoch=key[1], sequence=key[2]).delete()
            stored = store([Arrived(*key, bytes(parked.raw), frame)], takers=takers, now=now)
            parked.refresh_from_db()
            if not stored.parked:
                parked.replayed_at, parked.replayed_by = now, actor
        parked.save()
        append(
            kind="uplink.replayed" if parked.replayed_at else "uplink.replay_failed",
            actor=actor,
            now=now,
            refs={"unit": parked.ambulance_id},
            detail={"sequence": parked.sequence},
        )
    return "" if parked.replayed_at else parked.reason
