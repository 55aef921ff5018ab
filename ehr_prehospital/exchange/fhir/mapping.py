"""mapping.toml with the catalogue's own columns: what each element is in FHIR."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ehr_prehospital.record.catalogue import Element, elements

FILE = Path(__file__).with_name("mapping.toml")
LOINC = re.compile(r"\b\d{3,5}-\d\b")
# Our own code systems: elements of the catalogue, terms of a table, sections of a document.
OWN = "urn:onboard:"
PROFILES = "https://profiles.ihe.net/PCC/mPSC/StructureDefinition/"

# Any: a resource or a part of one, as JSON.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A section inside the section of the examination: that of some regions."""

    code: Json
    en: str
    zh: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the document and what of ours it tells: groups, or single elements."""

    code: Json
    en: str
    zh: str
    says: tuple[str, ...]
    required: bool
    complete: bool
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Panel:
    loinc: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    systems: Mapping[str, str]
    loinc: Mapping[str, Sequence[str]]
    mdc: Mapping[str, str]
    leads: Mapping[str, str]
    waves: Mapping[str, str]
    panels: tuple[Panel, ...]
    methods: Mapping[str, str]
    snomed: Mapping[str, Mapping[str, str | list[str]]]
    more: Mapping[str, str]
    integers: Mapping[str, Mapping[str, int]]
    carried: Mapping[str, Mapping[str, str]]
    immunizations: Mapping[str, Mapping[str, str]]
    ucum: Mapping[str, str]
    absent: Mapping[str, str]
    sections: tuple[Section, ...]

    def section_of(self, element: str) -> Section | None:
        """The section that tells an element: by its own name before its group's."""
        head = element.partition(".")[0]
        for name in (element, head):
            for section in self.sections:
                if name in section.says:
                    return section
        return None


@cache
def table() -> Table:
    """Read the file once."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    systems = content["systems"]
    return Table(
        systems=systems,
        loinc=content["loinc"],
        mdc=content["mdc"],
        leads=content["leads"],
        waves=content["waves"],
        panels=tuple(Panel(row["loinc"], tuple(row["elements"])) for row in content["panels"]),
        methods=content["methods"],
        snomed=content["snomed"],
        more=content["more"],
        integers=content["integers"],
        carried=content["carried"],
        immunizations=content["immunizations"],
        ucum=content["ucum"],
        absent=content["absent"],
        sections=tuple(section(row, systems) for row in content["sections"]),
    )


def section(row: Mapping[str, Any], systems: Mapping[str, str]) -> Section:
    system = next(name for name in ("loinc", "snomed", "own") if name in row)
    return Section(
        code=coding(systems.get(system, f"{OWN}section"), row[system]),
        en=row["en"],
        zh=row["zh"],
        says=tuple(row["says"]),
        required=row.get("required", False),
        complete=row.get("complete", False),
        parts=tuple(part(one, systems["loinc"]) for one in row.get("parts", ())),
    )


def part(row: Mapping[str, Any], system: str) -> Part:
    return Part(coding(system, row["loinc"]), row["en"], row["zh"], tuple(row["regions"]))


def coding(system: str, code: str, display: str = "") -> Json:
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(*codings: Json, text: str = "") -> Json:
    said: Json = {"coding": list(codings)} if codings else {}
    return said | ({"text": text} if text else {})


def code_of(element: str, text: str) -> Json:
    """What is observed: LOINC and MDC where there are codes, and always our own."""
    return concept(*codings_of(element), text=text)


def codings_of(element: str) -> Iterator[Json]:
    known = elements().get(element)
    for code in loinc_of(element, known):
        yield coding(table().systems["loinc"], code)
    if element in table().mdc:
        yield coding(table().systems["mdc"], table().mdc[element])
    yield coding(f"{OWN}element", element, known.en if known else "")


def loinc_of(element: str, known: Element | None) -> list[str]:
    own = LOINC.findall(known.fhir) if known else []
    return list(dict.fromkeys([*own, *table().loinc.get(element, ())]))
