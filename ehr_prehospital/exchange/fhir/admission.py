"""A visit as a FHIR R4 transaction for a hospital's own server, where it speaks no HL7 v2. Pure.

Patient, pre-admission Encounter (planned → arrived, or cancelled) and ServiceRequest, each put in
place by our identifier: the same Bundle sent twice leaves the server as once.
"""

import json
from datetime import datetime
from uuid import UUID, uuid5

from ehr_prehospital.exchange.fhir.mapping import OWN, Json, coding, concept
from ehr_prehospital.exchange.hl7v2.messages import DOCUMENTS, NOBODY, OTHER_DOCUMENT, Envelope
from ehr_prehospital.exchange.hl7v2.target import Event, Target
from ehr_prehospital.exchange.visit import Order, Person, Visit

KIND = "fhir.admission"
CONTENT_TYPE = "application/fhir+json"
ID_SPACE = UUID("5f0f3f5e-9d2a-4b8e-8f43-0c1a7c7d2e61")
V2_IDENTIFIERS = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
SNOMED = "http://snomed.info/sct"
GENDERS = {"male": "male", "female": "female", "other": "other"}
# Accident and emergency service, as the mission's own request has it.
EMERGENCY_SERVICE = "310000008"
CANCELLED = frozenset({Event.CANCEL_VISIT, Event.CANCEL_PRE_ADMIT})


def bundle(event: Event, visit: Visit, target: Target, envelope: Envelope) -> bytes:
    """What every event says is the whole of it: nothing depends on an earlier message."""
    back = event is Event.MOVE_VISIT
    number = visit.person.own_number if back else visit.person.number
    entries = [patient(visit.person, number, target)]
    if event is Event.MERGE:
        entries.append(replaced(visit.person))
    state = "cancelled" if event in CANCELLED else "arrived" if visit.arrived_at else "planned"
    entries.append(encounter(visit, number, state, target))
    entries.append(service_request(visit, number, envelope, cancelled=state == "cancelled"))
    return written(entries, envelope)


def order_bundle(order: Order, visit: Visit, target: Target, envelope: Envelope) -> bytes:
    """One order of the department, released or withdrawn."""
    number = visit.person.number
    request: Json = {
        "resourceType": "ServiceRequest",
        "id": uid("order", order.number),
        "identifier": [{"system": f"{OWN}order", "value": order.number}],
        "status": "revoked" if order.withdrawn else "active",
        "intent": "order",
        "priority": "stat" if order.stat else "urgent",
        "category": [concept(coding(f"{OWN}order_kind", order.kind), text=order.kind_name)],
        "code": concept(text=order.what),
        "subject": reference("Patient", number),
        "encounter": reference("Encounter", visit.preadmission_number),
        "authoredOn": instant(order.at),
        "requester": {
            "identifier": {"system": f"{OWN}user", "value": order.by},
            "display": order.by_name,
        },
    }
    entries = [
        patient(visit.person, number, target),
        encounter(visit, number, "arrived" if visit.arrived_at else "planned", target),
        request,
    ]
    return written(entries, envelope)


