"""Take a call, make an incident of it or attach it to one, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dispatch.calls.models import Call, Incident, IncidentNote
from dispatch.calls.rules.triage import GivenPriority, UnknownCode, protocol, triage
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User, next_number

CONTROL_ROOM = {Role.DISPATCHER, Role.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    lat: float
    lon: float
    source: str
    detail: str = ""
    # Of a place with a name in each language, whose `label` is then the English one.
    label_zh: str = ""


@dataclass(frozen=True, slots=True)
class PatientHint:
    """What the caller says of the patient."""

    sex: str = Incident.Sex.UNKNOWN
    age_years: int | None = None


def control_room(actor: User | None) -> Organisation:
    """The centre for which this person may act; refuse anyone outside a control room."""
    if actor is None or actor.role not in CONTROL_ROOM or actor.centre is None:
        raise NotAllowed(_("Only the control room may do this."))
    return actor.centre


def own_centre(actor: User | None, *subjects: Call | Incident) -> None:
    """Refuse the control room of another centre."""
    centre = control_room(actor)
    if any(subject.centre_id != centre.pk for subject in subjects):
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")


def answer_call(
    *, call_id: UUID, number_from: str, ring_at: datetime | None, actor: User, now: datetime
) -> Call:
    """Open the call that a dispatcher has just picked up; said again, it notes the number."""
    centre = control_room(actor)
    rang = min(ring_at or now, now)
    with transaction.atomic():
        call, fresh = Call.objects.get_or_create(
            id=call_id,
            defaults={
                "centre": centre,
                "number_from": number_from,
                "ring_at": rang,
                "answered_at": now,
                "taken_by": actor,
            },
        )
        if fresh:
            append(kind="call.answered", actor=actor, now=now, refs={"call": call.pk})
        elif number_from and number_from != call.number_from and call.centre_id == centre.pk:
            # The caller says the number while the clock already runs.
            call.number_from = number_from
            call.save(update_fields=["number_from"])
            append(kind="call.number_noted", actor=actor, now=now, refs={"call": call.pk})
    return call


def drop_call(*, call: Call, actor: User, now: datetime) -> None:
    """Close a call that needs no ambulance, or that broke off."""
    own_centre(actor, call)
    with transaction.atomic():
        closed = Call.objects.filter(pk=call.pk, closed_at__isnull=True, incident=None).update(
            closed_at=now
        )
        if not closed:
            raise Refused(_("This call already belongs to an incident."), code="call_in_use")
        append(kind="call.closed", actor=actor, now=now, refs={"call": call.pk})


def open_incident(
    *,
    incident_id: UUID,
    call: Call | None,
    place: Place,
    complaint: str,
    answers: Mapping[str, str],
    patient: PatientHint,
    caller_note: str,
    actor: User,
    now: datetime,
    given: GivenPriority | None = None,
) -> Incident:
    """Judge the answers, store the incident and put its call in the queue. Idempotent on id.

    With a given priority nothing is judged: its own protocol is stored, not ours.
    """
    centre = control_room(actor)
    using = protocol()
    try:
        # Ours is asked even then: the complaint must be a code that the screens know.
        judged = triage(complaint=complaint, answers=answers, using=using)
    except UnknownCode as unknown:
        raise BadInput(
            _("The triage protocol does not know “%(code)s”.") % {"code": unknown}
        ) from unknown
    if given:
        judged = given.triage
    if not place.label.strip():
        raise BadInput(_("An incident needs a place."), code="no_place")
    with transaction.atomic():
        earlier = Incident.objects.filter(pk=incident_id).first()
        if earlier:
            return earlier
        incident = Incident.objects.create(
            id=incident_id,
            number=next_number(centre.code, localdate(now)),
            centre=centre,
            opened_at=now,
            complaint=complaint,
            priority=judged.priority,
            determinant=judged.determinant,
            protocol_id=given.protocol_id if given else using.id,
            protocol_version=given.protocol_version if given else using.version,
            answers=dict(answers),
            reasons=list(judged.reasons),
            needs=list(judged.needs),
            place_label=place.label,
            place_detail=place.detail,
            place_source=place.source,
            lat=place.lat,
            lon=place.lon,
            caller_note=caller_note,
            patient_sex=patient.sex,
            patient_age_years=patient.age_years,
        )
        refs = {"incident": incident.pk}
        if call:
            link(call=call, incident=incident, now=now)
            refs["call"] = call.pk
        append(
            kind="incident.opened",
            actor=actor,
            now=now,
            refs=refs,
            detail={"complaint": complaint, "priority": judged.priority},
        )
    return incident


# A posting is nobody's emergency: after all of them.
POSTING_PRIORITY = 5


def open_posting(
    *,
    incident_id: UUID,
    kind: str,
    place: Place,
    reasons: Sequence[str],
    centre: Organisation,
    now: datetime,
) -> Incident:
    """A place where a unit is to wait; inside the transaction that sends one there.

    The mission's journal row tells of it. Numbered apart, so that emergencies have no gaps.
    """
    return Incident.objects.create(
        id=incident_id,
        number=next_number(f"{centre.code}-P", localdate(now)),
        kind=Incident.Kind(kind),
        centre=centre,
        opened_at=now,
        complaint=kind,
        priority=POSTING_PRIORITY,
        reasons=list(reasons),
        place_label=place.label,
        place_label_zh=place.label_zh,
        place_detail=place.detail,
        place_source=place.source,
        lat=place.lat,
        lon=place.lon,
    )


def open_transfer(
    *,
    incident_id: UUID,
    origin: Place,
    destination: Organisation,
    priority: int,
    needs: Sequence[str],
    patient: PatientHint,
    note: str,
    centre: Organisation,
    actor: User,
    now: datetime,
) -> Incident:
    """From one hospital to another, once both have agreed; idempotent on the id.

    Whoever calls has asked both ends: here it becomes an incident like any other, which
    waits for a unit and knows where it goes.
    """
    with transaction.atomic():
        incident, first = Incident.objects.get_or_create(
            id=incident_id,
            defaults={
                "number": next_number(f"{centre.code}-T", localdate(now)),
                "kind": Incident.Kind.TRANSFER,
                "centre": centre,
                "opened_at": now,
                "complaint": Incident.Kind.TRANSFER,
                "priority": priority,
                "needs": list(needs),
                "destination": destination,
                "caller_note": note,
                "patient_sex": patient.sex,
                "patient_age_years": patient.age_years,
                "place_label": origin.label,
                "place_label_zh": origin.label_zh,
                "place_detail": origin.detail,
                "place_source": origin.source,
                "lat": origin.lat,
                "lon": origin.lon,
            },
        )
        if first:
            append(
                kind="incident.transfer_opened",
                actor=actor,
                now=now,
                refs={"incident": incident.pk, "hospital": destination.pk},
            )
    return incident


def link(*, call: Call, incident: Incident, now: datetime) -> None:
    """Give an open call to an incident; a call belongs to one incident only."""
    linked = Call.objects.filter(pk=call.pk, incident=None, closed_at__isnull=True).update(
        incident=incident, queued_at=now
    )
    if not linked:
        raise Refused(_("This call already belongs to an incident."), code="call_in_use")


def detach_call(*, call: Call, actor: User, now: datetime) -> None:
    """It was about something else: the call waits for an incident again."""
    own_centre(actor, call)
    with transaction.atomic():
        locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        incident = locked.incident
        if incident is None or locked.closed_at:
            raise Refused(_("This call is on no open incident."), code="call_not_attached")
        if incident.calls.count() < 2:
            raise Refused(
                _("An incident keeps its only call; close the incident."), code="only_call"
            )
        locked.incident, locked.queued_at = None, None
        locked.save(update_fields=["incident", "queued_at"])
        append(
            kind="call.detached",
            actor=actor,
            now=now,
            refs={"call": locked.pk, "incident": incident.pk},
        )


def attach_call(*, call: Call, incident: Incident, actor: User, now: datetime) -> None:
    """A further call about an event that is already known."""
    own_centre(actor, call, incident)
    with transaction.atomic():
        if incident.closed_at:
            raise Refused(_("This incident is closed."), code="incident_closed")
        link(call=call, incident=incident, now=now)
        append(
            kind="call.attached",
            actor=actor,
            now=now,
            refs={"call": call.pk, "incident": incident.pk},
        )


def add_note(
    *, note_id: UUID, incident: Incident, text: str, actor: User, now: datetime
) -> IncidentNote:
    """Something to know about an open incident, for the control room and the crew.

    Idempotent on the id; the journal names the note, not what was written.
    """
    own_centre(actor, incident)
    said = " ".join(text.split())
    if not said:
        raise BadInput(_("The note is empty."), code="empty_note")
    with transaction.atomic():
        if Incident.objects.select_for_update(no_key=True).get(pk=incident.pk).closed_at:
            raise Refused(_("This incident is closed."), code="incident_closed")
        note, fresh = IncidentNote.objects.get_or_create(
            id=note_id,
            defaults={
                "incident": incident,
                "text": said,
                "written_at": now,
                "written_by": actor,
            },
        )
        if fresh:
            append(
                kind="incident.noted",
                actor=actor,
                now=now,
                refs={"incident": incident.pk, "note": note.pk},
            )
    return note
