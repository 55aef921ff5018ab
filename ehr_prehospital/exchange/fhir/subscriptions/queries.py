"""Subscriptions as resources, their state, and the resources that an event is about."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from dispatch.people.models import User
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.exchange.fhir.server.served import id_of, of_type, resources_of
from ehr_prehospital.exchange.fhir.subscriptions.models import FhirSubscription, SubscriptionEvent
from ehr_prehospital.exchange.fhir.subscriptions.rules import (
    BACKPORT,
    PROFILE,
    RECORD,
    Content,
    Event,
    Json,
    Told,
)
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.models import Record

KIND = "fhir.subscription"
# What a notification with resources carries, by its topic.
CARRIED = ("Encounter", "Patient")
DOCUMENTS = ("Composition", "DocumentReference")
MOST_EVENTS = 100


def live() -> QuerySet[FhirSubscription]:
    """Those that nobody ended."""
    return FhirSubscription.objects.filter(ended_at__isnull=True).order_by("created_at", "pk")


def of_user(user: User) -> QuerySet[FhirSubscription]:
    """What the systems of a person's organisation asked for."""
    if user.organisation_id is None:
        return FhirSubscription.objects.none()
    found = FhirSubscription.objects.filter(user__organisation=user.organisation_id)
    return found.select_related("partner", "handshake").order_by("created_at", "pk")


def partner_for(user: User, endpoint: str) -> Partner | None:
    """The registered system of the user's own organisation that listens at this address."""
    organisation = user.organisation
    if organisation is None:
        return None
    return Partner.objects.filter(
        kind=KIND, active=True, address=endpoint, organisation=organisation.code
    ).first()


def state_of(row: FhirSubscription, now: datetime) -> str:
    """requested, active, error, off: by the handshake's and the last notification's fate."""
    if row.ended_at or (row.ends_at and row.ends_at <= now):
        return "off"
    last = Delivery.objects.filter(order_key=str(row.pk)).exclude(
        state__in=[Delivery.State.WAITING, Delivery.State.SENDING]
    )
    newest = last.order_by("-ended_at").first()
    if newest is None:
        return "requested"
    return "active" if newest.state == Delivery.State.DELIVERED else "error"


def address_of(row: FhirSubscription) -> str:
    return f"{row.base}/Subscription/{row.pk}"


def told(row: FhirSubscription, now: datetime) -> Told:
    return Told(address_of(row), row.topic, state_of(row, now), row.events)


def resource_of(row: FhirSubscription, now: datetime) -> Json:
    """The Subscription as a resource."""
    channel: Json = {
        "type": "rest-hook",
        "endpoint": row.partner.address,
        "payload": "application/fhir+json",
        "_payload": {
            "extension": [{"url": f"{BACKPORT}backport-payload-content", "valueCode": row.content}]
        },
    }
    if row.heartbeat_s:
        name = f"{BACKPORT}backport-heartbeat-period"
        channel["extension"] = [{"url": name, "valueUnsignedInt": row.heartbeat_s}]
    said: Json = {
        "resourceType": "Subscription",
        "id": str(row.pk),
        "meta": {"profile": [PROFILE], "lastUpdated": row.created_at.isoformat()},
        "status": state_of(row, now),
        "reason": row.reason or row.topic,
        "criteria": row.topic,
        "channel": channel,
    }
    if row.ends_at:
        said["end"] = row.ends_at.isoformat()
    if row.records:
        name = f"{BACKPORT}backport-filter-criteria"
        filters = ",".join(f"Patient/{patient_id(UUID(one))}" for one in row.records)
        said["_criteria"] = {
            "extension": [{"url": name, "valueString": f"Encounter?patient={filters}"}]
        }
    return said


def patient_id(record: UUID) -> str:
    return id_of(record, uuid5(record, "Patient"))


def focus_of(row: FhirSubscription, record: UUID) -> str:
    """The address of the record's Encounter; "" for a notification that tells nothing."""
    if row.content == Content.EMPTY:
        return ""
    return f"{row.base}/Encounter/{id_of(record, uuid5(record, 'Encounter'))}"


def events_between(row: FhirSubscription, first: int, last: int) -> list[Event]:
    rows = SubscriptionEvent.objects.filter(
        subscription=row, number__gte=first, number__lte=last
    ).order_by("number")[:MOST_EVENTS]
    return [Event(one.number, one.at, focus_of(row, one.record_id)) for one in rows]


def sees(user: User, record: Record, now: datetime) -> bool:
    """Whether the subscriber's user may see the patient now; asking is no look."""
    return may_see(user=user, mission=record.mission, now=now).level.covers(Level.CLINICAL)


def carried(row: FhirSubscription, record: Record, now: datetime) -> Iterator[tuple[str, Json]]:
    """The resources of an event with their addresses. The caller has asked the door."""
    found = resources_of(canonical_record(record, now=now))
    kinds: Sequence[str] = (*CARRIED, *(DOCUMENTS if row.topic == RECORD else ()))
    for kind in kinds:
        for one in of_type(found, kind):
            yield f"{row.base}/{kind}/{one['id']}", one
