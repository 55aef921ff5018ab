"""A hospital keeps its list and its times; a person lets a browser of theirs take push messages."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.alerting.channels.web_push import (
    PRIVATE,
    SERVICES,
    allowed,
    new_key,
    public_key,
)
from ehr_prehospital.alerting.models import AlertTiming, OnCall, PushSubscription
from ehr_prehospital.alerting.queries import channels_of
from ehr_prehospital.alerting.rules import Channel
from ehr_prehospital.delivery.credentials import opened, sealed
from ehr_prehospital.delivery.models import Partner

LONGEST_S = 3600
LEVELS = 3
# Of an alert (`handover/allocation.toml`).
URGENCIES = (1, 2, 3)
LEADS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class NoPush(Refused):
    """This centre sends no push messages."""

    code = "no_push"


def own_hospital(actor: User) -> Organisation:
    """Raises NotAllowed for anybody but the staff of a hospital."""
    own = actor.organisation
    if actor.role != Role.ED_STAFF or own is None or own.kind != Organisation.Kind.HOSPITAL:
        raise NotAllowed(_("Only the hospital itself may do this."))
    return own


def put_on_call(
    *,
    person: User,
    rank: int,
    team: str,
    phone: str,
    email: str,
    pager: str,
    actor: User,
    now: datetime,
) -> OnCall:
    """From now on; who stands at the same place of the list does so no more."""
    hospital = own_hospital(actor)
    if person.organisation_id != hospital.pk or not person.is_active:
        raise BadInput(_("This person does not work here."), code="not_of_this_hospital")
    with transaction.atomic():
        OnCall.objects.filter(
            hospital=hospital, rank=rank, team=team, ends_at=None, starts_at__lt=now
        ).update(ends_at=now)
        row = OnCall.objects.create(
            hospital=hospital,
            person=person,
            rank=rank,
            team=team,
            phone=phone.strip(),
            email=email.strip(),
            pager=pager.strip(),
            starts_at=now,
        )
        append(
            kind="alerting.on_call",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk, "user": person.pk},
            detail={"rank": rank},
        )
    return row


def take_off_call(*, row: OnCall, actor: User, now: datetime) -> None:
    hospital = own_hospital(actor)
    if row.hospital_id != hospital.pk:
        raise NotAllowed(_("Only the hospital itself may do this."))
    with transaction.atomic():
        if OnCall.objects.filter(pk=row.pk, ends_at=None).update(ends_at=now):
            append(
                kind="alerting.off_call",
                actor=actor,
                now=now,
                refs={"hospital": hospital.pk, "user": row.person_id},
            )


def own_times(actor: User) -> Organisation:
    """Whose times a person keeps: their hospital's, or, as who leads a centre, those of the centre.

    Raises NotAllowed for anybody else.
    """
    own = actor.organisation
    if own and own.kind == Organisation.Kind.DISPATCH_CENTRE and actor.role in LEADS:
        return own
    return own_hospital(actor)


def set_timing(
    *, urgency: int | None, seconds: Sequence[int], actor: User, now: datetime
) -> AlertTiming:
    """When the next one is told for this urgency, or for every one.

    A hospital says it for itself, a centre for its hospitals that say nothing.
    """
    place = own_times(actor)
    rising = list(seconds) == sorted(set(seconds))
    if len(seconds) != LEVELS or not rising or not all(0 < one <= LONGEST_S for one in seconds):
        raise BadInput(_("Three rising numbers of seconds, none above an hour."), code="bad_timing")
    if urgency is not None and urgency not in URGENCIES:
        raise BadInput(_("There is no such urgency."), code="bad_urgency")
    with transaction.atomic():
        hospital, centre = owner(place)
        row, _fresh = AlertTiming.objects.update_or_create(
            hospital=hospital,
            centre=centre,
            urgency=urgency,
            defaults={"after_s": list(seconds)},
        )
        _journal_timing(place, actor=actor, now=now, urgency=urgency, first_s=seconds[0])
    return row


def clear_timing(*, urgency: int | None, actor: User, now: datetime) -> None:
    """Back to what counts without it: to the centre's times, or to those that we come with."""
    place = own_times(actor)
    with transaction.atomic():
        hospital, centre = owner(place)
        gone, _kinds = AlertTiming.objects.filter(
            hospital=hospital, centre=centre, urgency=urgency
        ).delete()
        if gone:
            _journal_timing(place, actor=actor, now=now, urgency=urgency, first_s=None)


def owner(place: Organisation) -> tuple[Organisation | None, Organisation | None]:
    """The hospital or the centre of a setting; never both."""
    return (place, None) if place.kind == Organisation.Kind.HOSPITAL else (None, place)


def _journal_timing(
    place: Organisation, *, actor: User, now: datetime, urgency: int | None, first_s: int | None
) -> None:
    hospital = place.kind == Organisation.Kind.HOSPITAL
    append(
        kind="alerting.timing",
        actor=actor,
        now=now,
        refs={"hospital" if hospital else "centre": place.pk},
        detail={"urgency": urgency, "first_s": first_s},
    )


def push_key(*, actor: User) -> str:
    """The public key that a browser subscribes with; the private one is made when first asked for.

    Raises NoPush where nobody set push messages up.
    """
    partner = channels_of(own_hospital(actor)).get(Channel.WEB_PUSH)
    if partner is None:
        raise NoPush(_("Push messages are not set up for this hospital."))
    with transaction.atomic():
        locked = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
        known = opened(bytes(locked.credentials))
        if PRIVATE not in known:
            known[PRIVATE] = new_key()
            locked.credentials = sealed(known)
            locked.save(update_fields=["credentials"])
    return public_key(known[PRIVATE])


def subscribe(
    *, endpoint: str, p256dh: str, auth: str, actor: User, now: datetime
) -> PushSubscription:
    """A browser of this person. A browser that somebody else had is theirs no more."""
    partner = channels_of(own_hospital(actor)).get(Channel.WEB_PUSH)
    if partner is None:
        raise NoPush(_("Push messages are not set up for this hospital."))
    if not allowed(endpoint, str(partner.options.get(SERVICES, ""))):
        raise BadInput(_("This push service is not allowed here."), code="push_service_not_allowed")
    with transaction.atomic():
        row, _fresh = PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "person": actor,
                "p256dh": p256dh,
                "auth": auth,
                "made_at": now,
                "ended_at": None,
            },
        )
        append(
            kind="alerting.subscribed",
            actor=actor,
            now=now,
            refs={"hospital": own_hospital(actor).pk, "user": actor.pk},
        )
    return row


def unsubscribe(*, endpoint: str, actor: User, now: datetime) -> None:
    with transaction.atomic():
        mine = PushSubscription.objects.filter(endpoint=endpoint, person=actor, ended_at=None)
        if mine.update(ended_at=now):
            append(
                kind="alerting.unsubscribed",
                actor=actor,
                now=now,
                refs={"hospital": own_hospital(actor).pk, "user": actor.pk},
            )
