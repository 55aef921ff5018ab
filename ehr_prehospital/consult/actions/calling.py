"""Call somebody from the vehicle, ask for one more, hand the call on."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import Organisation, User
from ehr_prehospital.consult.actions.steps import (
    admit_crew,
    admit_party,
    finish_if_over,
    lock,
    move,
    ring,
    settle,
    tell,
)
from ehr_prehospital.consult.models import Consult, ConsultParty, ConsultRequest
from ehr_prehospital.consult.queries import party_of, seats
from ehr_prehospital.consult.rules.calls import ConsultState, PartyState, Side, Step, is_full
from ehr_prehospital.consult.rules.duty import ANY
from ehr_prehospital.consult.words import SPECIALTIES
from ehr_prehospital.record.actions import open_record

LONGEST_REASON = 200


def call(
    *,
    consult_id: UUID,
    mission: Mission,
    specialty: str,
    hospital: Organisation | None,
    reason: str,
    actor: User,
    now: datetime,
) -> Consult:
    """The crew calls a physician on call, or a hospital. Idempotent on the id.

    Raises NoAccess for anybody but the crew, BadInput for nobody to call, Refused when a consult
    of this mission is open already, or the mission is over.
    """
    consult = Consult(
        id=consult_id,
        mission=mission,
        opened_by=actor,
        reason=reason.strip()[:LONGEST_REASON],
        opened_at=now,
    )
    admit_crew(actor, consult, now)
    check_wanted(specialty, hospital)
    if not mission.open:
        raise Refused(_("The mission is over."), code="mission_over")
    with transaction.atomic():
        earlier = Consult.objects.filter(pk=consult_id).select_related("mission").first()
        if earlier:
            if earlier.mission_id != mission.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        open_record(mission=mission, actor=actor, now=now)
        save_alone(consult)
        ConsultParty.objects.create(
            consult=consult,
            side=Side.CREW,
            user=actor,
            state=PartyState.CONNECTED,
            rung_at=now,
            answered_at=now,
            heard_at=now,
        )
        request = ConsultRequest.objects.create(
            consult=consult, specialty=specialty, hospital=hospital, asked_by=actor, asked_at=now
        )
        tell("called", consult, actor=actor, now=now, hospital=hospital.pk if hospital else None)
        ring(consult, request, now)
    return consult


def save_alone(consult: Consult) -> None:
    try:
        with transaction.atomic():
            consult.save(force_insert=True)
    except IntegrityError as clash:
        if "one_open_consult_per_mission" not in str(clash):
            raise
        raise Refused(_("A consult of this mission is open."), code="consult_open") from clash


def check_wanted(specialty: str, hospital: Organisation | None) -> None:
    if hospital is not None:
        if specialty or hospital.kind != Organisation.Kind.HOSPITAL or not hospital.active:
            raise BadInput(_("This is no hospital that can be called."), code="no_such_hospital")
    elif specialty != ANY and specialty not in SPECIALTIES:
        raise BadInput(_("There is no such specialty."), code="no_such_specialty")


def ask(
    *,
    consult: Consult,
    specialty: str,
    hospital: Organisation | None,
    transfer: bool,
    actor: User,
    now: datetime,
) -> ConsultRequest:
    """Somebody in the call asks for one more; `transfer`: and leaves once that one has answered."""
    party = admit_party(actor, consult, now)
    check_wanted(specialty, hospital)
    if transfer and party.side == Side.CREW:
        raise BadInput(_("The crew stays in its own consult."), code="crew_stays")
    with transaction.atomic():
        locked = lock(consult)
        open_or_refuse(locked)
        if locked.requests.filter(closed_at__isnull=True).exists():
            raise Refused(_("Somebody is being asked for already."), code="asked_already")
        if not transfer and is_full(seats(locked.parties.all())):
            raise Refused(_("More than four cannot talk at once."), code="call_full")
        request = ConsultRequest.objects.create(
            consult=locked,
            specialty=specialty,
            hospital=hospital,
            asked_by=actor,
            asked_at=now,
            instead_of=party if transfer else None,
        )
        tell(
            "asked",
            locked,
            actor=actor,
            now=now,
            hospital=hospital.pk if hospital else None,
            detail={"specialty": specialty, "transfer": "yes" if transfer else "no"},
        )
        ring(locked, request, now)
    return request


def take_back(*, consult: Consult, actor: User, now: datetime) -> Consult:
    """Stop asking: what rings for it stops. The consult ends when nobody else is in it."""
    admit_party(actor, consult, now)
    with transaction.atomic():
        locked = lock(consult)
        for request in locked.requests.filter(closed_at__isnull=True):
            close_request(locked, request, actor=actor, now=now)
        if locked.ended_at is None and party_of(locked, actor):
            finish_if_over(locked, actor=actor, now=now)
        settle(locked, now)
    return locked


def close_request(
    consult: Consult, request: ConsultRequest, *, actor: User | None, now: datetime
) -> None:
    request.closed_at = now
    request.save(update_fields=["closed_at"])
    for party in request.parties.filter(state=PartyState.RINGING):
        move(party, Step.WITHDRAW, now)
        tell("withdrawn", consult, actor=actor, now=now, party=party.pk, hospital=party.hospital_id)


def open_or_refuse(consult: Consult) -> None:
    if consult.state == ConsultState.ENDED:
        raise Refused(_("The consult has ended."), code="consult_ended")
