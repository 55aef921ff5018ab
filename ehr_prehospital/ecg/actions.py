"""Take ECGs from vehicles and tablets: the bytes first, the judgement of them afterwards."""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ambulance_agent.protocol import MAX_FILE_BYTES, FilePiece
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.ecg.formats import format_of, read_ecg
from ehr_prehospital.ecg.models import Ecg, EcgOriginal, EcgPiece
from ehr_prehospital.ecg.rules import Ecg12, UnreadableEcg, twelve
from ehr_prehospital.vitals.queries import missions_of

log = logging.getLogger(__name__)


def take_pieces(frames: Sequence[TelemetryFrame], now: datetime) -> None:
    """Keep the pieces of a batch; put together the files that are whole now.

    Joins the uplink's transaction: a piece is acknowledged when it is durable. Whatever a
    file says, it is kept; the watcher reads it.
    """
    came = [
        (frame.ambulance_id, piece)
        for frame in frames
        if frame.body.pieces
        for piece in frame.body.pieces
    ]
    if not came:
        return
    with transaction.atomic():
        for ambulance_id, piece in came:
            keep_piece(ambulance_id=ambulance_id, piece=piece, now=now)
        for ambulance_id, file_id in sorted({(unit, piece.file_id) for unit, piece in came}):
            alone_with(file_id)
            put_together(ambulance_id=ambulance_id, file_id=file_id, now=now)


