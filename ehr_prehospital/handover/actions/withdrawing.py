"""Take an alert back: the hospital loses sight at once, is told, and its teams stand down."""

from datetime import datetime

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import close_sight
from ehr_prehospital.handover.actions.steps import advance, refs_to
from ehr_prehospital.handover.actions.telling import tell_withdrawn
from ehr_prehospital.handover.followers import tell
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import State
from ehr_prehospital.pathways.actions import leave_hospital
from ehr_prehospital.record.actions import tell_of_entries
from ehr_prehospital.record.queries import record_of


def withdraw(
    handover: Handover,
    mission: Mission,
    step: State,
    *,
    reason: str,
    actor: User | None,
    now: datetime,
) -> None:
    advance(handover, step, now, actor=actor, now=now)
    handover.end_reason, handover.withdrawn_by = reason.strip()[:60], actor
    if actor is None or actor.role == Role.PARAMEDIC:  # who withdrew it need not be told
        handover.crew_told_at, handover.crew_told_by = now, actor
    handover.save()
    close_sight(mission=mission, organisation=handover.hospital, closes_at=now)
    tell_withdrawn(handover, mission, now=now)
    tell(handover, step, actor, now)
    leave_hospital(mission=mission, hospital=handover.hospital, actor=actor, now=now)
    record = record_of(mission)
    if record:
        tell_of_entries(record=record, kind="record.entry_withdrawn", actor=actor, now=now)
    append(
        kind=f"handover.{step}",
        actor=actor,
        now=now,
        refs=refs_to(handover, mission),
        detail={"reason": handover.end_reason},
    )
