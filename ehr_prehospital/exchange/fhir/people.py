"""Who and where: the patient, the crew, the agency, the hospital, the vehicle, the mission."""

from collections.abc import Iterator

from ehr_prehospital.exchange.fhir.mapping import OWN, PROFILES, Json, coding, concept, table
from ehr_prehospital.exchange.fhir.resources import Frame, Told, first
from ehr_prehospital.exchange.fhir.values import concept_of, label, time_of

GENDERS = {"male": "male", "female": "female", "unknown": "unknown"}
# ePatient.13 of NEMSIS 3.5.0, which tells the gender where 3.5.1 tells the sex.
OLDER_GENDERS = {"9906001": "female", "9906003": "male", "9906005": "unknown"}
UNKNOWN = [
    {
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "unknown",
    }
]
GROUND = "44613004"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
# Elements of NEMSIS that are carried with an address: FHIR has places for its parts.
ADDRESS = {
    "line": "patient.address",
    "city": "nemsis:ePatient.06",
    "district": "nemsis:ePatient.07",
    "state": "nemsis:ePatient.08",
    "postalCode": "nemsis:ePatient.09",
    "country": "nemsis:ePatient.10",
}


def people(frame: Frame) -> Iterator[Told]:
    yield Told("identity", patient(frame))
    for name, group in frame.crew:
        said = group["crew.member"][0]
        level = first(group, "crew.level")
        yield Told(
            "crew",
            frame.make(
                "Practitioner",
                name,
                identifier=[{"system": f"{OWN}crew", "value": name}],
                name=[{"text": label(said, frame.language)}],
                qualification=[{"code": concept_of(level, frame.language)}]
                if level and level.value
                else [],
            ),
        )
    yield Told("response", agency(frame))
    if destination := frame.record.one("disposition.destination_name"):
        code = frame.record.value("disposition.destination_code") or destination.value
        yield Told(
            "response",
            frame.make(
                "Location",
                "destination",
                meta=profiled("IHE.PCC.mPSC.Location"),
                identifier=[{"system": f"{OWN}hospital", "value": code}] if code else [],
                name=label(destination, frame.language) or code,
                type=[concept(coding(ROLE, "ER"))],
            ),
        )
    yield Told(
        "response",
        frame.make(
            "Location",
            "vehicle",
            meta=profiled("IHE.PCC.mPSC.Location"),
            identifier=[{"system": f"{OWN}plate", "value": plate}]
            if (plate := frame.record.value("response.vehicle_plate"))
            else [],
            name=frame.record.value("response.call_sign") or "?",
            type=[concept(coding(ROLE, "AMB"))],
            physicalType=concept(coding(table().systems["snomed"], GROUND))
            if on_the_ground(frame)
            else {},
        ),
    )


def on_the_ground(frame: Frame) -> bool:
    return frame.record.value("response.unit_capability").startswith("ground")


def profiled(name: str) -> Json:
    return {"profile": [f"{PROFILES}{name}"]}


def patient(frame: Frame) -> Json:
    record = frame.record
    numbers = [
        {"type": concept(coding(V2, kind)), "system": f"{OWN}{system}", "value": value}
        for element, kind, system in (
            ("patient.number", "PI", "patient"),
            ("identity.id_number", "NI", "identity"),
        )
        if (value := record.value(element))
    ]
    return frame.make(
        "Patient",
        meta=profiled("IHE.PCC.mPSC.Patient"),
        identifier=numbers,
        name=[name(frame)],
        telecom=[{"system": "phone", "value": phone}]
        if (phone := record.value("identity.phone"))
        else [],
        gender=GENDERS.get(record.value("identity.sex"))
        or OLDER_GENDERS.get(record.value("nemsis:ePatient.13"), "unknown"),
        birthDate=record.value("identity.birth_date"),
        address=[address] if (address := address_of(frame)) else [],
        communication=[{"language": concept_of(language, frame.language)}]
        if (language := record.one("patient.language")) and language.value
        else [],
    )


def name(frame: Frame) -> Json:
    """Nobody's name is only a number for the time being."""
    record = frame.record
    family = record.value("patient.family_name")
    given = [
        part
        for element in ("patient.given_name", "patient.middle_name")
        if (part := record.value(element))
    ]
    whole = record.value("identity.name")
    if not (family or given or whole):
        return {"use": "temp", "text": record.value("patient.number") or "Unknown"}
    said: Json = {"text": whole} if whole else {}
    return said | ({"family": family} if family else {}) | ({"given": given} if given else {})


