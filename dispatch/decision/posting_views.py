"""Where a free unit may be sent to wait, and sending it there, over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.decision.actions.posting import POST_REASONS, posts, send_to_post
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.requests import person, sent


@extend_schema(responses=dict)
@api_view(["GET"])
def waiting_points(request: Request) -> Response:
    """`points`: code, kind (`relocation`: a station, `standby`: a point), names, place."""
    return Response(
        {
            "points": [
                {
                    "code": one.code,
                    "kind": one.kind,
                    "name_en": one.name_en,
                    "name_zh": one.name_zh,
                    "lat": one.place.lat,
                    "lon": one.place.lon,
                }
                for one in posts(actor=person(request))
            ]
        }
    )


class PostIn(serializers.Serializer[Mission]):
    id = serializers.UUIDField(help_text="Of the mission, made by the console.")
    point = serializers.CharField(max_length=40, help_text="Code of a waiting point.")
    reason = serializers.ChoiceField(choices=POST_REASONS)


@extend_schema(request=PostIn, responses={201: dict})
@api_view(["POST"])
def post(request: Request, unit_id: UUID) -> Response:
    """Send the unit to wait there; a posting that it has ends.

    400 `no_post`; 403 `other_centre`; 409 `unit_not_on_shift`, `already_there`,
    `unit_has_open_mission`.
    """
    data = sent(PostIn, request)
    mission = send_to_post(
        ambulance=get_object_or_404(Ambulance.objects.select_related("station"), pk=unit_id),
        point=data["point"],
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
        mission_id=data["id"],
    )
    return Response(
        {"id": str(mission.pk), "number": mission.number, "state": mission.state}, status=201
    )
