"""The crew writes the record over HTTP: who the patient is, and what was found and done."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person, sent
from ehr_prehospital.record.actions import Identity, add_entry, set_patient
from ehr_prehospital.record.items import entry_item, patient_item
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.record.words import entry_options
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check a shape; the actions take plain values.
class PatientIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    sex = serializers.CharField(max_length=10, default="unknown")
    birth_date = serializers.DateField(allow_null=True, default=None)
    age_years = serializers.IntegerField(min_value=0, max_value=130, allow_null=True, default=None)
    id_type = serializers.CharField(max_length=30, allow_blank=True, default="")
    id_number = serializers.CharField(max_length=40, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, allow_blank=True, default="")
    unknown = serializers.BooleanField(
        default=False, help_text="Nobody knows who this is: keep the temporary number only."
    )


class PatientOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    temporary_number = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    age_years = serializers.IntegerField(allow_null=True)
    id_type = serializers.CharField()
    id_number = serializers.CharField()
    phone = serializers.CharField()


class NameOut(serializers.Serializer[Any]):
    name_en = serializers.CharField()
    name_zh = serializers.CharField()


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class ValueField(serializers.Field[str, Any, str, Any]):
    """Text, or a number as JSON writes it."""

    default_error_messages: ClassVar = {"invalid": _("Not a text and not a number.")}

    def to_internal_value(self, data: object) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: str) -> str:
        return value


class EntryIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    element = serializers.CharField(max_length=60)
    value = ValueField(default="", help_text="Text or number; a coded value is its code.")
    unit = serializers.CharField(max_length=20, allow_blank=True, default="")
    route = serializers.CharField(max_length=20, allow_blank=True, default="")
    not_value = serializers.CharField(max_length=30, allow_blank=True, default="")
    pertinent_negative = serializers.CharField(max_length=30, allow_blank=True, default="")
    occurred_at = serializers.DateTimeField()
    replaces = serializers.UUIDField(allow_null=True, default=None)


class EntryOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    element = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    route = serializers.CharField()
    not_value = serializers.CharField()
    pertinent_negative = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField()
    author = NameOut(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    replaces = serializers.UUIDField(allow_null=True)
    replaced = serializers.BooleanField()


ASPIRIN = {
    "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
    "element": "drug.aspirin",
    "value": "300",
    "unit": "mg",
    "route": "oral",
    "occurred_at": "2026-11-22T14:03:00+08:00",
    "replaces": None,
}


@extend_schema(
    request=PatientIn,
    responses={200: PatientOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "By identity card",
            value={
                "name": "王秀英",
                "sex": "female",
                "birth_date": "1958-03-02",
                "id_type": "resident_card",
                "id_number": "110101195803020020",
            },
            request_only=True,
        ),
        OpenApiExample(
            "Nobody knows him",
            value={"unknown": True, "sex": "male", "age_years": 60},
            request_only=True,
        ),
    ],
)
@api_view(["PUT"])
def patient(request: Request, mission_id: UUID) -> Response:
    """Say who the patient of this mission is, or that nobody knows."""
    data = sent(PatientIn, request)
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    found = set_patient(
        mission=mission, identity=Identity(**data), actor=person(request), now=timezone.now()
    )
    return Response(patient_item(found, mission_id=mission.pk))


@extend_schema(
    request=EntryIn,
    responses={201: EntryOut, **REFUSALS},
    examples=[OpenApiExample("A drug with its dose", value=ASPIRIN, request_only=True)],
)
@api_view(["POST"])
def entries(request: Request, mission_id: UUID) -> Response:
    """Write one statement into the record. Nothing is edited: a correction replaces."""
    data = sent(EntryIn, request)
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    entry = add_entry(
        mission=mission,
        entry_id=data["id"],
        said=Statement(
            element=data["element"],
            value=data["value"],
            unit=data["unit"],
            route=data["route"],
            not_value=data["not_value"],
            pertinent_negative=data["pertinent_negative"],
        ),
        occurred_at=data["occurred_at"],
        replaces=data["replaces"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(entry_item(entry), status=201)


@extend_schema(
    responses={200: dict},
    examples=[
        OpenApiExample(
            "A drug",
            value={
                "drug": {"aspirin": {"units": ["mg"], "routes": ["oral"], "choices": []}},
                "treatment": {},
                "observation": {},
            },
        )
    ],
)
@api_view(["GET"])
def options(request: Request) -> Response:
    """What may be entered for each coded element: its units, routes and choices."""
    return Response(entry_options())
