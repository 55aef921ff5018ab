"""A team is called, a wall has spoken, a card was read, a browser takes push messages."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person, sent
from ehr_prehospital.alerting import actions as alerting
from ehr_prehospital.handover import actions
from ehr_prehospital.handover.models import Notice
from ehr_prehospital.handover.views import handover_with
from ehr_prehospital.pathways.views import (
    EXAMPLE,
    PathwayTeamIn,
    mission_with,
)
from ehr_prehospital.pathways.views import answer as pathway_answer
from ehr_prehospital.schema import REFUSALS


@extend_schema(
    request=PathwayTeamIn,
    responses={201: dict, **REFUSALS},
    examples=[
        OpenApiExample("The stroke team", value={"team": "stroke"}, request_only=True),
        EXAMPLE,
    ],
)
@api_view(["POST"])
def call_team(request: Request, mission_id: UUID, kind: str) -> Response:
    """Call a team of the hospital that the patient goes to; those on its list are told."""
    called = actions.call_team(
        mission=mission_with(mission_id),
        kind=kind,
        team=sent(PathwayTeamIn, request)["team"],
        actor=person(request),
        now=timezone.now(),
    )
    return pathway_answer(request, called.pathway, 201)


DONE = OpenApiExample("Stored", value={}, response_only=True)


@extend_schema(request=None, responses={200: dict, **REFUSALS}, examples=[DONE])
@api_view(["POST"])
def spoken(request: Request, notice_id: UUID) -> Response:
    """The loudspeaker of the wall has said it aloud."""
    notice = get_object_or_404(
        Notice.objects.select_related("handover__mission__incident", "handover__encounter"),
        pk=notice_id,
    )
    actions.speak(notice=notice, actor=person(request), now=timezone.now())
    return Response({})


@extend_schema(request=None, responses={200: dict, **REFUSALS}, examples=[DONE])
@api_view(["POST"])
def read(request: Request, handover_id: UUID) -> Response:
    """This person has read the card: what changes from now on is marked for them."""
    actions.read_card(
        handover=handover_with(handover_id), actor=person(request), now=timezone.now()
    )
    return Response({})


# Any: these serializers check a shape; the actions take plain values.
class PushKeysIn(serializers.Serializer[Any]):
    p256dh = serializers.CharField(max_length=200)
    auth = serializers.CharField(max_length=100)


class PushSubscriptionIn(serializers.Serializer[Any]):
    endpoint = serializers.CharField(max_length=1000)
    keys = PushKeysIn()


class PushEndIn(serializers.Serializer[Any]):
    endpoint = serializers.CharField(max_length=1000)


KEY = OpenApiExample("The key", value={"key": "BNc…"}, response_only=True)


@extend_schema(responses={200: dict, **REFUSALS}, examples=[KEY])
@api_view(["GET"])
def push_key(request: Request) -> Response:
    """The public key (VAPID) that a browser subscribes with."""
    return Response({"key": alerting.push_key(actor=person(request))})


@extend_schema(
    request=PushSubscriptionIn,
    responses={201: dict, **REFUSALS},
    examples=[
        OpenApiExample(
            "As the browser gives it",
            value={
                "endpoint": "https://push.example/send/abc",
                "keys": {"p256dh": "BNc…", "auth": "8Q…"},
            },
            request_only=True,
        ),
        DONE,
    ],
)
@api_view(["POST"])
def subscribe(request: Request) -> Response:
    """A browser of this person takes push messages from now on."""
    data = sent(PushSubscriptionIn, request)
    alerting.subscribe(
        endpoint=data["endpoint"],
        p256dh=data["keys"]["p256dh"],
        auth=data["keys"]["auth"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response({}, status=201)


@extend_schema(
    request=PushEndIn,
    responses={200: dict, **REFUSALS},
    examples=[
        OpenApiExample(
            "This browser", value={"endpoint": "https://push.example/send/abc"}, request_only=True
        ),
        DONE,
    ],
)
@api_view(["POST"])
def unsubscribe(request: Request) -> Response:
    """This browser takes none any more."""
    alerting.unsubscribe(
        endpoint=sent(PushEndIn, request)["endpoint"], actor=person(request), now=timezone.now()
    )
    return Response({})
