"""Recordings that the centre does not have yet: one SQLite file, every piece flushed to the disk.

A piece is deleted when the centre has it; a recording when the centre has all of it and its signed
end. What a camera saw lies there sealed (`sealing.py`); which mission it belongs to does not.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

from ambulance_agent.protocol.media import Begin, words
from ambulance_agent.protocol.recording import (
    PIECE_BYTES,
    EndReason,
    Piece,
    first_link,
    next_link,
)
from ambulance_agent.recording.sealing import Keys, OtherToken, RecordingKey

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS recording (
    id BLOB PRIMARY KEY, stream BLOB NOT NULL, begin TEXT NOT NULL, mime TEXT NOT NULL,
    started_ms REAL NOT NULL, next INTEGER NOT NULL, chain BLOB NOT NULL, reason TEXT,
    key BLOB
);
CREATE TABLE IF NOT EXISTS piece (
    recording BLOB NOT NULL, seq INTEGER NOT NULL, captured_ms REAL NOT NULL,
    payload BLOB NOT NULL, PRIMARY KEY (recording, seq)
) WITHOUT ROWID;
"""


class SpoolFull(Exception):
    """No room for more: the recording has ended with the reason FULL. Tell the crew."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recording of which something is still to be brought. `begin` is the camera's first word."""

    id: UUID
    stream: UUID
    begin: str
    mime: str
    started_ms: float
    next: int
    chain: bytes
    reason: EndReason | None


