"""Who an unknown patient turns out to be, and what is known of them elsewhere, over HTTP."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.requests import person, sent
from ehr_prehospital.record.actions.merging import merge_patient, part_patient, search_patients
from ehr_prehospital.record.history.asking import ask_history
from ehr_prehospital.record.history.client import State
from ehr_prehospital.record.items import merge_item, patient_item
from ehr_prehospital.record.known import Sought
from ehr_prehospital.record.views import PatientOut
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the actions take plain values.
class SoughtIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    id_number = serializers.CharField(max_length=40, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, allow_blank=True, default="")


class PatientMergeIn(serializers.Serializer[Any]):
    patient_id = serializers.UUIDField(help_text="The known patient.")


class PatientMergeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient_id = serializers.UUIDField()
    known_patient_id = serializers.UUIDField()
    known_number = serializers.CharField()
    merged_at = serializers.DateTimeField()
    parted_at = serializers.DateTimeField(allow_null=True)


class KnownOut(serializers.Serializer[Any]):
    element = serializers.CharField()
    value = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    recorded_at = serializers.CharField()
    reference = serializers.CharField(help_text="The FHIR address of what says it.")


class HistoryOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[state.value for state in State])
    text = serializers.CharField(help_text="How it went, in the language of the request.")
    reference = serializers.CharField()
    proposals = KnownOut(many=True)


def mission_with(mission_id: UUID) -> Mission:
    return get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)


@extend_schema(request=SoughtIn, responses={200: PatientOut(many=True), **REFUSALS})
@api_view(["POST"])
def matches(request: Request, mission_id: UUID) -> Response:
    """Known patients of the crew's centre by name, document or telephone; journaled.

    A POST, so that what is sought stands in no log of addresses.
    """
    data = {part: words.strip() for part, words in sent(SoughtIn, request).items()}
    found = search_patients(
        mission=mission_with(mission_id),
        sought=Sought(**data),
        actor=person(request),
        now=timezone.now(),
    )
    return Response([patient_item(one, mission_id=mission_id) for one in found])


@extend_schema(request=PatientMergeIn, responses={201: PatientMergeOut, **REFUSALS})
@api_view(["POST"])
def merge(request: Request, mission_id: UUID) -> Response:
    """The unknown patient is this known one. Both keep their identity and their number."""
    merged = merge_patient(
        mission=mission_with(mission_id),
        known_id=sent(PatientMergeIn, request)["patient_id"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(merge_item(merged), status=201)


@extend_schema(request=None, responses={200: PatientMergeOut, **REFUSALS})
@api_view(["POST"])
def part(request: Request, mission_id: UUID) -> Response:
    """It was somebody else: take the merge back."""
    parted = part_patient(
        mission=mission_with(mission_id), actor=person(request), now=timezone.now()
    )
    return Response(merge_item(parted))


@extend_schema(responses={200: HistoryOut, **REFUSALS})
@api_view(["GET"])
def history(request: Request, mission_id: UUID) -> Response:
    """Allergies, medication and conditions from a connected health-record system, as proposals."""
    answer = ask_history(
        mission=mission_with(mission_id), actor=person(request), now=timezone.now()
    )
    return Response(
        {
            "state": answer.state,
            "text": how_it_went(answer.state),
            "reference": answer.reference,
            "proposals": [
                {
                    "element": one.element,
                    "value": one.value,
                    "source": "document",
                    "recorded_at": one.recorded_at,
                    "reference": one.reference,
                }
                for one in answer.known
            ],
        }
    )


def how_it_went(state: State) -> str:
    return {
        State.OFF: _("No health-record system is connected."),
        State.NOT_IDENTIFIED: _(
            "Enter the document number, or name and date of birth, before asking."
        ),
        State.ERROR: _("The health-record system did not answer. Nothing is known from there."),
        State.NO_MATCH: _("The health-record system does not know this patient."),
        State.SEVERAL: _("Several patients there fit what is known; enter the document number."),
        State.FOUND: _("From the health-record system. Nothing is in the record until confirmed."),
    }[state]
