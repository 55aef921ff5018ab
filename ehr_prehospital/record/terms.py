"""The coded clinical tables: codes are stored, labels are in terms.toml and lists/*.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TERMS_FILE = Path(__file__).with_name("terms.toml")
LISTS_FOLDER = Path(__file__).with_name("lists")


@dataclass(frozen=True, slots=True)
class Term:
    """One code: its labels, its codes elsewhere, and what its value may be.

    `amounts` maps a unit to the largest number taken as typed on purpose (drugs and
    treatments); `low`, `high`, `units` bound an observation; `choices` names a table.
    """

    en: str
    zh: str
    codes: Mapping[str, str] = field(default_factory=dict)
    pathway: str = ""
    amounts: Mapping[str, float] = field(default_factory=dict)
    routes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    choices: str = ""


CODE_SYSTEMS = ("icd10", "snomed", "rxnorm", "nemsis", "gbt2261")


@cache
def tables(path: Path = TERMS_FILE, lists: Path = LISTS_FOLDER) -> Mapping[str, Mapping[str, Term]]:
    """Read the files once: table → code → term. The names of the tables are unlike."""
    found: dict[str, Mapping[str, Term]] = {}
    for file in (path, *sorted(lists.glob("*.toml"))):
        for name, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{file.name}: the table {name} is already there")
            found[name] = {code: term(row) for code, row in rows.items()}
    return found


# Any: a row of TOML, whose shape the class checks by its names.
def term(row: Mapping[str, Any]) -> Term:
    return Term(
        en=row["en"],
        zh=row["zh"],
        codes={system: row[system] for system in CODE_SYSTEMS if system in row},
        pathway=row.get("pathway", ""),
        amounts=row.get("doses", row.get("amounts", {})),
        routes=tuple(row.get("routes", ())),
        units=tuple(row.get("units", ())),
        low=row.get("low"),
        high=row.get("high"),
        choices=row.get("choices", ""),
    )
