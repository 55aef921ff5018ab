"""The crew's emergency button and its answers, and what the control room does about them."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.views import LatitudeField, LongitudeField
from dispatch.fleet.models import Ambulance, CrewAlarm, CrewCheck
from dispatch.fleet.rules import CREW_ALARM_ENDS
from dispatch.fleet.safety import (
    acknowledge_crew_alarm,
    answer_check,
    end_crew_alarm,
    raise_emergency,
)
from dispatch.people.requests import person, sent


class EmergencyIn(serializers.Serializer[CrewAlarm]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    occurred_at = serializers.DateTimeField()
    lat = LatitudeField(allow_null=True, default=None)
    lon = LongitudeField(allow_null=True, default=None)


@extend_schema(request=EmergencyIn, responses={201: dict})
@api_view(["POST"])
def emergency(request: Request, unit_id: UUID) -> Response:
    """The crew is in danger. Without a position the vehicle's last one stands in."""
    data = sent(EmergencyIn, request)
    alarm = raise_emergency(
        alarm_id=data["id"],
        ambulance=get_object_or_404(Ambulance, pk=unit_id),
        occurred_at=data["occurred_at"],
        lat=data["lat"],
        lon=data["lon"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response({"id": str(alarm.pk)}, status=201)


def _alarm(alarm_id: UUID) -> CrewAlarm:
    return get_object_or_404(CrewAlarm.objects.select_related("ambulance__station"), pk=alarm_id)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def acknowledge(request: Request, alarm_id: UUID) -> Response:
    """Somebody in the control room has taken it."""
    acknowledge_crew_alarm(alarm=_alarm(alarm_id), actor=person(request), now=timezone.now())
    return Response(status=204)


class EndIn(serializers.Serializer[CrewAlarm]):
    reason = serializers.ChoiceField(choices=CREW_ALARM_ENDS)


@extend_schema(request=EndIn, responses={204: None})
@api_view(["POST"])
def end(request: Request, alarm_id: UUID) -> Response:
    """The alarm is over, and why."""
    data = sent(EndIn, request)
    end_crew_alarm(
        alarm=_alarm(alarm_id), reason=data["reason"], actor=person(request), now=timezone.now()
    )
    return Response(status=204)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def answer(request: Request, check_id: UUID) -> Response:
    """The crew says that all is well."""
    check = get_object_or_404(CrewCheck.objects.select_related("mission"), pk=check_id)
    answer_check(check=check, actor=person(request), now=timezone.now())
    return Response(status=204)
