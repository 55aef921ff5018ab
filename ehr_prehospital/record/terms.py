"""The coded clinical tables: codes are stored, labels come from terms.toml in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TERMS_FILE = Path(__file__).with_name("terms.toml")


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
def tables(path: Path = TERMS_FILE) -> Mapping[str, Mapping[str, Term]]:
    """Read the file once: table → code → term."""
    with path.open("rb") as file:
        content = tomllib.load(file)
    return {
        name: {
            code: Term(
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
            for code, row in table.items()
        }
        for name, table in content.items()
    }
