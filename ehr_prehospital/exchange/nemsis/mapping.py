"""mapping.toml with the catalogue's own columns: which element of NEMSIS is said how."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ehr_prehospital.exchange.nemsis.structure import nodes
from ehr_prehospital.record.catalogue import Element, Kind, code_lists, elements

FILE = Path(__file__).with_name("mapping.toml")
OWN_CODES = "nemsis"
SYSTEMS = (OWN_CODES, "icd10", "snomed", "rxnorm")
# Before the name of what the catalogue has no word for.
CARRIED = "nemsis:"
# `nemsis:eLabs.LabResultGroup@in`: the group around one that is not the first in it, by its id;
# FIRST for the group without an id.
INSIDE = "in"
FIRST = "first"
# A group with nothing in it.
PRESENT = "present"
REASONS = frozenset({"{http://www.w3.org/2001/XMLSchema-instance}nil", "NV", "PN"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a number's unit is said: the one that is meant, an attribute, an element behind it."""

    unit: str = ""
    attribute: str = ""
    element: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """An element of NEMSIS and ours.

    `group` is the group of NEMSIS that repeats with ours; with `each`, it does for each
    statement of a list. `coded`: NEMSIS has codes, of the system `codes` if it does not say.
    """

    name: str
    ours: Element
    coded: bool
    codes: str
    unit: Unit
    group: str
    each: bool

    @property
    def says_system(self) -> bool:
        return "CodeType" in nodes()[self.name].attributes

    @property
    def allowed(self) -> tuple[str, ...]:
        """The code systems that may stand here, the usual one first."""
        if not self.says_system:
            return (self.codes,)
        return (self.codes, *(one for one in table().code_types if one != self.codes))

    @property
    def handled(self) -> frozenset[str]:
        """The attributes that a statement says by itself."""
        own = {"CodeType", self.unit.attribute} if self.says_system else {self.unit.attribute}
        return REASONS | own

    def system_of(self, code_type: str | None) -> str:
        """The code system, by the attribute where there is one; "" for an unknown one."""
        if not self.says_system:
            return self.codes
        return next((name for name, code in table().code_types.items() if code == code_type), "")

    def value_of(self, code: str, system: str) -> str:
        """The term with this code, or the code with its system before it."""
        return terms_by(self.ours.table, system).get(code) or f"{system}:{code}"

    def code_of(self, value: str) -> tuple[str, str]:
        """(code, system) of a value; two "" where there is none."""
        system, colon, code = value.partition(":")
        if colon and system in SYSTEMS:
            return code, system
        known = codes_of(self.ours.table).get(value, {})
        system = next((one for one in self.allowed if one in known), "")
        return known.get(system, ""), system

    @property
    def only_unit(self) -> bool:
        """Ours has one unit, which goes without saying."""
        return len(self.ours.units) == 1

    def unit_of(self, told: str | None) -> str:
        """The unit of a number, by the code that tells it; "" where nothing does."""
        if self.unit.codes:
            return next((unit for unit, code in self.unit.codes.items() if code == told), "")
        return self.unit.unit or next(iter(self.ours.units), "")


@dataclass(frozen=True, slots=True)
class Table:
    """`repeating`: groups that repeat with something of ours; `of_lists`: with a list's members.

    `times`: our group → the element of NEMSIS that is its time.
    """

    rows: Mapping[str, tuple[Row, ...]]
    by_element: Mapping[str, Row]
    repeating: frozenset[str]
    of_lists: frozenset[str]
    times: Mapping[str, str]
    patterns: Mapping[str, re.Pattern[str]]
    country: str
    by_code: frozenset[str]
    code_types: Mapping[str, str]
    conversions: Mapping[tuple[str, str], float]


@cache
def table() -> Table:
    """Read the file once."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    units = {name: Unit(**row) for name, row in content["units"].items()}
    codes, groups, each = content["codes"], content["groups"], content["each"]
    rows: dict[str, tuple[Row, ...]] = {}
    for one in elements().values():
        if not one.nemsis or one.code in content["carried"]:
            continue
        row = Row(
            name=one.nemsis,
            ours=one,
            coded=one.type is Kind.CODE or one.nemsis in codes,
            codes=codes.get(one.nemsis, OWN_CODES),
            unit=units.get(one.nemsis, Unit()),
            group=each.get(one.code, groups.get(one.group, "")),
            each=one.code in each,
        )
        rows[one.nemsis] = (*rows.get(one.nemsis, ()), row)
    return Table(
        rows=rows,
        by_element={row.ours.code: row for several in rows.values() for row in several},
        repeating=frozenset([*groups.values(), *each.values()]),
        of_lists=frozenset(each.values()),
        times=content["times"],
        patterns={name: re.compile(text) for name, text in content["patterns"].items()},
        country=content["country"],
        by_code=frozenset(content["by_code"]),
        code_types=content["code_types"],
        conversions={(row["from"], row["to"]): row["by"] for row in content["conversions"]},
    )


@cache
def codes_of(name: str) -> Mapping[str, Mapping[str, str]]:
    """Term of a table → system → code."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    ours = {code: {OWN_CODES: row} for code, row in content["terms"].get(name, {}).items()}
    return {code: term.codes for code, term in code_lists().get(name, {}).items()} | ours


@cache
def terms_by(name: str, system: str) -> Mapping[str, str]:
    """Code of a system → the first term of a table that has it."""
    found: dict[str, str] = {}
    for term, codes in codes_of(name).items():
        if system in codes:
            found.setdefault(codes[system], term)
    return found


@cache
def reasons(name: str) -> Mapping[str, str]:
    """Code of NEMSIS → ours, of `not_value` or `pertinent_negative`."""
    return terms_by(name, OWN_CODES)
