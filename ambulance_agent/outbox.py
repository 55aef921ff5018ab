"""Frames that the centre has not yet stored: append before send, delete after ack.

One SQLite file (WAL) per vehicle. When it grows past its bound the oldest waves
go first, then the oldest telemetry; statuses and files of devices never. When the
disk refuses, new frames wait in memory (bounded the same way, statuses and files
first in the queue) and move to disk when it recovers.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4
from zlib import crc32

from ambulance_agent.parcel import NUMBERS, TRIM_TO, WAVES, Parcel, kind_of, without_waves
from ambulance_agent.protocol import Frame, Status, Telemetry, encode
from ambulance_agent.salvage import open_or_salvage
from ambulance_agent.spill import Spill

log = logging.getLogger(__name__)

SPILL_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stock:
    """What waits, and what the bounds have cost since the start of the process."""

    frames: int
    bytes: int
    in_memory: int
    thinned: int
    dropped: int


class Outbox:
    """Not thread-safe; one process per file (a second one gets OutboxInUse)."""

    def __init__(self, path: Path, *, max_bytes: int, every_frame_flushed: bool = True) -> None:
        """`every_frame_flushed=False` lets a power cut take telemetry of the last seconds;
        statuses are flushed to the disk in any case.
        """
        self._max_bytes = max_bytes
        self._flush_all = every_frame_flushed
        self._db, whole = open_or_salvage(path)
        self._spill = Spill(SPILL_BYTES)
        self._done: list[tuple[bytes, int]] = []
        self._thinned = self._dropped = 0
        self._read_stock()
        self.epoch, self.next_sequence = self._begin_session(whole=whole)

    def append(
        self, body: Telemetry | Status, *, made_at: datetime, urgent: bool = False
    ) -> Parcel:
        """Number the body and keep it. After return it survives the process."""
        frame = Frame(
            epoch=self.epoch, sequence=self.next_sequence, made_at=made_at, urgent=urgent, body=body
        )
        parcel = Parcel(
            self._next_ticket, self.epoch, frame.sequence, urgent, kind_of(body), encode(frame)
        )
        self.next_sequence += 1
        self._next_ticket += 1
        self._spill.put(parcel)
        self._settle(flush_disk=self._flush_all or urgent)
        return parcel

    def acknowledge(self, epoch: UUID, sequences: Iterable[int]) -> None:
        """Forget frames that the centre has stored. Deleted with the next append."""
        keys = [(epoch.bytes, sequence) for sequence in sequences]
        self._spill.forget(keys)
        self._done += keys
        if len(self._done) > 500:
            self._settle(flush_disk=False)

    def acknowledge_through(self, epoch: UUID, sequence: int) -> None:
        self._settle(flush_disk=False)
        rows = self._db.execute(
            "SELECT sequence FROM parcel WHERE epoch = ? AND sequence <= ?", (epoch.bytes, sequence)
        ).fetchall()
        waiting = [row[0] for row in rows]
        waiting += [p.sequence for p in self._spill if p.epoch == epoch and p.sequence <= sequence]
        self.acknowledge(epoch, waiting)

    def parcel(self, ticket: int) -> Parcel | None:
        """None when it was acknowledged or dropped meanwhile, or damaged on the disk."""
        if (waiting := self._spill.get(ticket)) is not None:
            return waiting
        row = self._db.execute(
            "SELECT epoch, sequence, urgent, kind, raw, crc FROM parcel WHERE ticket = ?", (ticket,)
        ).fetchone()
        if row is None:
            return None
        epoch, sequence, urgent, kind, raw, crc = row
        if crc32(raw) != crc:
            log.critical("outbox: frame %d is damaged on the disk and was dropped", sequence)
            self._done.append((epoch, sequence))
            self._dropped += 1
            return None
        return Parcel(ticket, UUID(bytes=epoch), sequence, bool(urgent), kind, raw)

    def urgent(self) -> list[int]:
        """Tickets of all urgent frames, oldest first."""
        self._settle(flush_disk=False)
        rows = self._db.execute("SELECT ticket FROM parcel WHERE urgent = 1 ORDER BY ticket")
        return sorted([row[0] for row in rows] + [p.ticket for p in self._spill if p.urgent])

    def newest_before(self, ticket: int, *, limit: int) -> list[int]:
        """Tickets of other frames below `ticket`, newest first."""
        self._settle(flush_disk=False)
        rows = self._db.execute(
            "SELECT ticket FROM parcel WHERE urgent = 0 AND ticket < ?"
            " ORDER BY ticket DESC LIMIT ?",
            (ticket, limit),
        )
        held = [p.ticket for p in self._spill if not p.urgent and p.ticket < ticket]
        return sorted([row[0] for row in rows] + held, reverse=True)[:limit]

    @property
    def end(self) -> int:
        """A ticket above every existing one."""
        return self._next_ticket

    def stock(self) -> Stock:
        self._settle(flush_disk=False)
        return Stock(
            frames=self._frames + len(self._spill),
            bytes=self._bytes + self._spill.bytes,
            in_memory=len(self._spill),
            thinned=self._thinned + self._spill.thinned,
            dropped=self._dropped + self._spill.dropped,
        )

    def close(self) -> None:
        """A clean end keeps the epoch; without it the next start begins a new one."""
        self._settle(flush_disk=True)
        if not self._spill:
            with self._attempt():
                self._write_session(clean=True)
        self._db.close()

    # -- what the disk is told ------------------------------------------------------

    def _begin_session(self, *, whole: bool) -> tuple[UUID, int]:
        """Continue after a clean end only: a power cut may have taken frames that the
        centre already has, and their numbers must not be given out twice.
        """
        row = self._db.execute("SELECT epoch, next_sequence, clean FROM session").fetchone()
        if whole and row is not None and row[2]:
            self.epoch, self.next_sequence = UUID(bytes=row[0]), int(row[1])
        else:
            self.epoch, self.next_sequence = uuid4(), 0
        with self._attempt():
            self._write_session(clean=False)
            # Into the main file: a truncated log must not bring the clean mark back.
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.epoch, self.next_sequence

    def _write_session(self, *, clean: bool) -> None:
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "INSERT OR REPLACE INTO session (one, epoch, next_sequence, clean) VALUES (1, ?, ?, ?)",
            (self.epoch.bytes, self.next_sequence, clean),
        )

    def _settle(self, *, flush_disk: bool) -> None:
        """Bring the file up to date: deletes, then frames that wait in memory, then the bound."""
        if not self._done and not self._spill:
            return
        with self._attempt():
            self._db.execute(f"PRAGMA synchronous = {'FULL' if flush_disk else 'NORMAL'}")
            moved = self._spill.first(200)
            with self._transaction():
                freed = self._delete(self._done)
                self._db.executemany(
                    "INSERT OR REPLACE INTO parcel VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (p.ticket, p.epoch.bytes, p.sequence, p.urgent, p.kind, len(p.raw), p.raw,
                         crc32(p.raw))
                        for p in moved
                    ],
                )  # fmt: skip
            self._frames += len(moved) - len(freed)
            self._bytes += sum(len(p.raw) for p in moved) - sum(freed)
            self._done = []
            self._spill.moved(moved)
            if self._bytes > self._max_bytes:
                self._trim(self._bytes - int(self._max_bytes * TRIM_TO))

    def _delete(self, keys: list[tuple[bytes, int]]) -> list[int]:
        return [
            row[0]
            for key in keys
            for row in self._db.execute(
                "DELETE FROM parcel WHERE epoch = ? AND sequence = ? RETURNING size", key
            ).fetchall()
        ]

    def _trim(self, excess: int) -> None:
        """Waves of the oldest frames first, then whole telemetry frames, oldest first."""
        freed = thinned = 0
        gone: list[int] = []
        with self._transaction():
            for ticket, raw, crc in self._oldest(WAVES, excess):
                freed += len(raw)
                if crc32(raw) != crc:  # damaged on the disk: nothing of it can be sent
                    gone.append(ticket)
                    continue
                thin = without_waves(raw)
                self._db.execute(
                    "UPDATE parcel SET kind = ?, size = ?, raw = ?, crc = ? WHERE ticket = ?",
                    (NUMBERS, len(thin), thin, crc32(thin), ticket),
                )
                freed -= len(thin)
                thinned += 1
            if freed < excess and not self._oldest(WAVES, 1):
                for ticket, raw, _ in self._oldest(NUMBERS, excess - freed):
                    freed += len(raw)
                    gone.append(ticket)
            self._db.executemany("DELETE FROM parcel WHERE ticket = ?", [(one,) for one in gone])
        self._bytes -= freed
        self._frames -= len(gone)
        self._thinned += thinned
        self._dropped += len(gone)

    def _oldest(self, kind: int, excess: int) -> list[tuple[int, bytes, int]]:
        """The oldest frames of a kind (ticket, bytes, check sum) that together weigh the excess."""
        chosen: list[tuple[int, bytes, int]] = []
        rows = self._db.execute(
            "SELECT ticket, raw, crc FROM parcel WHERE kind = ? ORDER BY ticket", (kind,)
        )
        while excess > 0 and (row := rows.fetchone()) is not None:
            chosen.append(row)
            excess -= len(row[1])
        rows.close()
        return chosen

    def _read_stock(self) -> None:
        self._frames, self._bytes, last = self._db.execute(
            "SELECT count(*), coalesce(sum(size), 0), coalesce(max(ticket), 0) FROM parcel"
        ).fetchone()
        self._next_ticket: int = last + 1

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        """A disk that is full or failing is reported once; the frames stay in memory."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if not self._disk_refuses:
                log.critical("outbox: the disk refuses (%s); frames are kept in memory", error)
            self._disk_refuses = True
        else:
            if self._disk_refuses:
                log.warning("outbox: the disk takes frames again")
            self._disk_refuses = False

    _disk_refuses = False