class RecordSpool:
    """May be used by several threads: cameras write while the sender reads."""

    def __init__(self, path: Path, *, max_bytes: int, token: str) -> None:
        """What an earlier process left without an end is ended here, as interrupted.

        What was sealed under another token stays, and is not brought while this one counts.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._max_bytes, self._keys = max_bytes, Keys(token)
        self._open: dict[UUID, RecordingKey | None] = {}
        self._lock = Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(SCHEMA)
        columns = {row[1] for row in self._db.execute("PRAGMA table_info(recording)")}
        if "key" not in columns:  # a spool of before: what lies there unsealed is still brought
            self._db.execute("ALTER TABLE recording ADD COLUMN key BLOB")
        with self._transaction():
            self._db.execute("DELETE FROM recording WHERE next = 0")
            self._db.execute(
                "UPDATE recording SET reason = ? WHERE reason IS NULL", (EndReason.INTERRUPTED,)
            )
        self._bytes: int = self._db.execute(
            "SELECT coalesce(sum(length(payload)), 0) FROM piece"
        ).fetchone()[0]
        self._closed = self._of_other_tokens()

    def begin(
        self, *, stream: UUID, begin: Begin, mime: str, started_ms: float
    ) -> "SpooledRecording":
        recording = uuid4()
        key, sealed = self._keys.make(recording)
        self._open[recording] = key
        with self._transaction():
            self._db.execute(
                "INSERT INTO recording VALUES (?, ?, ?, ?, ?, 0, ?, NULL, ?)",
                (
                    recording.bytes,
                    stream.bytes,
                    words(begin),
                    mime,
                    started_ms,
                    first_link(recording),
                    sealed,
                ),
            )
        return SpooledRecording(self, recording)

    def append(self, recording: UUID, content: bytes, *, captured_ms: float) -> None:
        """Cut into pieces and keep. After return they survive a power cut. Raises SpoolFull."""
        if self._bytes + len(content) > self._max_bytes:
            self.end(recording, EndReason.FULL)
            raise SpoolFull
        parts = [content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)]
        with self._transaction():
            key = self._key_of(recording)
            row = self._db.execute(
                "SELECT next, chain FROM recording WHERE id = ? AND reason IS NULL",
                (recording.bytes,),
            ).fetchone()
            if row is None:
                raise ValueError("this recording has ended")
            seq, chain = row
            grown = 0
            for part in parts:
                kept = key.seal(seq, part) if key else part
                self._db.execute(
                    "INSERT INTO piece VALUES (?, ?, ?, ?)",
                    (recording.bytes, seq, captured_ms, kept),
                )
                grown += len(kept)
                digest = sha256(part).digest()
                chain = next_link(chain, seq=seq, captured_ms=captured_ms, sha256=digest)
                seq += 1
            self._db.execute(
                "UPDATE recording SET next = ?, chain = ? WHERE id = ?",
                (seq, chain, recording.bytes),
            )
        self._bytes += grown

    def end(self, recording: UUID, reason: EndReason) -> None:
        """The first reason counts. One without a piece is forgotten."""
        with self._transaction():
            self._db.execute("DELETE FROM recording WHERE id = ? AND next = 0", (recording.bytes,))
            self._db.execute(
                "UPDATE recording SET reason = ? WHERE id = ? AND reason IS NULL",
                (reason, recording.bytes),
            )

    def waiting(self) -> list[Waiting]:
        """All of which the centre does not have everything, those that have ended first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, stream, begin, mime, started_ms, next, chain, reason FROM recording"
                " WHERE next > 0 ORDER BY reason IS NULL, started_ms"
            ).fetchall()
        found = [_waiting(*row) for row in rows]
        return [one for one in found if one.id not in self._closed]

    def numbers(self, recording: UUID) -> list[int]:
        """Of all the pieces that are still here."""
        with self._lock:
            rows = self._db.execute(
                "SELECT seq FROM piece WHERE recording = ? ORDER BY seq", (recording.bytes,)
            ).fetchall()
        return [row[0] for row in rows]

    def pieces(self, recording: UUID, *, after: int, limit: int) -> list[Piece]:
        """The next ones that are still here, in their order."""
        with self._lock:
            key = self._key_of(recording)
            rows = self._db.execute(
                "SELECT seq, captured_ms, payload FROM piece WHERE recording = ? AND seq > ?"
                " ORDER BY seq LIMIT ?",
                (recording.bytes, after, limit),
            ).fetchall()
        opened = [(seq, at, key.open(seq, raw) if key else raw) for seq, at, raw in rows]
        return [Piece(seq, at, sha256(raw).digest(), raw) for seq, at, raw in opened]

    def acknowledge(self, recording: UUID, seqs: Iterable[int]) -> None:
        """The centre has these."""
        with self._transaction():
            for seq in seqs:
                freed = self._db.execute(
                    "DELETE FROM piece WHERE recording = ? AND seq = ? RETURNING length(payload)",
                    (recording.bytes, seq),
                ).fetchall()
                self._bytes -= sum(row[0] for row in freed)

    def forget(self, recording: UUID) -> None:
        """The centre has all of it, and its end."""
        with self._transaction():
            self._db.execute("DELETE FROM recording WHERE id = ?", (recording.bytes,))
        self._open.pop(recording, None)

    def _key_of(self, recording: UUID) -> RecordingKey | None:
        """None for one that a version of before kept unsealed. Under the lock."""
        if recording not in self._open:
            row = self._db.execute(
                "SELECT key FROM recording WHERE id = ?", (recording.bytes,)
            ).fetchone()
            sealed = row[0] if row else None
            self._open[recording] = self._keys.open(recording, sealed) if sealed else None
        return self._open[recording]

    def _of_other_tokens(self) -> set[UUID]:
        closed = set()
        for (raw,) in self._db.execute("SELECT id FROM recording").fetchall():
            try:
                self._key_of(UUID(bytes=raw))
            except OtherToken:
                closed.add(UUID(bytes=raw))
        if closed:
            log.error("%d recordings are sealed under another token and wait for it", len(closed))
        return closed

    @property
    def bytes(self) -> int:
        """What waits."""
        return self._bytes

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _waiting(
    recording: bytes,
    stream: bytes,
    begin: str,
    mime: str,
    started_ms: float,
    following: int,
    chain: bytes,
    reason: str | None,
) -> Waiting:
    why = EndReason(reason) if reason else None
    names = UUID(bytes=recording), UUID(bytes=stream)
    return Waiting(*names, begin, mime, started_ms, following, chain, why)


class SpooledRecording:
    """What a camera writes to: the bytes of one encoder, as they come."""

    def __init__(self, spool: RecordSpool, recording: UUID) -> None:
        self._spool, self.id = spool, recording

    def write(self, content: bytes, *, captured_ms: float) -> None:
        """Raises SpoolFull, after which the recording has ended."""
        self._spool.append(self.id, content, captured_ms=captured_ms)

    def end(self, reason: EndReason = EndReason.STOPPED) -> None:
        self._spool.end(self.id, reason)
