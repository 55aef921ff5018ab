"""Closing and reopening roads over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.views import LatitudeField, LongitudeField
from dispatch.city.models import Closure
from dispatch.decision.actions.roads import close_road, reopen_road
from dispatch.people.requests import person, sent


class ClosureIn(serializers.Serializer[Closure]):
    id = serializers.UUIDField()
    lat = LatitudeField()
    lon = LongitudeField()
    cause = serializers.ChoiceField(choices=Closure.Cause.choices)


@extend_schema(request=ClosureIn, responses={201: dict})
@api_view(["POST"])
def close(request: Request) -> Response:
    """Bar the road at this point to through traffic; the next recommendation knows it."""
    data = sent(ClosureIn, request)
    made = close_road(
        closure_id=data["id"],
        lat=data["lat"],
        lon=data["lon"],
        cause=data["cause"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(
        {"id": str(made.pk), "name_en": made.street_en, "name_zh": made.street_zh}, status=201
    )


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def reopen(request: Request, closure_id: UUID) -> Response:
    """Through traffic may pass again."""
    reopen_road(
        closure=get_object_or_404(Closure, pk=closure_id),
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)
