"""Tables of telemetry in parts, one a day (UTC): what is no longer kept goes as a whole.

A day without a part of its own goes to the part "rest": nothing is refused for want of one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction

log = logging.getLogger(__name__)

AHEAD_DAYS = 3
# A new part needs a moment alone with its table; the uplink does not wait longer for it.
PATIENCE = "500ms"


@dataclass(frozen=True, slots=True)
class Daily:
    """A table that is parted by a time of its own; `stored` is the column of our own clock."""

    table: str
    stored: str


def part_of(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def make_parts(tables: Iterable[Daily], today: date) -> list[str]:
    """Make the parts of the next days; those that had to be made. Today's rows stay in their part.

    Only days to come: a day that has begun may have rows in "rest", which a new part
    would have to take over.
    """
    made = []
    for table in (daily.table for daily in tables):
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
    except (OperationalError, IntegrityError) as wrong:
        # Busy, or a vehicle with a fast clock has rows of that day already.
        log.warning("no part of %s for %s: %s", table, day, wrong)
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


def drop_before(tables: Iterable[Daily], first_kept: date, *, really: bool) -> dict[str, int]:
    """Drop all telemetry of the days before this one (UTC): part → rows. Not to be taken back."""
    dropped = {}
    for daily in tables:
        old = [name for name, day in parts(daily.table) if day < first_kept]
        with transaction.atomic(), connection.cursor() as cursor:
            for name in old:
                cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  (from the catalogue)
                dropped[name] = cursor.fetchone()[0]
                if really:
                    cursor.execute(f"DROP TABLE {name}")
            rest = f"{daily.table}_rest"
            what = "DELETE FROM" if really else "SELECT FROM"
            cursor.execute(f"{what} {rest} WHERE {daily.stored} < %s", [midnight(first_kept)])
            dropped[rest] = cursor.rowcount
    return dropped


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
