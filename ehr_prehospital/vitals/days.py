"""The parts of the telemetry's tables, one a day of recording (UTC).

A day without a part of its own goes to the part "rest": nothing is refused for want of one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import OperationalError, connection, transaction

log = logging.getLogger(__name__)

TABLES = ("ehr_prehospital_reading", "ehr_prehospital_wave")
AHEAD_DAYS = 3
# A new part needs a moment alone with its table; the uplink does not wait longer for it.
PATIENCE = "500ms"


def part_of(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def make_parts(today: date) -> list[str]:
    """Make the parts of the next days; those that had to be made. Today's rows stay in their part.

    Only days to come: a day that has begun may have rows in "rest", which a new part
    would have to take over.
    """
    made = []
    for table in TABLES:
        there = {day for _name, day in parts(table)}
        ahead = [today + timedelta(days=n) for n in range(1, AHEAD_DAYS + 1)]
        made += [part_of(table, day) for day in ahead if day not in there and _make(table, day)]
    return made


def _make(table: str, day: date) -> bool:
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(
                f"CREATE TABLE {part_of(table, day)} PARTITION OF {table}"
                f" FOR VALUES FROM ('{begin.isoformat()}') TO ('{end.isoformat()}')"
            )
    except OperationalError as busy:
        log.warning("no part of %s for %s yet: %s", table, day, busy)
        return False
    return True


def parts(table: str) -> Iterator[tuple[str, date]]:
    """The parts of a table that hold one day each, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname FROM pg_inherits"
            " JOIN pg_class child ON child.oid = inhrelid"
            " WHERE inhparent = %s::regclass ORDER BY child.relname",
            [table],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        suffix = name.removeprefix(f"{table}_")
        if suffix.isdigit():
            yield name, datetime.strptime(suffix, "%Y%m%d").replace(tzinfo=UTC).date()


def drop_before(first_kept: date, *, really: bool) -> dict[str, int]:
    """Drop all telemetry recorded before this day (UTC): table → rows. Not to be taken back."""
    dropped = {}
    for table in TABLES:
        old = [name for name, day in parts(table) if day < first_kept]
        with transaction.atomic(), connection.cursor() as cursor:
            for name in old:
                cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  (from the catalogue)
                dropped[name] = cursor.fetchone()[0]
                if really:
                    cursor.execute(f"DROP TABLE {name}")
            rest = f"{table}_rest"
            what = "DELETE FROM" if really else "SELECT FROM"
            cursor.execute(f"{what} {rest} WHERE recorded_at < %s", [midnight(first_kept)])
            dropped[rest] = cursor.rowcount
    return dropped


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
