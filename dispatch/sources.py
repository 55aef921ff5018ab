"""Where the numbers of a data file come from, and whether somebody has compared them with it.

A row is a table with a `source`. `checked` is the day on which the source was looked up,
`checked_against` what was seen, `checked_digest` a digest of what the row said then. A row that
has changed since counts as not checked, in every file that is read here.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ABOUT = frozenset({"checked", "checked_against", "checked_digest"})
# A worked case names where its patient is from; it is no row of its own.
CASES = "case"
NAMES = ("id", "need", "code")
DIGITS = 12
# Any: a table of TOML, whose shape its own loader checks.
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its path in the file, what it says, and how it stands with its source."""

    name: str
    source: str
    checked: str
    checked_against: str
    values: Mapping[str, Any]  # Any: as above


def read(file: Path) -> Table:
    """A file with exact numbers, in which `checked` is empty wherever it no longer holds."""
    table = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    for _, row in sourced(table):
        row["checked"] = standing(row)
    return table


def rows(table: Table) -> list[Row]:
    """Every row of a table that `read` gave, in the order of the file."""
    return [
        Row(name, row["source"], row["checked"], row.get("checked_against", ""), said(row))
        for name, row in sourced(table)
    ]


def plain(row: Mapping[str, Any]) -> Table:  # Any: as above
    """The row without what is only about its checking."""
    return {name: value for name, value in row.items() if name not in ABOUT}


def standing(row: Table) -> str:
    """The day of the check, or "" where there was none or the row has changed since."""
    holds = row.get("checked_against") and row.get("checked_digest") == digest(row)
    return str(row.get("checked", "")) if holds else ""


def digest(row: Table) -> str:
    text = json.dumps(said(row), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def sourced(table: Table, name: str = "") -> Iterator[tuple[str, Table]]:
    if "source" in table:
        yield name, table
    for key, value in table.items():
        if key != CASES:
            for part, below in tables_in(key, value):
                yield from sourced(below, f"{name}.{part}" if name else part)


def tables_in(key: str, value: object) -> Iterator[tuple[str, Table]]:
    if isinstance(value, dict):
        yield key, value
    elif isinstance(value, list):
        for place, one in enumerate(value):
            if isinstance(one, dict):
                yield next((str(one[name]) for name in NAMES if name in one), f"{key}.{place}"), one


# Any: as above.
def said(table: Table) -> Table:
    """What a row itself says: without its checking, its cases and the rows within it."""
    return {
        key: said_in(value)
        for key, value in table.items()
        if key not in ABOUT | {CASES} and not is_row(value) and not are_rows(value)
    }


# Any: as above.
def said_in(value: object) -> Any:
    if isinstance(value, dict):
        return said(value)
    if isinstance(value, list):
        return [said_in(one) for one in value]
    return value


def are_rows(value: object) -> bool:
    return isinstance(value, list) and any(is_row(one) for one in value)


def is_row(value: object) -> bool:
    return isinstance(value, dict) and "source" in value
