"""The wristband as a page to print and as PDF; for the crew and the receiving hospital, logged."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request

from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import User
from dispatch.people.requests import asked, person
from ehr_prehospital.access.actions import NoAccess, Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.admission.label.content import pdf_of, wristband
from ehr_prehospital.exchange.pdf.export import LOCALES
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.schema import REFUSALS


# Any: a serializer that only checks a shape.
class LabelIn(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=list(LOCALES), default="zh")


def seen_by(user: User, handover_id: UUID) -> Handover:
    """The handover, and a logged look at its patient. Raises NoAccess."""
    handover = get_object_or_404(
        Handover.objects.select_related(
            "mission__incident", "hospital", "encounter__patient", "confirmed_by"
        ),
        pk=handover_id,
    )
    look(
        user=user,
        mission=handover.mission,
        needed=Level.CLINICAL,
        purpose=Purpose.PRINT,
        now=timezone.now(),
    )
    return handover


@extend_schema(
    parameters=[LabelIn], responses={(200, "application/pdf"): OpenApiTypes.BINARY, **REFUSALS}
)
@api_view(["GET"])
def label_pdf(request: Request, handover_id: UUID) -> HttpResponse:
    """The wristband, 100 by 30 mm."""
    language = asked(LabelIn, request)["language"]
    handover = seen_by(person(request), handover_id)
    with translation.override(LOCALES[language]):
        content = pdf_of(handover, now=timezone.now())
    name = f"{handover.preadmission_number}-wristband-{language}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@login_required
def label_page(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The wristband at its real size, to print from the browser."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    try:
        handover = seen_by(request.user, handover_id)
    except (NoAccess, NotAllowed) as refused:
        raise PermissionDenied from refused
    today = localdate(timezone.now())
    answer = render(
        request,
        "shared/wristband.html",
        {"handover": handover, "band": wristband(handover, today=today)},
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
