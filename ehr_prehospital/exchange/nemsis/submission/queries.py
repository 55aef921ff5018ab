"""Which closed records were submitted, and which not yet."""

from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.record.models import Record

AT_ONCE = 20


def sameness_key(record_id: UUID, version: int) -> str:
    return f"{record_id}:{version}"


def unsubmitted(partner: Partner) -> QuerySet[Record]:
    """Closed records of the partner's centre whose newest version was never queued for it."""
    key = Concat(Cast(F("pk"), CharField()), Value(":"), Cast(F("version"), CharField()))
    queued = Delivery.objects.filter(partner=partner, sameness_key=OuterRef("key"))
    closed = Record.objects.filter(
        state=Record.State.CLOSED, mission__incident__centre=partner.centre_id
    )
    return closed.annotate(key=key).filter(~Exists(queued)).select_related("mission")


def to_submit(partner: Partner) -> list[Record]:
    """Those closed since the partner was registered, oldest first, some at a time."""
    closed = unsubmitted(partner).filter(closed_at__gte=partner.registered_at)
    return list(closed.order_by("closed_at")[:AT_ONCE])


def waiting_versions(record: Record, partner: Partner) -> list[Delivery]:
    """Earlier versions of a record that were not delivered, and are not being sent right now."""
    rows = Delivery.objects.filter(
        partner=partner,
        order_key=str(record.pk),
        state__in=[Delivery.State.WAITING, Delivery.State.REFUSED],
        ticket="",  # what the partner has already is asked for to the end
    ).exclude(sameness_key=sameness_key(record.pk, record.version))
    return list(rows.select_for_update(of=("self",), no_key=True))
