"""Ask, accept or decline, withdraw; once both agreed, dispatch gets an incident like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from ambulance_agent.protocol import Fact
from dispatch.calls.actions import PatientHint, Place, open_transfer
from dispatch.calls.models import Incident
from dispatch.decision.models import Hospital
from dispatch.decision.rules.hospitals import CAPABILITIES
from dispatch.fleet.models import Mission, MissionFact
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.record.actions import Identity, set_patient
from ehr_prehospital.transfer.models import Transfer
from ehr_prehospital.transfer.rules import (
    CONSENTS,
    DECLINED,
    ESCORTS,
    REASONS,
    URGENCIES,
    State,
    allowed,
)

# Any constant will do; it makes the incident's id out of the transfer's.
INCIDENTS = UUID("7c0f8a3b-5f9d-4f0e-9a57-6c2d1b0a4e55")


class NotPossible(Refused):
    """A step that the table of transfers does not have from where this one stands."""

    code = "illegal_transition"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sending department says of the patient, and who agreed for them."""

    diagnosis: str
    reason: str
    urgency: str
    consent: str
    consent_at: datetime
    consent_name: str = ""
    condition: str = ""
    ward: str = ""
    name: str = ""
    sex: str = "unknown"
    age_years: int | None = None
    needs: Sequence[str] = ()
    escorts: Sequence[str] = ()


def request_transfer(
    *, transfer_id: UUID, receiver: Organisation, asked: Asked, actor: User, now: datetime
) -> Transfer:
    """Ask another hospital to take a patient. Idempotent on the id; nothing moves by it.

    Raises NotAllowed for anybody but an emergency department, BadInput.
    """
    sender = _department(actor)
    _check(asked, sender, receiver, now)
    with transaction.atomic():
        row, first = Transfer.objects.get_or_create(
            id=transfer_id,
            defaults={
                "state": State.REQUESTED,
                "sender": sender,
                "receiver": receiver,
                "ward": asked.ward.strip()[:80],
                "name": asked.name.strip()[:120],
                "sex": asked.sex,
                "age_years": asked.age_years,
                "diagnosis": asked.diagnosis.strip()[:200],
                "condition": asked.condition.strip()[:500],
                "reason": asked.reason,
                "urgency": asked.urgency,
                "needs": sorted(set(asked.needs)),
                "escorts": sorted(set(asked.escorts)),
                "consent": asked.consent,
                "consent_name": asked.consent_name.strip()[:80],
                "consent_at": asked.consent_at,
                "requested_at": now,
                "requested_by": actor,
            },
        )
        if first:
            append(kind="transfer.requested", actor=actor, now=now, refs=refs_to(row))
        elif row.sender_id != sender.pk:
            raise BadInput(_("This identifier is already used."), code="id_in_use")
    return row


def accept(*, transfer: Transfer, receiving_team: str, actor: User, now: datetime) -> Transfer:
    """The other end agrees, by name: now there is an incident, and dispatch sends a unit."""
    _only(actor, transfer.receiver_id)
    with transaction.atomic():
        row = _locked(transfer)
        if row.state == State.ACCEPTED:
            return row
        _judge(row, State.ACCEPTED)
        row.state, row.answered_at, row.answered_by = State.ACCEPTED, now, actor
        row.receiving_team = receiving_team.strip()[:80]
        row.save()
        row.incident = _incident_for(row, actor, now)
        row.save(update_fields=["incident"])
        append(
            kind="transfer.accepted",
            actor=actor,
            now=now,
            refs={**refs_to(row), "incident": row.incident.pk},
        )
    return row


def decline(*, transfer: Transfer, reason: str, note: str, actor: User, now: datetime) -> Transfer:
    """The other end cannot take the patient, by name and with its reason."""
    _only(actor, transfer.receiver_id)
    if reason not in DECLINED:
        raise BadInput(_("Say why."), code="no_reason")
    with transaction.atomic():
        row = _locked(transfer)
        if row.state == State.DECLINED:
            return row
        _judge(row, State.DECLINED)
        row.state, row.answered_at, row.answered_by = State.DECLINED, now, actor
        row.decline_reason, row.decline_note = reason, note.strip()[:200]
        row.save()
        append(kind="transfer.declined", actor=actor, now=now, refs=refs_to(row))
    return row


def withdraw(*, transfer: Transfer, actor: User, now: datetime) -> Transfer:
    """The sender does not need it any more. What is accepted is cancelled with dispatch."""
    _only(actor, transfer.sender_id)
    with transaction.atomic():
        row = _locked(transfer)
        if row.state == State.WITHDRAWN:
            return row
        _judge(row, State.WITHDRAWN)
        row.state, row.withdrawn_at, row.withdrawn_by = State.WITHDRAWN, now, actor
        row.save()
        append(kind="transfer.withdrawn", actor=actor, now=now, refs=refs_to(row))
    return row


