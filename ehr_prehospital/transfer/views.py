"""Transfers between hospitals over HTTP."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.models import Organisation
from dispatch.people.requests import person, sent
from ehr_prehospital.schema import REFUSALS
from ehr_prehospital.transfer import actions
from ehr_prehospital.transfer.boards import drives_of, transfer_item
from ehr_prehospital.transfer.models import Transfer
from ehr_prehospital.transfer.rules import CONSENTS, DECLINED, ESCORTS, REASONS, URGENCIES


# Any: these serializers check a shape; the actions take plain values.
class TransferIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    receiver_id = serializers.UUIDField()
    diagnosis = serializers.CharField(max_length=200)
    reason = serializers.ChoiceField(choices=REASONS)
    urgency = serializers.ChoiceField(choices=list(URGENCIES))
    consent = serializers.ChoiceField(choices=CONSENTS)
    consent_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    consent_at = serializers.DateTimeField()
    condition = serializers.CharField(max_length=500, allow_blank=True, default="")
    ward = serializers.CharField(max_length=80, allow_blank=True, default="")
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    sex = serializers.CharField(max_length=10, default="unknown")
    age_years = serializers.IntegerField(min_value=0, max_value=130, allow_null=True, default=None)
    needs = serializers.ListField(child=serializers.CharField(max_length=30), default=list)
    escorts = serializers.ListField(child=serializers.ChoiceField(choices=ESCORTS), default=list)


class TransferAcceptIn(serializers.Serializer[Any]):
    receiving_team = serializers.CharField(max_length=80, allow_blank=True, default="")


class TransferDeclineIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=DECLINED)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


def transfer_with(transfer_id: UUID) -> Transfer:
    rows = Transfer.objects.select_related(
        "sender", "receiver", "requested_by", "answered_by", "withdrawn_by", "incident"
    )
    return get_object_or_404(rows, pk=transfer_id)


def answer(row: Transfer, status: int = 200) -> Response:
    fresh = transfer_with(row.pk)
    drive = drives_of([fresh.incident_id]).get(fresh.incident_id) if fresh.incident_id else None
    return Response(transfer_item(fresh, drive), status=status)


@extend_schema(request=TransferIn, responses={201: dict, **REFUSALS})
@api_view(["POST"])
def transfers(request: Request) -> Response:
    """Ask another hospital to take a patient. Nothing moves before it says yes."""
    data = sent(TransferIn, request)
    row = actions.request_transfer(
        transfer_id=data.pop("id"),
        receiver=get_object_or_404(Organisation, pk=data.pop("receiver_id")),
        asked=actions.Asked(**data),
        actor=person(request),
        now=timezone.now(),
    )
    return answer(row, status=201)


@extend_schema(responses={200: dict, **REFUSALS})
@api_view(["GET"])
def transfer(request: Request, transfer_id: UUID) -> Response:
    """The patient of a transfer, for both ends; the look is written down."""
    row = actions.look_at(
        transfer=transfer_with(transfer_id), actor=person(request), now=timezone.now()
    )
    return Response(
        {
            "id": str(row.pk),
            "name": row.name,
            "diagnosis": row.diagnosis,
            "condition": row.condition,
            "ward": row.ward,
            "consent_name": row.consent_name,
        }
    )


@extend_schema(request=TransferAcceptIn, responses={200: dict, **REFUSALS})
@api_view(["POST"])
def accept(request: Request, transfer_id: UUID) -> Response:
    """The receiving hospital agrees, by name; dispatch gets the incident."""
    return answer(
        actions.accept(
            transfer=transfer_with(transfer_id),
            receiving_team=sent(TransferAcceptIn, request)["receiving_team"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=TransferDeclineIn, responses={200: dict, **REFUSALS})
@api_view(["POST"])
def decline(request: Request, transfer_id: UUID) -> Response:
    """The receiving hospital cannot take the patient."""
    data = sent(TransferDeclineIn, request)
    return answer(
        actions.decline(
            transfer=transfer_with(transfer_id),
            reason=data["reason"],
            note=data["note"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=None, responses={200: dict, **REFUSALS})
@api_view(["POST"])
def withdraw(request: Request, transfer_id: UUID) -> Response:
    """The sending hospital takes its question back."""
    return answer(
        actions.withdraw(
            transfer=transfer_with(transfer_id), actor=person(request), now=timezone.now()
        )
    )
