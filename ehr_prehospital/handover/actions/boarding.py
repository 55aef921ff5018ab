"""On board means admitted: destination, number and alert in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dispatch.fleet.actions import fix_destination, record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import COUNTED
from dispatch.fleet.rules import State as MissionState
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation, User, next_number
from ehr_prehospital.access.actions import open_sight
from ehr_prehospital.handover.actions.steps import (
    NotPossible,
    admit_crew,
    admit_mover,
    check_hospital,
    keep_step,
    lock,
    refs_to,
)
from ehr_prehospital.handover.actions.telling import tell_level
from ehr_prehospital.handover.actions.withdrawing import withdraw
from ehr_prehospital.handover.followers import tell
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import (
    drive_from_scene,
    newest_handover_of,
    open_handover_of,
)
from ehr_prehospital.handover.rules import State
from ehr_prehospital.record.actions import open_record, tell_of_entries


@dataclass(frozen=True, slots=True)
class Boarded:
    """What *On board* did. No handover: the fact contradicts what is known and waits flagged."""

    fact: MissionFact
    handover: Handover | None


def board(
    *,
    mission: Mission,
    hospital: Organisation,
    fact_id: UUID,
    occurred_at: datetime,
    actor: User | None,
    source: str,
    now: datetime,
) -> Boarded:
    """The patient is on board: fix the destination, issue the number, alert the hospital.

    One transaction. Idempotent on `fact_id` and on the mission's open handover.
    Raises NoAccess for anybody but the crew, BadInput for what is no hospital,
    Refused when another hospital was alerted already (that is a redirect).
    """
    if actor is not None:
        admit_crew(actor, mission, now)
    check_hospital(hospital)
    with transaction.atomic():
        locked = lock(mission)
        said_before = MissionFact.objects.filter(pk=fact_id, mission=locked).first()
        if said_before:
            return Boarded(said_before, newest_handover_of(locked))
        existing = open_handover_of(locked)
        if existing and existing.hospital_id != hospital.pk:
            if locked.on_board_at:
                raise Refused(
                    _("Another hospital has been alerted already; redirect instead."),
                    code="already_on_board",
                )
            # Alerted from the scene, and the crew has chosen another one: its word is a fact.
            withdraw(existing, locked, State.REDIRECTED, reason="other", actor=actor, now=now)
        before = locked.destination
        fix_destination(mission=locked, hospital=hospital)
        fact = record_fact(
            mission=locked,
            fact=MissionState.ON_BOARD,
            occurred_at=occurred_at,
            actor=actor,
            source=source,
            now=now,
            fact_id=fact_id,
        )
        # With the fact the follower opened the handover; when repeated, it is there already.
        handover = open_handover_of(locked)
        if handover is None and fact.contradiction not in COUNTED:
            locked.destination = before
            locked.save(update_fields=["destination"])
    mission.refresh_from_db()
    return Boarded(fact, handover)


def prealert(*, mission: Mission, hospital: Organisation, actor: User, now: datetime) -> Handover:
    """Alert the hospital before the patient is on board: from the scene, or from the desk.

    The same handover goes on when the patient is on board. Twice is once; raises NoAccess and
    NotAllowed for anybody but crew and control room, BadInput for what is no hospital, Refused
    where another one was alerted (a redirect), NotPossible after the end of the mission.
    """
    admit_mover(actor, mission, now)
    check_hospital(hospital)
    with transaction.atomic():
        locked = lock(mission)
        existing = open_handover_of(locked)
        if existing and existing.hospital_id == hospital.pk:
            return existing
        if existing:
            raise Refused(
                _("Another hospital has been alerted already; redirect instead."),
                code="already_alerted",
            )
        if not locked.open or locked.handed_over_at:
            raise NotPossible(_("The patient has been handed over already."))
        fix_destination(mission=locked, hospital=hospital)
        return send(mission=locked, hospital=hospital, actor=actor, now=now)


def send(
    *, mission: Mission, hospital: Organisation, actor: User | None, now: datetime
) -> Handover:
    """Open the handover to a hospital, with its number, and give the hospital sight."""
    record = open_record(mission=mission, actor=actor, now=now)
    handover = Handover.objects.create(
        drive_s=None if mission.on_board_at else drive_from_scene(mission, hospital),
        mission=mission,
        hospital=hospital,
        encounter=record.encounter,
        preadmission_number=next_number(hospital.code, localdate(now)),
        state=State.SENT,
        sent_at=now,
    )
    keep_step(handover, State.SENT, now, actor=actor, now=now)
    open_sight(mission=mission, organisation=hospital, now=now)
    tell_level(handover, mission, level=0, now=now)
    tell(handover, State.SENT, actor, now)
    tell_of_entries(record=record, kind="record.entry_shared", actor=actor, now=now)
    append(
        kind="handover.sent",
        actor=actor,
        now=now,
        refs={**refs_to(handover, mission), "record": record.pk},
        detail={"number": handover.preadmission_number},
    )
    return handover