def look_at(*, transfer: Transfer, actor: User, now: datetime) -> Transfer:
    """The patient of a transfer, for both ends only; the look is a journal row, refused or not."""
    own = actor.role == Role.ED_STAFF and actor.organisation_id in (
        transfer.sender_id,
        transfer.receiver_id,
    )
    with transaction.atomic():
        append(
            kind="transfer.viewed" if own else "transfer.refused",
            actor=actor,
            now=now,
            refs={"transfer": transfer.pk, "user": actor.pk},
        )
    if not own:
        raise NotAllowed(_("This belongs to other hospitals."), code="other_hospital")
    return transfer


def on_mission_fact(mission: Mission, fact: MissionFact, now: datetime) -> None:
    """The crew is with the patient: who they are is known already, nobody types it again."""
    if fact.fact != Fact.AT_PATIENT or fact.undone_at or fact.actor is None:
        return
    row = Transfer.objects.filter(incident=mission.incident_id).first()
    encounter = encounter_of(mission)
    if row is None or encounter is None or encounter.patient.name or not row.name:
        return
    set_patient(
        mission=mission,
        identity=Identity(
            name=row.name, sex=row.sex if row.sex != "unknown" else "", age_years=row.age_years
        ),
        actor=fact.actor,
        now=now,
    )


def refs_to(row: Transfer) -> dict[str, UUID]:
    return {"transfer": row.pk, "hospital": row.receiver_id, "sender": row.sender_id}


def _incident_for(row: Transfer, actor: User, now: datetime) -> Incident:
    sender = row.sender
    place = Hospital.objects.filter(pk=sender.pk).first()
    if sender.parent is None or place is None:
        raise Refused(_("No control room drives for this hospital."), code="no_centre")
    return open_transfer(
        incident_id=uuid5(INCIDENTS, str(row.pk)),
        origin=Place(
            sender.name_en or sender.name_zh,
            place.lat,
            place.lon,
            "hospital",
            detail=row.ward,
            label_zh=sender.name_zh,
        ),
        destination=row.receiver,
        priority=URGENCIES[row.urgency],
        needs=row.needs,
        patient=PatientHint(row.sex, row.age_years),
        note="",
        centre=sender.parent,
        actor=actor,
        now=now,
    )


def _check(asked: Asked, sender: Organisation, receiver: Organisation, now: datetime) -> None:
    if receiver.kind != Organisation.Kind.HOSPITAL or not receiver.active:
        raise BadInput(_("This is no hospital that takes patients."), code="no_such_hospital")
    if receiver.pk == sender.pk:
        raise BadInput(_("Choose another hospital than your own."), code="same_hospital")
    if not asked.diagnosis.strip():
        raise BadInput(_("Name the diagnosis."), code="no_diagnosis")
    if asked.reason not in REASONS or asked.urgency not in URGENCIES:
        raise BadInput(_("Say why, and how soon."), code="no_reason")
    if asked.consent not in CONSENTS or asked.consent_at > now:
        raise BadInput(_("Say who agreed for the patient, and when."), code="no_consent")
    if asked.consent != "emergency" and not asked.consent_name.strip():
        raise BadInput(_("Name the person who agreed."), code="no_consent")
    if set(asked.needs) - set(CAPABILITIES) or set(asked.escorts) - set(ESCORTS):
        raise BadInput(_("This is no need of the list."), code="no_such_need")
    if asked.sex not in Incident.Sex or not (asked.age_years is None or asked.age_years <= 130):
        raise BadInput(_("This is no sex or age."), code="no_such_person")


def _department(actor: User) -> Organisation:
    own = actor.organisation
    if actor.role != Role.ED_STAFF or own is None:
        raise NotAllowed(_("Only the emergency department may do this."))
    return own


def _only(actor: User, hospital_id: UUID) -> None:
    if actor.role != Role.ED_STAFF or actor.organisation_id != hospital_id:
        raise NotAllowed(_("Only the other hospital may say this."), code="other_hospital")


def _locked(transfer: Transfer) -> Transfer:
    return (
        Transfer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sender__parent", "receiver")
        .get(pk=transfer.pk)
    )


def _judge(row: Transfer, step: State) -> None:
    if not allowed(row.state, step):
        raise NotPossible(_("Not possible any more: it has been answered or withdrawn."))
