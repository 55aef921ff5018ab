"""A record's resources as the server gives them: ids that lead back to the record, and links."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.export import export
from ehr_prehospital.exchange.fhir.mapping import Json, coding, concept, table
from ehr_prehospital.exchange.fhir.values import instant

ID = re.compile(r"([0-9a-f]{32})-[0-9a-f]{16}")
DOCUMENT = "$document"


def id_of(record: UUID, inner: UUID) -> str:
    """49 characters: the record, and what it is in the record."""
    return f"{record.hex}-{inner.hex[:16]}"


def record_in(id_: str) -> UUID | None:
    """The record that an id is of."""
    found = ID.fullmatch(id_)
    return UUID(found[1]) if found else None


def resources_of(record: CanonicalRecord) -> tuple[Json, ...]:
    """Everything of the complete report, and a DocumentReference to it."""
    bundle = json.loads(export(record))
    links = {
        entry["fullUrl"]: f"{entry['resource']['resourceType']}/"
        f"{id_of(record.id, UUID(entry['resource']['id']))}"
        for entry in bundle["entry"]
    }
    found = [linked(entry["resource"], links) for entry in bundle["entry"]]
    for one in found:
        one["id"] = id_of(record.id, UUID(one["id"]))
        one["meta"] = {**one.get("meta", {}), "lastUpdated": instant(record.written_at)}
    return (*found, reference(record, found[0]))


# Any: JSON.
def linked(value: Any, links: dict[str, str]) -> Any:
    """The same with links inside the server in the place of those inside a document."""
    if isinstance(value, dict):
        return {
            name: links.get(inner, inner)
            if name == "reference" and isinstance(inner, str)
            else linked(inner, links)
            for name, inner in value.items()
        }
    return [linked(inner, links) for inner in value] if isinstance(value, list) else value


def reference(record: CanonicalRecord, composition: Json) -> Json:
    """Where the document is."""
    return {
        "resourceType": "DocumentReference",
        "id": id_of(record.id, uuid5(record.id, "document")),
        "meta": {"lastUpdated": instant(record.written_at)},
        "status": "current",
        "docStatus": "final" if record.version else "preliminary",
        "type": concept(coding(table().systems["loinc"], "67796-3")),
        "subject": composition["subject"],
        "date": instant(record.written_at),
        "content": [
            {
                "attachment": {
                    "contentType": "application/fhir+json",
                    "url": f"Composition/{composition['id']}/{DOCUMENT}",
                }
            }
        ],
        "context": {"encounter": [composition["encounter"]]},
    }


def patient_in(resources: tuple[Json, ...]) -> Json:
    return next(one for one in resources if one["resourceType"] == "Patient")


def of_type(resources: tuple[Json, ...], kind: str) -> Iterator[Json]:
    yield from (one for one in resources if one["resourceType"] == kind)
