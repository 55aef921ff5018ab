"""The office's pages of records to submit, and of what the rules say of one. No patient's data."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.deliveries import named, reader
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation, in_language
from ehr_prehospital.delivery.models import Partner
from ehr_prehospital.delivery.queries import of_centre
from ehr_prehospital.exchange.fhir.mhd import client as mhd
from ehr_prehospital.exchange.fhir.mhd.actions import provide, unprovided
from ehr_prehospital.exchange.nemsis.findings import official_findings
from ehr_prehospital.exchange.nemsis.queries import agency_of
from ehr_prehospital.exchange.nemsis.submission.actions import submit
from ehr_prehospital.exchange.nemsis.submission.client import KIND
from ehr_prehospital.exchange.nemsis.submission.queries import unsubmitted
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.handover.filled import filled_by_handover
from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.models import Record
from ehr_prehospital.record.standing import record_now

SHOWN = 100
# Kinds of partners that take whole records: which they have not got, and what queues one.
TAKERS = {KIND: (unsubmitted, submit), mhd.KIND: (unprovided, provide)}


def takers(centre: Organisation) -> list[Partner]:
    rows = Partner.objects.filter(centre=centre, kind__in=TAKERS, active=True)
    return list(rows.defer("credentials").order_by("name"))


@login_required
def records(request: HttpRequest) -> HttpResponse:
    """Closed records whose newest version a partner has not been sent, newest first."""
    _user, centre = reader(request)
    rows = [
        {"partner": partner, "record": record}
        for partner in takers(centre)
        for record in TAKERS[partner.kind][0](partner).order_by("-closed_at")[:SHOWN]
    ]
    return render(
        request,
        "shared/submissions.html",
        {"rows": rows, "there_are_partners": bool(takers(centre))},
    )


@login_required
def record(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    """What our own and the official rules find in one record, and where it was sent."""
    user, centre = reader(request)
    row = get_object_or_404(
        Record.objects.select_related("mission__incident", "mission__ambulance"),
        mission=mission_id,
        mission__incident__centre=centre,
    )
    now = timezone.now()
    stands = record_now(row, now=now, more=filled_by_handover(row.mission))
    found = official_findings(canonical_record(row, now=now), agency=agency_of(row.mission))
    with transaction.atomic():
        append(
            kind="record.checked",
            actor=user,
            now=now,
            refs={"record": row.pk, "mission": row.mission_id},
        )
    return render(
        request,
        "shared/record_check.html",
        {
            "record": row,
            "ours": [
                {"text": in_language(one.en, one.zh), "finding": one} for one in stands.findings
            ],
            "official": [
                {"finding": one, "element": element_name(one.element)} for one in found.findings
            ],
            "state": found.state,
            "partners": takers(centre),
            "deliveries": list(of_centre(centre).filter(mission=row.mission_id)[:SHOWN]),
        },
    )


def element_name(code: str) -> str:
    known = elements().get(code)
    return in_language(known.en, known.zh) if known else ""


@login_required
@require_POST
def submit_record(request: HttpRequest) -> HttpResponse:
    """Queue the newest closed version of one record for one partner."""
    user, centre = reader(request)
    partner = get_object_or_404(
        Partner, pk=named(request, "partner"), centre=centre, kind__in=TAKERS, active=True
    )
    record = get_object_or_404(
        Record.objects.select_related("mission__incident", "mission__ambulance"),
        mission=named(request, "mission"),
        mission__incident__centre=centre,
    )
    try:
        queued = TAKERS[partner.kind][1]
        queued(record=record, partner=partner, actor=user, now=timezone.now())
    except Refused as refused:
        messages.warning(request, f"{record.mission.number}: {refused.detail}")
    else:
        messages.success(request, _("%(mission)s is queued.") % {"mission": record.mission.number})
    return redirect("submissions")
