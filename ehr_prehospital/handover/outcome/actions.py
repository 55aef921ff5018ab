"""The hospital returns what became of the patient, and says whether the alert was right."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import NoAccess, Purpose, refuse
from ehr_prehospital.handover.actions.steps import lock_both, refs_to
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.models import AlertJudgement, Outcome
from ehr_prehospital.handover.outcome.rules import (
    RETURNED_WITHIN,
    Verdict,
    WrongOutcome,
    checked_times,
)
from ehr_prehospital.record.terms import tables


def return_outcome(
    *,
    handover: Handover,
    outcome_id: UUID,
    diagnosis: str,
    diagnosis_code: str,
    disposition: str,
    hospital_disposition: str,
    hospital_diagnosis: str,
    times: Mapping[str, datetime],
    note: str,
    actor: User,
    now: datetime,
) -> Outcome:
    """What became of the patient; said again it is a new row and the newest counts.

    Idempotent on the id. Raises NoAccess for anybody but the hospital that received the patient,
    Refused before it has and after 30 days, BadInput.
    """
    _admit_receiver(handover, actor, now)
    codes = tables()["ed_outcome"]
    if not diagnosis.strip():
        raise BadInput(_("Name the diagnosis."), code="no_diagnosis")
    if any(code and code not in codes for code in (disposition, hospital_disposition)):
        raise BadInput(_("This is no outcome of the list."), code="no_such_outcome")
    try:
        kept_times = checked_times(times, now=now)
    except WrongOutcome as wrong:
        raise BadInput(
            _("“%(field)s” is no intervention, or lies in the future.") % {"field": wrong.field},
            code="no_such_time",
        ) from wrong
    with transaction.atomic():
        mission, locked = lock_both(handover)
        earlier = Outcome.objects.filter(pk=outcome_id).first()
        if earlier:
            if earlier.handover_id != locked.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        row = Outcome.objects.create(
            id=outcome_id,
            handover=locked,
            diagnosis=diagnosis.strip()[:200],
            diagnosis_code=diagnosis_code.strip().upper()[:12],
            disposition=disposition,
            hospital_disposition=hospital_disposition,
            hospital_diagnosis=hospital_diagnosis.strip()[:200],
            times=kept_times,
            note=note.strip()[:500],
            returned_at=now,
            returned_by=actor,
        )
        append(
            kind="handover.outcome_returned",
            actor=actor,
            now=now,
            refs={**refs_to(locked, mission), "outcome": row.pk},
        )
    return row


def judge_alert(
    *,
    handover: Handover,
    judgement_id: UUID,
    verdict: str,
    text: str,
    actor: User,
    now: datetime,
) -> AlertJudgement:
    """Was this alert right? Idempotent on the id; a withdrawn alert can be judged, too."""
    _admit_receiver(handover, actor, now, received=False)
    if verdict not in list(Verdict):
        raise BadInput(_("Say whether the alert was right."), code="no_verdict")
    with transaction.atomic():
        mission, locked = lock_both(handover)
        earlier = AlertJudgement.objects.filter(pk=judgement_id).first()
        if earlier:
            if earlier.handover_id != locked.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        row = AlertJudgement.objects.create(
            id=judgement_id,
            handover=locked,
            verdict=verdict,
            text=text.strip()[:500],
            judged_at=now,
            judged_by=actor,
        )
        append(
            kind="handover.alert_judged",
            actor=actor,
            now=now,
            refs=refs_to(locked, mission),
        )
    return row


def _admit_receiver(
    handover: Handover, actor: User, now: datetime, *, received: bool = True
) -> None:
    """Staff of the hospital that received this patient. It writes of its own patient only.

    The record closes to it after 24 h; what became of the patient it may add for longer.
    """
    if actor.role != Role.ED_STAFF or actor.organisation_id != handover.hospital_id:
        refuse(
            user=actor,
            mission=handover.mission,
            patient_id=handover.encounter.patient_id,
            purpose=Purpose.OUTCOME,
            reason="other_hospital",
            now=now,
        )
        raise NoAccess
    if received and handover.handed_over_at is None:
        raise Refused(_("The patient has not been handed over yet."), code="not_handed_over")
    since = handover.handed_over_at or handover.sent_at
    if now - since > RETURNED_WITHIN:
        raise Refused(_("This case is closed: more than 30 days ago."), code="too_late")
