"""Streams over HTTP: which cameras a mission has, and where their hub is. No pictures here."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from dispatch.people.queries import SignIn
from dispatch.people.requests import person
from ehr_prehospital.schema import REFUSALS
from ehr_prehospital.video.actions import visible_streams
from ehr_prehospital.video.addresses import hub_address
from ehr_prehospital.video.queries import shown
from ehr_prehospital.video.tickets import ticket_of


# Any: these serializers only describe an answer.
class StreamOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    role = serializers.CharField(help_text="cabin, road, body, ultrasound or consult")
    label = serializers.CharField()  # type: ignore[assignment]
    mode = serializers.CharField(help_text="wc (WebCodecs) or mse (media element)")
    codec = serializers.CharField()
    recording = serializers.CharField(help_text="own, tap or off")
    consent = serializers.CharField()
    source = serializers.CharField(help_text="tablet or vehicle")  # type: ignore[assignment]
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class StreamsOut(serializers.Serializer[Any]):
    incident_id = serializers.UUIDField()
    hub = serializers.CharField(help_text="Where the incident's media process is, as ws(s) URL.")
    ticket = serializers.CharField(
        help_text="Proves the sign-in to a hub under another host name, for half a minute."
    )
    streams = StreamOut(many=True)


@extend_schema(
    responses={200: StreamsOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "One camera in the cabin",
            value={
                "incident_id": "5b0a3f4c-1a52-4a2f-9f7c-0b6a2c9f6a10",
                "hub": "wss://media0.example",
                "ticket": "gAAAAABn…",
                "streams": [
                    {
                        "id": "9a1e4d0e-7c55-4d0f-9a58-0f2f6a0f0e7b",
                        "mission_id": "2f0f7f3e-0c55-4d0f-9a58-0f2f6a0f0e7c",
                        "role": "cabin",
                        "label": "",
                        "mode": "wc",
                        "codec": "avc1.42001f",
                        "recording": "own",
                        "consent": "emergency",
                        "source": "tablet",
                        "started_at": "2026-11-22T06:03:11.250+00:00",
                        "ended_at": None,
                    }
                ],
            },
        )
    ],
)
@api_view(["GET"])
def streams(request: Request, mission_id: UUID) -> Response:
    """The cameras of a mission that this person may watch, and the hub that carries them.

    Cameras connect to `<hub>/media/<incident>/publish/<stream>/`, viewers to `…/watch/…`.
    """
    user = person(request)
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    found = visible_streams(user=user, mission=mission, now=timezone.now())
    return Response(
        {
            "incident_id": str(mission.incident_id),
            "hub": hub_address(
                mission.incident_id, host=request.get_host(), secure=request.is_secure()
            ),
            "ticket": _ticket(request, user),
            "streams": [shown(stream) for stream in found],
        }
    )


def _ticket(request: Request, user: User) -> str:
    key = request.session.session_key
    return ticket_of(SignIn(key, user.pk, user.get_session_auth_hash())) if key else ""
