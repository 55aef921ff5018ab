"""The door: let a person through to a patient or not, and write down the look either way."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import Organisation, User, next_number
from ehr_prehospital.access.models import Encounter, Grant, Patient, PersonalGrant, Shown
from ehr_prehospital.access.queries import best_view, encounter_of, may_see
from ehr_prehospital.access.rules import Judgement, Level, Relation


class NoAccess(NotAllowed):
    """This person may not see this patient. Says the same whether the patient exists or not."""

    code = "no_access"

    def __init__(self) -> None:
        super().__init__(_("You may not see this patient. The attempt has been recorded."))


class Purpose(StrEnum):
    """Why somebody looked; the journal keeps it."""

    BOARD = "board"
    VITALS = "vitals"
    RECORD = "record"
    PRINT = "print"
    HANDOVER = "handover"
    ECG = "ecg"
    ALARM = "alarm"
    ATTACHMENT = "attachment"
    IDENTIFY = "identify"
    HISTORY = "history"
    CONSULT = "consult"
    HYPERMEDIA = "hypermedia"
    CLIP = "clip"
    OUTCOME = "outcome"
    FIGURES = "figures"
    TRANSFER = "transfer"
    VIDEO = "video"


def patient_for(*, user: User, patient_id: UUID, purpose: Purpose, now: datetime) -> Patient:
    """The only door to a patient. Raises NoAccess; both outcomes are journaled.

    Call it outside any transaction: a refusal must stay written when the request fails.
    """
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        refuse(
            user=user,
            mission=None,
            patient_id=patient_id,
            purpose=purpose,
            reason="unknown_patient",
            now=now,
        )
        raise NoAccess
    judged, mission = best_view(user=user, patient=patient, now=now)
    if not judged.level.covers(Level.CLINICAL):
        refuse(
            user=user,
            mission=mission,
            patient_id=patient_id,
            purpose=purpose,
            reason=judged.reason,
            now=now,
        )
        raise NoAccess
    log_look(
        user=user, mission=mission, patient_id=patient_id, judged=judged, purpose=purpose, now=now
    )
    return patient


def look(
    *, user: User, mission: Mission, needed: Level, purpose: Purpose, now: datetime
) -> Judgement:
    """Let a person see a mission's patient as far as `needed`, and log the look."""
    judged = admit(user=user, mission=mission, needed=needed, purpose=purpose, now=now)
    encounter = encounter_of(mission)
    log_look(
        user=user,
        mission=mission,
        patient_id=encounter.patient_id if encounter else None,
        judged=judged,
        purpose=purpose,
        now=now,
    )
    return judged


def admit(
    *,
    user: User,
    mission: Mission,
    needed: Level,
    purpose: Purpose,
    now: datetime,
    only: Relation | None = None,
) -> Judgement:
    """Check only; for writes, whose own journal entry tells of the look.

    `only` asks for one relation: a hospital sees the record but a crew writes it.
    Raises NoAccess, outside any transaction like `patient_for`.
    """
    judged = may_see(user=user, mission=mission, now=now)
    if not judged.level.covers(needed) or (only and judged.relation is not only):
        encounter = encounter_of(mission)
        refuse(
            user=user,
            mission=mission,
            patient_id=encounter.patient_id if encounter else None,
            purpose=purpose,
            reason=judged.reason,
            now=now,
        )
        raise NoAccess
    return judged


def log_look(
    *,
    user: User,
    mission: Mission | None,
    patient_id: UUID | None,
    judged: Judgement,
    purpose: Purpose,
    now: datetime,
) -> None:
    with transaction.atomic():
        append(
            kind="patient.viewed",
            actor=user,
            now=now,
            refs=look_refs(user, mission, patient_id),
            detail={"purpose": purpose, "level": judged.level, "through": judged.relation},
        )


def log_shown(*, user: User, shown: Iterable[tuple[UUID, UUID]], now: datetime) -> None:
    """Log that a board shows these (mission, patient) pairs, once an hour for each.

    The board's own query asked the same relations as `may_see`; this is its log.
    """
    patient_of = dict(shown)
    hour = now.replace(minute=0, second=0, microsecond=0)
    logged = set(
        Shown.objects.filter(user=user, mission__in=patient_of, hour=hour).values_list(
            "mission_id", flat=True
        )
    )
    for mission_id in patient_of.keys() - logged:
        with transaction.atomic():
            _row, first = Shown.objects.get_or_create(user=user, mission_id=mission_id, hour=hour)
            if first:
                append(
                    kind="patient.viewed",
                    actor=user,
                    now=now,
                    refs={
                        "user": user.pk,
                        "mission": mission_id,
                        "patient": patient_of[mission_id],
                    },
                    detail={"purpose": Purpose.BOARD, "level": Level.CLINICAL},
                )


def refuse(
    *,
    user: User,
    mission: Mission | None,
    patient_id: UUID | None,
    purpose: Purpose,
    reason: str,
    now: datetime,
) -> None:
    """Write the refused look in a transaction of its own: it outlives the failed request."""
    with transaction.atomic(durable=True):
        append(
            kind="patient.refused",
            actor=user,
            now=now,
            refs=look_refs(user, mission, patient_id),
            detail={"purpose": purpose, "reason": reason},
        )


def look_refs(user: User, mission: Mission | None, patient_id: UUID | None) -> dict[str, UUID]:
    refs = {"user": user.pk}
    if mission:
        refs["mission"] = mission.pk
    if patient_id:
        refs["patient"] = patient_id
    return refs


def open_encounter(*, mission: Mission, now: datetime) -> Encounter:
    """The mission's encounter; a new one starts with an unknown patient and a number.

    Runs inside the caller's transaction, with the mission's row locked by the caller,
    and is told of by the caller's journal entry.
    """
    existing = encounter_of(mission)
    if existing:
        return existing
    patient = Patient.objects.create(
        centre_id=mission.incident.centre_id,
        temporary_number=next_number("U", localdate(now)),
        created_at=now,
    )
    return Encounter.objects.create(mission=mission, patient=patient, opened_at=now)


def open_sight(*, mission: Mission, organisation: Organisation, now: datetime) -> None:
    """Give an organisation sight of the mission's patient from now on."""
    Grant.objects.get_or_create(
        mission=mission,
        organisation=organisation,
        closes_at=None,
        defaults={"opened_at": now},
    )


def close_sight(*, mission: Mission, organisation: Organisation, closes_at: datetime) -> None:
    """End an organisation's sight, now or at a later moment."""
    Grant.objects.filter(mission=mission, organisation=organisation, closes_at=None).update(
        closes_at=closes_at
    )


def open_personal_sight(*, mission: Mission, user: User, now: datetime) -> PersonalGrant:
    """Give one person sight of the mission's patient from now on; told of by the caller's row."""
    grant, _fresh = PersonalGrant.objects.get_or_create(
        mission=mission, user=user, closes_at=None, defaults={"opened_at": now}
    )
    return grant


def close_personal_sight(*, mission: Mission, user: User, now: datetime) -> PersonalGrant | None:
    """End one person's sight at once; None where there was none."""
    grant = PersonalGrant.objects.filter(mission=mission, user=user, closes_at=None).first()
    if grant:
        grant.closes_at = now
        grant.save(update_fields=["closes_at"])
    return grant
