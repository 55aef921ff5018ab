"""A record as the transaction of ITI-65: submission, references, documents. Pure."""

import base64
import hashlib
import json
from dataclasses import dataclass
from uuid import UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.export import export, resources
from ehr_prehospital.exchange.fhir.mapping import Json, coding, concept, table
from ehr_prehospital.exchange.fhir.values import instant

PROFILES = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
LISTS = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
IDENTIFIERS = "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType"
# The document says of itself which profile it follows; its media type is all that is needed.
FORMAT = coding(
    "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
    "urn:ihe:iti:xds:2017:mimeTypeSufficient",
)
FHIR, PDF = "application/fhir+json", "application/pdf"
TITLES = {FHIR: "Paramedicine care summary · 院前医疗急救病历", PDF: "院前医疗急救病历"}
LANGUAGES = {FHIR: "en", PDF: "zh-CN"}


@dataclass(frozen=True, slots=True)
class Document:
    media_type: str
    content: bytes


def provided(record: CanonicalRecord, *, paper: bytes, source: str) -> bytes:
    """The Bundle as UTF-8 JSON: the complete report as FHIR and as paper, under one submission.

    `source` names the system that sends (a URI). The same version gives the same bytes; a newer
    one says which documents it takes the place of.
    """
    documents = (Document(FHIR, export(record)), Document(PDF, paper))
    patient = next(one for one in resources(record) if one["resourceType"] == "Patient")
    entries = [posted("List", id_of(record, "submission"), submission(record, documents, source))]
    for one in documents:
        entries.append(
            posted("DocumentReference", id_of(record, one.media_type), reference(record, one))
        )
        entries.append(posted("Binary", id_of(record, f"{one.media_type}/bytes"), binary(one)))
    entries.append(posted("Patient", UUID(patient["id"]), patient))
    bundle = {
        "resourceType": "Bundle",
        "id": str(id_of(record, "bundle")),
        "meta": {"profile": [f"{PROFILES}IHE.MHD.Minimal.ProvideBundle"]},
        "type": "transaction",
        "timestamp": instant(record.written_at),
        "entry": entries,
    }
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode()


def id_of(record: CanonicalRecord, name: str, *, version: int | None = None) -> UUID:
    return uuid5(record.id, f"mhd/{record.version if version is None else version}/{name}")


def posted(kind: str, id_: UUID, resource: Json) -> Json:
    return {
        "fullUrl": f"urn:uuid:{id_}",
        "resource": {**resource, "id": str(id_)},
        "request": {"method": "POST", "url": kind},
    }


def unique(id_: UUID) -> Json:
    return {
        "type": concept(coding(IDENTIFIERS, "uniqueId")),
        "use": "usual",
        "system": "urn:ietf:rfc:3986",
        "value": f"urn:uuid:{id_}",
    }


def submission(record: CanonicalRecord, documents: tuple[Document, ...], source: str) -> Json:
    return {
        "resourceType": "List",
        "meta": {"profile": [f"{PROFILES}IHE.MHD.Minimal.SubmissionSet"]},
        "extension": [
            {"url": f"{PROFILES}ihe-sourceId", "valueIdentifier": {"value": source}},
        ],
        "identifier": [unique(id_of(record, "submission"))],
        "status": "current",
        "mode": "working",
        "code": concept(coding(LISTS, "submissionset")),
        "subject": patient_of(record),
        "date": instant(record.written_at),
        "entry": [
            {"item": {"reference": f"urn:uuid:{id_of(record, one.media_type)}"}}
            for one in documents
        ],
    }


def reference(record: CanonicalRecord, document: Document) -> Json:
    kind = document.media_type
    said: Json = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{PROFILES}IHE.MHD.Minimal.DocumentReference"]},
        "masterIdentifier": unique(id_of(record, kind)),
        "status": "current",
        "type": concept(coding(table().systems["loinc"], "67796-3")),
        "subject": patient_of(record),
        "date": instant(record.written_at),
        "content": [
            {
                "attachment": {
                    "contentType": kind,
                    "language": LANGUAGES[kind],
                    "url": f"urn:uuid:{id_of(record, f'{kind}/bytes')}",
                    "size": len(document.content),
                    "hash": sha1(document.content),
                    "title": TITLES[kind],
                    "creation": instant(record.written_at),
                },
                "format": FORMAT,
            }
        ],
    }
    if record.version > 1:
        earlier = unique(id_of(record, kind, version=record.version - 1))
        said["relatesTo"] = [{"code": "replaces", "target": {"identifier": earlier}}]
    return said


def binary(document: Document) -> Json:
    return {
        "resourceType": "Binary",
        "contentType": document.media_type,
        "data": base64.b64encode(document.content).decode(),
    }


def patient_of(record: CanonicalRecord) -> Json:
    return {"reference": f"urn:uuid:{uuid5(record.id, 'Patient')}"}


def sha1(content: bytes) -> str:
    """FHIR's Attachment.hash is SHA-1 in base64: a check of the transport, no proof of anything."""
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
