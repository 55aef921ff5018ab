"""Seal what has ended: every piece is there, the bytes are what was signed, one file in order.

Runs in the background (manage.py tend_recordings). The growing file is read once; until the row
says otherwise it stays, so that a crash at any point only means doing it again.
"""

import hashlib
import logging
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.db import transaction

from dispatch.fleet.actions import refs_of
from dispatch.journal.actions import append
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.queries import missing_of
from ehr_prehospital.recording.rules.films import Film, index_of
from ehr_prehospital.recording.rules.whole import Flaw, chain_of
from ehr_prehospital.recording.store import growing_file, storage

log = logging.getLogger(__name__)

ENDINGS = {"video/mp4": "mp4", "video/webm": "webm"}


class _Movable(File):  # type: ignore[type-arg]  # of bytes
    """A file that a storage on the same disk takes over instead of copying it."""

    def __init__(self, path: Path, handle: BinaryIO) -> None:
        super().__init__(handle, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def seal(*, recording: Recording, now: datetime) -> Recording | None:
    """The sealed recording; None while pieces are missing."""
    if recording.last is None or missing_of(recording):
        return None
    whole = growing_file(recording.pk).with_suffix(".whole")
    flaw = _in_order(recording, whole)
    with whole.open("rb") as handle:
        size = whole.stat().st_size
        film = index_of(recording.mime, lambda at, n: _read(handle, at, n), size)
        handle.seek(0)
        name = storage().save(_name_of(recording), _Movable(whole, handle))
    sealed = _write_down(recording, flaw, film, size, name, now)
    whole.unlink(missing_ok=True)  # where the storage copied it
    growing_file(recording.pk).unlink(missing_ok=True)
    return sealed


def _read(handle: BinaryIO, at: int, size: int) -> bytes:
    handle.seek(at)
    return handle.read(size)


def _name_of(recording: Recording) -> str:
    kind = recording.mime.partition(";")[0].strip().lower()
    ending = ENDINGS.get(kind, "bin")
    return f"{recording.stream.mission_id}/{recording.pk}.{ending}"


def _in_order(recording: Recording, whole: Path) -> Flaw | None:
    """Write the pieces in their order; compare each with its hash, and all with the chain."""
    links = []
    flaw: Flaw | None = None
    with growing_file(recording.pk).open("rb") as grown, whole.open("wb") as out:
        for piece in recording.pieces.order_by("seq").iterator(chunk_size=2000):
            content = _read(grown, piece.offset, piece.bytes)
            if hashlib.sha256(content).digest() != bytes(piece.sha256):
                flaw = Flaw.CONTENT
            out.write(content)
            links.append((piece.seq, piece.captured_ms, bytes(piece.sha256)))
    if flaw is None and chain_of(recording.pk, links) != bytes(recording.chain or b""):
        flaw = Flaw.CHAIN
    return flaw


def _write_down(
    recording: Recording, flaw: Flaw | None, film: Film, size: int, name: str, now: datetime
) -> Recording:
    with transaction.atomic():
        kept = Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)
        if kept.state != Recording.State.RECEIVING:
            return kept
        kept.state = Recording.State.BROKEN if flaw else Recording.State.COMPLETE
        kept.flaw, kept.sealed_at = flaw or "", now
        kept.file, kept.size = name, size
        kept.duration_ms, kept.fragments = film.duration_ms, film.as_columns()
        kept.save()
        append(
            kind="recording.sealed",
            actor=None,
            now=now,
            refs={
                **refs_of(recording.stream.mission),
                "stream": recording.stream_id,
                "recording": kept.pk,
            },
            detail={"state": kept.state, "flaw": kept.flaw, "bytes": size, "last": kept.last},
        )
    return kept
