"""The catalogue of the record's elements, as elements/*.toml name them: one file a group.

The one canonical model: whatever is sent elsewhere (NEMSIS, FHIR, a Chinese platform) is
mapped from these codes. Nothing here knows the database.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.calls.rules.triage import protocol
from ehr_prehospital.record.formulary import use_terms
from ehr_prehospital.record.terms import Term, tables

FOLDER = Path(__file__).with_name("elements")
# Items of the tablet's forms: each form is a data file that says what they mean.
FORM = "form."
# Nothing stands in its place: possible for every element.
ENTERED_IN_ERROR = "entered_in_error"


class Kind(StrEnum):
    CODE = "code"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    DATE = "date"
    POSITION = "position"
    REFERENCE = "reference"


class Occurs(StrEnum):
    """Once in a record, a list, or once in each group of entries."""

    ONCE = "once"
    MANY = "many"
    GROUP = "group"


class Level(StrEnum):
    """How much NEMSIS v3.5.1 asks for it; for our own elements, how much we do."""

    MANDATORY = "mandatory"
    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class From(StrEnum):
    """Where an element comes from when nobody types it, and `person` where somebody does."""

    DISPATCH = "dispatch"
    CLOCK = "clock"
    DEVICE = "device"
    SCORE = "score"
    DOCUMENT = "document"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: `heart_rate` of the group `vital` is written as `vital.heart_rate`.

    `units` gives each unit (UCUM, or a word) its least and largest number taken as meant.
    `table` holds its codes; an `open` one also takes words that are not in it. `many` in a
    repeating group is a list within the group. `when` names the case of rules.toml in which the
    level holds.
    `nv`, `pn`: the reasons for no value and the pertinent negatives that it may carry.
    `reading` is the code of the device's number that proposes it.
    """

    code: str
    group: str
    en: str
    zh: str
    type: Kind
    occurs: Occurs
    table: str = ""
    open: bool = False
    many: bool = False
    units: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    longest: int = 200
    level: Level = Level.OPTIONAL
    when: str = ""
    nv: tuple[str, ...] = ()
    pn: tuple[str, ...] = ()
    nemsis: str = ""
    fhir: str = ""
    cn: str = ""
    filled_from: tuple[From, ...] = (From.PERSON,)
    reading: str = ""

    @property
    def codes(self) -> Mapping[str, Term]:
        """The terms of its table; empty for what is no code."""
        return code_lists()[self.table] if self.table else {}


@dataclass(frozen=True, slots=True)
class Group:
    """`repeats`: its entries belong together by their `group` uuid (one drug given)."""

    code: str
    en: str
    zh: str
    repeats: bool
    elements: tuple[Element, ...]


@cache
def groups(folder: Path = FOLDER) -> Mapping[str, Group]:
    """Read the files once: group → its elements, in the order of the files."""
    return {file.stem: group_in(file) for file in sorted(folder.glob("*.toml"))}


@cache
def elements(folder: Path = FOLDER) -> Mapping[str, Element]:
    """Code → element, of all groups."""
    return {one.code: one for group in groups(folder).values() for one in group.elements}


@cache
def code_lists() -> Mapping[str, Mapping[str, Term]]:
    """Every code list that an element may name.

    The callers' complaints are the dispatch's, what drugs are given for is the formulary's.
    """
    complaints = {
        code: Term(en=one.text.en, zh=one.text.zh) for code, one in protocol().complaints.items()
    }
    return {**tables(), "complaint": complaints, "drug_use": use_terms()}


def group_in(file: Path) -> Group:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    head, repeats = content["group"], content["group"].get("repeats", False)
    return Group(
        code=file.stem,
        en=head["en"],
        zh=head["zh"],
        repeats=repeats,
        elements=tuple(
            element(f"{file.stem}.{name}", row, repeats=repeats)
            for name, row in content["element"].items()
        ),
    )


# Any: a row of TOML, whose shape the class checks by its names.
def element(code: str, row: Mapping[str, Any], *, repeats: bool) -> Element:
    rest = {
        name: value
        for name, value in row.items()
        if name not in {"type", "units", "nv", "pn", "from", "level"}
    }
    many = row.get("many", False)
    return Element(
        code=code,
        group=code.partition(".")[0],
        type=Kind(row["type"]),
        occurs=Occurs.GROUP if repeats else Occurs.MANY if many else Occurs.ONCE,
        units={unit: (low, high) for unit, (low, high) in row.get("units", {}).items()},
        level=Level(row.get("level", Level.OPTIONAL)),
        nv=tuple(row.get("nv", ())),
        pn=tuple(row.get("pn", ())),
        filled_from=tuple(From(source) for source in row["from"]),
        **rest,
    )