def address_of(frame: Frame) -> Json:
    """The profile wants a state and a postal code: unknown ones say that they are."""
    parts: Json = {
        part: value for part, element in ADDRESS.items() if (value := frame.record.value(element))
    }
    if not parts:
        return {}
    if "line" in parts:
        parts["line"] = [parts["line"]]
    for part in ("state", "postalCode"):
        if part not in parts:
            parts[f"_{part}"] = {"extension": UNKNOWN}
    return {"use": "home", **parts}


def agency(frame: Frame) -> Json:
    said = frame.record.one("response.agency")
    number = frame.record.value("nemsis:eResponse.01") or (said.value if said else "")
    return frame.make(
        "Organization",
        "agency",
        meta=profiled("IHE.PCC.mPSC.Organization"),
        identifier=[{"system": f"{OWN}agency", "value": number}] if number else [],
        active=True,
        name=(label(said, frame.language) if said else "") or number or "?",
        type=[concept(coding(table().systems["snomed"], "792847005"))],
    )


def encounter(frame: Frame, diagnosis: Json) -> Json:
    """The mission: from the moment that the unit left until it was free again."""
    record = frame.record
    begin, end = (
        next((at for name in names if (at := time_of(record.value(f"times.{name}")))), "")
        for names in (("en_route", "unit_notified"), ("back_in_service", "transfer_of_care"))
    )
    reason = record.one("dispatch.reason") or record.one("situation.complaint")
    acuity = record.value("situation.acuity")
    type_ = record.one("response.service_type")
    return frame.make(
        "Encounter",
        meta=profiled("IHE.PCC.mPSC.Encounter"),
        identifier=[
            {
                "system": f"{OWN}mission",
                "value": record.value("response.mission_number") or str(record.id),
            }
        ],
        status="finished" if end else "in-progress",
        **{"class": coding(ACT, "FLD", "field")},
        type=[
            concept_of(type_, frame.language)
            if type_ and type_.value
            else concept(coding(table().systems["snomed"], "792847005"))
        ],
        priority=concept(coding(PRIORITY, "EM" if acuity in ("critical", "emergent") else "UR")),
        subject=frame.patient,
        participant=[
            {"individual": frame.ref("Practitioner", number)} for number, _group in frame.crew
        ],
        period={k: v for k, v in (("start", begin), ("end", end)) if v},
        reasonCode=[
            concept_of(reason, frame.language)
            if reason and reason.value
            else concept(text="unknown")
        ],
        diagnosis=[{"condition": diagnosis}],
        location=locations(frame),
        hospitalization={"destination": frame.ref("Location", "destination")}
        if record.one("disposition.destination_name")
        else {},
        serviceProvider=frame.ref("Organization", "agency"),
    )


def locations(frame: Frame) -> list[Json]:
    """The vehicle from on board on; the hospital from the arrival on."""
    found = []
    for place, began, ended in (
        ("vehicle", "on_board", "at_destination"),
        ("destination", "at_destination", ""),
    ):
        start = time_of(frame.record.value(f"times.{began}"))
        if not start or (
            place == "destination" and not frame.record.one("disposition.destination_name")
        ):
            continue
        end = time_of(frame.record.value(f"times.{ended}")) if ended else ""
        period = {"start": start} | ({"end": end} if end else {})
        found.append({"location": frame.ref("Location", place), "period": period})
    return found


def request(frame: Frame) -> Json:
    """The call that sent the unit."""
    record = frame.record
    reason = record.one("dispatch.reason") or record.one("situation.complaint")
    urgent = record.value("dispatch.acuity") in ("critical", "emergent")
    return frame.make(
        "ServiceRequest",
        meta=profiled("IHE.PCC.mPSC.ServiceRequest"),
        identifier=[{"system": f"{OWN}incident", "value": number}]
        if (number := record.value("response.incident_number"))
        else [],
        status="completed",
        intent="order",
        category=[
            concept(coding(table().systems["snomed"], code)) for code in ("409971007", "792847005")
        ],
        code=concept(coding(table().systems["snomed"], "310000008")),
        priority="stat" if urgent else "urgent",
        subject=frame.patient,
        encounter=frame.encounter,
        authoredOn=time_of(record.value("times.call_received")),
        reasonCode=[
            concept_of(reason, frame.language)
            if reason and reason.value
            else concept(text="unknown")
        ],
    )
