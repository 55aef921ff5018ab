"""Attachments over HTTP: bring one, look at one. Every look is recorded."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
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
from dispatch.people.requests import person, sent
from ehr_prehospital.access.actions import NoAccess, Purpose, look, refuse
from ehr_prehospital.access.rules import Level
from ehr_prehospital.attachments.actions import attach
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.attachments.rules import SHOWN, UNKNOWN
from ehr_prehospital.schema import REFUSALS
from ehr_prehospital.video.models import Stream


# Any: these serializers check or describe a shape; the actions take plain values.
class AttachmentIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    occurred_at = serializers.DateTimeField()
    file = serializers.FileField(
        help_text="A photograph (JPEG, PNG, WebP), a voice note (WebM, Ogg, MP4) or a paper (PDF);"
        " at most 8 MiB.",
        allow_empty_file=True,
    )


class AttachmentOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


@extend_schema(
    request={"multipart/form-data": AttachmentIn},
    responses={201: AttachmentOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "A photograph",
            value={
                "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
                "media_type": "image/jpeg",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "size": 183204,
            },
            response_only=True,
        )
    ],
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
def attachments(request: Request, mission_id: UUID) -> Response:
    """Bring a photograph, a voice note or a paper; entries of the group `attachment` name it."""
    data = sent(AttachmentIn, request)
    file: UploadedFile[bytes] = data["file"]
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    kept = attach(
        mission=mission,
        attachment_id=data["id"],
        raw=file.read(),
        name=file.name or "file",
        occurred_at=data["occurred_at"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(
        {
            "id": str(kept.pk),
            "media_type": kept.media_type,
            "sha256": bytes(kept.sha256).hex(),
            "size": kept.size,
        },
        status=201,
    )


# Any: this serializer checks a shape; the action takes plain values.
class SnapshotIn(AttachmentIn):
    stream = serializers.UUIDField(help_text="The camera whose picture it is.")


@extend_schema(
    request={"multipart/form-data": SnapshotIn},
    responses={201: AttachmentOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "A picture off the cabin's camera",
            value={
                "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7d",
                "media_type": "image/jpeg",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "size": 61204,
            },
            response_only=True,
        )
    ],
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
def snapshots(request: Request, mission_id: UUID) -> Response:
    """Keep one picture of a live camera in the record: for whoever may see the record."""
    data = sent(SnapshotIn, request)
    file: UploadedFile[bytes] = data["file"]
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    stream = get_object_or_404(Stream, pk=data["stream"], mission=mission)
    kept = attach(
        mission=mission,
        attachment_id=data["id"],
        raw=file.read(),
        name=f"snapshot-{file.name or stream.role}",
        occurred_at=data["occurred_at"],
        actor=person(request),
        now=timezone.now(),
        only=None,
    )
    return Response(
        {
            "id": str(kept.pk),
            "media_type": kept.media_type,
            "sha256": bytes(kept.sha256).hex(),
            "size": kept.size,
        },
        status=201,
    )


@extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """The file as it came. Only pictures and sounds are for a browser; the rest is for saving."""
    user, now = person(request), timezone.now()
    row = Attachment.objects.filter(pk=attachment_id).select_related("mission__incident").first()
    if row is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.ATTACHMENT,
            reason="unknown_attachment",
            now=now,
        )
        raise NoAccess
    look(user=user, mission=row.mission, needed=Level.CLINICAL, purpose=Purpose.ATTACHMENT, now=now)
    shown = row.media_type in SHOWN
    answer = HttpResponse(bytes(row.content), content_type=row.media_type if shown else UNKNOWN)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=not shown, filename=row.name) or "inline"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
