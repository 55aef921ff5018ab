"""Both names: the crew gives, the hospital receives; with the second the record is closed."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import record_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import State as MissionState
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import close_sight
from ehr_prehospital.access.rules import HOSPITAL_AFTER_HANDOVER
from ehr_prehospital.handover.actions.steps import (
    admit_crew,
    admit_hospital,
    advance,
    lock,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import handover_part, newest_handover_of
from ehr_prehospital.handover.rules import WITHDRAWN, State
from ehr_prehospital.record.actions import close_version
from ehr_prehospital.record.queries import record_of


def give(*, mission: Mission, actor: User | None, occurred_at: datetime, now: datetime) -> Handover:
    """The crew's side of the transfer. `actor` is None when the vehicle itself says so.

    Raises NoAccess for anybody but the crew, Refused when there is nothing to hand over.
    """
    if actor is not None:
        admit_crew(actor, mission, now)
    with transaction.atomic():
        handover = newest_handover_of(lock(mission))
        if handover is None or handover.state in WITHDRAWN:
            raise Refused(_("No hospital has been alerted."), code="no_handover")
        locked_mission, locked = lock_both(handover)
        if locked.given_at is None:
            locked.given_at, locked.given_by = occurred_at, actor
            sign(locked, locked_mission, kind="handover.given", actor=actor, now=now)
    return locked


def receive(*, handover: Handover, actor: User, now: datetime) -> Handover:
    """The hospital's side of the transfer, by name."""
    admit_hospital(actor, handover, now)
    with transaction.atomic():
        mission, locked = lock_both(handover)
        if locked.received_at is None:
            locked.received_at, locked.received_by = now, actor
            sign(locked, mission, kind="handover.received", actor=actor, now=now)
    return locked


def sign(
    handover: Handover, mission: Mission, *, kind: str, actor: User | None, now: datetime
) -> None:
    """Keep one side's name; with the second one the care is transferred."""
    advance(handover, State.OFFLOADING, now, actor=actor, now=now)
    handover.save()
    append(kind=kind, actor=actor, now=now, refs=refs_to(handover, mission))
    if handover.given_at and handover.received_at:
        complete(handover, mission, actor=actor, now=now)


def complete(handover: Handover, mission: Mission, *, actor: User | None, now: datetime) -> None:
    """Transfer of care: the mission's fact, version 1 of the record, the end of the sight."""
    given, received = handover.given_at, handover.received_at
    if given is None or received is None:
        raise RuntimeError("a transfer of care has two sides")
    at = max(given, received)
    advance(handover, State.HANDED_OVER, at, actor=actor, now=now)
    handover.save()
    if mission.handed_over_at is None:
        record_fact(
            mission=mission,
            fact=MissionState.HANDED_OVER,
            occurred_at=at,
            actor=actor,
            source=source_of(actor),
            now=now,
            fact_id=uuid4(),
        )
    close_sight(
        mission=mission, organisation=handover.hospital, closes_at=at + HOSPITAL_AFTER_HANDOVER
    )
    append(
        kind="handover.handed_over",
        actor=actor,
        now=now,
        occurred_at=at,
        refs=refs_to(handover, mission),
    )
    record = record_of(mission)
    if record:
        close_version(record=record, handover=handover_part(handover), actor=actor, now=now)


def source_of(actor: User | None) -> str:
    if actor is None:
        return MissionFact.Source.VEHICLE
    return MissionFact.Source.HOSPITAL if actor.role == Role.ED_STAFF else MissionFact.Source.TABLET
