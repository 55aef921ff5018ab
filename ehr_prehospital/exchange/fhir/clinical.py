"""What was found and done: conditions, allergies, drugs, procedures, and everything observed."""

import base64
from collections.abc import Iterator

from ehr_prehospital.exchange.canonical import Statement
from ehr_prehospital.exchange.fhir.immunizations import immunizations
from ehr_prehospital.exchange.fhir.mapping import (
    OWN,
    Json,
    code_of,
    coding,
    concept,
    table,
)
from ehr_prehospital.exchange.fhir.people import profiled
from ehr_prehospital.exchange.fhir.resources import (
    Frame,
    Group,
    Told,
    first,
    flat,
    group_id,
    name_of,
    observation,
    panel,
)
from ehr_prehospital.exchange.fhir.values import (
    concept_of,
    instant,
    label,
    quantity,
    time_of,
)
from ehr_prehospital.exchange.fhir.waves import waves

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
SIGNATURE = "urn:iso-astm:E1762-95:2013"
VITAL_SIGNS = [concept(coding(CATEGORY, "vital-signs"))]
OUTCOMES = {"yes": "385669000", "no": "385671000"}
NO_KNOWN_ALLERGY = "716186003"
# Told by a resource of their own, or by the patient, the encounter and the request.
ELSEWHERE = frozenset(
    {
        "identity",
        "crew",
        "arrest",
        "arrest_event",
        "form",
        "signature",
        "attachment",
        "patient.number",
        "patient.address",
        "patient.family_name",
        "patient.given_name",
        "patient.middle_name",
        "patient.language",
        "situation.complaint",
        "situation.primary_impression",
        "situation.secondary_impression",
        "history.allergy",
        "history.other_allergy",
        "history.condition",
        "history.medication",
        "disposition.destination_name",
        "disposition.destination_code",
    }
)
# Groups of which each is one Observation with components.
PANELS = ("airway", "exam", "lab", "protocol")


def clinical(frame: Frame) -> Iterator[Told]:
    yield from conditions(frame)
    yield from allergies(frame)
    yield from own_medication(frame)
    for group in frame.record.groups("vital"):
        yield from vital_signs(frame, group)
    for group in frame.record.groups("medication"):
        yield from given(frame, group)
    for group in frame.record.groups("procedure"):
        yield from done(frame, group)
    for head in PANELS:
        for group in frame.record.groups(head):
            parts = list(flat(group))
            code = code_of(f"{head}.group", name_of(parts[0].element, frame.language))
            yield Told(parts[0].element, panel(frame, code, parts, group))
    yield from signatures(frame)
    yield from files(frame)
    yield from waves(frame)
    yield from arrest(frame)
    yield from carried(frame)
    yield from immunizations(frame)
    if answers := [one for one in frame.record.statements if one.head == "form" and says(one)]:
        code = code_of("form.group", "Forms" if frame.language == "en" else "评估表")
        yield Told("form", panel(frame, code, answers, {}))
    for said in frame.record.statements:
        if said.group is None and by_itself(said):
            category = VITAL_SIGNS if said.head == "body" else []
            yield Told(said.element, observation(frame, said, category=category))


def carried(frame: Frame) -> Iterator[Told]:
    """What no word of ours tells and FHIR has a code for."""
    for element, row in table().carried.items():
        for said in frame.record.every(element):
            if said.value:
                title = row["en"] if frame.language == "en" else row["zh"]
                code = concept(coding(table().systems["loinc"], row["loinc"]), text=title)
                value = concept(coding(table().systems[row["system"]], said.value), text=said.value)
                told = observation(frame, said)
                told.pop("valueString", None)
                yield Told("injury", told | {"code": code, "valueCodeableConcept": value})


def by_itself(said: Statement) -> bool:
    """Whether a statement is an Observation of its own."""
    carried = ":" in said.element
    elsewhere = said.head in ELSEWHERE or said.element in ELSEWHERE
    return says(said) and not carried and not elsewhere


def says(said: Statement) -> bool:
    return bool(said.value or said.not_value or said.pertinent_negative)


def arrest(frame: Frame) -> Iterator[Told]:
    """All of an arrest as one Observation, whose members are the events: the section has one."""
    parts = [one for one in frame.record.statements if one.head == "arrest" and says(one)]
    events = [list(flat(group)) for group in frame.record.groups("arrest_event")]
    for rows in events:
        code = code_of("arrest_event.group", name_of(rows[0].element, frame.language))
        yield Told("", panel(frame, code, rows, {}))
    if parts:
        code = code_of("arrest.group", name_of("arrest.arrest", frame.language))
        members = [
            frame.ref("Observation", rows[0].element, rows[0].group or "", "panel")
            for rows in events
        ]
        yield Told("arrest", panel(frame, code, parts, {}, hasMember=members))


