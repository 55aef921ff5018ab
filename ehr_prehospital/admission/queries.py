"""Handovers as visits, and what a hospital's system has been told of each so far."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.timezone import localtime

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.exchange.hl7v2.target import Event
from ehr_prehospital.exchange.visit import Document, Person, Visit
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import WITHDRAWN
from ehr_prehospital.record.catalogue import code_lists
from ehr_prehospital.record.findings import IMPRESSIONS
from ehr_prehospital.record.models import Record, RecordEntry
from ehr_prehospital.record.queries import merge_of, replaced_in
from ehr_prehospital.record.terms import tables

ALLERGIES = frozenset({"allergy", "history.allergy", "history.other_allergy"})
NAMES = (
    "patient.family_name",
    "patient.given_name",
    "patient.address",
    "patient.blood_type",
)
# What of a record a hospital's system is told; anything else changes none of its messages.
TOLD = ALLERGIES | IMPRESSIONS | frozenset(NAMES)

KINDS = frozenset({"hl7.mllp", "fhir.admission"})


def systems_of(hospital: Organisation) -> list[Partner]:
    """The hospital's own systems that are told of its patients."""
    rows = Partner.objects.filter(hospital=hospital, kind__in=KINDS, active=True)
    return list(rows.defer("credentials").order_by("name"))


def handovers_to_tell(record: Record) -> list[Handover]:
    """The handovers of a record's mission that were not taken back."""
    rows = Handover.objects.filter(mission=record.mission_id).exclude(state__in=sorted(WITHDRAWN))
    return list(
        rows.select_related(
            "mission__incident__centre", "mission__ambulance", "hospital", "encounter"
        )
    )


def order_key(handover: Handover) -> str:
    """One patient on one mission: nothing of theirs is overtaken."""
    return f"encounter:{handover.encounter_id}"


def sameness(handover: Handover, number: int, event: Event, digest: str) -> str:
    return f"{handover.pk}:{number}:{event}:{digest}"


def told(partner: Partner, handover: Handover) -> list[tuple[Event, str]]:
    """Event and digest of every message, oldest first. What a person gave up was not told."""
    rows = (
        Delivery.objects.filter(
            mission=handover.mission_id,
            partner=partner,
            sameness_key__startswith=f"{handover.pk}:",
        )
        .exclude(state=Delivery.State.CANCELLED)
        .order_by("number")
        .values_list("sameness_key", flat=True)
    )
    return [(Event(event), digest) for _id, _no, event, digest in (key.split(":") for key in rows)]


def queued_so_far(partner: Partner, handover: Handover) -> int:
    """How many messages were ever made, the given-up ones too: numbers are not used twice."""
    return Delivery.objects.filter(
        mission=handover.mission_id, partner=partner, sameness_key__startswith=f"{handover.pk}:"
    ).count()


def visit_of(handover: Handover, *, chinese: bool) -> Visit:
    """All that a hospital's system is told of a handover, as it stands now."""
    mission = Mission.objects.select_related("incident__centre", "ambulance").get(
        pk=handover.mission_id
    )
    said = standing(handover)
    impression = next(iter(said.get("impression", [])), "")
    # An official code of another list has no pathway of ours.
    known = tables()["impression"].get(impression)
    pathway = known.pathway if known else ""
    complaint = mission.incident.complaint
    reason = worded("impression", impression, chinese=chinese)
    reason = reason or worded("complaint", complaint, chinese=chinese)
    allergens = said.get("allergy", [])
    return Visit(
        person=person_of(handover.encounter.patient, said),
        preadmission_number=handover.preadmission_number,
        visit_number=handover.visit_number,
        centre=mission.incident.centre.code,
        hospital=handover.hospital.code,
        mission=mission.number,
        unit=mission.ambulance.call_sign,
        reason=reason or complaint,
        bay=handover.bay,
        priority=mission.incident.priority,
        pathway=pathway,
        allergies=tuple(worded("allergen", one, chinese=chinese) for one in allergens),
        expected_at=localtime(mission.eta_computed_at + timedelta(seconds=mission.eta_s))
        if mission.eta_computed_at and mission.eta_s is not None
        else None,
        on_board_at=localtime(mission.on_board_at) if mission.on_board_at else None,
        arrived_at=localtime(handover.arrived_at) if handover.arrived_at else None,
    )


def standing(handover: Handover) -> dict[str, list[str]]:
    """`allergy`, `impression` and names → the values that stand, newest first."""
    rows = list(
        RecordEntry.objects.filter(record__encounter=handover.encounter_id, element__in=TOLD)
        .filter(not_value="", pertinent_negative="")
        .order_by("-occurred_at", "-entered_at")
        .values_list("pk", "record", "element", "value")
    )
    gone = replaced_in({record for _pk, record, _element, _value in rows})
    found: dict[str, list[str]] = {}
    for entry_id, _record, element, value in rows:
        if value and entry_id not in gone:
            found.setdefault(short(element), []).append(value)
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def short(element: str) -> str:
    if element in ALLERGIES:
        return "allergy"
    return "impression" if element in IMPRESSIONS else element


def person_of(patient: Patient, said: dict[str, list[str]]) -> Person:
    """After a merge under the known patient's number; the own one stays beside it."""
    merge = merge_of(patient)
    documents = [Document(patient.id_type, patient.id_number)] if patient.id_number else []

    def newest(element: str) -> str:
        return next(iter(said.get(element, [])), "")

    return Person(
        number=merge.known.temporary_number if merge else patient.temporary_number,
        own_number=patient.temporary_number,
        name=patient.name,
        family=newest("patient.family_name"),
        given=newest("patient.given_name"),
        sex=patient.sex,
        birth_date=patient.birth_date,
        age_years=patient.age_years,
        documents=tuple(documents),
        phone=patient.phone,
        address=newest("patient.address"),
    )


def worded(table: str, code: str, *, chinese: bool) -> str:
    """A code in words; of an allergen the words that somebody typed, where it is in no list."""
    term = code_lists().get(table, {}).get(code)
    if term is None:
        return code if code and table == "allergen" else ""
    return term.zh if chinese else term.en


def operator(actor: User | None) -> str:
    return actor.username if actor else ""


def events(rows: Iterable[tuple[Event, str]]) -> list[Event]:
    return [event for event, _digest in rows]
