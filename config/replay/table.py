"""Read a log of incidents from CSV (.gz too): which rows, when, how urgent, where.

Everything is read and judged before anything happens; what is wrong is said with the
column's name or the line's number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from config.replay.csv_file import BadRow, BadTable, Record, cell, number, records


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None where the log has no such column."""

    time: str
    time_format: str | None = None
    priority: str | None = None
    priorities: Mapping[str, int] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()
    lat: str | None = None
    lon: str | None = None
    zip_code: str | None = None
    real_assigned: str | None = None
    real_response: str | None = None

    def named(self) -> list[str]:
        optional = (self.priority, self.lat, self.lon, self.zip_code)
        real = (self.real_assigned, self.real_response)
        wanted = [self.time, *(name for name, _value in self.where)]
        return wanted + [name for name in (*optional, *real) if name]


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the log: from (None = its first row), to or for so long, and a lead."""

    begins: datetime | None = None
    ends: datetime | None = None
    lasts: timedelta | None = None
    warm_up: timedelta = timedelta(0)

    def fixed(self, first: datetime) -> "Window":
        begins = self.begins or first
        ends = begins + self.lasts if self.lasts else self.ends
        return Window(begins, ends, None, self.warm_up)

    def has(self, moment: datetime) -> bool:
        if self.begins and moment < self.begins - self.warm_up:
            return False
        return self.ends is None or moment < self.ends


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of the log. Real times are seconds after the row's own time."""

    line: int
    at: datetime
    priority: int
    lon_lat: tuple[float, float] | None = None
    zip_code: str | None = None
    real_assigned_s: float | None = None
    real_on_scene_s: float | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """The rows of the window in the order of time, and what was passed over."""

    rows: Sequence[Row]
    begins: datetime
    ends: datetime
    skipped: int


def read_log(path: Path, columns: Columns, window: Window, *, skip_bad: bool = False) -> Log:
    """The rows that match; BadTable for the first bad one, unless bad rows are to be skipped."""
    rows: list[Row] = []
    skipped = matching = 0
    earliest = latest = None
    for line, record in records(path, columns.named()):
        try:
            if any(cell(record, name, line) != value for name, value in columns.where):
                continue
            matching += 1
            at = moment(cell(record, columns.time, line), columns, line)
            earliest, latest = min(earliest or at, at), max(latest or at, at)
            window = window.fixed(at)
            if window.has(at):
                rows.append(row_of(record, columns, line, at))
        except BadRow as bad:
            if not skip_bad:
                raise BadTable(f"{path}, {bad}") from bad
            skipped += 1
    if earliest is None or latest is None or window.begins is None:
        filtered = " and ".join(f"{name}={value}" for name, value in columns.where)
        raise BadTable(f"{path} has no row{f' where {filtered}' if filtered else ''}.")
    if not any(row.at >= window.begins for row in rows):
        raise BadTable(
            f"{path}: none of {matching} rows lies in the window ({window.begins} to"
            f" {window.ends or 'the end'}); they reach from {earliest} to {latest}."
        )
    return Log(sorted(rows, key=lambda row: row.at), window.begins, window.ends or latest, skipped)


def row_of(record: Record, columns: Columns, line: int, at: datetime) -> Row:
    return Row(
        line=line,
        at=at,
        priority=priority_of(record, columns, line),
        lon_lat=lon_lat_of(record, columns, line),
        zip_code=cell(record, columns.zip_code, line) if columns.zip_code else None,
        real_assigned_s=real_assigned(record, columns, line, at),
        real_on_scene_s=seconds(record, columns.real_response, line),
    )


def moment(text: str, columns: Columns, line: int) -> datetime:
    """Local time as the log writes it; an offset is dropped, the log has one clock."""
    try:
        if columns.time_format:
            read = datetime.strptime(text, columns.time_format)  # noqa: DTZ007 - local on purpose
        else:
            read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadRow(line, f"“{text}” in “{columns.time}” is no time") from wrong
    return read.replace(tzinfo=None)


DEFAULT_PRIORITY = 3


def priority_of(record: Record, columns: Columns, line: int) -> int:
    if columns.priority is None:
        return DEFAULT_PRIORITY
    value = cell(record, columns.priority, line)
    if columns.priorities:
        if value not in columns.priorities:
            raise BadRow(line, f"“{value}” in “{columns.priority}” is not in the priority map")
        return columns.priorities[value]
    if value not in {"1", "2", "3", "4", "5"}:
        raise BadRow(
            line, f"“{value}” in “{columns.priority}” is no priority from 1 to 5; give a map"
        )
    return int(value)


def lon_lat_of(record: Record, columns: Columns, line: int) -> tuple[float, float] | None:
    if columns.lat is None or columns.lon is None:
        return None
    lat = number(cell(record, columns.lat, line), columns.lat, line)
    lon = number(cell(record, columns.lon, line), columns.lon, line)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRow(line, f"{lat}, {lon} is no place on Earth (latitude, longitude)")
    return lon, lat


def seconds(record: Record, column: str | None, line: int) -> float | None:
    """A real interval; an empty cell is one that never happened or was not kept."""
    text = cell(record, column, line) if column else ""
    return number(text, column or "", line) if text else None


def real_assigned(record: Record, columns: Columns, line: int, at: datetime) -> float | None:
    text = cell(record, columns.real_assigned, line) if columns.real_assigned else ""
    if not text:
        return None
    try:
        assigned = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as wrong:
        raise BadRow(line, f"“{text}” in “{columns.real_assigned}” is no time") from wrong
    return (assigned - at).total_seconds()