def written(resources: list[Json], envelope: Envelope) -> bytes:
    made = {
        "resourceType": "Bundle",
        "id": str(uuid5(ID_SPACE, envelope.control_id)),
        "type": "transaction",
        "timestamp": instant(envelope.now),
        "entry": [entry(one) for one in resources],
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def entry(resource: Json) -> Json:
    """Put in place of what has our identifier, or made where nothing has it."""
    kind, own = resource["resourceType"], resource["identifier"][0]
    body = {key: value for key, value in resource.items() if key != "id"}
    return {
        "fullUrl": f"urn:uuid:{resource['id']}",
        "resource": body,
        "request": {"method": "PUT", "url": f"{kind}?identifier={own['system']}|{own['value']}"},
    }


def patient(who: Person, number: str, target: Target) -> Json:
    documents = [
        {
            "type": concept(coding(V2_IDENTIFIERS, DOCUMENTS.get(one.kind, OTHER_DOCUMENT)[0])),
            "system": f"{OWN}identity",
            "value": one.number,
        }
        for one in who.documents
    ]
    made: Json = {
        "resourceType": "Patient",
        "id": uid("Patient", number),
        "identifier": [
            {
                "type": concept(coding(V2_IDENTIFIERS, "PI")),
                "system": f"{OWN}patient",
                "value": number,
            },
            *documents,
        ],
        "active": True,
        "name": [named(who, target)],
        "gender": GENDERS.get(who.sex, "unknown"),
    }
    if who.birth_date:
        made["birthDate"] = who.birth_date.isoformat()
    if who.phone:
        made["telecom"] = [{"system": "phone", "value": who.phone}]
    if who.address:
        made["address"] = [{"text": who.address}]
    return made


def named(who: Person, target: Target) -> Json:
    if not who.known:
        return {"use": "temp", "text": f"{NOBODY[target.language]} {who.own_number}"}
    if who.family:
        return {"use": "official", "family": who.family} | (
            {"given": [who.given]} if who.given else {}
        )
    return {"use": "official", "text": who.name}


def replaced(who: Person) -> Json:
    """The number of the mission, which is the known patient's now."""
    return {
        "resourceType": "Patient",
        "id": uid("Patient", who.own_number),
        "identifier": [
            {
                "type": concept(coding(V2_IDENTIFIERS, "PI")),
                "system": f"{OWN}patient",
                "value": who.own_number,
            }
        ],
        "active": False,
        "link": [{"other": reference("Patient", who.number), "type": "replaced-by"}],
    }


def encounter(visit: Visit, number: str, state: str, target: Target) -> Json:
    own = {
        "type": concept(coding(V2_IDENTIFIERS, "VN")),
        "system": f"{OWN}preadmission",
        "value": visit.preadmission_number,
    }
    made: Json = {
        "resourceType": "Encounter",
        "id": uid("Encounter", visit.preadmission_number),
        "identifier": [own],
        "status": state,
        "class": coding(ACT, "EMER", "emergency"),
        "priority": concept(coding(PRIORITY, "EM" if visit.priority <= 2 else "UR")),
        "subject": reference("Patient", number),
        "reasonCode": [concept(text=visit.reason or "unknown")],
        "hospitalization": {
            "preAdmissionIdentifier": {"system": own["system"], "value": own["value"]}
        },
        "serviceProvider": {
            "identifier": {"system": f"{OWN}hospital", "value": visit.hospital},
            "display": target.facility or visit.hospital,
        },
    }
    if visit.visit_number:
        made["identifier"].append(
            {
                "type": concept(coding(V2_IDENTIFIERS, "VN")),
                "system": f"{OWN}visit/{visit.hospital}",
                "value": visit.visit_number,
            }
        )
    if begin := visit.arrived_at or visit.on_board_at:
        made["period"] = {"start": instant(begin)}
    if visit.bay:
        made["location"] = [{"location": {"display": visit.bay}, "status": "reserved"}]
    return made


def service_request(visit: Visit, number: str, envelope: Envelope, *, cancelled: bool) -> Json:
    """That the department is asked to receive the patient."""
    made: Json = {
        "resourceType": "ServiceRequest",
        "id": uid("ServiceRequest", visit.preadmission_number),
        "identifier": [{"system": f"{OWN}admission", "value": visit.preadmission_number}],
        "status": "revoked" if cancelled else "active",
        "intent": "order",
        "priority": "stat" if visit.priority <= 2 else "urgent",
        "code": concept(coding(SNOMED, EMERGENCY_SERVICE)),
        "subject": reference("Patient", number),
        "encounter": reference("Encounter", visit.preadmission_number),
        "authoredOn": instant(envelope.occurred_at),
        "reasonCode": [concept(text=visit.reason or "unknown")],
        "note": [{"text": f"{visit.unit} {visit.mission}"}],
    }
    if visit.expected_at:
        made["occurrenceDateTime"] = instant(visit.expected_at)
    if visit.allergies:
        made["note"].append({"text": "Allergy: " + ", ".join(visit.allergies)})
    return made


def reference(kind: str, number: str) -> Json:
    return {"reference": f"urn:uuid:{uid(kind, number)}"}


def uid(kind: str, number: str) -> str:
    return str(uuid5(ID_SPACE, f"{kind}/{number}"))


def instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
