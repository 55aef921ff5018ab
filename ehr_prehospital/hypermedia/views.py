"""The player: its page, what stands on the time line, numbers and waves. Every look is recorded."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import User
from dispatch.people.requests import asked, person
from ehr_prehospital.access.actions import NoAccess, Purpose, admit, log_shown, look, refuse
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.access.rules import Level
from ehr_prehospital.hypermedia.queries import (
    moment_item,
    monitor_offset_ms,
    number_items,
    recording_items,
    span_of,
    wave_items,
)
from ehr_prehospital.hypermedia.timeline import Timeline
from ehr_prehospital.hypermedia.words import LANES
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the queries give plain values.
class MomentOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    lane = serializers.CharField()
    kind = serializers.CharField()
    at_ms = serializers.IntegerField(help_text="By the centre's clock.")
    until_ms = serializers.IntegerField(allow_null=True)
    recorded_ms = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    detail = serializers.CharField()
    by = serializers.CharField()
    link = serializers.CharField()
    media = serializers.CharField()
    media_type = serializers.CharField()
    stream = serializers.CharField()
    urgent = serializers.BooleanField()
    more = serializers.DictField()


class HypermediaOut(serializers.Serializer[Any]):
    mission = serializers.DictField()
    begins_ms = serializers.IntegerField()
    ends_ms = serializers.IntegerField()
    lanes = serializers.DictField(child=serializers.CharField())
    moments = MomentOut(many=True)
    recordings = serializers.ListField(child=serializers.DictField())
    numbers = serializers.DictField()
    monitor_offset_ms = serializers.IntegerField(help_text="The vehicle's clock minus ours.")


class StretchIn(serializers.Serializer[Any]):
    since_ms = serializers.IntegerField(min_value=0, max_value=4_000_000_000_000)
    until_ms = serializers.IntegerField(min_value=0, max_value=4_000_000_000_000)


EXAMPLE = OpenApiExample(
    "A mission with one camera",
    value={
        "mission": {"id": "c6f3f6a0-3ad4-4a1c-8a4e-0a8d6f1a2b3c", "number": "C1-20261122-0001"},
        "begins_ms": 1795327200000,
        "ends_ms": 1795330800000,
        "lanes": {"status": "Statuses"},
        "moments": [],
        "recordings": [],
        "numbers": {"heart_rate": {"unit": "/min", "at": [1795327260000], "value": [102.0]}},
        "monitor_offset_ms": 0,
    },
    response_only=True,
)


def mission_with(mission_id: UUID, user: User) -> Mission:
    """An unknown mission is refused like one that this person may not see."""
    rows = Mission.objects.select_related("incident", "ambulance", "destination")
    mission = rows.filter(pk=mission_id).first()
    if mission is None:
        refuse(
            user=user,
            mission=None,
            patient_id=None,
            purpose=Purpose.HYPERMEDIA,
            reason="unknown_mission",
            now=timezone.now(),
        )
        raise NoAccess
    return mission


def record_view(timeline: Timeline) -> Callable[..., HttpResponse]:
    """The operation that gives all but pictures and waves; `timeline` is config/timeline.py's."""

    @extend_schema(
        operation_id="hypermedia_record",
        responses={200: HypermediaOut, **REFUSALS},
        examples=[EXAMPLE],
    )
    @api_view(["GET"])
    def hypermedia(request: Request, mission_id: UUID) -> Response:
        """Everything of one mission on one time line. The look is recorded."""
        user, now = person(request), timezone.now()
        mission = mission_with(mission_id, user)
        look(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.HYPERMEDIA, now=now)
        recordings = recording_items(mission)
        begins, ends = span_of(mission, recordings, now)
        offset = monitor_offset_ms(mission)
        return Response(
            {
                "mission": {"id": str(mission.pk), "number": mission.number},
                "begins_ms": begins,
                "ends_ms": ends,
                "lanes": {code: str(words) for code, words in LANES.items()},
                "moments": [moment_item(one) for one in timeline.of(mission)],
                "recordings": recordings,
                "numbers": number_items(mission, offset, now),
                "monitor_offset_ms": offset,
            }
        )

    return hypermedia


@extend_schema(
    parameters=[StretchIn],
    responses={200: serializers.ListSerializer(child=serializers.DictField()), **REFUSALS},
    examples=[
        OpenApiExample(
            "A tenth of a second",
            value=[
                {
                    "lead": "II",
                    "at_ms": 1795327260000,
                    "rate_hz": 250.0,
                    "scale_uv": 5.0,
                    "samples": "AAABAA==",
                }
            ],
            response_only=True,
        )
    ],
)
@api_view(["GET"])
def waves(request: Request, mission_id: UUID) -> Response:
    """The waves of a stretch, at most two minutes of them."""
    user, now = person(request), timezone.now()
    stretch = asked(StretchIn, request)
    mission = mission_with(mission_id, user)
    shown(user=user, mission=mission, now=now)
    return Response(
        wave_items(
            mission,
            since=datetime.fromtimestamp(stretch["since_ms"] / 1000, UTC),
            until=datetime.fromtimestamp(stretch["until_ms"] / 1000, UTC),
            offset_ms=monitor_offset_ms(mission),
        )
    )


def shown(*, user: User, mission: Mission, now: datetime) -> None:
    """Let through to one of the many small parts of a record; logged once an hour, as boards are.

    Raises NoAccess, logged each time.
    """
    admit(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.HYPERMEDIA, now=now)
    encounter = encounter_of(mission)
    if encounter:
        log_shown(user=user, shown=[(mission.pk, encounter.patient_id)], now=now)


@login_required
def page(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    """The player. What it shows it asks for itself, and that look is the one that counts."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    try:
        admit(
            user=request.user,
            mission=mission,
            needed=Level.CLINICAL,
            purpose=Purpose.HYPERMEDIA,
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal.detail)) from refusal
    return render(request, "hypermedia/player.html", {"mission": mission})
