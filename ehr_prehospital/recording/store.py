"""The files of recordings: one that only grows while pieces arrive, one in storage when sealed.

The growing file is on this machine's disk and in the order of arrival; the rows of
`RecordingPiece` say where each piece stands. What was written and has no row (the process died in
between) is in nobody's way. A sealed one is in order and lies in the storage `recordings` of
Django's settings: a folder, or S3-compatible.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from ehr_prehospital.recording.models import Recording, RecordingPiece

CHUNK = 1024 * 1024


class NoRoom(Exception):
    """The disk is as full as it may become: nothing more is taken."""


def storage() -> Storage:
    return storages["recordings"]


def growing_file(recording_id: UUID) -> Path:
    return Path(settings.RECORDINGS_DIR) / "arriving" / f"{recording_id}.part"


def append_bytes(recording_id: UUID, payloads: Sequence[bytes]) -> int:
    """Write and flush to the disk; the offset of the first. Raises NoRoom, OSError.

    What could not be written whole is cut off again: the next attempt begins where this one did.
    """
    path = growing_file(recording_id)
    fresh = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    size = sum(map(len, payloads))
    if room(path.parent) - size < settings.RECORDINGS_RESERVE_BYTES:
        raise NoRoom
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # Two processes take turns: one that was replaced may still be writing.
        fcntl.flock(handle, fcntl.LOCK_EX)
        begins = os.lseek(handle, 0, os.SEEK_END)
        try:
            for payload in payloads:
                _write_all(handle, payload)
            os.fdatasync(handle)
        except OSError:
            os.ftruncate(handle, begins)
            raise
    finally:
        os.close(handle)
    if fresh:  # the name of a new file is durable only with its folder
        _sync_folder(path.parent)
    return begins


def room(folder: Path) -> int:
    """Free bytes on the disk of a folder."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _write_all(handle: int, payload: bytes) -> None:
    view = memoryview(payload)
    while view:
        view = view[os.write(handle, view) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Film:
    """A recording as one file in order, wherever it lies. `size` is what may be read."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, offset: int, size: int) -> bytes:
        raise NotImplementedError

    def stream(self, offset: int, size: int) -> Iterator[bytes]:
        """The same in blocks, so that no long range stands in memory."""
        end = min(offset + size, self.size)
        while offset < end:
            block = self.read(offset, min(CHUNK, end - offset))
            if not block:
                return
            yield block
            offset += len(block)


class Growing(Film):
    """As far as it has arrived without a hole."""

    def __init__(self, recording_id: UUID, pieces: Iterable[RecordingPiece]) -> None:
        self._path = growing_file(recording_id)
        # (begins in the film, begins in the file, bytes); neighbours in both are one.
        self._parts: list[tuple[int, int, int]] = []
        at = 0
        for seq, piece in enumerate(pieces):
            if piece.seq != seq:
                break
            if self._parts and sum(self._parts[-1][1:]) == piece.offset:
                begins, offset, length = self._parts[-1]
                self._parts[-1] = begins, offset, length + piece.bytes
            else:
                self._parts.append((at, piece.offset, piece.bytes))
            at += piece.bytes
        super().__init__(at)

    def read(self, offset: int, size: int) -> bytes:
        found = bytearray()
        with self._path.open("rb") as file:
            for begins, at, length in self._parts:
                lead = max(0, offset - begins)
                if lead >= length or begins >= offset + size:
                    continue
                file.seek(at + lead)
                found += file.read(min(length - lead, size - len(found)))
        return bytes(found)


class Kept(Film):
    """In storage. S3 is asked for the range only: its file object would fetch all of it first."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(size)
        self._name = name

    def read(self, offset: int, size: int) -> bytes:
        if not size:
            return b""
        kept = storage()
        if not isinstance(kept, FileSystemStorage):
            # Its client costs every process a third of its start: only where it is used.
            from storages.backends.s3 import S3Storage  # noqa: PLC0415

            if isinstance(kept, S3Storage):
                key = kept._normalize_name(self._name)  # noqa: SLF001  (no public way to the key)
                asked = f"bytes={offset}-{offset + size - 1}"
                return bytes(kept.bucket.Object(key).get(Range=asked)["Body"].read())
        with kept.open(self._name, "rb") as file:
            file.seek(offset)
            return bytes(file.read(size))


def film_of(recording: Recording) -> Film:
    """What there is of a recording; of one that was dropped, nothing."""
    if recording.state == Recording.State.DROPPED:
        return Film(0)
    if recording.file:
        return Kept(recording.file, recording.size)
    rows = recording.pieces.order_by("seq").only("seq", "offset", "bytes")
    return Growing(recording.pk, rows.iterator(chunk_size=5000))
