"""Document Bundles of others as records, as far as their codes are known; what is not, is listed.

CH EMS and IHE mPSC documents, and our own. `reading.toml` has the codes that others use.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.fhir.checking import listed
from ehr_prehospital.exchange.fhir.mapping import OWN, Json, loinc_of, table
from ehr_prehospital.exchange.fhir.validation import Unreadable, parse
from ehr_prehospital.record.catalogue import Element, Kind, Occurs, elements
from ehr_prehospital.record.rules import Statement as Said
from ehr_prehospital.record.rules import judge

FILE = Path(__file__).with_name("reading.toml")
SOURCE = "document"
GENDERS = {"male": "male", "female": "female", "unknown": "unknown", "other": "unknown"}
MOMENTS = ("effectiveDateTime", "performedDateTime", "effectiveInstant")
# Resources that are about the document, not about the patient.
AROUND = frozenset({"Composition", "Bundle"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A record, and what of the document it does not say: a line for each, with its place."""

    record: CanonicalRecord
    not_understood: tuple[str, ...]


def import_document(content: bytes) -> tuple[CanonicalRecord, ...]:
    """The record of a document Bundle. Raises Unreadable for what is none."""
    return (read_document(content).record,)


def read_document(content: bytes) -> Reading:
    """A document Bundle, read. Raises Unreadable for what is none."""
    bundle = parse(content)
    entries = [one for one in listed(bundle.get("entry")) if isinstance(one, dict)]
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "document" or not entries:
        raise Unreadable("not a Bundle of the type document")
    reader = Reader(uuid5(NAMESPACE_URL, str(bundle.get("identifier", {}).get("value", content))))
    for number, entry in enumerate(entries):
        resource = entry.get("resource")
        if isinstance(resource, dict):
            reader.read(resource, f"Bundle.entry[{number}].resource")
    record = CanonicalRecord(
        id=reader.id,
        version=0,
        written_at=moment(bundle.get("timestamp")) or datetime(1950, 1, 1, tzinfo=UTC),
        statements=tuple(reader.statements),
    )
    return Reading(record, tuple(reader.unknown))


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def by_loinc() -> Mapping[str, str]:
    """LOINC code → the first element that has it."""
    found: dict[str, str] = {}
    for element in elements().values():
        for code in loinc_of(element.code, element):
            found.setdefault(code, element.code)
    return found


def moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


@dataclass
class Reader:
    """Reads one document, resource by resource."""

    id: UUID
    statements: list[Statement] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def read(self, resource: Json, where: str) -> None:
        kind = str(resource.get("resourceType"))
        if kind in AROUND:
            return
        before = len(self.statements)
        match kind:
            case "Patient":
                self.patient(resource)
            case "Observation":
                self.observation(resource, where)
            case "AllergyIntolerance":
                self.coded("history.allergy", resource.get("code"), where)
            case "MedicationStatement":
                self.coded("history.medication", medication(resource), where)
            case "MedicationAdministration":
                self.given(resource, where)
            case "Procedure":
                self.done(resource, where)
        if len(self.statements) == before:
            self.unknown.append(f"{where}: {kind} {words(resource.get('code'))}".strip())

    def say(self, said: Statement) -> bool:
        """Take it, unless our own rules would call it wrong."""
        judged = judge(Said(said.element, said.value, said.unit), group=said.group)
        if judged.problems:
            return False
        id_ = uuid5(self.id, str(len(self.statements)))
        self.statements.append(replace(said, id=id_, source=SOURCE))
        return True

    def patient(self, one: Json) -> None:
        name: Json = next(iter(listed(one.get("name"))), {})
        given = [str(part) for part in listed(name.get("given"))]
        family = str(name.get("family", ""))
        address: Json = next(iter(listed(one.get("address"))), {})
        said = {
            "patient.family_name": family,
            "patient.given_name": " ".join(given),
            "identity.name": str(name.get("text", "")) or " ".join([*given, family]).strip(),
            "identity.sex": GENDERS.get(str(one.get("gender", "")), ""),
            "identity.birth_date": str(one.get("birthDate", "")),
            "identity.phone": next(
                (
                    str(way.get("value", ""))
                    for way in listed(one.get("telecom"))
                    if way.get("system") == "phone"
                ),
                "",
            ),
            "patient.address": ", ".join(
                part
                for part in (
                    *(str(line) for line in listed(address.get("line"))),
                    str(address.get("postalCode", "")),
                    str(address.get("city", "")),
                )
                if part
            ),
        }
        for element, value in said.items():
            if value:
                self.say(Statement(element, value))

    def observation(self, one: Json, where: str) -> None:
        """The observation itself and its components; those of one time are one set."""
        at = next((moment(one[name]) for name in MOMENTS if name in one), None)
        for part in (one, *listed(one.get("component"))):
            element = element_of(part.get("code"))
            if element is None:
                if part is not one or not one.get("component"):
                    self.missed(part, where)
                continue
            group = self.group(element, one, at)
            said = statement(element, part)
            if said is None or not self.say(replace(said, group=group, occurred_at=at)):
                self.missed(part, where)

    def group(self, element: Element, one: Json, at: datetime | None) -> UUID | None:
        """One set of vital signs a moment; everything else that repeats, one a resource."""
        if element.occurs is not Occurs.GROUP:
            return None
        of = (
            at.isoformat()
            if at and element.group == "vital"
            else one.get("id", len(self.statements))
        )
        return uuid5(self.id, f"{element.group}/{of}")

    def missed(self, part: Json, where: str) -> None:
        value = next((str(part[key]) for key in part if key.startswith("value")), "")
        self.unknown.append(f"{where}: {words(part.get('code'))} {value[:120]}".strip())

    def coded(self, name: str, concept: Any, where: str, group: UUID | None = None) -> bool:
        value = value_of(elements()[name], concept)
        return bool(value) and self.say(Statement(name, value, group=group))

    def given(self, one: Json, where: str) -> None:
        group = uuid5(self.id, f"medication/{one.get('id', where)}")
        if not self.coded("medication.drug", medication(one), where, group):
            return
        dosage = one.get("dosage") or {}
        dose = dosage.get("dose") or dosage.get("rateQuantity") or {}
        if dose:
            unit = unit_of(dose, elements()["medication.dose"])
            self.say(Statement("medication.dose", str(dose.get("value", "")), unit, group=group))
        self.coded("medication.route", dosage.get("route"), where, group)
        self.at("medication.given_at", one, group)

    def done(self, one: Json, where: str) -> None:
        group = uuid5(self.id, f"procedure/{one.get('id', where)}")
        if self.coded("procedure.kind", one.get("code"), where, group):
            self.at("procedure.done_at", one, group)

    def at(self, element: str, one: Json, group: UUID) -> None:
        if at := next((str(one[name]) for name in MOMENTS if name in one), ""):
            self.say(Statement(element, at, group=group))


