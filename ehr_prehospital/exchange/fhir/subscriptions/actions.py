"""Subscribe, end, and tell: rows of the journal become events, events become deliveries."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.delivery.actions import Draft, queue
from ehr_prehospital.delivery.models import Delivery
from ehr_prehospital.exchange.fhir.server.served import record_in
from ehr_prehospital.exchange.fhir.subscriptions.models import FhirSubscription, SubscriptionEvent
from ehr_prehospital.exchange.fhir.subscriptions.queries import (
    KIND,
    address_of,
    carried,
    focus_of,
    live,
    partner_for,
    sees,
    state_of,
)
from ehr_prehospital.exchange.fhir.subscriptions.rules import (
    HANDOVER,
    Content,
    Event,
    Json,
    Told,
    Wish,
    concerns,
    notification,
)
from ehr_prehospital.record.models import Record

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/fhir+json"
ROWS_AT_ONCE = 500


def subscribe(*, user: User, wish: Wish, base: str, now: datetime) -> FhirSubscription:
    """A new subscription, told from now on; the handshake is the first that is sent.

    The address must be that of a partner that an administrator registered for the same
    organisation: nobody has patients' data sent to an address of their own choice.
    """
    organisation = user.organisation
    if organisation is None or organisation.kind != Organisation.Kind.HOSPITAL:
        raise NotAllowed(_("Only a hospital's system can subscribe."), code="no_hospital")
    partner = partner_for(user, wish.endpoint)
    if partner is None:
        raise BadInput(
            _("This endpoint is not registered as a partner of this hospital."),
            code="unknown_endpoint",
        )
    records = [record_in(one) for one in wish.patients]
    if None in records:
        raise BadInput(_("The filter names a patient that is not here."), code="unknown_patient")
    with transaction.atomic():
        row = FhirSubscription.objects.create(
            id=uuid4(),
            user=user,
            partner=partner,
            topic=wish.topic,
            content=wish.content,
            records=[str(one) for one in records],
            base=base,
            reason=wish.reason,
            heartbeat_s=wish.heartbeat_s,
            created_at=now,
            ends_at=wish.ends_at,
            cursor=head(),
            told_at=now,
        )
        # No event can go before it: they share an order key.
        row.handshake = _send(row, "handshake", "requested", now=now)
        row.save(update_fields=["handshake"])
        _journal("fhir.subscribed", row, now=now)
    return row


def unsubscribe(*, subscription: FhirSubscription, now: datetime) -> FhirSubscription:
    """Nothing more is told. Ending it twice changes nothing."""
    with transaction.atomic():
        row = FhirSubscription.objects.select_for_update(of=("self",), no_key=True).get(
            pk=subscription.pk
        )
        if row.ended_at is None:
            row.ended_at = now
            row.save(update_fields=["ended_at"])
            _journal("fhir.unsubscribed", row, now=now)
    return row


def tell_subscribers(*, now: datetime) -> int:
    """What the journal says since each one's cursor becomes deliveries; how many.

    Safe in several processes: a subscription that another is at is left to it. One that
    cannot be told does not stop the others.
    """
    count = 0
    for subscription in list(live().values_list("pk", flat=True)):
        with transaction.atomic():
            row = (
                live()
                .filter(pk=subscription)
                .select_for_update(of=("self",), no_key=True, skip_locked=True)
                .select_related("user__organisation", "partner")
                .first()
            )
            if row is not None:
                count += _tell(row, now=now)
    return count


def _tell(row: FhirSubscription, *, now: datetime) -> int:
    if row.ends_at and row.ends_at <= now:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        _journal("fhir.unsubscribed", row, now=now)
        return 0
    rows = rows_since(row.cursor, limit=ROWS_AT_ONCE)
    told = 0
    for record, at in _concerned(row, rows):
        told += _event(row, record, at, now=now)
    if rows:
        row.cursor = rows[-1].pk
    if told == 0 and _heart_is_due(row, now):
        _send(row, "heartbeat", state_of(row, now), now=now)
        row.told_at = now
        told = 1
    row.save(update_fields=["cursor", "events", "told_at"])
    return told


def _concerned(row: FhirSubscription, rows: Iterable[Entry]) -> list[tuple[Record, datetime]]:
    """The records that the rows are about, each once, with the newest row's time."""
    found: dict[UUID, datetime] = {}
    hospital = str(row.user.organisation_id)
    for one in rows:
        mission = one.refs.get("mission")
        if mission is None or not concerns(row.topic, one.kind):
            continue
        # A step of a handover names its hospital; one that lost the patient hears of that, too.
        if row.topic == HANDOVER and one.refs.get("hospital") != hospital:
            continue
        found[UUID(mission)] = one.recorded_at
    records = Record.objects.filter(mission__in=found).select_related("mission__incident")
    wanted = set(row.records)
    return [
        (record, found[record.mission_id])
        for record in records
        if not wanted or str(record.pk) in wanted
    ]


def _event(row: FhirSubscription, record: Record, at: datetime, *, now: datetime) -> int:
    """One event, where the subscriber may hear of it; what it carries is a look like any other."""
    visible = sees(row.user, record, now)
    if not visible and row.topic != HANDOVER:
        return 0
    row.events += 1
    row.told_at = now
    SubscriptionEvent.objects.create(subscription=row, number=row.events, at=at, record=record)
    resources: list[tuple[str, Json]] = []
    if visible and row.content == Content.FULL:
        look(
            user=row.user,
            mission=record.mission,
            needed=Level.CLINICAL,
            purpose=Purpose.RECORD,
            now=now,
        )
        resources = list(carried(row, record, now))
    event = Event(row.events, at, focus_of(row, record.pk))
    _send(
        row,
        "event-notification",
        "active",
        now=now,
        event=event,
        resources=resources,
        record=record,
    )
    return 1


def _heart_is_due(row: FhirSubscription, now: datetime) -> bool:
    due = row.heartbeat_s and now - row.told_at >= timedelta(seconds=row.heartbeat_s)
    return bool(due) and state_of(row, now) == "active"


def _send(
    row: FhirSubscription,
    kind: str,
    state: str,
    *,
    now: datetime,
    event: Event | None = None,
    resources: Iterable[tuple[str, Json]] = (),
    record: Record | None = None,
) -> Delivery:
    bundle = notification(
        Told(address_of(row), row.topic, state, row.events),
        kind,
        subscription=row.pk,
        events=[event] if event else [],
        resources=resources,
        now=now,
    )
    name = str(event.number) if event else f"{kind}/{now.isoformat()}"
    draft = Draft(
        content=json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode(),
        content_type=CONTENT_TYPE,
        sameness_key=f"{row.pk}/{name}",
        order_key=str(row.pk),
        kind=KIND,
        mission=record.mission if record else None,
    )
    return queue(partner=row.partner, draft=draft, actor=None, now=now)


def _journal(kind: str, row: FhirSubscription, *, now: datetime) -> None:
    append(
        kind=kind,
        actor=row.user,
        now=now,
        refs={"user": row.user_id, "centre": row.partner.centre_id},
        detail={"subscription": str(row.pk), "topic": row.topic},
    )
