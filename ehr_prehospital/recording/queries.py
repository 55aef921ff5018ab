"""Recordings of a mission, what is missing of one, and which may be dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet

from dispatch.fleet.models import Mission
from ehr_prehospital.recording.models import LegalHold, Recording
from ehr_prehospital.recording.rules.retention import Keeping, class_of, due_at, read_retention
from ehr_prehospital.recording.rules.whole import Range, holes


@dataclass(frozen=True, slots=True)
class Held:
    """What the centre has of a recording: the first number never seen, and the holes below it."""

    next: int
    holes: list[Range]


def recordings_of(mission_id: UUID) -> QuerySet[Recording]:
    """Internal to the clinical app: asks nobody. Oldest first."""
    found = Recording.objects.filter(stream__mission_id=mission_id).select_related("stream")
    return found.order_by("started_at", "pk")


def recording_with(recording_id: UUID) -> Recording | None:
    return (
        Recording.objects.filter(pk=recording_id)
        .select_related("stream__mission__incident", "stream__vehicle")
        .first()
    )


def held_of(recording: Recording) -> Held:
    seqs = list(recording.pieces.order_by("seq").values_list("seq", flat=True))
    top = seqs[-1] if seqs else -1
    return Held(top + 1, holes(seqs, through=top))


def missing_of(recording: Recording) -> list[Range]:
    """The holes of one that has ended."""
    seqs = recording.pieces.order_by("seq").values_list("seq", flat=True)
    return holes(seqs.iterator(chunk_size=5000), through=recording.last or 0)


def began_at(recording: Recording) -> datetime:
    """When its first picture was taken, by our clock."""
    return recording.started_at - timedelta(milliseconds=recording.clock_offset_ms)


def to_seal() -> list[Recording]:
    """Those whose end was told and that are not sealed yet, oldest first."""
    waiting = Recording.objects.filter(
        state=Recording.State.RECEIVING, end_told_at__isnull=False
    ).select_related("stream__mission")
    return list(waiting.order_by("end_told_at"))


def retention() -> Mapping[str, Keeping]:
    file = Path(settings.RETENTION_FILE)
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _mtime_ns: int) -> Mapping[str, Keeping]:
    return read_retention(file)


def keeping_of(recording: Recording) -> Keeping:
    return class_of(recording.stream.role, retention())


def keeps_until(recording: Recording) -> datetime:
    """The day on which it may be dropped, when nothing holds it."""
    ended = recording.stream.mission.ended_at
    newest = ended or recording.end_told_at or recording.recorded_at
    return due_at(ended_at=newest, keeping=keeping_of(recording))


def held_missions() -> set[UUID]:
    return set(
        LegalHold.objects.filter(lifted_at__isnull=True).values_list("mission_id", flat=True)
    )


def hold_of(mission: Mission) -> LegalHold | None:
    return LegalHold.objects.filter(mission=mission, lifted_at__isnull=True).first()


def overdue(now: datetime) -> list[Recording]:
    """What may be dropped now: its time is over, its mission too, and no hold stands."""
    soonest = now - min(one.keep for one in retention().values())
    old = (
        Recording.objects.filter(stream__mission__ended_at__lte=soonest)
        .exclude(state=Recording.State.DROPPED)
        .exclude(stream__mission__in=held_missions())
        .select_related("stream__mission__incident", "stream__mission__ambulance")
    )
    return [one for one in old.order_by("started_at") if keeps_until(one) <= now]


def newest_seq(recording: Recording) -> int | None:
    top: int | None = recording.pieces.aggregate(top=Max("seq"))["top"]
    return top
