"""The door over HTTP: the sheet, both signatures, triage level and wristband."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person, sent
from ehr_prehospital.handover.door import actions
from ehr_prehospital.handover.door.rules import (
    CONDITIONS,
    KEEPERS,
    LONGEST_STROKES,
    MOST_THINGS,
    Method,
)
from ehr_prehospital.handover.views import HandoverOut, answer, handover_with, mission_with
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check a shape; the actions take plain values.
class ThingIn(serializers.Serializer[Any]):
    what = serializers.CharField(max_length=80)
    count = serializers.IntegerField(min_value=1, max_value=999, default=1)
    keeper = serializers.ChoiceField(choices=KEEPERS, default="hospital")
    valuable = serializers.BooleanField(default=False)


class SheetIn(serializers.Serializer[Any]):
    condition = serializers.ChoiceField(choices=CONDITIONS)
    condition_note = serializers.CharField(max_length=240, allow_blank=True, default="")
    things = serializers.ListField(child=ThingIn(), max_length=MOST_THINGS, default=list)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class CrewSignatureIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    image = serializers.CharField(
        max_length=LONGEST_STROKES, help_text="The strokes as an SVG path on 600 by 200."
    )
    statement_version = serializers.CharField(max_length=40, allow_blank=True, default="")
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)


class CountersignIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    image = serializers.CharField(max_length=LONGEST_STROKES, allow_blank=True, default="")
    remark = serializers.CharField(max_length=300, allow_blank=True, default="")
    statement_version = serializers.CharField(max_length=40, allow_blank=True, default="")


class HospitalSignatureIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    method = serializers.ChoiceField(choices=[one.value for one in Method])
    image = serializers.CharField(max_length=LONGEST_STROKES, allow_blank=True, default="")
    password = serializers.CharField(
        max_length=200, allow_blank=True, default="", trim_whitespace=False
    )
    remark = serializers.CharField(max_length=300, allow_blank=True, default="")
    statement_version = serializers.CharField(max_length=40, allow_blank=True, default="")


class DoorTriageIn(serializers.Serializer[Any]):
    level = serializers.CharField(max_length=3)


class WristbandIn(serializers.Serializer[Any]):
    wristband = serializers.CharField(max_length=60)
    scanned = serializers.BooleanField(default=False)


SIGNED = OpenApiExample(
    "Signed with a finger",
    value={
        "id": "3c2b1a09-8f7e-4d6c-9b5a-4e3d2c1b0a9f",
        "image": "M20,100L300,60L580,110",
        "statement_version": "transfer_of_care 1 en",
    },
    request_only=True,
)


@extend_schema(request=SheetIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def sheet(request: Request, mission_id: UUID) -> Response:
    """Write what comes with the patient and how they are; until the first signature."""
    data = sent(SheetIn, request)
    return answer(
        actions.write_sheet(
            mission=mission_with(mission_id),
            condition=data["condition"],
            condition_note=data["condition_note"],
            things=data["things"],
            note=data["note"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=CrewSignatureIn, responses={200: HandoverOut, **REFUSALS}, examples=[SIGNED])
@api_view(["POST"])
def crew_signature(request: Request, mission_id: UUID) -> Response:
    """The crew's signature under the sheet, which gives the care away."""
    data = sent(CrewSignatureIn, request)
    now = timezone.now()
    return answer(
        actions.sign_for_crew(
            mission=mission_with(mission_id),
            signature_id=data["id"],
            image=data["image"],
            statement_version=data["statement_version"],
            signed_at=data.get("occurred_at") or now,
            actor=person(request),
            now=now,
        )
    )


@extend_schema(request=CountersignIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def countersign(request: Request, mission_id: UUID) -> Response:
    """The receiver signs on the crew's tablet, by the name and password of their own account."""
    data = sent(CountersignIn, request)
    return answer(
        actions.countersign(
            mission=mission_with(mission_id),
            signature_id=data["id"],
            username=data["username"],
            password=data["password"],
            image=data["image"],
            remark=data["remark"],
            statement_version=data["statement_version"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=HospitalSignatureIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def hospital_signature(request: Request, handover_id: UUID) -> Response:
    """The receiver's signature at the department's screen, which takes the care over."""
    data = sent(HospitalSignatureIn, request)
    return answer(
        actions.sign_for_hospital(
            handover=handover_with(handover_id),
            signature_id=data["id"],
            method=data["method"],
            image=data["image"],
            password=data["password"],
            remark=data["remark"],
            statement_version=data["statement_version"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=DoorTriageIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def triage(request: Request, handover_id: UUID) -> Response:
    """The hospital's own triage level, on its own scale."""
    handover = handover_with(handover_id)
    actions.triage(
        handover=handover,
        level=sent(DoorTriageIn, request)["level"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(handover)


@extend_schema(request=WristbandIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def wristband(request: Request, handover_id: UUID) -> Response:
    """The hospital's wristband as it was scanned or typed."""
    handover = handover_with(handover_id)
    data = sent(WristbandIn, request)
    actions.read_wristband(
        handover=handover,
        wristband=data["wristband"],
        scanned=data["scanned"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(handover)
