"""A crew asks for its patient's history: who is asked about, and that it is journaled."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose
from ehr_prehospital.record.actions.merging import admit_crew
from ehr_prehospital.record.actions.opening import open_record, record_refs
from ehr_prehospital.record.history.client import Answer, System, Who, ask
from ehr_prehospital.record.queries import merge_of


def ask_history(*, mission: Mission, actor: User, now: datetime) -> Answer:
    """What the connected system knows of the mission's patient. Raises NoAccess.

    Asked outside any transaction: a slow system must not hold a row of ours.
    """
    admit_crew(mission=mission, actor=actor, purpose=Purpose.HISTORY, now=now)
    record = open_record(mission=mission, actor=actor, now=now)
    patient = record.encounter.patient
    merge = merge_of(patient)
    known = merge.known if merge else patient
    born = patient.birth_date or known.birth_date
    answer = ask(
        connected(),
        Who(
            id_number=patient.id_number or known.id_number,
            name=patient.name or known.name,
            birth_date=born.isoformat() if born else "",
        ),
    )
    with transaction.atomic():
        append(
            kind="patient.history_asked",
            actor=actor,
            now=now,
            refs=record_refs(record, mission),
            detail={"state": answer.state, "found": len(answer.known)},
        )
    return answer


def connected() -> System | None:
    """The system that the operator has connected."""
    setting = settings.HEALTH_RECORD
    return System(setting.url, setting.token, setting.timeout_s) if setting else None
