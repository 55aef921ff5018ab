"""What the official rules say of a mission's record, over HTTP; it never forbids closing."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.exchange.nemsis.findings import Checked, OfficialFindings, official_findings
from ehr_prehospital.exchange.nemsis.queries import agency_of
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.queries import record_of
from ehr_prehospital.schema import REFUSALS


# Any: these serializers only describe an answer, they never hold an object.
class OfficialFindingOut(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=["error", "warning"])
    rule = serializers.CharField(help_text="The standard's own number.")
    text = serializers.CharField(help_text="The standard's own words.")
    nemsis = serializers.CharField(help_text="The standard's element.")
    element = serializers.CharField(help_text="Ours, empty where there is none.")
    group = serializers.UUIDField(allow_null=True)


class OfficialFindingsOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[one.value for one in Checked])
    findings = OfficialFindingOut(many=True)


EXAMPLE = {
    "state": "checked",
    "findings": [
        {
            "level": "error",
            "rule": "mandatory",
            "text": "NEMSIS demands a value of Back in service (eTimes.13).",
            "nemsis": "eTimes.13",
            "element": "times.back_in_service",
            "group": None,
        }
    ],
}


@extend_schema(
    responses={200: OfficialFindingsOut, **REFUSALS},
    examples=[OpenApiExample("A value is missing", value=EXAMPLE, response_only=True)],
)
@api_view(["GET"])
def findings(request: Request, mission_id: UUID) -> Response:
    """What XSD and Schematron say of the record as it would be sent now, errors first."""
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    now = timezone.now()
    look(
        user=person(request),
        mission=mission,
        needed=Level.CLINICAL,
        purpose=Purpose.RECORD,
        now=now,
    )
    record = record_of(mission)
    if record is None:
        raise Http404
    found = official_findings(canonical_record(record, now=now), agency=agency_of(mission))
    return Response(findings_item(found))


# Any: JSON; the shape is OfficialFindingsOut.
def findings_item(found: OfficialFindings) -> dict[str, Any]:
    return {
        "state": found.state,
        "findings": [
            {
                "level": one.level,
                "rule": one.rule,
                "text": one.text,
                "nemsis": one.nemsis,
                "element": one.element,
                "group": one.group and str(one.group),
            }
            for one in found.findings
        ],
    }
