"""A canonical record as the content that the printed record is laid out from. Pure.

What dispatch and the clocks say goes to the places that the page has for it; everything else
is an entry, so that nothing is lost on the way.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_OID, uuid5

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.record.catalogue import From, elements
from ehr_prehospital.record.content import (
    Content,
    CrewMember,
    EcgPart,
    EntryPart,
    HandoverPart,
    MissionPart,
    Moment,
    Named,
    PatientPart,
)

# Where the page has a place of its own for what nobody typed.
PLACED = frozenset(
    {"times", "response", "dispatch", "crew", "scene", "patient", "disposition", "identity"}
)
# The inverse of what `record/filled.py` makes of seats and capabilities.
SEATS = {
    "lead_scene": "lead",
    "lead_transport": "lead",
    "driver_response": "driver",
    "driver_transport": "driver",
}
CAPABILITIES = {"ground_bls": "bls", "ground_als": "als", "ground_critical": "micu"}
PRIORITIES = {"critical": 1, "emergent": 2, "lower": 3, "non_acute": 4}


def content_in(record: CanonicalRecord) -> Content:
    """The record with its own version and, for a closed one, the time of writing."""
    return Content(
        record_id=str(record.id),
        version=record.version,
        closed_at=record.written_at.isoformat() if record.version else "",
        mission=mission_in(record),
        patient=patient_in(record),
        vitals=(),
        entries=tuple(entries_in(record)),
        handover=handover_in(record),
        ecgs=tuple(
            EcgPart(
                id=str(file.id),
                sha256=file.sha256,
                occurred_at=file.occurred_at.isoformat(),
                format=file.name.removesuffix(".ecg"),
                state="",
                fault="",
            )
            for file in record.enclosures
            if file.name.endswith(".ecg")
        ),
    )


def mission_in(record: CanonicalRecord) -> MissionPart:
    return MissionPart(
        number=record.value("response.mission_number") or record.value("response.record_number"),
        incident_number=record.value("response.incident_number"),
        centre=named(record.one("dispatch.centre")),
        station=named(record.one("response.agency")),
        call_sign=record.value("response.call_sign"),
        plate=record.value("response.vehicle_plate"),
        capability=CAPABILITIES.get(record.value("response.unit_capability"), ""),
        crew=tuple(crew_in(record)),
        complaint=record.value("dispatch.reason"),
        determinant=record.value("dispatch.determinant"),
        priority=PRIORITIES.get(record.value("dispatch.acuity"), 0),
        place_label=record.value("scene.address"),
        place_detail=record.value("scene.address_detail"),
        moments=tuple(moments_in(record)),
        destination=named(record.one("disposition.destination_name"))
        if record.one("disposition.destination_name")
        else None,
        state="",
    )


def named(said: Statement | None) -> Named:
    return Named(said.en, said.zh, said.value) if said else Named("", "")


def crew_in(record: CanonicalRecord) -> Iterator[CrewMember]:
    for group in record.groups("crew"):
        roles = [one.value for one in group.get("crew.role", ())]
        seat = next((SEATS[role] for role in roles if role in SEATS), "attendant")
        for member in group.get("crew.member", ()):
            yield CrewMember(member.en or member.value, member.zh or member.value, seat)


def moments_in(record: CanonicalRecord) -> Iterator[Moment]:
    """The clocks in the catalogue's order, which is the order of a mission."""
    for code, known in elements().items():
        if known.group == "times" and record.value(code):
            yield Moment(code, known.nemsis, record.value(code))


def patient_in(record: CanonicalRecord) -> PatientPart:
    age = record.value("identity.age_years")
    return PatientPart(
        temporary_number=record.value("patient.number"),
        name=record.value("identity.name"),
        sex=record.value("identity.sex"),
        birth_date=record.value("identity.birth_date"),
        age_years=int(age) if age.isdecimal() else None,
        id_type=record.value("identity.id_type"),
        id_number=record.value("identity.id_number"),
        phone=record.value("identity.phone"),
    )


def entries_in(record: CanonicalRecord) -> Iterator[EntryPart]:
    for number, one in enumerate(record.statements):
        filled = one.id is None and one.source in (From.DISPATCH, From.CLOCK)
        if filled and one.head in PLACED:
            continue
        at = (one.occurred_at or record.written_at).isoformat()
        yield EntryPart(
            id=str(one.id or uuid5(NAMESPACE_OID, f"{record.id} {number}")),
            element=one.element,
            value=one.value,
            unit=one.unit,
            route=one.route,
            not_value=one.not_value,
            pertinent_negative=one.pertinent_negative,
            occurred_at=at,
            entered_at=at,
            author=Named("", "", one.author) if one.author else None,
            source=one.source,
            replaced=False,
            group=str(one.group) if one.group else "",
            device_at=one.device_at.isoformat() if one.device_at else "",
        )


def handover_in(record: CanonicalRecord) -> HandoverPart | None:
    number = record.value("disposition.preadmission_number")
    if not number:
        return None
    return HandoverPart(
        hospital=named(record.one("disposition.destination_name")),
        preadmission_number=number,
        state="",
        bay="",
        team="",
        moments=(),
        confirmed_by=None,
        given_at="",
        given_by=None,
        received_at="",
        received_by=None,
    )
