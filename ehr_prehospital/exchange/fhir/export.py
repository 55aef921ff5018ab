"""A record as a FHIR R4 document after IHE mPSC: the Composition first, then all it refers to."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal
from uuid import UUID

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.clinical import clinical
from ehr_prehospital.exchange.fhir.mapping import (
    OWN,
    Json,
    Part,
    Section,
    coding,
    concept,
    table,
)
from ehr_prehospital.exchange.fhir.people import encounter, people, profiled, request
from ehr_prehospital.exchange.fhir.resources import Frame, Told
from ehr_prehospital.exchange.fhir.values import instant

Kind = Literal["clinical_subset", "complete"]
Language = Literal["zh", "en"]
LOCALES = {"zh": "zh-CN", "en": "en"}
# Of both: the profile of the complete report asks for the chief complaint's code in five other
# sections, by mistake; it is derived from this one.
PROFILE = "IHE.PCC.mPSC.Composition.ClinicalSubset"
TITLES = {"zh": "院前医疗急救病历", "en": "Paramedicine care summary"}
NOTHING = {"zh": "无", "en": "Nothing recorded"}
EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
# In the narrative, not beside it.
NO_ENTRIES = ("Patient", "Practitioner", "Organization", "Location")


def export(record: CanonicalRecord, *, kind: Kind = "complete", language: Language = "en") -> bytes:
    """A document Bundle as UTF-8 JSON; the same record gives the same bytes.

    `clinical_subset` is what is known at the handover, `complete` the report of the whole mission.
    """
    frame = Frame(record, language)
    told = resources_told(frame)
    shown = [one for one in told if kind == "complete" or not only_complete(one)]
    document = composition(frame, shown, kind)
    bundle = {
        "resourceType": "Bundle",
        "id": frame.id("Bundle", kind, language),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{record.id}"},
        "type": "document",
        "timestamp": instant(record.written_at),
        "entry": [entry(one) for one in (document, *unique(shown))],
    }
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode()


def resources(record: CanonicalRecord, *, language: Language = "en") -> tuple[Json, ...]:
    """The resources of a record, without a document around them."""
    return tuple(unique(resources_told(Frame(record, language))))


def resources_told(frame: Frame) -> list[Told]:
    found = list(clinical(frame))
    diagnosis = diagnosis_of(frame, found)
    return [
        *people(frame),
        Told("response", encounter(frame, diagnosis)),
        Told("dispatch", request(frame)),
        *found,
    ]


def diagnosis_of(frame: Frame, found: list[Told]) -> Json:
    """The impression, else the complaint; without either a condition that nobody has named."""
    for element in ("situation.primary_impression", "situation.complaint"):
        for one in found:
            if one.element == element and one.resource["resourceType"] == "Condition":
                return {"reference": f"urn:uuid:{one.resource['id']}"}
    unnamed = frame.make(
        "Condition", "unnamed", code=concept(text="unknown"), subject=frame.patient
    )
    found.append(Told("situation.primary_impression", unnamed))
    return {"reference": f"urn:uuid:{unnamed['id']}"}


def only_complete(one: Told) -> bool:
    section = table().section_of(one.element)
    return section is not None and section.complete


def unique(told: Sequence[Told]) -> Iterator[Json]:
    """Each resource once, in the order of the record."""
    seen: set[str] = set()
    for one in told:
        if one.resource["id"] not in seen:
            seen.add(one.resource["id"])
            yield one.resource


def entry(resource: Json) -> Json:
    return {"fullUrl": f"urn:uuid:{UUID(resource['id'])}", "resource": resource}


def composition(frame: Frame, told: Sequence[Told], kind: Kind) -> Json:
    record = frame.record
    authors = [frame.ref("Practitioner", name) for name, _group in frame.crew]
    return frame.make(
        "Composition",
        meta=profiled(PROFILE),
        language=LOCALES[frame.language],
        identifier={"system": f"{OWN}record", "value": f"{record.id}/{record.version}"},
        status="final" if record.version else "preliminary",
        type=concept(coding(table().systems["loinc"], "67796-3")),
        category=[concept(coding(table().systems["loinc"], "34133-9"))],
        subject=frame.patient,
        encounter=frame.encounter,
        date=instant(record.written_at),
        author=authors or [frame.ref("Organization", "agency")],
        title=TITLES[frame.language],
        confidentiality="N",
        custodian=frame.ref("Organization", "agency"),
        event=[
            {
                "code": [
                    concept(coding("http://terminology.hl7.org/CodeSystem/v3-ActClass", "PCPR"))
                ],
                "detail": [frame.encounter],
            }
        ],
        section=[
            section
            for one in table().sections
            if kind == "complete" or not one.complete
            if (section := part(frame, one, told))
        ],
    )


def part(frame: Frame, section: Section, told: Sequence[Told]) -> Json:
    """A section with its text and entries; one that has to be there says that it is empty."""
    here = list(unique([one for one in told if table().section_of(one.element) is section]))
    entries = [one for one in here if one["resourceType"] not in NO_ENTRIES]
    if not entries and not section.required:
        return {}
    inner = [
        filled(frame, one, [entry for entry in entries if of_region(entry, one.regions)])
        for one in section.parts
    ]
    return filled(frame, section, entries) | ({"section": inner} if inner else {})


def filled(frame: Frame, section: Section | Part, entries: Sequence[Json]) -> Json:
    title = section.en if frame.language == "en" else section.zh
    said: Json = {
        "title": title,
        "code": concept(section.code, text=title),
        "text": narrative(frame, entries),
    }
    if entries:
        return said | {"entry": [{"reference": f"urn:uuid:{one['id']}"} for one in entries]}
    return said | {"emptyReason": concept(coding(EMPTY, "unavailable"))}


def of_region(entry: Json, regions: Sequence[str]) -> bool:
    """Whether an examination is of one of these regions."""
    return any(
        code["code"] in regions
        for one in entry.get("component", ())
        for code in one.get("valueCodeableConcept", {}).get("coding", ())
        if code["system"] == f"{OWN}exam_region"
    )


def narrative(frame: Frame, entries: Sequence[Json]) -> Json:
    """What the entries say, a line each: generated, nothing in it that is not in them."""
    lines = "".join(f"<li>{escape(line)}</li>" for one in entries if (line := sentence(one)))
    inner = f"<ul>{lines}</ul>" if lines else f"<p>{NOTHING[frame.language]}</p>"
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>',
    }


def sentence(resource: Json) -> str:
    """Name, value and time of one resource."""
    names = ("code", "medicationCodeableConcept", "vaccineCode")
    code: Json = next((resource[name] for name in names if resource.get(name)), {})
    name = code.get("text", "")
    moment = next((resource[key] for key in MOMENTS if key in resource), "")
    parts = [said_value(resource)] + [
        f"{one['code'].get('text', '')} {said_value(one)}" for one in resource.get("component", ())
    ]
    value = ", ".join(one for one in parts if one)
    dose = resource.get("dosage", {}).get("dose")
    if dose:
        value = f"{dose['value']} {dose['unit']}"
    return " ".join(word for word in (f"{name}:" if value else name, value, moment) if word)


MOMENTS = (
    "effectiveDateTime",
    "performedDateTime",
    "onsetDateTime",
    "recorded",
    "date",
    "occurrenceDateTime",
)


def said_value(one: Json) -> str:
    if "valueQuantity" in one:
        return f"{one['valueQuantity']['value']} {one['valueQuantity'].get('unit', '')}".strip()
    if "valueCodeableConcept" in one:
        said = one["valueCodeableConcept"]
        return str(said.get("text") or said["coding"][0].get("display", ""))
    if "dataAbsentReason" in one:
        return str(one["dataAbsentReason"]["coding"][0]["code"])
    return next((str(one[key]) for key in one if key.startswith("value")), "")
