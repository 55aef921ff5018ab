"""Closed records go to the registry of the hospital that took the patient over."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from dispatch.journal.refusals import Refused
from dispatch.people.models import User
from ehr_prehospital.delivery.actions import Draft, cancel, queue
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.rules import Answer, Outcome
from ehr_prehospital.exchange.fhir.mhd.bundle import FHIR, provided
from ehr_prehospital.exchange.fhir.mhd.client import KIND
from ehr_prehospital.exchange.pdf.export import export as on_paper
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import newest_handover_of
from ehr_prehospital.handover.rules import WITHDRAWN
from ehr_prehospital.record.models import Record

log = logging.getLogger(__name__)
AT_ONCE = 10
SOURCE = "urn:onboard"


class NotProvidable(Refused):
    """A record that is not closed, or whose patient another hospital took over."""

    code = "not_providable"


def sameness_key(record: Record) -> str:
    return f"mhd:{record.pk}:{record.version}"


def unprovided(partner: Partner) -> QuerySet[Record]:
    """Closed records of the partner's hospital whose newest version was never queued for it."""
    key = Concat(
        Value("mhd:"), Cast(F("pk"), CharField()), Value(":"), Cast(F("version"), CharField())
    )
    queued = Delivery.objects.filter(partner=partner, sameness_key=OuterRef("key"))
    taken = Handover.objects.filter(
        mission=OuterRef("mission"), hospital__code=partner.organisation
    ).exclude(state__in=sorted(WITHDRAWN))
    closed = Record.objects.filter(
        state=Record.State.CLOSED, mission__incident__centre=partner.centre_id
    )
    found = closed.annotate(key=key).filter(Exists(taken), ~Exists(queued))
    return found.select_related("mission")


def provide(*, record: Record, partner: Partner, actor: User | None, now: datetime) -> Delivery:
    """Queue the newest closed version. Idempotent for each version. Raises NotProvidable.

    An earlier version that still waits is not sent any more.
    """
    if record.state != Record.State.CLOSED:
        raise NotProvidable(_("Only a closed record is submitted."), code="not_closed")
    handover = newest_handover_of(record.mission)
    if handover is None or handover.hospital.code != partner.organisation:
        raise NotProvidable(
            _("This partner belongs to another hospital than the patient's."),
            code="other_hospital",
        )
    written = canonical_record(record, now=now, with_waves=True)
    content = provided(written, paper=on_paper(written), source=SOURCE)
    with transaction.atomic():
        waiting = Delivery.objects.filter(
            partner=partner,
            order_key=str(record.pk),
            state__in=[Delivery.State.WAITING, Delivery.State.REFUSED],
        ).exclude(sameness_key=sameness_key(record))
        for earlier in waiting.select_for_update(of=("self",), no_key=True):
            cancel(delivery=earlier, actor=actor, now=now)
        return queue(partner=partner, draft=_draft(record, content), actor=actor, now=now)


def provide_closed(*, now: datetime) -> int:
    """Everything closed since its partner was registered, where that sends by itself."""
    count = 0
    for partner in Partner.objects.filter(kind=KIND, automatic=True, active=True):
        closed = unprovided(partner).filter(closed_at__gte=partner.registered_at)
        for record in closed.order_by("closed_at")[:AT_ONCE]:
            if answer := _not_provided(record, partner, now=now):
                draft = _draft(record, b"")
                queue(partner=partner, draft=draft, actor=None, now=now, refused=answer)
            count += 1
    return count


def _not_provided(record: Record, partner: Partner, *, now: datetime) -> Answer | None:
    """Why a record could not be queued; None when it was. One record does not stop the others."""
    try:
        provide(record=record, partner=partner, actor=None, now=now)
    except Refused as refused:
        return Answer(Outcome.REFUSED, refused.code, str(refused.detail))
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("record %s for partner %s", record.pk, partner.pk)
        return Answer(Outcome.REFUSED, "fault_of_ours", type(error).__name__)
    return None


def _draft(record: Record, content: bytes) -> Draft:
    return Draft(
        content=content,
        content_type=FHIR,
        sameness_key=sameness_key(record),
        order_key=str(record.pk),
        kind=KIND,
        mission=record.mission,
    )
