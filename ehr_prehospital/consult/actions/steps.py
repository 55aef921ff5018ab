"""What every action of a consult needs: the lock, the refusal, who rings next, what to tell."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from dispatch.fleet.actions import refs_of
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import User
from ehr_prehospital.access.actions import (
    NoAccess,
    Purpose,
    admit,
    close_personal_sight,
    refuse,
)
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.consult.models import Consult, ConsultParty, ConsultRequest
from ehr_prehospital.consult.queries import duty, open_request, party_of, seats
from ehr_prehospital.consult.rules.calls import (
    ConsultState,
    IllegalStep,
    PartyState,
    Side,
    Step,
    after,
    consult_state,
    is_over,
)
from ehr_prehospital.consult.rules.duty import next_to_ring


class NotPossible(Refused):
    """A step that the table does not have from where things stand."""

    code = "illegal_transition"


def admit_crew(actor: User, consult: Consult, now: datetime) -> None:
    admit(
        user=actor,
        mission=consult.mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.CONSULT,
        now=now,
    )


def turn_away(actor: User, consult: Consult, now: datetime, reason: str) -> None:
    """Raise NoAccess, written down; outside any transaction."""
    encounter = encounter_of(consult.mission)
    refuse(
        user=actor,
        mission=consult.mission,
        patient_id=encounter.patient_id if encounter else None,
        purpose=Purpose.CONSULT,
        reason=reason,
        now=now,
    )
    raise NoAccess


def admit_party(actor: User, consult: Consult, now: datetime) -> ConsultParty:
    """The connected party of this person; anybody else is turned away."""
    party = party_of(consult, actor)
    if party is None:
        turn_away(actor, consult, now, "not_in_consult")
    assert party is not None  # noqa: S101  (turned away otherwise)
    return party


def lock(consult: Consult) -> Consult:
    return (
        Consult.objects.select_for_update(of=("self",), no_key=True)
        .select_related("mission__incident", "opened_by")
        .get(pk=consult.pk)
    )


def refs(consult: Consult) -> dict[str, UUID]:
    return {**refs_of(consult.mission), "consult": consult.pk}


def tell(
    kind: str,
    consult: Consult,
    *,
    actor: User | None,
    now: datetime,
    detail: dict[str, str | int | None] | None = None,
    **more: UUID | None,
) -> None:
    named = {name: value for name, value in more.items() if value}
    append(
        kind=f"consult.{kind}",
        actor=actor,
        now=now,
        refs={**refs(consult), **named},
        detail=detail,
    )


def move(party: ConsultParty, step: Step, now: datetime, *, reason: str = "") -> bool:
    """Take a step; False when it was taken before. Raises NotPossible."""
    try:
        state = after(PartyState(party.state), step)
    except IllegalStep as illegal:
        raise NotPossible(_("Not possible any more: the call has moved on.")) from illegal
    if state == party.state:
        return False
    party.state = state
    if state is PartyState.CONNECTED:
        party.answered_at = party.heard_at = now
    else:
        party.ended_at, party.reason = now, reason
    party.save()
    return True


def ring(consult: Consult, request: ConsultRequest, now: datetime) -> ConsultParty | None:
    """Ring the next one for this request, if there is one; the caller holds the consult's lock."""
    if request.hospital_id:
        user_id, side = None, Side.HOSPITAL
    else:
        centre = consult.mission.incident.centre
        found = next_to_ring(
            duty(centre, request=request, now=now), specialty=request.specialty, now=now
        )
        if found is None:
            return None
        user_id, side = found.user_id, Side.PHYSICIAN
    party = ConsultParty.objects.create(
        consult=consult,
        request=request,
        side=side,
        user_id=user_id,
        hospital_id=request.hospital_id,
        state=PartyState.RINGING,
        rung_at=now,
    )
    settle(consult, now)
    tell("rung", consult, actor=None, now=now, party=party.pk, hospital=request.hospital_id)
    return party


def settle(consult: Consult, now: datetime) -> None:
    """Bring the consult's state in line with its parties; the caller tells and saves nothing."""
    state = consult_state(seats(consult.parties.all()), ended=consult.ended_at is not None)
    if state != consult.state:
        consult.state = state
        consult.save(update_fields=["state", "ended_at", "ended_by"])


def go(consult: Consult, party: ConsultParty, step: Step, now: datetime) -> UUID | None:
    """A party leaves: its sight of the patient closes at once. The grant that was closed."""
    move(party, step, now)
    if party.side == Side.CREW or party.user is None:
        return None
    grant = close_personal_sight(mission=consult.mission, user=party.user, now=now)
    return grant.pk if grant else None


def finish(consult: Consult, *, actor: User | None, now: datetime) -> None:
    """End the whole consult: what rings stops, who is inside leaves, no sight stays open."""
    for request in consult.requests.filter(closed_at__isnull=True):
        request.closed_at = now
        request.save(update_fields=["closed_at"])
    sights = []
    for party in consult.parties.select_related("user"):
        if party.state == PartyState.RINGING:
            move(party, Step.WITHDRAW, now)
        elif party.state == PartyState.CONNECTED:
            sights.append(go(consult, party, Step.LEAVE, now))
    consult.ended_at, consult.ended_by, consult.state = now, actor, ConsultState.ENDED
    consult.save(update_fields=["state", "ended_at", "ended_by"])
    for sight in sights:
        if sight:
            tell("left", consult, actor=actor, now=now, sight=sight)
    tell("ended", consult, actor=actor, now=now)


def finish_if_over(consult: Consult, *, actor: User | None, now: datetime) -> bool:
    """Ends the consult when only the crew is left and nobody is asked for."""
    if is_over(seats(consult.parties.all()), asked=open_request(consult) is not None):
        finish(consult, actor=actor, now=now)
        return True
    settle(consult, now)
    return False
