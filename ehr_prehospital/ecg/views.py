"""ECGs over HTTP: bring one, look at one, and its page to print."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import User
from dispatch.people.requests import person, sent
from ehr_prehospital.access.actions import NoAccess, Purpose, look, refuse
from ehr_prehospital.access.rules import Level
from ehr_prehospital.ecg.actions import judge, upload
from ehr_prehospital.ecg.items import drawn_item, ecg_item
from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the actions take plain values.
class EcgIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    occurred_at = serializers.DateTimeField()
    file = serializers.FileField(
        help_text="DICOM, annotated ECG (XML), or a WFDB record in a ZIP; at most 4 MiB.",
        allow_empty_file=True,
    )


class EcgOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    state = serializers.CharField(help_text="waiting, read, unreadable")
    fault = serializers.CharField(help_text="Why it is not readable; empty when it is.")
    notes = serializers.ListField(child=serializers.CharField())
    format = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    author = serializers.DictField(child=serializers.CharField(), allow_null=True)
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    told_at = serializers.CharField(help_text="By the recorder's clock, as it said it.")
    rate_hz = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField(allow_null=True, help_text="Samples of each lead.")


class DrawnOut(EcgOut):
    leads = serializers.ListField(child=serializers.CharField())
    samples = serializers.CharField(
        help_text="Base64: lead after lead, int16 little-endian microvolts, -32768 is missing."
    )


READ = {
    "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
    "mission_id": "c6f3f6a0-3ad4-4a1c-8a4e-0a8d6f1a2b3c",
    "state": "read",
    "fault": "",
    "notes": [],
    "format": "dicom",
    "name": "rest.dcm",
    "source": "tablet",
    "author": {"name_en": "Wang", "name_zh": "王"},
    "occurred_at": "2026-11-22T14:03:00+08:00",
    "recorded_at": "2026-11-22T14:03:02+08:00",
    "told_at": "2026-11-22T14:01:40",
    "rate_hz": 500.0,
    "count": 5000,
}
UNREADABLE = {
    **READ,
    "state": "unreadable",
    "fault": "too_few_leads",
    "rate_hz": None,
    "count": None,
}


@extend_schema(
    request={"multipart/form-data": EcgIn},
    responses={201: EcgOut, **REFUSALS},
    examples=[
        OpenApiExample("Read", value=READ, response_only=True),
        OpenApiExample("Kept, but not readable", value=UNREADABLE, response_only=True),
    ],
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
def ecgs(request: Request, mission_id: UUID) -> Response:
    """Bring a 12-lead ECG to the mission. Kept with its bytes even when it cannot be read."""
    data = sent(EcgIn, request)
    file: UploadedFile[bytes] = data["file"]
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    ecg = upload(
        mission=mission,
        ecg_id=data["id"],
        raw=file.read(),
        name=file.name or "ecg",
        occurred_at=data["occurred_at"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(ecg_item(ecg), status=201)


@extend_schema(
    responses={200: DrawnOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "Twelve leads",
            value={**READ, "leads": ["I", "II", "III"], "samples": "AAABAP//"},
            response_only=True,
        )
    ],
)
@api_view(["GET"])
def ecg(request: Request, ecg_id: UUID) -> Response:
    """One ECG with its samples. The look is recorded."""
    return Response(drawn_item(seen(person(request), ecg_id)))


@extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def original(request: Request, ecg_id: UUID) -> HttpResponse:
    """The file as it came, byte for byte. The look is recorded."""
    row = seen(person(request), ecg_id)
    # Never shown by the browser itself: it is a stranger's file.
    answer = HttpResponse(bytes(row.original.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=row.name
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
def page(request: HttpRequest, ecg_id: UUID) -> HttpResponse:
    """The ECG alone, to print."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    try:
        row = seen(request.user, ecg_id)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.detail)) from refused
    return render(
        request,
        "shared/ecg.html",
        {"ecg": row, "mission": row.mission, "sha256": bytes(row.original_id).hex()},
    )


def seen(user: User, ecg_id: UUID) -> Ecg:
    """The ECG, when this person may see its patient. An unknown one is refused alike."""
    row = (
        Ecg.objects.filter(pk=ecg_id)
        .select_related("mission__incident", "author", "original")
        .first()
    )
    now = timezone.now()
    if row is None or row.mission is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.ECG,
            reason="unknown_ecg",
            now=now,
        )
        raise NoAccess
    look(user=user, mission=row.mission, needed=Level.CLINICAL, purpose=Purpose.ECG, now=now)
    if row.state == Ecg.State.WAITING:
        judge(ecg_id=row.pk, now=now)
        row.refresh_from_db()
    return row
