"""The office's page of closed records that were not submitted yet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.deliveries import named, reader
from dispatch.journal.refusals import Refused
from ehr_prehospital.delivery.models import Partner
from ehr_prehospital.exchange.nemsis.submission.actions import submit
from ehr_prehospital.exchange.nemsis.submission.client import KIND
from ehr_prehospital.exchange.nemsis.submission.queries import nemsis_partners, unsubmitted
from ehr_prehospital.record.models import Record

SHOWN = 100


@login_required
def records(request: HttpRequest) -> HttpResponse:
    """Closed records whose newest version a partner has not been sent, newest first."""
    _user, centre = reader(request)
    rows = [
        {"partner": partner, "record": record}
        for partner in nemsis_partners(centre)
        for record in unsubmitted(partner).order_by("-closed_at")[:SHOWN]
    ]
    return render(
        request,
        "shared/submissions.html",
        {"rows": rows, "there_are_partners": bool(nemsis_partners(centre))},
    )


@login_required
@require_POST
def submit_record(request: HttpRequest) -> HttpResponse:
    """Queue the newest closed version of one record for one partner."""
    user, centre = reader(request)
    partner = get_object_or_404(
        Partner, pk=named(request, "partner"), centre=centre, kind=KIND, active=True
    )
    record = get_object_or_404(
        Record.objects.select_related("mission__incident", "mission__ambulance"),
        mission=named(request, "mission"),
        mission__incident__centre=centre,
    )
    try:
        submit(record=record, partner=partner, actor=user, now=timezone.now())
    except Refused as refused:
        messages.warning(request, f"{record.mission.number}: {refused.detail}")
    else:
        messages.success(request, _("%(mission)s is queued.") % {"mission": record.mission.number})
    return redirect("submissions")
