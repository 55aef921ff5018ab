"""Who looked at a patient, from the journal, as AuditEvents after IHE BALP (patient read)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid5

from dispatch.journal.models import Entry
from dispatch.people.models import User
from ehr_prehospital.exchange.fhir.mapping import OWN, Json, coding
from ehr_prehospital.exchange.fhir.server.served import id_of
from ehr_prehospital.exchange.fhir.values import instant

LOOKS = ("patient.viewed", "patient.refused")
MOST = 500
TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
REST = "http://hl7.org/fhir/restful-interaction"
ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
SUCCESS, REFUSED = "0", "4"


def looks_at(patient: UUID) -> list[Entry]:
    """The newest looks at a patient and those that were refused."""
    found = Entry.objects.filter(kind__in=LOOKS, refs__contains={"patient": str(patient)})
    return list(found.order_by("-id")[:MOST])


def changed_at(mission: UUID, *, usual: datetime) -> datetime:
    """When something of a mission or its record was last written; a look changes nothing."""
    rows = Entry.objects.filter(refs__contains={"mission": str(mission)}).exclude(kind__in=LOOKS)
    newest = rows.order_by("-id").first()
    return newest.recorded_at if newest else usual


def audit_events(record: UUID, patient: Json, looks: Iterable[Entry]) -> Iterator[Json]:
    rows = list(looks)
    people = User.objects.in_bulk([row.actor_id for row in rows if row.actor_id])
    for row in rows:
        who = people.get(row.actor_id) if row.actor_id else None
        yield {
            "resourceType": "AuditEvent",
            "id": id_of(record, uuid5(record, f"journal/{row.pk}")),
            "meta": {"lastUpdated": instant(row.recorded_at)},
            "type": coding(TYPE, "rest", "RESTful Operation"),
            "subtype": [coding(REST, "read", "read")],
            "action": "R",
            "recorded": instant(row.recorded_at),
            "outcome": SUCCESS if row.kind == "patient.viewed" else REFUSED,
            "agent": [
                {
                    "who": {
                        "identifier": {
                            "system": f"{OWN}user",
                            "value": who.username if who else "unknown",
                        },
                        "display": who.name_en if who else "unknown",
                    },
                    "requestor": True,
                }
            ],
            "source": {"observer": {"display": "Onboard"}},
            "entity": [
                {
                    "what": {"reference": f"Patient/{patient['id']}"},
                    "type": coding(ENTITY, "1", "Person"),
                    "role": coding(ROLE, "1", "Patient"),
                }
            ],
        }
