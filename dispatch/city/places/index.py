"""Stores gathered names and numbers for one city version, by COPY."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection

from dispatch.city.places.gather import Gathered, NameRow
from dispatch.city.places.rules import DIVIDER, fold, fold_number, vector

_NAMES = (
    "COPY dispatch_placename (id, city_id, kind, category, name_en, name_zh, within_en, within_zh,"
    " search, vector, importance, lat, lon) FROM STDIN"
)
_NUMBERS = "COPY dispatch_housenumber (id, city_id, street_id, number, folded, lat, lon) FROM STDIN"


NameTuple = tuple[UUID, UUID, str, str, str, str, str, str, str, str, float, float, float]
NumberTuple = tuple[UUID, UUID, UUID, str, str, float, float]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything ready for COPY, made before the transaction so that it stays short."""

    names: list[NameTuple]
    numbers: list[NumberTuple]


def prepare(city: UUID, gathered: Gathered) -> Rows:
    ids = [uuid4() for _ in gathered.names]
    names = [_name(identity, city, row) for identity, row in zip(ids, gathered.names, strict=True)]
    numbers = [
        (uuid4(), city, ids[n.street], n.number, fold_number(n.number), n.lat, n.lon)
        for n in gathered.numbers
    ]
    return Rows(names, numbers)


def store(rows: Rows, progress: Callable[[float], None]) -> None:
    """Insert all rows; must run inside the transaction of the import. Progress is 0..1."""
    total = len(rows.names) + len(rows.numbers) or 1
    done = 0
    for statement, tuples in ((_NAMES, rows.names), (_NUMBERS, rows.numbers)):
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in tuples:
                copy.write_row(row)
                done += 1
                if done % 2000 == 0:
                    progress(done / total)
    progress(1.0)


def _name(identity: UUID, city: UUID, row: NameRow) -> NameTuple:
    names, within = (row.name_en, row.name_zh, row.local), (row.within_en, row.within_zh)
    # Junctions are found by their words alone: twice the rows would slow every misspelling.
    resembling = () if row.kind == "junction" else names
    search = DIVIDER.join(dict.fromkeys(filter(None, (fold(name) for name in resembling))))
    return (
        identity, city, row.kind, row.category, row.name_en[:200], row.name_zh[:200],
        row.within_en[:120], row.within_zh[:120], search, vector(names, within),
        row.importance, row.lat, row.lon,
    )  # fmt: skip