def conditions(frame: Frame) -> Iterator[Told]:
    """The complaint, the impressions with the symptom that speaks for them, what was before."""
    record = frame.record
    symptom = record.one("situation.primary_symptom")
    evidence = (
        [{"code": [concept_of(symptom, frame.language)]}] if symptom and symptom.value else []
    )
    sites = [
        concept_of(one, frame.language)
        for element in ("situation.body_part", "situation.organ_system")
        if (one := record.one(element)) and one.value
    ]
    complaint = record.one("situation.complaint")
    if complaint and complaint.value:
        code = concept(text=complaint.value)
        yield condition(frame, complaint, code, "confirmed", bodySite=sites)
    for rank in ("primary", "secondary"):
        for said in record.every(f"situation.{rank}_impression"):
            if said.value:
                code = concept_of(said, frame.language)
                more = evidence if rank == "primary" else []
                yield condition(frame, said, code, "unconfirmed", evidence=more)
    for said in record.every("history.condition"):
        if said.value:
            yield condition(frame, said, concept_of(said, frame.language), "confirmed", onset=False)


def condition(
    frame: Frame, said: Statement, code: Json, state: str, *, onset: bool = True, **more: object
) -> Told:
    began = time_of(frame.record.value("situation.onset")) if onset else ""
    return Told(
        said.element,
        frame.make(
            "Condition",
            said.element,
            said.id or said.value,
            clinicalStatus=concept(coding(CLINICAL, "active")),
            verificationStatus=concept(coding(VERIFICATION, state)),
            code=code,
            subject=frame.patient,
            encounter=frame.encounter,
            onsetDateTime=began,
            **more,
        ),
    )


def allergies(frame: Frame) -> Iterator[Told]:
    for element in ("history.allergy", "history.other_allergy"):
        for said in frame.record.every(element):
            none_known = said.pertinent_negative == "no_known_allergy"
            if not (said.value or none_known):
                continue
            code = (
                concept_of(said, frame.language)
                if said.value
                else concept(
                    coding(table().systems["snomed"], NO_KNOWN_ALLERGY, "No known allergy")
                )
            )
            medication = element == "history.allergy" and bool(said.value)
            yield Told(
                element,
                frame.make(
                    "AllergyIntolerance",
                    element,
                    said.id or said.value,
                    clinicalStatus=concept(coding(ALLERGY, "active")),
                    type="allergy",
                    category=["medication"] if medication else [],
                    code=code,
                    patient=frame.patient,
                ),
            )


def own_medication(frame: Frame) -> Iterator[Told]:
    """What the patient takes; the dose of each is carried, where somebody said it."""
    for said in frame.record.every("history.medication"):
        if said.value:
            yield Told(
                said.element,
                frame.make(
                    "MedicationStatement",
                    said.element,
                    said.id or said.value,
                    status="active",
                    medicationCodeableConcept=concept_of(said, frame.language),
                    subject=frame.patient,
                    context=frame.encounter,
                ),
            )


def vital_signs(frame: Frame, group: Group) -> Iterator[Told]:
    """Each value of a set by itself, but for those that only mean something together."""
    methods = set(table().methods.values())
    told = {"vital.taken_at", *methods}
    for one in table().panels:
        parts = [part for element in one.elements for part in group.get(element, ())]
        if any(part.value for part in parts):
            told.update(one.elements)
            code = concept(
                coding(table().systems["loinc"], one.loinc),
                text=name_of(one.elements[0], frame.language),
            )
            yield Told(
                "vital",
                panel(
                    frame,
                    code,
                    parts,
                    group,
                    category=VITAL_SIGNS,
                    **method(frame, parts[0], group),
                ),
            )
    for said in flat(group):
        if said.element in told or not says(said):
            continue
        yield Told(
            "vital",
            observation(
                frame, said, group=group, category=VITAL_SIGNS, **method(frame, said, group)
            ),
        )


def method(frame: Frame, said: Statement, group: Group) -> Json:
    name = table().methods.get(said.element)
    how = first(group, name) if name else None
    return {"method": concept_of(how, frame.language)} if how and how.value else {}


def performer(frame: Frame, group: Group, head: str, role: str) -> list[Json]:
    said = first(group, f"{head}.{role}")
    function = concept_of(said, frame.language) if said and said.value else {}
    return [{"actor": frame.performer} | ({"function": function} if function else {})]


