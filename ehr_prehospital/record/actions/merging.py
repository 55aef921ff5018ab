"""A patient turns out to be a known one: search, merge, part again. Nothing is overwritten."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.models import Patient
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.record.actions.closing import amend
from ehr_prehospital.record.actions.identifying import say, shown
from ehr_prehospital.record.actions.opening import locked, open_record, record_refs
from ehr_prehospital.record.followers import MERGED, PARTED
from ehr_prehospital.record.followers import tell as tell_followers
from ehr_prehospital.record.known import Sought, known_patients
from ehr_prehospital.record.models import PatientMerge, Record, RecordEntry
from ehr_prehospital.record.queries import merge_of, replaced_in
from ehr_prehospital.record.rules import IDENTITY

NOTHING = {"sex": "unknown"}


class AlreadyMerged(Refused):
    """This patient is one with a known one already; part them first."""

    code = "already_merged"


class NotMerged(Refused):
    """There is nothing to part."""

    code = "not_merged"


def search_patients(
    *, mission: Mission, sought: Sought, actor: User, now: datetime
) -> list[Patient]:
    """Known patients of the crew's own centre. Every search is journaled, not what was typed."""
    admit_crew(mission=mission, actor=actor, purpose=Purpose.IDENTIFY, now=now)
    if not sought.enough:
        raise BadInput(
            _("Type the whole name, the whole document number or the whole telephone number."),
            code="too_little",
        )
    with transaction.atomic():
        record = open_record(mission=mission, actor=actor, now=now)
        found = known_patients(sought=sought, other_than=record.encounter.patient)
        append(
            kind="patient.searched",
            actor=actor,
            now=now,
            refs=record_refs(record, mission),
            detail={"by": sought.by, "found": len(found)},
        )
    return found


def merge_patient(*, mission: Mission, known_id: UUID, actor: User, now: datetime) -> PatientMerge:
    """Say that the mission's patient is a known one. What is not said yet, the known one says.

    Raises NoAccess for anybody but the crew, BadInput for a patient of another centre,
    AlreadyMerged.
    """
    admit_crew(mission=mission, actor=actor, purpose=Purpose.IDENTIFY, now=now)
    with transaction.atomic():
        record = locked(open_record(mission=mission, actor=actor, now=now))
        patient = Patient.objects.select_for_update(no_key=True).get(pk=record.encounter.patient_id)
        known = Patient.objects.filter(pk=known_id, centre=patient.centre_id).first()
        if known is None or known == patient:
            raise BadInput(_("This is no known patient of this centre."), code="unknown_patient")
        missing = {
            part: shown(known, part)
            for part in IDENTITY
            if is_empty(patient, part) and not is_empty(known, part)
        }
        rows = say(
            record=record,
            patient=patient,
            parts=missing,
            author=actor,
            now=now,
            source=RecordEntry.Source.DOCUMENT,
        )
        merge = linked(patient, known, rows, actor=actor, now=now)
        tell_followers(record, frozenset({MERGED}), actor, now)
        append(
            kind="patient.merged",
            actor=actor,
            now=now,
            refs={**record_refs(record, mission), "known_patient": known.pk},
            detail={"parts": ",".join(missing)},
        )
        amend(record=record, mission=mission, actor=actor, now=now)
    return merge


def linked(
    patient: Patient, known: Patient, rows: list[RecordEntry], *, actor: User, now: datetime
) -> PatientMerge:
    try:
        with transaction.atomic():
            return PatientMerge.objects.create(
                patient=patient,
                known=known,
                filled=[row.pk for row in rows],
                merged_at=now,
                merged_by=actor,
            )
    except IntegrityError as clash:
        raise AlreadyMerged(_("This patient has already been merged.")) from clash


def part_patient(*, mission: Mission, actor: User, now: datetime) -> PatientMerge:
    """Take a merge back: what it filled is emptied, unless somebody has said something since."""
    admit_crew(mission=mission, actor=actor, purpose=Purpose.IDENTIFY, now=now)
    with transaction.atomic():
        record = locked(open_record(mission=mission, actor=actor, now=now))
        patient = Patient.objects.select_for_update(no_key=True).get(pk=record.encounter.patient_id)
        merge = merge_of(patient)
        if merge is None:
            raise NotMerged(_("This patient is merged with nobody."))
        parts = still_filled(record, merge)
        say(
            record=record,
            patient=patient,
            parts={part: NOTHING.get(part, "") for part in parts},
            author=actor,
            now=now,
        )
        merge.parted_at, merge.parted_by = now, actor
        merge.save(update_fields=["parted_at", "parted_by"])
        tell_followers(record, frozenset({PARTED}), actor, now)
        append(
            kind="patient.parted",
            actor=actor,
            now=now,
            refs={**record_refs(record, mission), "known_patient": merge.known_id},
            detail={"parts": ",".join(parts)},
        )
        amend(record=record, mission=mission, actor=actor, now=now)
    return merge


def still_filled(record: Record, merge: PatientMerge) -> list[str]:
    gone = replaced_in([record.pk])
    rows = record.entries.filter(pk__in=merge.filled).order_by("element")
    return [row.element.partition(".")[2] for row in rows if row.pk not in gone]


def is_empty(patient: Patient, part: str) -> bool:
    return shown(patient, part) == NOTHING.get(part, "")


def admit_crew(*, mission: Mission, actor: User, purpose: Purpose, now: datetime) -> None:
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=purpose,
        now=now,
    )
