"""Closed records become deliveries: by one press, or by themselves where a partner wants it."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from dispatch.journal.refusals import Refused
from dispatch.people.models import User
from ehr_prehospital.delivery.actions import Draft, cancel, queue
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.rules import Answer, Outcome
from ehr_prehospital.exchange.nemsis.export import Incomplete, export
from ehr_prehospital.exchange.nemsis.queries import agency_of
from ehr_prehospital.exchange.nemsis.submission.client import KIND
from ehr_prehospital.exchange.nemsis.submission.queries import (
    sameness_key,
    to_submit,
    waiting_versions,
)
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.models import Record

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/xml"


class NotSubmittable(Refused):
    """A record that is not closed, or lacks what NEMSIS demands."""

    code = "not_submittable"


def submit(*, record: Record, partner: Partner, actor: User | None, now: datetime) -> Delivery:
    """Queue the newest closed version. Idempotent for each version. Raises NotSubmittable.

    What still waits or was refused of an earlier version is not sent any more: the newer one
    says all of it.
    """
    if record.state != Record.State.CLOSED:
        raise NotSubmittable(_("Only a closed record is submitted."), code="not_closed")
    try:
        content = export(canonical_record(record, now=now), agency=agency_of(record.mission))
    except Incomplete as error:
        raise NotSubmittable(
            _("These elements are missing: %(elements)s.") % {"elements": ", ".join(error.missing)},
            code="incomplete",
        ) from error
    with transaction.atomic():
        for earlier in waiting_versions(record, partner):
            cancel(delivery=earlier, actor=actor, now=now)
        return queue(partner=partner, draft=_draft(record, content), actor=actor, now=now)


def submit_closed(*, now: datetime) -> int:
    """Everything closed since its partner was registered, where that sends by itself.

    What cannot be exported becomes a dead letter that says what is missing. Safe to run in
    several processes. Returns how many deliveries were made.
    """
    count = 0
    for partner in Partner.objects.filter(kind=KIND, automatic=True, active=True):
        for record in to_submit(partner):
            if answer := _not_submitted(record, partner, now=now):
                draft = _draft(record, b"")
                queue(partner=partner, draft=draft, actor=None, now=now, refused=answer)
            count += 1
    return count


def _not_submitted(record: Record, partner: Partner, *, now: datetime) -> Answer | None:
    """Why a record could not be queued; None when it was. One record does not stop the others."""
    try:
        submit(record=record, partner=partner, actor=None, now=now)
    except NotSubmittable as refused:
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
        content_type=CONTENT_TYPE,
        sameness_key=sameness_key(record.pk, record.version),
        order_key=str(record.pk),
        kind=KIND,
        mission=record.mission,
    )