def given(frame: Frame, group: Group) -> Iterator[Told]:
    """One drug given, or not given and why."""
    drug = first(group, "medication.drug")
    if drug is None or not (drug.value or drug.pertinent_negative):
        return
    dose, route = first(group, "medication.dose"), first(group, "medication.route")
    told = {"drug", "given_at", "giver_role"}
    dosage: Json = {}
    if dose and dose.value:  # FHIR knows no route without a dose
        dosage["dose"] = quantity(dose)
        told |= {"dose", "route"}
        if route and route.value:
            dosage["route"] = concept_of(route, frame.language)
    yield Told(
        "medication",
        frame.make(
            "MedicationAdministration",
            group_id(group),
            meta=profiled("IHE.PCC.mPSC.MedicationAdministration"),
            status="not-done" if drug.pertinent_negative else "completed",
            statusReason=[negative(drug)] if drug.pertinent_negative else [],
            medicationCodeableConcept=concept_of(drug, frame.language)
            if drug.value
            else concept(text="?"),
            subject=frame.patient,
            context=frame.encounter,
            effectiveDateTime=frame.when(drug, group),
            performer=performer(frame, group, "medication", "giver_role"),
            dosage=dosage,
        ),
    )
    parent = frame.ref("MedicationAdministration", group_id(group))
    yield from rest(frame, group, parent, told)


def done(frame: Frame, group: Group) -> Iterator[Told]:
    """One procedure, with its outcome."""
    kind = first(group, "procedure.kind")
    if kind is None or not (kind.value or kind.pertinent_negative):
        return
    success = first(group, "procedure.success")
    site = first(group, "procedure.access_site")
    outcome = OUTCOMES.get(success.value) if success else None
    yield Told(
        "procedure",
        frame.make(
            "Procedure",
            group_id(group),
            status="not-done" if kind.pertinent_negative else "completed",
            statusReason=negative(kind) if kind.pertinent_negative else {},
            code=concept_of(kind, frame.language) if kind.value else concept(text="?"),
            subject=frame.patient,
            encounter=frame.encounter,
            performedDateTime=frame.when(kind, group),
            performer=performer(frame, group, "procedure", "doer_role"),
            outcome=concept(coding(table().systems["snomed"], outcome)) if outcome else {},
            bodySite=[concept_of(site, frame.language)] if site and site.value else [],
            complication=[
                concept_of(one, frame.language)
                for one in group.get("procedure.complication", ())
                if one.value
            ],
        ),
    )
    parent = frame.ref("Procedure", group_id(group))
    told = {"kind", "success", "done_at", "doer_role", "access_site", "complication"}
    yield from rest(frame, group, parent, told)


def negative(said: Statement) -> Json:
    return concept(coding(f"{OWN}pertinent_negative", said.pertinent_negative))


def rest(frame: Frame, group: Group, parent: Json, told: set[str]) -> Iterator[Told]:
    """What else was said of it: Observations that are part of it."""
    for said in flat(group):
        _head, _dot, name = said.element.partition(".")
        if name in told or not says(said):
            continue
        yield Told(said.head, observation(frame, said, group=group, partOf=[parent]))


def signatures(frame: Frame) -> Iterator[Told]:
    for group in frame.record.groups("signature"):
        image = first(group, "signature.image")
        status = first(group, "signature.status")
        who = first(group, "signature.name") or first(group, "signature.signer")
        signer = {"display": label(who, frame.language)} if who and who.value else {"display": "?"}
        moment = frame.when(next(flat(group)), group)
        told = {"image", "signed_at"}
        signed = image is not None and bool(image.value) and (not status or "sign" in status.value)
        yield Told(
            "signature",
            frame.make(
                "Provenance",
                group_id(group),
                target=[frame.ref("Composition")],
                recorded=moment,
                agent=[{"who": signer}],
                signature=[
                    {
                        "type": [coding(SIGNATURE, "1.2.840.10065.1.12.1.1")],
                        "when": moment,
                        "who": signer,
                        "sigFormat": "image/svg+xml",
                        "data": base64.b64encode(svg(image.value)).decode(),
                    }
                ]
                if image and signed
                else [],
            ),
        )
        parts = [said for said in flat(group) if said.element.partition(".")[2] not in told]
        if parts:
            code = code_of("signature.group", name_of("signature.name", frame.language))
            yield Told("signature", panel(frame, code, parts, group))


def svg(path: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"><path fill="none" stroke="black" '
        f'd="{path}"/></svg>'
    ).encode()


def files(frame: Frame) -> Iterator[Told]:
    """Photographs, papers, ECGs: where they are and when they were made; bytes where wanted."""
    for file in frame.record.enclosures:
        attachment: Json = {
            "contentType": file.media_type,
            "title": file.name,
            "creation": instant(file.occurred_at),
            "url": f"urn:uuid:{file.id}",
        }
        if file.content is not None:
            attachment["data"] = base64.b64encode(file.content).decode()
        yield Told(
            "enclosure",
            frame.make(
                "DocumentReference",
                file.id,
                identifier=[{"system": f"{OWN}sha256", "value": file.sha256}],
                status="current",
                type=concept(text=file.name),
                subject=frame.patient,
                date=instant(file.occurred_at),
                content=[{"attachment": attachment}],
            ),
        )
