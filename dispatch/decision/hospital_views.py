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

from dispatch.decision.actions.declaring import (
    declare_beds,
    declare_surge,
    divert_patients,
    end_surge,
    set_capabilities,
    take_patients,
)
from dispatch.decision.models import Hospital
from dispatch.decision.rules.hospitals import (
    BEDS,
    CAPABILITIES,
    COLOURS,
    DIVERT_REASONS,
    MOST_BEDS,
)
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


class CapabilitiesIn(serializers.Serializer[Hospital]):
    capabilities = serializers.ListField(child=serializers.ChoiceField(choices=CAPABILITIES))


@extend_schema(request=CapabilitiesIn, responses={204: None})
@api_view(["POST"])
def capabilities(request: Request, hospital_id: UUID) -> Response:
    """Declare what the hospital can do from now on."""
    set_capabilities(
        hospital=_hospital(hospital_id),
        capabilities=sent(CapabilitiesIn, request)["capabilities"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


class SurgeIn(serializers.Serializer[Hospital]):
    red = serializers.IntegerField(min_value=0, max_value=MOST_BEDS)
    yellow = serializers.IntegerField(min_value=0, max_value=MOST_BEDS)
    green = serializers.IntegerField(min_value=0, max_value=MOST_BEDS)
    minutes = serializers.IntegerField(min_value=15, max_value=2880)


@extend_schema(request=SurgeIn, responses={204: None})
@api_view(["POST"])
def surge(request: Request, hospital_id: UUID) -> Response:
    """Declare for a major incident how many patients the hospital takes, by triage colour."""
    data = sent(SurgeIn, request)
    now = timezone.now()
    declare_surge(
        hospital=_hospital(hospital_id),
        capacity={colour: data[colour] for colour in COLOURS},
        until=now + timedelta(minutes=data["minutes"]),
        actor=person(request),
        now=now,
    )
    return Response(status=204)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def surge_over(request: Request, hospital_id: UUID) -> Response:
    """Back to the ordinary."""
    end_surge(hospital=_hospital(hospital_id), actor=person(request), now=timezone.now())
    return Response(status=204)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def take(request: Request, hospital_id: UUID) -> Response:
    """Take patients again."""
    take_patients(hospital=_hospital(hospital_id), actor=person(request), now=timezone.now())
    return Response(status=204)
