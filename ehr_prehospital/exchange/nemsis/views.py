"""A record as NEMSIS over HTTP; whoever may print it may have it, and is logged."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import Refused
from dispatch.people.requests import person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.exchange.nemsis.export import Incomplete, export
from ehr_prehospital.exchange.nemsis.queries import agency_of
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.queries import record_of
from ehr_prehospital.schema import REFUSALS


class NotComplete(Refused):
    """NEMSIS wants values that nobody has said."""

    code = "incomplete"


@extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def record_nemsis(request: Request, mission_id: UUID) -> HttpResponse:
    """The record as it stands, as a document of the data set EMS, NEMSIS v3.5.1.

    Refused with the elements that are mandatory and not said.
    """
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    now = timezone.now()
    look(
        user=person(request), mission=mission, needed=Level.CLINICAL, purpose=Purpose.PRINT, now=now
    )
    record = record_of(mission)
    if record is None:
        raise Http404
    try:
        content = export(canonical_record(record, now=now), agency=agency_of(mission))
    except Incomplete as error:
        raise NotComplete(
            _("These elements are missing: %(elements)s.") % {"elements": ", ".join(error.missing)}
        ) from error
    name = content_disposition_header(as_attachment=True, filename=f"{mission.number}-nemsis.xml")
    return HttpResponse(
        content,
        content_type="application/xml",
        headers={"Content-Disposition": str(name), "Cache-Control": "private, no-store"},
    )
