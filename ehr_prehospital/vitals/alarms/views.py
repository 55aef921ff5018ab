"""A named person has seen an alarm."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person
from ehr_prehospital.schema import REFUSALS
from ehr_prehospital.vitals.alarms.actions import acknowledge
from ehr_prehospital.vitals.alarms.items import alarm_item
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.alarms.settings import alarm_settings


# Any: this serializer only describes an answer.
class AlarmOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    code = serializers.CharField()
    priority = serializers.CharField()
    state = serializers.CharField()
    vital = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    limit = serializers.FloatField(allow_null=True)
    began_at = serializers.DateTimeField()
    raised_at = serializers.DateTimeField()
    sounding_since = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.DictField(child=serializers.CharField(), allow_null=True)
    rearm_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


SEEN = OpenApiExample(
    "Low saturation, seen by the medic",
    value={
        "id": "7b1f3a86-9a57-4c61-8a37-5d1b54c8f6c1",
        "mission_id": "c6f3f6a0-3ad4-4a1c-8a4e-0a8d6f1a2b3c",
        "code": "spo2_low",
        "priority": "medium",
        "state": "acknowledged",
        "vital": "spo2",
        "value": 87,
        "limit": 90,
        "began_at": "2026-11-22T14:05:10+08:00",
        "raised_at": "2026-11-22T14:05:26+08:00",
        "sounding_since": "2026-11-22T14:05:26+08:00",
        "acknowledged_at": "2026-11-22T14:05:31+08:00",
        "acknowledged_by": {"name_en": "Wang Jun", "name_zh": "王军"},
        "rearm_at": "2026-11-22T14:07:31+08:00",
        "escalated_at": None,
        "ended_at": None,
    },
    response_only=True,
)


@extend_schema(request=None, responses={200: AlarmOut, **REFUSALS}, examples=[SEEN])
@api_view(["POST"])
def acknowledge_alarm(request: Request, alarm_id: UUID) -> Response:
    """Say that the alarm was seen; it is quiet for two minutes at most. Crew or hospital only."""
    alarm = get_object_or_404(Alarm.objects.select_related("mission__incident"), pk=alarm_id)
    seen = acknowledge(
        alarm=alarm,
        actor=person(request),
        settings=alarm_settings(settings.ALARMS_FILE),
        now=timezone.now(),
    )
    return Response(alarm_item(seen))
