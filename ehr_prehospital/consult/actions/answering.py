"""Accept, decline, leave, end. The sight of the patient opens and closes with these."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.refusals import Refused
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import open_personal_sight
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.consult.actions.calling import close_request, open_or_refuse
from ehr_prehospital.consult.actions.steps import (
    NotPossible,
    admit_crew,
    finish,
    finish_if_over,
    go,
    lock,
    move,
    ring,
    settle,
    tell,
    turn_away,
)
from ehr_prehospital.consult.models import Consult, ConsultParty, ConsultRequest
from ehr_prehospital.consult.queries import centres_on_call_for, open_request, party_of
from ehr_prehospital.consult.rules.calls import PartyState, Side, Step
from ehr_prehospital.consult.rules.duty import ANY
from ehr_prehospital.consult.words import REASONS


def accept(*, consult: Consult, actor: User, now: datetime) -> ConsultParty:
    """Answer the call: who is rung, staff of the hospital that is rung, or who is on call for it.

    Taken twice it changes nothing. Raises NoAccess for anybody else, Refused when it was answered.
    """
    already = party_of(consult, actor)
    if already:
        return already
    may = may_answer(consult, actor, now)
    if not may and not was_asked(consult, actor):
        turn_away(actor, consult, now, "not_called")
    with transaction.atomic():
        locked = lock(consult)
        open_or_refuse(locked)
        request = open_request(locked)
        if request is None or not may:
            raise Refused(_("Somebody else has answered."), code="answered_elsewhere")
        party = answering_party(locked, request, actor, now)
        move(party, Step.ACCEPT, now)
        close_request(locked, request, actor=actor, now=now)
        sight = open_personal_sight(mission=locked.mission, user=actor, now=now)
        encounter = encounter_of(locked.mission)
        relieve(locked, request, actor, now)
        settle(locked, now)
        tell(
            "accepted",
            locked,
            actor=actor,
            now=now,
            party=party.pk,
            sight=sight.pk,
            patient=encounter.patient_id if encounter else None,
            hospital=party.hospital_id,
        )
    return party


def may_answer(consult: Consult, actor: User, now: datetime) -> bool:
    request = open_request(consult)
    if request is None:
        return False
    if request.hospital_id:
        return actor.role == Role.ED_STAFF and actor.organisation_id == request.hospital_id
    if actor.role != Role.REMOTE_PHYSICIAN:
        return False
    centre = consult.mission.incident.centre_id
    specialties = centres_on_call_for(actor, now=now).get(centre, frozenset())
    rung = consult.parties.filter(user=actor, state=PartyState.RINGING).exists()
    return rung or bool(specialties and (request.specialty in {ANY, *specialties}))


def was_asked(consult: Consult, actor: User) -> bool:
    """Rung before, so that "answered elsewhere" tells nothing new."""
    return consult.parties.filter(user=actor).exists() or (
        actor.role == Role.ED_STAFF
        and consult.parties.filter(hospital=actor.organisation_id).exists()
    )


def answering_party(
    consult: Consult, request: ConsultRequest, actor: User, now: datetime
) -> ConsultParty:
    """The ringing party that this person answers; who takes it from the queue gets one."""
    ringing = request.parties.filter(state=PartyState.RINGING)
    party = ringing.first() if request.hospital_id else ringing.filter(user=actor).first()
    if party is None:
        party = ConsultParty.objects.create(
            consult=consult,
            request=request,
            side=Side.HOSPITAL if request.hospital_id else Side.PHYSICIAN,
            user=actor,
            hospital_id=request.hospital_id,
            state=PartyState.RINGING,
            rung_at=now,
        )
    party.user = actor
    return party


def relieve(consult: Consult, request: ConsultRequest, actor: User, now: datetime) -> None:
    """A transfer is complete: who handed the call on leaves it."""
    former = request.instead_of
    if former and former.state == PartyState.CONNECTED:
        sight = go(consult, former, Step.LEAVE, now)
        tell(
            "left",
            consult,
            actor=former.user,
            now=now,
            party=former.pk,
            sight=sight,
            detail={"transferred_to": str(actor.pk)},
        )


def decline(*, consult: Consult, reason: str, actor: User, now: datetime) -> Consult:
    """Not now: the next one rings at once. A hospital's decline stops its ringing everywhere."""
    rung = consult.parties.filter(state=PartyState.RINGING)
    mine = rung.filter(user=actor).first()
    if mine is None and actor.role == Role.ED_STAFF:
        mine = rung.filter(hospital=actor.organisation_id, user__isnull=True).first()
    if mine is None:
        if was_asked(consult, actor):
            raise NotPossible(_("Not possible any more: the call has moved on."))
        turn_away(actor, consult, now, "not_called")
    assert mine is not None  # noqa: S101  (turned away otherwise)
    with transaction.atomic():
        locked = lock(consult)
        party = ConsultParty.objects.get(pk=mine.pk)
        if move(party, Step.DECLINE, now, reason=reason if reason in REASONS else ""):
            tell(
                "declined",
                locked,
                actor=actor,
                now=now,
                party=party.pk,
                hospital=party.hospital_id,
                detail={"reason": party.reason},
            )
            on_unanswered(locked, party, now)
    return locked


def on_unanswered(consult: Consult, party: ConsultParty, now: datetime) -> None:
    """Somebody did not answer: a physician's call goes on to the next, a hospital's is over."""
    request = party.request
    if request is None or request.closed_at:
        settle(consult, now)
    elif request.hospital_id:
        close_request(consult, request, actor=None, now=now)
        finish_if_over(consult, actor=None, now=now)
    elif ring(consult, request, now) is None:
        settle(consult, now)


def leave(*, consult: Consult, actor: User, now: datetime) -> Consult:
    """Hang up. The crew's hanging up ends the consult; a physician's ends it when he was the last.

    The sight of the patient closes at once.
    """
    party = party_of(consult, actor)
    if party is None:
        if consult.parties.filter(user=actor).exists():
            return consult  # hung up before
        turn_away(actor, consult, now, "not_in_consult")
    assert party is not None  # noqa: S101  (turned away otherwise)
    if party.side == Side.CREW:
        return end(consult=consult, actor=actor, now=now)
    with transaction.atomic():
        locked = lock(consult)
        sight = go(locked, party, Step.LEAVE, now)
        for request in locked.requests.filter(closed_at__isnull=True, instead_of=party):
            request.instead_of = None
            request.save(update_fields=["instead_of"])
        tell("left", locked, actor=actor, now=now, party=party.pk, sight=sight)
        finish_if_over(locked, actor=actor, now=now)
    return locked


def end(*, consult: Consult, actor: User, now: datetime) -> Consult:
    """The crew ends the consult for all. Said twice it changes nothing."""
    admit_crew(actor, consult, now)
    with transaction.atomic():
        locked = lock(consult)
        if locked.ended_at is None:
            finish(locked, actor=actor, now=now)
    return locked
