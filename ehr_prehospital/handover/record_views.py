"""The record as it stands over HTTP: elements, proposals, conflicts, what is missing."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.handover.filled import filled_by_handover
from ehr_prehospital.record.identity_views import PatientMergeOut
from ehr_prehospital.record.now_items import record_item
from ehr_prehospital.record.queries import record_of
from ehr_prehospital.record.standing import record_now
from ehr_prehospital.record.views import NameOut, PatientOut, ProblemOut
from ehr_prehospital.schema import REFUSALS


# Any: these serializers only describe an answer, they never hold an object.
class StandingOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    group = serializers.UUIDField(allow_null=True)
    entry = serializers.UUIDField(help_text="The entry that says it.")
    written_as = serializers.CharField(help_text="The element that the entry itself names.")
    value = serializers.CharField()
    unit = serializers.CharField()
    route = serializers.CharField()
    not_value = serializers.CharField()
    pertinent_negative = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField()
    device_at = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    author = NameOut(allow_null=True)
    conflict = serializers.BooleanField()
    problems = ProblemOut(many=True)


class FilledOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    group = serializers.UUIDField(allow_null=True)
    value = serializers.CharField()
    unit = serializers.CharField()
    en = serializers.CharField(help_text="The name of what has one, e.g. a hospital.")
    zh = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField(allow_null=True)
    reading_id = serializers.IntegerField(allow_null=True)
    quality = serializers.CharField()


class ConflictOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    group = serializers.UUIDField(allow_null=True)
    heads = serializers.ListField(child=serializers.UUIDField())


class FindingOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    group = serializers.UUIDField(allow_null=True)
    level = serializers.CharField()
    rule = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    official = serializers.BooleanField(help_text="The English text is the standard's own.")
    en = serializers.CharField()
    zh = serializers.CharField()


class RecordNowOut(serializers.Serializer[Any]):
    record_id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    patient = PatientOut()
    merge = PatientMergeOut(allow_null=True)
    elements = StandingOut(many=True)
    filled = FilledOut(many=True)
    proposals = FilledOut(many=True)
    conflicts = ConflictOut(many=True)
    missing = FindingOut(many=True)
    illegal = FindingOut(many=True)


@extend_schema(responses={200: RecordNowOut, **REFUSALS})
@api_view(["GET"])
def record(request: Request, mission_id: UUID) -> Response:
    """What stands in a mission's record, what fills itself, and what is in doubt or missing."""
    mission = get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)
    now = timezone.now()
    look(
        user=person(request),
        mission=mission,
        needed=Level.CLINICAL,
        purpose=Purpose.RECORD,
        now=now,
    )
    found = record_of(mission)
    if found is None:
        raise Http404
    return Response(record_item(record_now(found, now=now, more=filled_by_handover(mission))))
