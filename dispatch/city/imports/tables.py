"""Reads the two CSV tables of an import. A complaint names the file, the line and the column."""

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from dispatch.city.imports import jemss

if TYPE_CHECKING:
    from _csv import Reader

CAPABILITIES = (
    "ed", "trauma", "stroke", "cath_lab", "paediatric", "obstetric", "burns", "poisoning",
)  # fmt: skip
HOSPITAL_COLUMNS = ("code", "name_en", "name_zh", "lat", "lon", "capabilities", "beds")
STATION_COLUMNS = ("code", "name_en", "name_zh", "lat", "lon", "ambulances")
LONGEST_CODE, LONGEST_NAME = 20, 120
MOST_AMBULANCES, MOST_BEDS = 200, 20_000


class BadTable(Exception):
    """A table that cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class HospitalRow:
    code: str
    name_en: str
    name_zh: str
    lat: float
    lon: float
    capabilities: tuple[str, ...]
    # None where nobody has said.
    beds: int | None


@dataclass(frozen=True, slots=True)
class StationRow:
    code: str
    name_en: str
    name_zh: str
    lat: float
    lon: float
    ambulances: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One data line and where it stands, for messages."""

    file: str
    number: int
    cells: dict[str, str]

    def bad(self, column: str, reason: str) -> BadTable:
        return BadTable(
            _("%(file)s, line %(line)d, column “%(column)s”: %(reason)s")
            % {"file": self.file, "line": self.number, "column": column, "reason": reason}
        )

    def text(self, column: str, longest: int, *, needed: bool = True) -> str:
        value = self.cells[column].strip()
        if needed and not value:
            raise self.bad(column, _("a value is missing."))
        if len(value) > longest:
            raise self.bad(column, _("longer than %(longest)d characters.") % {"longest": longest})
        return value

    def degrees(self, column: str, limit: float) -> float:
        value = self.cells[column].strip()
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not abs(number) <= limit:
            reason = _("“%(value)s” is not a coordinate in degrees.") % {"value": value}
            raise self.bad(column, reason)
        return number

    def count(self, column: str, most: int) -> int:
        value = self.cells[column].strip()
        if not value.isdecimal() or int(value) > most:
            reason = _("“%(value)s” is not a whole number from 0 to %(most)d.")
            raise self.bad(column, reason % {"value": value, "most": most})
        return int(value)


def read_hospitals(file: Path) -> list[HospitalRow]:
    """Raises BadTable for the first thing that is wrong."""
    return _rows(file, "hospitals", HOSPITAL_COLUMNS, _hospital)


def read_stations(file: Path) -> list[StationRow]:
    """Raises BadTable for the first thing that is wrong."""
    return _rows(file, "stations", STATION_COLUMNS, _station)


def _hospital(line: _Line) -> HospitalRow:
    capabilities = tuple(
        dict.fromkeys(
            word.strip() for word in line.cells["capabilities"].split(";") if word.strip()
        )
    )
    for word in capabilities:
        if word not in CAPABILITIES:
            reason = _("“%(value)s” is not known; use %(known)s, with ; between them.")
            known = ", ".join(CAPABILITIES)
            raise line.bad("capabilities", reason % {"value": word, "known": known})
    beds = line.count("beds", MOST_BEDS) if line.cells["beds"].strip() else None
    return HospitalRow(*_head(line), capabilities, beds)


def _station(line: _Line) -> StationRow:
    return StationRow(*_head(line), line.count("ambulances", MOST_AMBULANCES))


def _head(line: _Line) -> tuple[str, str, str, float, float]:
    return (
        line.text("code", LONGEST_CODE),
        line.text("name_en", LONGEST_NAME),
        line.text("name_zh", LONGEST_NAME, needed=False),
        line.degrees("lat", 90.0),
        line.degrees("lon", 180.0),
    )


Row = TypeVar("Row", HospitalRow, StationRow)


def _rows(
    file: Path, table: str, columns: tuple[str, ...], read: Callable[[_Line], Row]
) -> list[Row]:
    rows: list[Row] = []
    codes: dict[str, int] = {}
    for line in _lines(file, table, columns):
        row = read(line)
        if row.code in codes:
            reason = _("“%(code)s” already stands in line %(line)d.")
            raise line.bad("code", reason % {"code": row.code, "line": codes[row.code]})
        codes[row.code] = line.number
        rows.append(row)
    if not rows:
        raise BadTable(_("%(file)s has no data lines.") % {"file": file.name})
    return rows


def _lines(file: Path, table: str, columns: tuple[str, ...]) -> Iterator[_Line]:
    try:
        # Spreadsheets write a byte-order mark; utf-8-sig swallows it.
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.reader(source, strict=True)
            header = _header(reader)
            if jemss.is_head(header, table):
                yield from _jemss_lines(file, reader, table)
                return
            _check_header(file, header, columns)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _Line(file.name, reader.line_num, _named(file, reader, header, cells))
    except UnicodeDecodeError as reason:
        raise BadTable(_("%(file)s is not UTF-8 text.") % {"file": file.name}) from reason
    except (OSError, csv.Error) as reason:
        words = {"file": file.name, "reason": reason}
        raise BadTable(_("%(file)s cannot be read: %(reason)s") % words) from reason


def _jemss_lines(file: Path, reader: "Reader", table: str) -> Iterator[_Line]:
    header = _header(reader)
    if missing := [name for name in jemss.NEEDED[table] if name not in header]:
        words = {"file": file.name, "missing": ", ".join(missing)}
        raise BadTable(_("%(file)s, line 2: column %(missing)s is missing.") % words)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            return  # another table may follow
        # Its rows are ragged: remarks stand beyond the header, empty cells are left out.
        ours = jemss.READ[table](dict(zip_longest(header, cells[: len(header)], fillvalue="")))
        yield _Line(file.name, reader.line_num, ours)


def _header(reader: "Reader") -> list[str]:
    return [name.strip() for name in next(reader, [])]


def _named(file: Path, reader: "Reader", header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadTable(
            _("%(file)s, line %(line)d: %(found)d values, but %(wanted)d columns.")
            % {"file": file.name, "line": reader.line_num,
               "found": len(cells), "wanted": len(header)}
        )  # fmt: skip
    return dict(zip(header, cells, strict=True))


def _check_header(file: Path, header: list[str], columns: tuple[str, ...]) -> None:
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    words = {
        "file": file.name,
        "missing": ", ".join(missing),
        "unknown": ", ".join(unknown),
        "wanted": ",".join(columns),
    }
    if missing and unknown:
        raise BadTable(
            _("%(file)s, line 1: column %(missing)s is missing, %(unknown)s is not known. "
              "Expected: %(wanted)s") % words
        )  # fmt: skip
    if missing:
        raise BadTable(
            _("%(file)s, line 1: column %(missing)s is missing. Expected: %(wanted)s") % words
        )
    if unknown:
        raise BadTable(
            _("%(file)s, line 1: column %(unknown)s is not known. Expected: %(wanted)s") % words
        )
    if len(set(header)) != len(header):
        raise BadTable(_("%(file)s, line 1: a column stands there twice.") % words)
