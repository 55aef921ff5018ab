"""A record as a FHIR document over HTTP; whoever may print it may have it, and is logged."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request

from dispatch.fleet.models import Mission
from dispatch.people.requests import asked, person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.exchange.fhir.export import LOCALES, export
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.queries import record_of
from ehr_prehospital.schema import REFUSALS

JSON = "application/fhir+json"


# Any: a serializer that only checks a shape.
class DocumentIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["clinical_subset", "complete"], default="complete")
    language = serializers.ChoiceField(choices=list(LOCALES), default="zh")


@extend_schema(parameters=[DocumentIn], responses={(200, JSON): OpenApiTypes.OBJECT, **REFUSALS})
@api_view(["GET"])
def record_fhir(request: Request, mission_id: UUID) -> HttpResponse:
    """The record as it stands, as a document Bundle after IHE mPSC.

    `kind=clinical_subset` is what is known at the handover.
    """
    wanted = asked(DocumentIn, request)
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    now = timezone.now()
    look(
        user=person(request), mission=mission, needed=Level.CLINICAL, purpose=Purpose.PRINT, now=now
    )
    record = record_of(mission)
    if record is None:
        raise Http404
    written = canonical_record(record, now=now, with_waves=True)
    content = export(written, kind=wanted["kind"], language=wanted["language"])
    name = content_disposition_header(as_attachment=True, filename=f"{mission.number}.fhir.json")
    return HttpResponse(
        content,
        content_type=JSON,
        headers={"Content-Disposition": str(name), "Cache-Control": "private, no-store"},
    )
