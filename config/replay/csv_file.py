"""A CSV file, packed or not, row by row; what is wrong with it as a sentence for the operator."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

# A short row has None in its last columns.
Record = Mapping[str, str | None]


class BadTable(ValueError):
    """What is wrong with a file, a column or a row; the sentence is for the operator."""


class BadRow(ValueError):
    """One row that cannot be used; begins with its line number."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


def records(path: Path, wanted: Sequence[str]) -> Iterator[tuple[int, Record]]:
    """Each row with the number of the line on which it ends; BadTable names missing columns."""
    with opened(path) as file:
        reader = csv.DictReader(file)
        known = list(reader.fieldnames or ())
        missing = [name for name in dict.fromkeys(wanted) if name not in known]
        if missing:
            raise BadTable(
                f"{path} has no column {quoted(missing)}. Its columns: {quoted(known) or 'none'}."
            )
        for record in reader:
            yield reader.line_num, record


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file as text, unpacked when it is gzip, whatever its name says."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        if packed:
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
                yield file
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield file
    except (OSError, EOFError, zlib.error) as wrong:
        raise BadTable(f"{path} cannot be read: {wrong}") from wrong
    except UnicodeDecodeError as wrong:
        raise BadTable(f"{path} is not UTF-8 text: {wrong}") from wrong
    except csv.Error as wrong:
        raise BadTable(f"{path} is no CSV table: {wrong}") from wrong


def cell(record: Record, column: str, line: int) -> str:
    value = record[column]
    if value is None:
        raise BadRow(line, f"ends before the column “{column}”")
    return value.strip()


def number(text: str, column: str, line: int) -> float:
    try:
        return float(text)
    except ValueError as wrong:
        raise BadRow(line, f"“{text}” in “{column}” is no number") from wrong