def alone_with(file_id: UUID) -> None:
    """Until the commit. Two processes with a piece each would else both miss the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(file_id)])


def keep_piece(*, ambulance_id: UUID, piece: FilePiece, now: datetime) -> None:
    EcgPiece.objects.bulk_create(
        [
            EcgPiece(
                ambulance_id=ambulance_id,
                file_id=piece.file_id,
                part=piece.part,
                parts=piece.parts,
                sha256=piece.sha256,
                size=piece.size,
                name=piece.name,
                found_at=piece.found_at,
                recorded_at=now,
                content=piece.content,
            )
        ],
        ignore_conflicts=True,
    )


def put_together(*, ambulance_id: UUID, file_id: UUID, now: datetime) -> None:
    """Nothing while a part is missing. The file of a wrong hash stays in its pieces."""
    pieces = list(
        EcgPiece.objects.select_for_update(no_key=True)
        .filter(ambulance_id=ambulance_id, file_id=file_id)
        .order_by("part")
    )
    if not pieces or len(pieces) < pieces[0].parts:
        return
    raw = b"".join(bytes(piece.content) for piece in pieces)
    first = pieces[0]
    if sha256(raw).digest() != bytes(first.sha256):
        log.error("the pieces of file %s do not give the file that was sent", file_id)
        return
    missions = missions_of(ambulance_ids={ambulance_id}, since=first.found_at)
    mission_id = missions.at(ambulance_id, first.found_at)
    keep(
        raw=raw,
        name=first.name,
        mission=mission_or_none(mission_id),
        ambulance_id=ambulance_id,
        source=Ecg.Source.VEHICLE,
        author=None,
        ecg_id=None,
        occurred_at=min(first.found_at, now),
        now=now,
    )
    EcgPiece.objects.filter(pk__in=[piece.pk for piece in pieces]).delete()


def upload(
    *,
    mission: Mission,
    ecg_id: UUID,
    raw: bytes,
    name: str,
    occurred_at: datetime,
    actor: User,
    now: datetime,
) -> Ecg:
    """A crew's own file. Idempotent on its id and on its bytes. Raises NoAccess, BadInput.

    A file that cannot be read is kept all the same; the answer says what is wrong with it.
    """
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.ECG,
        now=now,
    )
    if not raw:
        raise BadInput(_("The file is empty."), code="empty_file")
    if len(raw) > MAX_FILE_BYTES:
        mib = MAX_FILE_BYTES // 1024**2
        raise BadInput(
            ngettext(
                "The file is larger than %(count)s MiB.",
                "The file is larger than %(count)s MiB.",
                mib,
            )
            % {"count": mib},
            code="file_too_large",
        )
    with transaction.atomic():
        kept = keep(
            raw=raw,
            name=name[-120:],
            mission=mission,
            ambulance_id=mission.ambulance_id,
            source=Ecg.Source.TABLET,
            author=actor,
            ecg_id=ecg_id,
            occurred_at=min(occurred_at, now),
            now=now,
        )
    judge(ecg_id=kept.pk, now=now)
    return Ecg.objects.select_related("author").get(pk=kept.pk)


def keep(
    *,
    raw: bytes,
    name: str,
    mission: Mission | None,
    ambulance_id: UUID,
    source: str,
    author: User | None,
    ecg_id: UUID | None,
    occurred_at: datetime,
    now: datetime,
) -> Ecg:
    """Store the bytes once, and the ECG once a mission; what they say is judged afterwards."""
    EcgOriginal.objects.bulk_create(
        [EcgOriginal(sha256=sha256(raw).digest(), size=len(raw), content=raw, stored_at=now)],
        ignore_conflicts=True,
    )
    original = EcgOriginal.objects.defer("content").get(pk=sha256(raw).digest())
    known = Ecg.objects.filter(mission=mission, original=original).first()
    if known:
        return known
    if ecg_id and Ecg.objects.filter(pk=ecg_id).exists():
        raise BadInput(_("This identifier is already used."), code="id_in_use")
    ecg = Ecg(
        mission=mission,
        ambulance_id=ambulance_id,
        original=original,
        name=name,
        source=source,
        author=author,
        occurred_at=occurred_at,
        recorded_at=now,
        format=format_of(raw),
    )
    if ecg_id:
        ecg.pk = ecg_id
    ecg.save(force_insert=True)
    tell(kind="ecg.received", ecg=ecg, mission=mission, actor=author, now=now)
    return ecg


def judge(*, ecg_id: UUID, now: datetime) -> Ecg:
    """Read a waiting ECG, once. A bug of a reader leaves it unreadable, and is logged."""
    with transaction.atomic():
        ecg = (
            Ecg.objects.select_for_update(of=("self",), no_key=True)
            .select_related("original")
            .get(pk=ecg_id)
        )
        if ecg.state != Ecg.State.WAITING:
            return ecg
        try:
            found: Ecg12 | None = twelve(read_ecg(bytes(ecg.original.content)))
        except UnreadableEcg as wrong:
            found, ecg.fault = None, wrong.code
        except Exception as bug:  # noqa: BLE001 - a bug of ours: the file must not vanish
            # Where, not what: the words of such an error may quote the file.
            where = traceback.extract_tb(bug.__traceback__)[-1]
            log.error("reading an ECG: %s in %s:%s", type(bug).__name__, where.name, where.lineno)  # noqa: TRY400
            found, ecg.fault = None, "unforeseen"
        if found is None:
            ecg.state = Ecg.State.UNREADABLE
        else:
            ecg.state, ecg.samples = Ecg.State.READ, found.samples
            ecg.rate_hz, ecg.count = found.rate_hz, found.count
            ecg.notes = " ".join(found.notes)
            ecg.told_at = found.told_at.isoformat() if found.told_at else ""
        ecg.save(
            update_fields=[
                "state", "fault", "samples", "rate_hz", "count", "notes", "told_at",
            ]
        )  # fmt: skip
        mission = mission_or_none(ecg.mission_id)
        tell(kind=f"ecg.{ecg.state}", ecg=ecg, mission=mission, actor=None, now=now)
    return ecg


def judge_waiting(*, now: datetime) -> int:
    """Those of the vehicles, whose acknowledgement must not wait for a reader of files."""
    waiting = Ecg.objects.filter(state=Ecg.State.WAITING).values_list("pk", flat=True)[:50]
    for ecg_id in waiting:
        judge(ecg_id=ecg_id, now=now)
    return len(waiting)


def mission_or_none(mission_id: UUID | None) -> Mission | None:
    return Mission.objects.get(pk=mission_id) if mission_id else None


def tell(
    *, kind: str, ecg: Ecg, mission: Mission | None, actor: User | None, now: datetime
) -> None:
    append(
        kind=kind,
        actor=actor,
        now=now,
        occurred_at=ecg.occurred_at,
        refs={**(refs_of(mission) if mission else {}), "ecg": ecg.pk},
        detail={"source": ecg.source, **({"fault": ecg.fault} if ecg.fault else {})},
    )
