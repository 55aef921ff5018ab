"""Pieces come: durable on the disk and in the database before anyone is told so.

What is refused stays on its device: nothing is forgotten there that was not acknowledged here.
"""

import base64
import binascii
import hmac
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from ambulance_agent.protocol.recording import (
    End,
    Hello,
    Piece,
    RecordRefusal,
    end_statement,
    vehicle_signature,
)
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Ambulance
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.recording.models import Recording, RecordingPiece
from ehr_prehospital.recording.queries import newest_seq
from ehr_prehospital.recording.rules.whole import read_key, signed_by
from ehr_prehospital.recording.store import NoRoom, append_bytes
from ehr_prehospital.video.models import Stream

log = logging.getLogger(__name__)

Source = User | Ambulance
# What became of a piece: None when it is stored, now or earlier.
Fate = RecordRefusal | None


class NotTaken(Exception):
    """`code` is what the device is told."""

    def __init__(self, code: RecordRefusal) -> None:
        super().__init__(code.value)
        self.code = code


def open_recording(*, stream: Stream, hello: Hello, source: Source, now: datetime) -> Recording:
    """The recording of this id, made now if nobody has. Raises NotTaken.

    `source` has begun the stream (video.actions.begin_stream); whoever answers for one recording
    of it signs them all.
    """
    if (hello.alg == "ES256") != isinstance(source, User):
        raise NotTaken(RecordRefusal.OTHER_KEY)
    if hello.alg == "ES256" and read_key(hello.key) is None:
        raise NotTaken(RecordRefusal.OTHER_KEY)
    with transaction.atomic():
        Recording.objects.bulk_create(
            [
                Recording(
                    id=hello.recording,
                    stream=stream,
                    mime=hello.mime[:120],
                    started_at=datetime.fromtimestamp(hello.started_ms / 1000, UTC),
                    clock_offset_ms=round(hello.device_ms - now.timestamp() * 1000),
                    recorded_at=now,
                    algorithm=hello.alg,
                    public_key=hello.key,
                )
            ],
            ignore_conflicts=True,
        )
        kept = Recording.objects.select_for_update(no_key=True).get(pk=hello.recording)
        if kept.stream_id != stream.pk:
            raise NotTaken(RecordRefusal.NOT_YOURS)
        if (kept.algorithm, kept.public_key) != (hello.alg, hello.key):
            raise NotTaken(RecordRefusal.OTHER_KEY)
        if kept.recorded_at == now:
            append(
                kind="recording.began",
                actor=source if isinstance(source, User) else None,
                now=now,
                occurred_at=kept.started_at,
                refs={**refs_of(stream.mission), "stream": stream.pk, "recording": kept.pk},
                detail={"camera": stream.role, "clock_offset_ms": kept.clock_offset_ms},
            )
    return kept


def store_pieces(arrived: Sequence[tuple[UUID, Piece]], *, now: datetime) -> list[Fate]:
    """One flush a file and one statement for all; the fate of each, in their order."""
    of: dict[UUID, list[int]] = defaultdict(list)
    for place, (recording_id, _piece) in enumerate(arrived):
        of[recording_id].append(place)
    fates: list[Fate] = [None] * len(arrived)
    rows: list[RecordingPiece] = []
    for recording_id, places in of.items():
        fresh = _judge(recording_id, places, arrived, fates)
        try:
            rows += _write(recording_id, [arrived[place][1] for place in fresh], now)
        except NoRoom:
            _mark(fates, fresh, RecordRefusal.DISK_FULL)
        except OSError:
            log.exception("could not write %d pieces of a recording", len(fresh))
            _mark(fates, fresh, RecordRefusal.DISK_FAULT)
    if rows:
        RecordingPiece.objects.bulk_create(rows, ignore_conflicts=True)
    return fates


