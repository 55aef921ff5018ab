"""The printed record as PDF over HTTP; whoever may print the page may have it, and is logged."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request

from dispatch.fleet.models import Mission
from dispatch.people.requests import asked, person
from ehr_prehospital.exchange.pdf.export import LOCALES, pdf_of
from ehr_prehospital.exchange.pdf.paper import Kind
from ehr_prehospital.handover.sheets import sheet_for
from ehr_prehospital.record.printable import Sheet
from ehr_prehospital.schema import REFUSALS


# Any: a serializer that only checks a shape.
class PdfIn(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=list(LOCALES), default="zh")
    sheet = serializers.ChoiceField(choices=[kind.value for kind in Kind], default=Kind.RECORD)


@extend_schema(
    parameters=[PdfIn], responses={(200, "application/pdf"): OpenApiTypes.BINARY, **REFUSALS}
)
@api_view(["GET"])
def record_pdf(request: Request, mission_id: UUID) -> HttpResponse:
    """The newest version of the record, or the draft, set for A4 in one of two languages.

    `sheet=handover` is the shorter sheet that changes hands at the hospital.
    """
    wanted = asked(PdfIn, request)
    language, kind = wanted["language"], Kind(wanted["sheet"])
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    with translation.override(LOCALES[language]):
        sheet = sheet_for(user=person(request), mission=mission, handover=None, now=timezone.now())
        content = pdf_of(sheet, kind, language=language, written_at=written_at(sheet, mission))
    name = content_disposition_header(
        as_attachment=False, filename=f"{sheet.mission.number}-{kind}-{language}.pdf"
    )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": str(name), "Cache-Control": "private, no-store"},
    )


def written_at(sheet: Sheet, mission: Mission) -> datetime:
    """When it was closed; of a draft the newest entry, so that the same draft is the same file."""
    newest = max((one.at for one in sheet.entries if one.at), default=mission.assigned_at)
    return sheet.closed_at or newest
