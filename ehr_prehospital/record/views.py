"""The crew writes the record over HTTP: who the patient is, and what was found and done."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput
from dispatch.people.requests import person, sent
from ehr_prehospital.record.actions import Draft, Identity, add_entries, set_patient
from ehr_prehospital.record.items import entry_item, patient_item, written_item
from ehr_prehospital.record.queries import replaced_in
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.record.words import entry_options
from ehr_prehospital.schema import REFUSALS

LONGEST_VALUE = 200_000
MOST_PARENTS = 50
MOST_ENTRIES = 2000
SOURCES = ["crew", "device", "dispatch", "document"]


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
        text = str(data)
        if "\x00" in text or len(text) > LONGEST_VALUE:
            self.fail("invalid")
        return text

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field(
    {"type": "array", "items": {"type": "string", "format": "uuid"}, "nullable": True}
)
class ParentsField(serializers.Field[tuple[UUID, ...], Any, list[str], Any]):
    """The ids of all heads that the author saw; one id and null are taken, too."""

    default_error_messages: ClassVar = {"invalid": _("Not a list of identifiers.")}

    def to_internal_value(self, data: object) -> tuple[UUID, ...]:
        ids = data if isinstance(data, list) else [data]
        if len(ids) > MOST_PARENTS:
            self.fail("invalid")
        try:
            return tuple(dict.fromkeys(UUID(str(one)) for one in ids))
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: tuple[UUID, ...]) -> list[str]:
        return [str(one) for one in value]


class EntryIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    element = serializers.CharField(max_length=60)
    value = ValueField(default="", help_text="Text or number; a coded value is its code.")
    unit = serializers.CharField(max_length=20, allow_blank=True, default="")
    route = serializers.CharField(max_length=20, allow_blank=True, default="")
    not_value = serializers.CharField(max_length=30, allow_blank=True, default="")
    pertinent_negative = serializers.CharField(max_length=30, allow_blank=True, default="")
    occurred_at = serializers.DateTimeField()
    group = serializers.UUIDField(
        allow_null=True, default=None, help_text="What belongs together, e.g. one drug given."
    )
    replaces = ParentsField(allow_null=True, default=())
    source = serializers.ChoiceField(choices=SOURCES, default="crew")  # type: ignore[assignment]
    device_at = serializers.DateTimeField(
        allow_null=True, default=None, help_text="The device's own time of a measurement."
    )
    reading_id = serializers.IntegerField(
        allow_null=True, default=None, min_value=1, help_text="The reading that is confirmed."
    )


class ProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField(help_text="In the language of the request.")


class WrittenOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["stored", "flagged"])
    problems = ProblemOut(many=True)


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
    group = serializers.UUIDField(allow_null=True)
    device_at = serializers.DateTimeField(allow_null=True)
    reading_id = serializers.IntegerField(allow_null=True)
    replaces = serializers.ListField(child=serializers.UUIDField())
    replaced = serializers.BooleanField()
    problems = ProblemOut(many=True)
    state = serializers.ChoiceField(choices=["stored", "flagged"])


SET = "7d0b7bb0-4f5e-4d0e-9a35-0b1f3f0f5a11"
VITALS = [
    {
        "id": "5f2b3c1e-0a4d-4c8e-8a44-2f6b0d9d2f10",
        "element": "vital.systolic",
        "value": 88,
        "unit": "mm[Hg]",
        "group": SET,
        "source": "device",
        "device_at": "2026-11-22T14:02:58+08:00",
        "occurred_at": "2026-11-22T14:03:00+08:00",
    },
    {
        "id": "6a3c4d2f-1b5e-4d9f-9b55-3a7c1e0e3a21",
        "element": "vital.heart_rate",
        "value": 1240,
        "group": SET,
        "occurred_at": "2026-11-22T14:03:00+08:00",
        "replaces": ["0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a"],
    },
]
ASPIRIN = {
    "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
    "element": "drug.aspirin",
    "value": "300",
    "unit": "mg",
    "route": "oral",
    "occurred_at": "2026-11-22T14:03:00+08:00",
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
    request=EntryIn(many=True),
    responses={201: WrittenOut(many=True), **REFUSALS},
    examples=[
        OpenApiExample("A drug with its dose", value=ASPIRIN, request_only=True),
        OpenApiExample("Vital signs, one of them mistyped", value=VITALS, request_only=True),
    ],
)
@api_view(["POST"])
def entries(request: Request, mission_id: UUID) -> Response:
    """Write one statement or a list of them. Nothing is edited: a correction replaces.

    A list is written whole or not at all, and answered one by one. What makes no sense is
    stored and flagged. One statement is answered by its entry.
    """
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    many = isinstance(request.data, list)
    if many and not 0 < len(request.data) <= MOST_ENTRIES:
        raise BadInput(
            gettext("Between 1 and %(most)s entries at once.") % {"most": MOST_ENTRIES},
            code="wrong_length",
        )
    written = add_entries(
        mission=mission,
        drafts=[draft(data) for data in (all_sent(request) if many else [sent(EntryIn, request)])],
        actor=person(request),
        now=timezone.now(),
    )
    if many:
        return Response([written_item(row) for row in written], status=201)
    (row,) = written
    replaced = row.pk in replaced_in([row.record_id])
    return Response({**entry_item(row, replaced=replaced), **written_item(row)}, status=201)


def all_sent(request: Request) -> list[dict[str, Any]]:
    found = EntryIn(data=request.data, many=True)
    found.is_valid(raise_exception=True)
    return [dict(one) for one in found.validated_data]


def draft(data: dict[str, Any]) -> Draft:
    said = {
        name: data.pop(name)
        for name in ("element", "value", "unit", "route", "not_value", "pertinent_negative")
    }
    data["replaces"] = data["replaces"] or ()
    return Draft(said=Statement(**said), **data)


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
