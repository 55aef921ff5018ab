"""Drawing and removing zones over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.city.models import Zone
from dispatch.city.zones.rules import MOST_CORNERS
from dispatch.decision.actions.zones import draw_zone, remove_zone
from dispatch.people.requests import person, sent


class ZoneIn(serializers.Serializer[Zone]):
    id = serializers.UUIDField()
    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=Zone.Kind.choices)
    ring = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        max_length=MOST_CORNERS + 1,
        help_text="[[lon, lat], …] in WGS-84, at least three corners, not closed.",
    )


@extend_schema(request=ZoneIn, responses={201: dict})
@api_view(["POST"])
def draw(request: Request) -> Response:
    """Draw an area; a call inside a danger zone warns dispatcher and crew from now on."""
    data = sent(ZoneIn, request)
    made = draw_zone(
        zone_id=data["id"],
        name=data["name"],
        kind=data["kind"],
        ring=[(lon, lat) for lon, lat in data["ring"]],
        actor=person(request),
        now=timezone.now(),
    )
    return Response({"id": str(made.pk), "name": made.name, "kind": made.kind}, status=201)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def remove(request: Request, zone_id: UUID) -> Response:
    """Take the area off the map."""
    remove_zone(zone=get_object_or_404(Zone, pk=zone_id), actor=person(request), now=timezone.now())
    return Response(status=204)
