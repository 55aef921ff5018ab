"""What every step of a handover needs: who may, in which order to lock, what to tell."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from dispatch.calls.actions import CONTROL_ROOM, control_room
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.actions import NoAccess, Purpose, admit
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.handover.models import Handover, HandoverStep
from ehr_prehospital.handover.queries import times_of
from ehr_prehospital.handover.rules import IllegalStep, State, state_of, take
from ehr_prehospital.handover.words import state_label


class NotPossible(Refused):
    """A step that the handover's table does not have from where it stands."""

    code = "illegal_transition"


def admit_crew(actor: User, mission: Mission, now: datetime) -> None:
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.HANDOVER,
        now=now,
    )


def admit_hospital(actor: User, handover: Handover, now: datetime) -> None:
    """Staff of this handover's hospital only, while it has sight of the patient."""
    admit(
        user=actor,
        mission=handover.mission,
        needed=Level.CLINICAL,
        only=Relation.RECEIVING_HOSPITAL,
        purpose=Purpose.HANDOVER,
        now=now,
    )
    if actor.organisation_id != handover.hospital_id:
        raise NoAccess


def admit_mover(actor: User, mission: Mission, now: datetime) -> None:
    """The control room of the mission's centre, or the crew itself."""
    if actor.role in CONTROL_ROOM:
        if control_room(actor).pk != mission.incident.centre_id:
            raise NotAllowed(_("This belongs to another centre."), code="other_centre")
        return
    admit_crew(actor, mission, now)


def check_hospital(hospital: Organisation) -> None:
    if hospital.kind != Organisation.Kind.HOSPITAL or not hospital.active:
        raise BadInput(_("This is no hospital that takes patients."), code="no_such_hospital")


def lock(mission: Mission) -> Mission:
    return (
        Mission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("incident", "destination", "ambulance")
        .get(pk=mission.pk)
    )


def lock_both(handover: Handover) -> tuple[Mission, Handover]:
    """Always the mission first: facts of the mission lock in this order, too."""
    mission = lock(handover.mission)
    locked = (
        Handover.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "hospital", "encounter", "confirmed_by", "given_by", "received_by", "withdrawn_by"
        )
        .get(pk=handover.pk)
    )
    return mission, locked


def refs_to(handover: Handover, mission: Mission) -> dict[str, UUID]:
    """Every subject whose row on a board changes with this handover."""
    return {
        **refs_of(mission),
        "handover": handover.pk,
        "hospital": handover.hospital_id,
        "patient": handover.encounter.patient_id,
    }


def advance(
    handover: Handover, step: State, at: datetime, *, actor: User | None, now: datetime
) -> None:
    """Write a step and what it implies into the row, each with who; the caller saves the row."""
    before = times_of(handover)
    try:
        times = take(before, step, at)
    except IllegalStep as illegal:
        raise NotPossible(
            _("Not possible any more: the handover is “%(state)s”.")
            % {"state": state_label(illegal.state)}
        ) from illegal
    for state, moment in times.items():
        setattr(handover, f"{state}_at", moment)
    handover.state = state_of(times)
    for state in times.keys() - before.keys():
        keep_step(handover, state, at, actor=actor, now=now)


def keep_step(
    handover: Handover, step: str, at: datetime, *, actor: User | None, now: datetime
) -> None:
    """Who did it and when, for ever. What a screen says of itself is not its person's word."""
    source = HandoverStep.Source.PERSON if actor else HandoverStep.Source.VEHICLE
    if step == State.DELIVERED:
        source = HandoverStep.Source.SCREEN
    HandoverStep.objects.create(
        handover=handover, step=step, at=at, recorded_at=now, by=actor, source=source
    )