def element_of(concept: Any) -> Element | None:
    """The element that a code means: ours, LOINC's, or another's that is known."""
    for one in listed((concept or {}).get("coding")):
        system, code = str(one.get("system", "")), str(one.get("code", ""))
        known = codes()["elements"].get(f"{system}|{code}", "")
        if system == f"{OWN}element":
            known = code
        elif not known and system == table().systems["loinc"]:
            known = by_loinc().get(code, "")
        if known in elements():
            return elements()[known]
    return None


def statement(element: Element, part: Json) -> Statement | None:
    """What an Observation or a component says of an element; None for nothing that ours can say."""
    if "valueQuantity" in part:
        quantity = part["valueQuantity"]
        return Statement(element.code, str(quantity.get("value", "")), unit_of(quantity, element))
    if "valueInteger" in part:
        return Statement(element.code, str(part["valueInteger"]), next(iter(element.units), ""))
    if "valueBoolean" in part:
        return Statement(element.code, "yes" if part["valueBoolean"] else "no")
    if "valueCodeableConcept" in part:
        value = value_of(element, part["valueCodeableConcept"])
        return Statement(element.code, value) if value else None
    for name in ("valueDateTime", "valueString"):
        if name in part:
            return Statement(element.code, str(part[name]))
    return None


def unit_of(quantity: Json, element: Element) -> str:
    """The unit of ours with this UCUM code."""
    code = str(quantity.get("code") or quantity.get("unit") or "")
    for unit in element.units:
        if code in (unit, table().ucum.get(unit)):
            return unit
    return codes()["units"].get(code, code)


def value_of(element: Element, concept: Any) -> str:
    """A term of the element's table, a code with its system, or words where ours takes them."""
    concept = concept or {}
    codings = list(codings_in(concept))
    for system, code in codings:
        if system == f"{OWN}{element.table}":
            return code
        if known := codes()["values"].get(f"{system}|{code}"):
            return known
    for system, code in codings:
        name = prefix_of(system)
        for term, row in element.codes.items():
            if name and row.codes.get(name) == code:
                return term
    for system, code in codings:
        if name := prefix_of(system):
            return f"{name}:{code}"
    text = words(concept)
    return text if element.type is not Kind.CODE or element.open else ""


def codings_in(concept: Json) -> Iterator[tuple[str, str]]:
    for one in listed(concept.get("coding")):
        yield str(one.get("system", "")), str(one.get("code", ""))


def prefix_of(system: str) -> str:
    known = {uri: name for name, uri in table().systems.items()}
    name = known.get(system) or codes()["systems"].get(system, "")
    return name if name in ("icd10", "snomed", "rxnorm", "nemsis") else ""


def medication(resource: Json) -> Any:
    """The drug of a resource, in words or codes of its own or of what it contains."""
    if "medicationCodeableConcept" in resource:
        return resource["medicationCodeableConcept"]
    target = str(resource.get("medicationReference", {}).get("reference", "")).lstrip("#")
    for one in listed(resource.get("contained")):
        if one.get("id") == target:
            return one.get("code")
    return None


def words(concept: Any) -> str:
    """The text of a concept, or the first display or code in it."""
    concept = next(iter(listed(concept)), None) or {}
    if concept.get("text"):
        return str(concept["text"])
    for one in listed(concept.get("coding")):
        return str(one.get("display") or one.get("code") or "")
    return ""
