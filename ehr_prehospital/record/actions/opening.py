"""A mission's record, opened with its encounter and unknown patient."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.access.actions import open_encounter
from ehr_prehospital.record.models import Record
from ehr_prehospital.record.queries import record_of


def record_refs(record: Record, mission: Mission) -> dict[str, UUID]:
    """Every subject whose row on a board changes with this record."""
    return {
        **refs_of(mission),
        "record": record.pk,
        "patient": record.encounter.patient_id,
    }


def open_record(*, mission: Mission, actor: User | None, now: datetime) -> Record:
    """The mission's record; opened with encounter and unknown patient when there is none."""
    with transaction.atomic():
        locked = (
            Mission.objects.select_for_update(of=("self",), no_key=True)
            .select_related("incident")
            .get(pk=mission.pk)
        )
        existing = record_of(locked)
        if existing:
            return existing
        encounter = open_encounter(mission=locked, now=now)
        record = Record.objects.create(mission=locked, encounter=encounter, opened_at=now)
        append(
            kind="record.opened",
            actor=actor,
            now=now,
            refs=record_refs(record, locked),
            detail={"temporary_number": encounter.patient.temporary_number},
        )
    return record


def locked(record: Record) -> Record:
    """The record, until the end of the transaction only ours."""
    return (
        Record.objects.select_for_update(of=("self",), no_key=True)
        .select_related("encounter__patient")
        .get(pk=record.pk)
    )
