"""Open, tick, direct, call a team, end. Crew, dispatcher and hospital, each by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import CONTROL_ROOM, control_room
from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.access.actions import NoAccess, Purpose, admit
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.pathways.files import checklists
from ehr_prehospital.pathways.models import ACTIVE, Pathway, PathwayTick, TeamActivation
from ehr_prehospital.pathways.queries import active_pathway
from ehr_prehospital.pathways.rules import Answer, State, Suspicion
from ehr_prehospital.pathways.words import END_REASONS, TEAMS

CLINICAL_SIDES: Mapping[str, tuple[Relation, Suspicion]] = {
    Role.PARAMEDIC: (Relation.CREW, Suspicion.CREW),
    Role.ED_STAFF: (Relation.RECEIVING_HOSPITAL, Suspicion.HOSPITAL),
}


class NoPathway(Refused):
    """There is none of this kind that is open."""

    code = "no_pathway"


def open_pathway(
    *, mission: Mission, kind: str, pathway_id: UUID, actor: User, now: datetime
) -> Pathway:
    """A named person suspects, or confirms what the record proposed. One of a kind is open.

    Idempotent. Raises NoAccess or NotAllowed for whoever is none of the three sides.
    """
    side = admit_side(actor, mission, now)
    checklist = checklists().get(kind)
    if checklist is None:
        raise BadInput(_("There is no such pathway."), code="no_such_pathway")
    with transaction.atomic():
        locked = lock(mission)
        row = Pathway.objects.filter(pk=pathway_id).first() or active_pathway(locked, kind)
        if row and (row.mission_id != locked.pk or row.kind != kind):
            raise BadInput(_("This identifier is already used."), code="id_in_use")
        if row and row.state != State.PROPOSED:
            return row
        if row is None:
            row = Pathway(id=pathway_id, mission=locked, kind=kind, suspicion=side)
        row.version, row.state = checklist.version, State.OPEN
        row.opened_at, row.opened_by = now, actor
        row.save()
        tell("pathway.opened", row, locked, actor=actor, now=now)
    return row


def suspect(
    *, mission: Mission, kind: str, reasons: Sequence[str], certain: bool, now: datetime
) -> Pathway | None:
    """What the record says. Certain: a person has said it, so it opens. None: nothing new.

    What a person discarded is not proposed again for the same reasons.
    """
    with transaction.atomic():
        locked = lock(mission)
        row = active_pathway(locked, kind)
        if row and (row.state == State.OPEN or not certain):
            return None
        ended = [State.DISCARDED, State.CLOSED]
        known = Pathway.objects.filter(mission=locked, kind=kind, state__in=ended)
        if any(set(reasons) <= set(one.reasons) for one in known):
            return None
        if row is None:
            row = Pathway(mission=locked, kind=kind, suspicion=Suspicion.RECORD)
            row.proposed_at = now
        row.reasons, row.version = list(reasons), checklists()[kind].version
        row.state = State.OPEN if certain else State.PROPOSED
        row.opened_at = now if certain else None
        row.save()
        tell(f"pathway.{'opened' if certain else 'proposed'}", row, locked, actor=None, now=now)
    return row


def tick(
    *,
    mission: Mission,
    kind: str,
    item: str,
    answer: str,
    at: datetime,
    tick_id: UUID,
    actor: User,
    now: datetime,
) -> Pathway:
    """Crew or hospital says that one item is done, not done or not applicable; its id is theirs.

    A word that comes late is kept, whatever became of the pathway meanwhile.
    """
    if actor.role not in CLINICAL_SIDES:
        raise NoAccess
    admit_side(actor, mission, now)
    checklist = checklists().get(kind)
    if checklist is None or item not in checklist.item_codes:
        raise BadInput(_("There is no such item in this checklist."), code="no_such_item")
    if answer not in list(Answer):
        raise BadInput(_("There is no such answer."), code="no_such_answer")
    with transaction.atomic():
        locked = lock(mission)
        row = newest_pathway(locked, kind)
        said = PathwayTick.objects.filter(pk=tick_id).select_related("pathway").first()
        if said:
            return said.pathway
        PathwayTick.objects.create(
            id=tick_id,
            pathway=row,
            item=item,
            answer=answer,
            at=min(at, now),
            recorded_at=now,
            by=actor,
        )
        tell("pathway.ticked", row, locked, actor=actor, now=now, occurred_at=min(at, now))
    return row


def direct(*, mission: Mission, kind: str, to: str, actor: User, now: datetime) -> Pathway:
    """The hospital sends the crew past the emergency department, or ("") back to it."""
    if actor.role != Role.ED_STAFF:
        raise NoAccess
    admit_side(actor, mission, now)
    with transaction.atomic():
        locked = lock(mission)
        if actor.organisation_id != locked.destination_id:
            raise NoAccess
        row = opened(locked, kind)
        if to and to not in checklists()[kind].direct:
            raise BadInput(_("This pathway does not lead there."), code="no_such_place")
        if row.direct_to == to:
            return row
        row.direct_to = to
        row.direct_at, row.direct_by = (now, actor) if to else (None, None)
        row.save(update_fields=["direct_to", "direct_at", "direct_by"])
        tell("pathway.directed", row, locked, actor=actor, now=now)
    return row


def activate(
    *, mission: Mission, kind: str, team: str, actor: User, now: datetime
) -> TeamActivation:
    """Call a team of the hospital that the patient goes to. Twice is once."""
    admit_side(actor, mission, now)
    if team not in TEAMS:
        raise BadInput(_("There is no such team."), code="no_such_team")
    with transaction.atomic():
        locked = lock(mission)
        row = opened(locked, kind)
        hospital = locked.destination
        if hospital is None:
            raise Refused(
                _("Choose the hospital first: the team is one of its own."), code="no_hospital"
            )
        found, fresh = TeamActivation.objects.get_or_create(
            pathway=row,
            hospital=hospital,
            team=team,
            stood_down_at=None,
            defaults={"activated_at": now, "activated_by": actor},
        )
        if fresh:
            tell("team.activated", row, locked, actor=actor, now=now)
    return found


def accept(*, activation: TeamActivation, actor: User, now: datetime) -> TeamActivation:
    """A named person of the hospital takes it for the team. The first name stays."""
    mission = activation.pathway.mission
    if actor.role != Role.ED_STAFF or actor.organisation_id != activation.hospital_id:
        raise NoAccess
    admit_side(actor, mission, now)
    with transaction.atomic():
        locked = lock(mission)
        row = TeamActivation.objects.select_for_update(of=("self",), no_key=True).get(
            pk=activation.pk
        )
        if row.stood_down_at:
            raise Refused(_("The team has been stood down."), code="stood_down")
        if row.accepted_at is None:
            row.accepted_at, row.accepted_by = now, actor
            row.save(update_fields=["accepted_at", "accepted_by"])
            tell("team.accepted", activation.pathway, locked, actor=actor, now=now)
    return row


def stand_down(*, activation: TeamActivation, actor: User, now: datetime) -> TeamActivation:
    mission = activation.pathway.mission
    admit_side(actor, mission, now)
    with transaction.atomic():
        locked = lock(mission)
        row = TeamActivation.objects.select_for_update(of=("self",), no_key=True).get(
            pk=activation.pk
        )
        if row.stood_down_at is None:
            row.stood_down_at, row.stood_down_by = now, actor
            row.save(update_fields=["stood_down_at", "stood_down_by"])
            tell("team.stood_down", activation.pathway, locked, actor=actor, now=now)
    return row


def end_pathway(
    *, mission: Mission, kind: str, reason: str, discard: bool, actor: User, now: datetime
) -> Pathway:
    """Close what was carried out, or discard what was none; its teams are stood down."""
    admit_side(actor, mission, now)
    if reason not in END_REASONS:
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        locked = lock(mission)
        row = active_pathway(locked, kind)
        if row is None:
            return newest_pathway(locked, kind)
        discarded = discard or row.state == State.PROPOSED
        row.state = State.DISCARDED if discarded else State.CLOSED
        row.ended_at, row.ended_by, row.end_reason = now, actor, reason
        row.save()
        if discarded:
            row.teams.filter(stood_down_at=None).update(stood_down_at=now, stood_down_by=actor)
        tell(f"pathway.{row.state}", row, locked, actor=actor, now=now)
    return row


def leave_hospital(
    *, mission: Mission, hospital: Organisation, actor: User | None, now: datetime
) -> None:
    """The patient goes elsewhere: its teams stand down, and its word where to go is void.

    Inside the caller's transaction, with the mission locked.
    """
    for row in Pathway.objects.filter(mission=mission, state__in=ACTIVE):
        stood_down = row.teams.filter(hospital=hospital, stood_down_at=None).update(
            stood_down_at=now, stood_down_by=actor
        )
        directed = bool(row.direct_to)
        if directed:
            row.direct_to, row.direct_at, row.direct_by = "", None, None
            row.save(update_fields=["direct_to", "direct_at", "direct_by"])
        if stood_down or directed:
            tell("team.stood_down", row, mission, actor=actor, now=now)


def admit_side(actor: User, mission: Mission, now: datetime) -> Suspicion:
    """Which of the three sides this is. Raises NoAccess or NotAllowed for any other."""
    if actor.role in CONTROL_ROOM:
        if control_room(actor).pk != mission.incident.centre_id:
            raise NotAllowed(_("This belongs to another centre."), code="other_centre")
        return Suspicion.DISPATCHER
    relation, side = CLINICAL_SIDES.get(actor.role, (Relation.CREW, Suspicion.CREW))
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=relation,
        purpose=Purpose.HANDOVER,
        now=now,
    )
    return side


def opened(mission: Mission, kind: str) -> Pathway:
    """Raises NoPathway."""
    row = active_pathway(mission, kind)
    if row is None or row.state != State.OPEN:
        raise NoPathway(_("This pathway is not open."))
    return row


def newest_pathway(mission: Mission, kind: str) -> Pathway:
    """The active one, else the one that ended last. Raises NoPathway."""
    row = active_pathway(mission, kind) or (
        Pathway.objects.filter(mission=mission, kind=kind).order_by("-ended_at").first()
    )
    if row is None:
        raise NoPathway(_("This pathway is not open."))
    return row


def lock(mission: Mission) -> Mission:
    return (
        Mission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("incident", "destination")
        .get(pk=mission.pk)
    )


def tell(
    kind: str,
    row: Pathway,
    mission: Mission,
    *,
    actor: User | None,
    now: datetime,
    occurred_at: datetime | None = None,
) -> None:
    """Which pathway it is stands in no journal row: that would be clinical."""
    append(
        kind=kind,
        actor=actor,
        now=now,
        occurred_at=occurred_at,
        refs={**refs_of(mission), "pathway": row.pk},
    )
