"""Opens the outbox file, whatever a power cut or a bad card has left of it."""

import logging
import sqlite3
from pathlib import Path
from zlib import crc32

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch BLOB, next_sequence INTEGER, clean INTEGER
);
CREATE TABLE IF NOT EXISTS parcel (
    ticket INTEGER PRIMARY KEY, epoch BLOB NOT NULL, sequence INTEGER NOT NULL,
    urgent INTEGER NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL,
    raw BLOB NOT NULL, crc INTEGER NOT NULL, UNIQUE (epoch, sequence)
);
CREATE INDEX IF NOT EXISTS parcel_kind ON parcel (kind, ticket);
CREATE INDEX IF NOT EXISTS parcel_urgent ON parcel (ticket) WHERE urgent = 1;
"""

READ = "SELECT ticket, epoch, sequence, urgent, kind, size, raw, crc FROM parcel"
Row = tuple[int, bytes, int, int, int, int, bytes, int]


class OutboxInUse(Exception):
    """Another process has this outbox: two would number the same frames twice."""


def open_or_salvage(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The open file, and whether it was whole.

    What is left of a damaged one is taken over and kept beside it as `*.salvaged`. Where
    the disk gives no file at all, frames are kept in memory: better than not at all.
    """
    damaged = path.with_name(path.name + ".damaged")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = _open(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            log.critical("outbox: %s is damaged (%s)", path, error)
            _move(path, damaged)
            db = _open(path)
        # Also after an end between moving it aside and taking it over.
        whole = not damaged.exists()
        if not whole:
            _take_over(damaged, db)
            _move(damaged, path.with_name(path.name + ".salvaged"))
    except (sqlite3.OperationalError, OSError) as error:
        if "locked" in str(error):
            raise OutboxInUse(f"{path} is used by another process") from error
        log.critical("outbox: no file at %s (%s); frames are kept in memory only", path, error)
        return _open(Path(":memory:")), False
    return db, whole


def _move(source: Path, target: Path) -> None:
    for suffix in ("-wal", ""):
        part = source.with_name(source.name + suffix)
        if part.exists():
            part.replace(target.with_name(target.name + suffix))


def _take_over(damaged: Path, db: sqlite3.Connection) -> None:
    rows = _readable(damaged)
    with db:
        db.execute("BEGIN")
        db.executemany("INSERT OR IGNORE INTO parcel VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    log.warning("outbox: %d frames saved from the damaged file", len(rows))


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        # Exclusive also keeps the WAL index in our memory: no -shm file to be damaged.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA journal_size_limit = 4194304")
        # The check also takes the lock at once.
        _check(db)
        db.executescript(SCHEMA)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    found = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise sqlite3.DatabaseError(str(found and found[0]))


def _readable(path: Path) -> list[Row]:
    """Rows from both ends up to the damage, as far as their check sums hold."""
    found: dict[int, Row] = {}
    for query in (READ + " ORDER BY ticket ASC", READ + " ORDER BY ticket DESC"):
        try:
            db = sqlite3.connect(path, isolation_level=None, timeout=0)
        except sqlite3.DatabaseError:
            continue
        try:
            for row in db.execute(query):
                if isinstance(row[6], bytes) and crc32(row[6]) == row[7]:
                    found[row[0]] = row
        except sqlite3.DatabaseError:
            continue
        finally:
            db.close()
    return [found[ticket] for ticket in sorted(found)]