def _judge(
    recording_id: UUID,
    places: list[int],
    arrived: Sequence[tuple[UUID, Piece]],
    fates: list[Fate],
) -> list[int]:
    """The places of the pieces that are to be written; the fates of those that are not."""
    known = {
        seq: bytes(sha256)
        for seq, sha256 in RecordingPiece.objects.filter(
            recording=recording_id, seq__in=[arrived[place][1].seq for place in places]
        ).values_list("seq", "sha256")
    }
    state = Recording.objects.filter(pk=recording_id).values_list("state", "last").first()
    fresh: list[int] = []
    for place in places:
        piece = arrived[place][1]
        if piece.seq in known:
            same = known[piece.seq] == piece.sha256
            fates[place] = None if same else RecordRefusal.DIFFERENT
        elif (
            state is None
            or state[0] != Recording.State.RECEIVING
            or (state[1] is not None and piece.seq > state[1])
        ):
            fates[place] = RecordRefusal.AFTER_END
        else:
            known[piece.seq] = piece.sha256
            fresh.append(place)
    return fresh


def _is_over(state: tuple[str, int | None] | None, seq: int) -> bool:
    """Sealed, or beyond what the device signed as its last."""
    if state is None or state[0] != Recording.State.RECEIVING:
        return True
    return state[1] is not None and seq > state[1]


def _write(recording_id: UUID, pieces: list[Piece], now: datetime) -> list[RecordingPiece]:
    if not pieces:
        return []
    offset = append_bytes(recording_id, [piece.payload for piece in pieces])
    rows = []
    for piece in pieces:
        rows.append(
            RecordingPiece(
                recording_id=recording_id,
                seq=piece.seq,
                sha256=piece.sha256,
                captured_ms=piece.captured_ms,
                bytes=len(piece.payload),
                offset=offset,
                recorded_at=now,
            )
        )
        offset += len(piece.payload)
    return rows


def _mark(fates: list[Fate], places: list[int], fate: Fate) -> None:
    for place in places:
        fates[place] = fate


def end_recording(*, recording: Recording, end: End, source: Source, now: datetime) -> Recording:
    """Keep what the device signed. Twice the same is harmless. Raises NotTaken."""
    chain, signature = _bytes_of(end)
    statement = end_statement(recording=recording.pk, last=end.last, chain=chain, reason=end.reason)
    if not _is_signed(recording, signature, statement):
        raise NotTaken(RecordRefusal.SIGNATURE)
    with transaction.atomic():
        kept = (
            Recording.objects.select_for_update(no_key=True, of=("self",))
            .select_related("stream__mission__incident", "stream__mission__ambulance")
            .get(pk=recording.pk)
        )
        if kept.last is not None:
            if (kept.last, bytes(kept.chain or b"")) != (end.last, chain):
                raise NotTaken(RecordRefusal.AFTER_END)
            return kept
        if (newest_seq(kept) or 0) > end.last:
            raise NotTaken(RecordRefusal.DIFFERENT)
        kept.last, kept.chain, kept.signature = end.last, chain, signature
        kept.end_reason, kept.end_told_at = end.reason, now
        kept.save(update_fields=["last", "chain", "signature", "end_reason", "end_told_at"])
        append(
            kind="recording.ended",
            actor=source if isinstance(source, User) else None,
            now=now,
            refs={
                **refs_of(kept.stream.mission),
                "stream": kept.stream_id,
                "recording": kept.pk,
            },
            detail={"reason": end.reason.value, "last": end.last, "chain": chain.hex()},
        )
    return kept


def _bytes_of(end: End) -> tuple[bytes, bytes]:
    try:
        chain = bytes.fromhex(end.chain)
        signature = base64.b64decode(end.signature, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotTaken(RecordRefusal.MALFORMED) from error
    if len(chain) != 32 or not 0 < len(signature) <= 128 or end.last < 0:
        raise NotTaken(RecordRefusal.MALFORMED)
    return chain, signature


def _is_signed(recording: Recording, signature: bytes, statement: bytes) -> bool:
    if recording.algorithm == "ES256":
        return signed_by(recording.public_key, signature=signature, statement=statement)
    vehicle = recording.stream.vehicle
    if vehicle is None or not vehicle.token_hash:
        return False
    expected = vehicle_signature(bytes(vehicle.token_hash), statement)
    return hmac.compare_digest(expected, signature)
