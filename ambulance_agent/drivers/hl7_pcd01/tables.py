"""The mapping tables: what a device's code and unit mean here. Data files, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from ambulance_agent.protocol import Unit, VitalCode

SHIPPED = Path(__file__).parent / "maps"
CONFIRMED = "confirmed"
T = TypeVar("T")


class DamagedTable(ValueError):
    """A mapping table is no table, or names what is not a vital sign or a unit."""


class _CodeRow(msgspec.Struct, forbid_unknown_fields=True, rename={"source": "from"}):
    code: str
    name: str
    vital: str
    source: str
    status: str = CONFIRMED


class _Codes(msgspec.Struct, forbid_unknown_fields=True):
    systems: list[str]
    row: list[_CodeRow]


class _UnitRow(msgspec.Struct, forbid_unknown_fields=True, rename={"names": "as"}):
    unit: Unit
    names: list[str]
    factor: float = 1.0
    offset: float = 0.0
    vital: VitalCode | None = None


class _Units(msgspec.Struct, forbid_unknown_fields=True):
    row: list[_UnitRow]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`vital` None: known, and deliberately not a vital sign of ours."""

    vital: VitalCode | None
    confirmed: bool


class Tables:
    def __init__(self, extra: Iterable[Path] = ()) -> None:
        """Raises DamagedTable. Later files win, so that an operator's table corrects ours."""
        self._meanings: dict[tuple[str, str], tuple[str, Meaning]] = {}
        self._units: dict[str, list[_UnitRow]] = {}
        for name in ("mdc", "99mndry", "local"):
            self._read_codes(SHIPPED / f"{name}.toml")
        for path in extra:
            self._read_codes(path)
        for row in _read(SHIPPED / "units.toml", _Units).row:
            for unit in row.names:
                self._units.setdefault(unit, []).append(row)

    def meaning(self, *, code: str, name: str, system: str) -> Meaning | None:
        found = self._meanings.get((system, code))
        if found is None:
            return None
        expected, meaning = found
        # A number of no system means something else at every maker: its name must agree.
        if system in ("", "L", "99LOCAL") and expected.casefold() != name.casefold():
            return None
        return meaning

    def in_our_unit(self, value: float, vital: VitalCode, names: Iterable[str]) -> float | None:
        """None when no name is a unit in which this vital sign is measured."""
        for row in (row for name in names for row in self._units.get(name, ())):
            if row.unit is vital.unit and row.vital in (None, vital):
                return (value + row.offset) * row.factor
        return None

    def _read_codes(self, path: Path) -> None:
        table = _read(path, _Codes)
        for row in table.row:
            if row.vital and row.vital not in set(VitalCode):
                raise DamagedTable(f"{path}: {row.vital} is no vital sign")
            vital = VitalCode(row.vital) if row.vital else None
            for system in table.systems:
                self._meanings[system, row.code] = (
                    row.name,
                    Meaning(vital, row.status == CONFIRMED),
                )


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DamagedTable(f"{path}: {error}") from error
