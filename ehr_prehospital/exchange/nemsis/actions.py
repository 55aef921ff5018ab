"""Register who reports to NEMSIS."""

from datetime import datetime

from django.db import transaction

from dispatch.journal.actions import append
from dispatch.people.models import Organisation
from ehr_prehospital.exchange.nemsis.agency import agency_in
from ehr_prehospital.exchange.nemsis.demographics import read
from ehr_prehospital.exchange.nemsis.models import ReportingAgency
from ehr_prehospital.exchange.safe_xml import Unreadable


def register(*, organisation: Organisation, content: bytes, now: datetime) -> ReportingAgency:
    """Take the agency of a DEM or EMS document for an organisation's own; again replaces it.

    Raises Unreadable for a document that does not say which agency it is of.
    """
    agency = agency_in(content)
    try:
        own = read(content).as_json()
    except Unreadable:  # a document of reports
        own = {}
    with transaction.atomic():
        row, _created = ReportingAgency.objects.update_or_create(
            organisation=organisation,
            defaults={
                "state_id": agency.state_id,
                "number": agency.number,
                "state": agency.state,
                "custom": agency.custom.decode(),
                "demographics": own,
                "imported_at": now,
            },
        )
        append(
            kind="nemsis.agency_registered",
            actor=None,
            now=now,
            refs={"organisation": organisation.pk},
            detail={"number": agency.number, "state": agency.state},
        )
    return row
