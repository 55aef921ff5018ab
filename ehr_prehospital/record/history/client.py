"""A small FHIR R4 client: one patient, and what is known of allergies, medication, conditions.

It says how it went: nobody connected, nobody answered, nobody known, several known. Knows no
model and no request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests

MOST_ROWS = 100
# FHIR's JSON, in the release that is spoken.
ACCEPT = "application/fhir+json; fhirVersion=4.0"


class State(StrEnum):
    OFF = "off"
    NOT_IDENTIFIED = "not_identified"
    ERROR = "error"
    NO_MATCH = "no_match"
    SEVERAL = "several"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class System:
    """Where it is, without a slash at the end, and how long it may take."""

    url: str
    token: str = field(repr=False)
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Who:
    """Enough to find one person: a document number, or name and date of birth."""

    id_number: str = ""
    name: str = ""
    birth_date: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        if self.id_number:
            return {"identifier": self.id_number}
        if self.name and self.birth_date:
            return {"name": self.name, "birthdate": self.birth_date}
        return {}


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that the system knows, in the record's words. `reference` is its FHIR address."""

    element: str
    value: str
    recorded_at: str
    reference: str


@dataclass(frozen=True, slots=True)
class Answer:
    state: State
    known: tuple[Known, ...] = ()
    reference: str = ""
    detail: str = field(default="")


# What a resource becomes, where its words are, and what marks it as not true of the patient.
RESOURCES: Mapping[str, tuple[str, str, str]] = {
    "AllergyIntolerance": ("history.allergy", "code", "recordedDate"),
    "MedicationStatement": ("history.medication", "medicationCodeableConcept", "dateAsserted"),
    "Condition": ("history.condition", "code", "recordedDate"),
}
NOT_TRUE = frozenset({"entered-in-error", "refuted", "not-taken"})


class Unusable(Exception):
    """What came back is no FHIR answer."""


def ask(system: System | None, who: Who) -> Answer:
    """Everything known of the one patient that fits. Never raises for what the other side does."""
    if system is None:
        return Answer(State.OFF)
    if not who.query:
        return Answer(State.NOT_IDENTIFIED)
    try:
        with requests.Session() as session:
            session.headers["Accept"] = ACCEPT
            if system.token:
                session.headers["Authorization"] = f"Bearer {system.token}"
            return asked(session, system, who)
    except (requests.RequestException, Unusable) as failure:
        # Its kind only: an address or an answer may hold a name.
        return Answer(State.ERROR, detail=type(failure).__name__)


def asked(session: requests.Session, system: System, who: Who) -> Answer:
    patients = list(resources(session, system, "Patient", who.query))
    if len(patients) != 1:
        return Answer(State.SEVERAL if patients else State.NO_MATCH)
    patient_id = str(patients[0].get("id", ""))
    if not patient_id:
        raise Unusable("a patient without an id")
    known = tuple(
        one
        for kind in RESOURCES
        for row in resources(session, system, kind, {"patient": patient_id})
        if (one := known_in(kind, row)) is not None
    )
    return Answer(State.FOUND, known, reference=f"Patient/{patient_id}")


# Any: FHIR's JSON, of which only what is needed is looked at.
def resources(
    session: requests.Session, system: System, kind: str, query: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The resources of a search. A redirect to another house is not followed with the token."""
    answer = session.get(
        f"{system.url}/{kind}",
        params={**query, "_count": str(MOST_ROWS)},
        timeout=system.timeout_s,
        allow_redirects=False,
    )
    if answer.status_code != requests.codes.ok:
        raise Unusable(f"{urlsplit(system.url).hostname} {answer.status_code}")
    bundle = answer.json()
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise Unusable("no bundle")
    for entry in bundle.get("entry") or ():
        row = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(row, dict) and row.get("resourceType") == kind:
            yield row


def known_in(kind: str, row: dict[str, Any]) -> Known | None:
    element, words, dated = RESOURCES[kind]
    if statuses(row) & NOT_TRUE:
        return None
    value = text_of(row.get(words))
    if not value:
        return None
    return Known(
        element=element,
        value=value[:200],
        recorded_at=str(row.get(dated) or ""),
        reference=f"{kind}/{row.get('id', '')}",
    )


def statuses(row: dict[str, Any]) -> set[str]:
    """Every status that a resource carries, as codes."""
    found = {str(row.get("status", ""))}
    for name in ("verificationStatus", "clinicalStatus"):
        for coding in (row.get(name) or {}).get("coding") or ():
            found.add(str(coding.get("code", "")))
    return found


def text_of(concept: Any) -> str:
    """The words of a CodeableConcept: its text, else the first display."""
    if not isinstance(concept, dict):
        return ""
    displays = [str(coding.get("display", "")) for coding in concept.get("coding") or ()]
    return str(concept.get("text") or next(filter(None, displays), "")).strip()
