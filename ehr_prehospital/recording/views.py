"""The bytes of recordings for a player, by range; holds; clips. Access as for the whole record."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person, sent
from ehr_prehospital.access.actions import NoAccess, Purpose, admit, log_shown, look, refuse
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.access.rules import Level
from ehr_prehospital.recording.actions.clips import export_clip
from ehr_prehospital.recording.actions.keeping import lift_hold, place_hold
from ehr_prehospital.recording.models import Clip, LegalHold, Recording
from ehr_prehospital.recording.queries import recording_with
from ehr_prehospital.recording.store import Kept, film_of, storage
from ehr_prehospital.schema import REFUSALS

# One answer; a player asks for stretches of a second or a few.
MOST_BYTES = 8 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def seen(request: Request, recording_id: UUID) -> Recording:
    """The recording, when this person may see its patient; logged once an hour."""
    user, now = person(request), timezone.now()
    row = recording_with(recording_id)
    if row is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.HYPERMEDIA,
            reason="unknown_recording",
            now=now,
        )
        raise NoAccess
    mission = row.stream.mission
    admit(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.HYPERMEDIA, now=now)
    encounter = encounter_of(mission)
    if encounter:
        log_shown(user=user, shown=[(mission.pk, encounter.patient_id)], now=now)
    return row


@extend_schema(responses={(206, "application/octet-stream"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def media(request: Request, recording_id: UUID) -> HttpResponse:
    """A range of the film's bytes (`Range: bytes=from-to`), at most 8 MiB at once."""
    row = seen(request, recording_id)
    film = film_of(row)
    found = _RANGE.fullmatch(request.headers.get("Range", "bytes=0-"))
    begin = int(found[1]) if found else 0
    end = min(int(found[2]) if found and found[2] else film.size - 1, film.size - 1)
    if not found or begin > end:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{film.size}"
        return answer
    end = min(end, begin + MOST_BYTES - 1)
    answer = HttpResponse(film.read(begin, end - begin + 1), status=206)
    answer["Content-Type"] = row.mime.partition(";")[0]
    answer["Content-Range"] = f"bytes {begin}-{end}/{film.size}"
    answer["Accept-Ranges"] = "bytes"
    answer["X-Content-Type-Options"] = "nosniff"
    # A sealed film never changes; it is the browser of a signed-in person all the same.
    kept = row.state == Recording.State.COMPLETE
    answer["Cache-Control"] = "private, max-age=600" if kept else "private, no-store"
    return answer


@extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def strip(request: Request, recording_id: UUID) -> HttpResponse:
    """Small pictures, one each few seconds, row by row in one JPEG."""
    row = seen(request, recording_id)
    name = row.strip.get("file", "")
    if not name or row.state == Recording.State.DROPPED:
        return HttpResponse(status=404)
    answer = HttpResponse(Kept(name, row.strip["size"]).read(0, row.strip["size"]))
    answer["Content-Type"] = "image/jpeg"
    answer["Cache-Control"] = "private, max-age=600"
    return answer


# Any: these serializers check or describe a shape; the actions take plain values.
class ClipIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the page, so that a repetition is harmless.")
    from_at = serializers.DateTimeField(help_text="By the centre's clock.")
    until_at = serializers.DateTimeField()
    recordings = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=20
    )
    reason = serializers.CharField(max_length=200)


class ClipOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    sha256 = serializers.CharField(help_text="Of the whole file.")
    size = serializers.IntegerField(help_text="Bytes.")
    link = serializers.CharField()
    manifest = serializers.CharField(help_text="The JSON that was signed.")


@extend_schema(
    request=ClipIn,
    responses={201: ClipOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "A minute of the cabin",
            value={
                "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
                "from_at": "2026-11-22T14:03:00+08:00",
                "until_at": "2026-11-22T14:04:00+08:00",
                "recordings": ["5b7e3a86-9a57-4c61-8a37-5d1b54c8f6c1"],
                "reason": "Case review",
            },
            request_only=True,
        )
    ],
)
@api_view(["POST"])
def clips(request: Request, mission_id: UUID) -> Response:
    """Take a stretch out: MP4 files and a signed manifest in one ZIP. The reason is recorded."""
    data = sent(ClipIn, request)
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    clip = export_clip(
        mission=mission,
        clip_id=data["id"],
        from_at=data["from_at"],
        until_at=data["until_at"],
        recordings=data["recordings"],
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(
        {
            "id": str(clip.pk),
            "sha256": bytes(clip.sha256).hex(),
            "size": clip.size,
            "link": f"/api/clips/{clip.pk}/",
            "manifest": clip.manifest,
        },
        status=201,
    )


@extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY, **REFUSALS})
@api_view(["GET"])
def clip(request: Request, clip_id: UUID) -> HttpResponse:
    """The exported file, for the person who made it."""
    user, now = person(request), timezone.now()
    row = Clip.objects.filter(pk=clip_id, made_by=user).select_related("mission__incident").first()
    if row is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.CLIP,
            reason="unknown_clip",
            now=now,
        )
        raise NoAccess
    look(user=user, mission=row.mission, needed=Level.CLINICAL, purpose=Purpose.CLIP, now=now)
    with storage().open(row.file, "rb") as file:
        answer = HttpResponse(file.read(), content_type="application/zip")
    name = f"{row.mission.number}-{row.from_at:%Y%m%d-%H%M%S}.zip"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    return answer


class LegalHoldIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the page, so that a repetition is harmless.")
    reason = serializers.CharField(max_length=200)


class LegalHoldOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    placed_at = serializers.DateTimeField()
    lifted_at = serializers.DateTimeField(allow_null=True)


def held(hold: LegalHold, status: int = 200) -> Response:
    answer = {"id": str(hold.pk), "placed_at": hold.placed_at, "lifted_at": hold.lifted_at}
    return Response(answer, status=status)


HELD = OpenApiExample(
    "It stands",
    value={
        "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
        "placed_at": "2026-11-22T14:03:00+08:00",
        "lifted_at": None,
    },
    response_only=True,
)


@extend_schema(request=LegalHoldIn, responses={201: LegalHoldOut, **REFUSALS}, examples=[HELD])
@api_view(["POST"])
def legal_hold(request: Request, mission_id: UUID) -> Response:
    """Nothing that was recorded on this mission is dropped from now on. Without a look at it."""
    data = sent(LegalHoldIn, request)
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    hold = place_hold(
        mission=mission,
        hold_id=data["id"],
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
    )
    return held(hold, 201)


@extend_schema(request=None, responses={200: LegalHoldOut, **REFUSALS}, examples=[HELD])
@api_view(["POST"])
def lift_legal_hold(request: Request, mission_id: UUID) -> Response:
    """From now on the time of each class counts again."""
    hold = get_object_or_404(
        LegalHold.objects.select_related("mission__incident"),
        mission=mission_id,
        lifted_at__isnull=True,
    )
    return held(lift_hold(hold=hold, actor=person(request), now=timezone.now()))
