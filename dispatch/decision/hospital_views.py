"""What a hospital says of itself, over HTTP."""

from datetime import timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.decision.actions.declaring import declare_beds, divert_patients, take_patients
from dispatch.decision.models import Hospital
from dispatch.decision.rules.hospitals import BEDS, DIVERT_REASONS, MOST_BEDS
from dispatch.people.requests import person, sent


def _hospital(hospital_id: UUID) -> Hospital:
    return get_object_or_404(Hospital.objects.select_related("organisation"), pk=hospital_id)


class BedsIn(serializers.Serializer[Hospital]):
    free = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_BEDS),
        help_text=f"Free beds by type: {', '.join(BEDS)}.",
    )


@extend_schema(request=BedsIn, responses={204: None})
@api_view(["POST"])
def beds(request: Request, hospital_id: UUID) -> Response:
    """Declare the free beds as of now."""
    data = sent(BedsIn, request)
    declare_beds(
        hospital=_hospital(hospital_id),
        free=data["free"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


class DivertIn(serializers.Serializer[Hospital]):
    reason = serializers.ChoiceField(choices=DIVERT_REASONS)
    minutes = serializers.IntegerField(min_value=5, max_value=1440)


@extend_schema(request=DivertIn, responses={204: None})
@api_view(["POST"])
def divert(request: Request, hospital_id: UUID) -> Response:
    """Ask for no patients for so many minutes."""
    data = sent(DivertIn, request)
    now = timezone.now()
    divert_patients(
        hospital=_hospital(hospital_id),
        reason=data["reason"],
        until=now + timedelta(minutes=data["minutes"]),
        actor=person(request),
        now=now,
    )
    return Response(status=204)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def take(request: Request, hospital_id: UUID) -> Response:
    """Take patients again."""
    take_patients(hospital=_hospital(hospital_id), actor=person(request), now=timezone.now())
    return Response(status=204)
