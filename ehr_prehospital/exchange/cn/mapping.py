"""The table mapping.toml: which Chinese field an element fills, and how sure its identifier is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("mapping.toml")


class State(StrEnum):
    """Whether an identifier (or a code set) was read in public material."""

    VERIFIED = "verified"
    TO_BE_CONFIRMED = "to be confirmed"


@dataclass(frozen=True, slots=True)
class Field:
    """One row: the field that an element fills, in which form.

    `units` and `of`/`among` say for which values the row counts; empty means for all.
    """

    element: str
    name: str
    state: State
    id: str = ""
    codes: str = ""
    form: str = ""
    unit: str = ""
    units: tuple[str, ...] = ()
    of: str = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion:
    """Multiply by `by`, keep `digits` decimal places."""

    by: float
    digits: int


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A code set by its official name; `codes` is empty where the lists' terms hold them."""

    name: str
    state: State
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    version: str
    standards: tuple[str, ...]
    zone: str
    fields: Mapping[str, tuple[Field, ...]]
    conversions: Mapping[tuple[str, str], Conversion]
    signs: Mapping[str, str]
    sets: Mapping[str, CodeSet]


@cache
def table(file: Path = FILE) -> Table:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    rows: dict[str, tuple[Field, ...]] = {}
    for row in content["fields"]:
        read = field_in(row)
        rows[read.element] = (*rows.get(read.element, ()), read)
    return Table(
        version=content["version"],
        standards=tuple(content["standards"]),
        zone=content["zone"],
        fields=rows,
        conversions={
            (row["from"], row["to"]): Conversion(row["by"], row["digits"])
            for row in content["conversions"]
        },
        signs=content["signs"],
        sets={
            name: CodeSet(row["name"], State(row["state"]), content["codes"].get(name, {}))
            for name, row in content["sets"].items()
        },
    )


# Any: a row of TOML, whose shape the class checks by its names.
def field_in(row: Mapping[str, Any]) -> Field:
    return Field(
        **{
            **row,
            "state": State(row["state"]),
            "units": tuple(row.get("units", ())),
            "among": tuple(row.get("among", ())),
        }
    )
