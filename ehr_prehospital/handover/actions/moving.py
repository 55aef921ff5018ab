"""Another hospital, or none: the first one is told and loses sight at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import fix_destination, refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Organisation, User
from ehr_prehospital.handover.actions.boarding import send
from ehr_prehospital.handover.actions.steps import (
    NotPossible,
    admit_crew,
    admit_mover,
    check_hospital,
    keep_step,
    lock,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.actions.withdrawing import withdraw
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import open_handover_of
from ehr_prehospital.handover.rules import WITHDRAWN, State


def redirect(
    *, mission: Mission, hospital: Organisation, reason: str, actor: User, now: datetime
) -> Handover | None:
    """Send the patient elsewhere: the first hospital loses sight, the new one is alerted.

    Before *On board* it only fixes the destination. Raises NotAllowed for anybody but
    the control room of the mission's centre and the mission's crew.
    """
    admit_mover(actor, mission, now)
    check_hospital(hospital)
    if not reason.strip():
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        locked = lock(mission)
        handover = open_handover_of(locked)
        if handover and handover.hospital_id == hospital.pk:
            return handover
        if handover is None and locked.on_board_at:
            raise NotPossible(_("The patient has been handed over already."))
        if handover:
            withdraw(handover, locked, State.REDIRECTED, reason=reason, actor=actor, now=now)
        fix_destination(mission=locked, hospital=hospital)
        append(
            kind="mission.destination_changed",
            actor=actor,
            now=now,
            refs=refs_of(locked),
            detail={"reason": reason[:60]},
        )
        return send(mission=locked, hospital=hospital, actor=actor, now=now) if handover else None


def cancel(*, handover: Handover, reason: str, actor: User, now: datetime) -> Handover:
    """Withdraw the alert: nobody comes."""
    admit_mover(actor, handover.mission, now)
    if not reason.strip():
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        mission, locked = lock_both(handover)
        if locked.state != State.CANCELLED:
            withdraw(locked, mission, State.CANCELLED, reason=reason, actor=actor, now=now)
    return locked


def acknowledge_withdrawal(*, handover: Handover, actor: User, now: datetime) -> Handover:
    """The crew has read that the control room sends it elsewhere, or that nobody waits any more.

    Raises NoAccess for anybody but the crew, NotPossible where nothing was withdrawn.
    """
    admit_crew(actor, handover.mission, now)
    with transaction.atomic():
        mission, locked = lock_both(handover)
        if locked.state not in WITHDRAWN:
            raise NotPossible(_("Nothing was withdrawn."))
        if locked.crew_told_at is None:
            locked.crew_told_at, locked.crew_told_by = now, actor
            locked.save(update_fields=["crew_told_at", "crew_told_by"])
            keep_step(locked, "crew_told", now, actor=actor, now=now)
            append(
                kind="handover.withdrawal_told",
                actor=actor,
                now=now,
                refs=refs_to(locked, mission),
            )
    return locked
