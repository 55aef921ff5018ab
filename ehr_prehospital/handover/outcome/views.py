"""What became of the patient, and whether the alert was right, over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person, sent
from ehr_prehospital.handover.outcome import actions
from ehr_prehospital.handover.outcome.rules import INTERVENTIONS, Verdict
from ehr_prehospital.handover.views import HandoverOut, answer, handover_with
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check a shape; the actions take plain values.
class OutcomeIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    diagnosis = serializers.CharField(max_length=200)
    diagnosis_code = serializers.RegexField(
        r"^$|^[A-Za-z]\d\d(\.\w{1,4})?$", max_length=12, allow_blank=True, default=""
    )
    disposition = serializers.CharField(max_length=20, allow_blank=True, default="")
    hospital_disposition = serializers.CharField(max_length=20, allow_blank=True, default="")
    hospital_diagnosis = serializers.CharField(max_length=200, allow_blank=True, default="")
    times = serializers.DictField(
        child=serializers.DateTimeField(),
        default=dict,
        help_text=f"Interventions with their times: {', '.join(INTERVENTIONS)}.",
    )
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class JudgementIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=[one.value for one in Verdict])
    text = serializers.CharField(max_length=500, allow_blank=True, default="")


@extend_schema(
    request=OutcomeIn,
    responses={200: HandoverOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "Infarction, balloon after 47 minutes",
            value={
                "id": "3c2b1a09-8f7e-4d6c-9b5a-4e3d2c1b0a9f",
                "diagnosis": "Acute anterior myocardial infarction",
                "diagnosis_code": "I21.0",
                "disposition": "admitted",
                "times": {"balloon": "2026-11-22T15:12:00+08:00"},
            },
            request_only=True,
        )
    ],
)
@api_view(["POST"])
def outcome(request: Request, handover_id: UUID) -> Response:
    """Return diagnosis, interventions and what became of the patient to the crew."""
    data = sent(OutcomeIn, request)
    handover = handover_with(handover_id)
    actions.return_outcome(
        handover=handover,
        outcome_id=data.pop("id"),
        **data,
        actor=person(request),
        now=timezone.now(),
    )
    return answer(handover)


@extend_schema(request=JudgementIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def judgement(request: Request, handover_id: UUID) -> Response:
    """Say whether this alert was right."""
    data = sent(JudgementIn, request)
    handover = handover_with(handover_id)
    actions.judge_alert(
        handover=handover,
        judgement_id=data["id"],
        verdict=data["verdict"],
        text=data["text"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(handover)
