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


def set_timing(
    *, urgency: int | None, seconds: Sequence[int], actor: User, now: datetime
) -> AlertTiming:
    """When the next one is told, for this hospital and this urgency (None: every urgency)."""
    hospital = own_hospital(actor)
    rising = list(seconds) == sorted(set(seconds))
    if len(seconds) != LEVELS or not rising or not all(0 < one <= LONGEST_S for one in seconds):
        raise BadInput(_("Three rising numbers of seconds, none above an hour."), code="bad_timing")
    with transaction.atomic():
        row, _fresh = AlertTiming.objects.update_or_create(
            hospital=hospital, urgency=urgency, defaults={"after_s": list(seconds)}
        )
        append(
            kind="alerting.timing",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={"urgency": urgency, "first_s": seconds[0]},
        )
    return row


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
