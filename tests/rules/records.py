"""Canonical records for the tests of the exchange: written in one line each."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ehr_prehospital.exchange.canonical import CanonicalRecord, Enclosure, Statement

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
RECORD = UUID(int=7)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def say(element: str, value: str = "", minutes: float = 0, **more: object) -> Statement:
    return Statement(element=element, value=value, occurred_at=at(minutes), **more)  # type: ignore[arg-type]


def grouped(
    number: int, said: Iterable[tuple[str, str, str]], *, minutes: float | None = None
) -> list[Statement]:
    """A group of entries: (element, value, unit), all at one time."""
    when = number if minutes is None else minutes
    return [
        say(element, value, when, unit=unit, group=UUID(int=1000 + number))
        for element, value, unit in said
    ]


def record(
    *statements: Statement, version: int = 0, files: tuple[Enclosure, ...] = ()
) -> CanonicalRecord:
    return CanonicalRecord(RECORD, version, at(60), statements, files)
