"""The ledger over HTTP: read it, add a move; and the supervisor's page of all vehicles."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Ambulance
from dispatch.people.models import Role, User
from dispatch.people.requests import person, sent
from ehr_prehospital.controlled.actions import MoveDraft, may_see, move
from ehr_prehospital.controlled.models import ControlledMove
from ehr_prehospital.controlled.queries import (
    balances_of,
    first_broken,
    moves_of,
    units_with_a_ledger,
)
from ehr_prehospital.controlled.rules import Balance, Kind
from ehr_prehospital.schema import REFUSALS

NEWEST = 100


# Any: these serializers check or describe a shape; the actions take plain values.
class ControlledMoveIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    kind = serializers.ChoiceField(choices=ControlledMove.Kind.choices)
    drug = serializers.CharField(max_length=40)
    batch = serializers.CharField(max_length=40, allow_blank=True, default="")
    amount = serializers.DecimalField(max_digits=12, decimal_places=4, min_value=Decimal(0))
    unit = serializers.CharField(max_length=10)
    entry_id = serializers.UUIDField(allow_null=True, default=None)
    witness = serializers.CharField(max_length=80, allow_blank=True, default="")
    note = serializers.CharField(max_length=200, allow_blank=True, default="")
    occurred_at = serializers.DateTimeField()


class BalanceOut(serializers.Serializer[Any]):
    drug = serializers.CharField()
    batch = serializers.CharField()
    unit = serializers.CharField()
    amount = serializers.CharField(help_text="By the book.")
    found = serializers.CharField(allow_null=True, help_text="By the last count.")
    mismatch = serializers.BooleanField()


class LedgerOut(serializers.Serializer[Any]):
    balances = BalanceOut(many=True)
    moves = serializers.ListField(child=serializers.DictField())
    broken_at = serializers.IntegerField(allow_null=True, help_text="Null: the chain holds.")


MORPHINE = {
    "id": "0c7a9a0e-7c55-4d0f-9a58-0f2f6a0f0e7a",
    "kind": "wasted",
    "drug": "morphine",
    "batch": "M2611",
    "amount": "6",
    "unit": "mg",
    "witness": "Zhou Jie",
    "occurred_at": "2026-11-22T14:03:00+08:00",
}


@extend_schema(
    methods=["POST"],
    request=ControlledMoveIn,
    responses={201: LedgerOut, **REFUSALS},
    examples=[OpenApiExample("The rest of a vial", value=MORPHINE, request_only=True)],
)
@extend_schema(methods=["GET"], responses={200: LedgerOut, **REFUSALS})
@api_view(["GET", "POST"])
def ledger(request: Request, unit_id: UUID) -> Response:
    """The controlled drugs of a unit: its crew and the supervisor see and write them."""
    unit = get_object_or_404(Ambulance.objects.select_related("station"), pk=unit_id)
    user, now = person(request), timezone.now()
    may_see(user, unit, now)
    status = 200
    if request.method == "POST":
        data = sent(ControlledMoveIn, request)
        draft = MoveDraft(**{**data, "kind": Kind(data["kind"])})
        move(ambulance=unit, draft=draft, actor=user, now=now)
        status = 201
    return Response(ledger_item(moves_of(unit)), status=status)


# Any: JSON; the shape is LedgerOut.
def ledger_item(moves: list[ControlledMove]) -> dict[str, Any]:
    return {
        "balances": [balance_item(one) for one in balances_of(moves)],
        "moves": [move_item(one) for one in reversed(moves[-NEWEST:])],
        "broken_at": first_broken(moves),
    }


def balance_item(one: Balance) -> dict[str, Any]:
    return {
        "drug": one.drug,
        "batch": one.batch,
        "unit": one.unit,
        "amount": one.amount_text,
        "found": None if one.found is None else one.found_text,
        "mismatch": one.mismatch,
    }


def move_item(row: ControlledMove) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "kind": row.kind,
        "drug": row.drug,
        "batch": row.batch,
        "amount": row.amount_text,
        "unit": row.unit,
        "entry_id": str(row.entry_id) if row.entry_id else None,
        "witness": row.witness,
        "note": row.note,
        "author": {"name_en": row.actor.name_en, "name_zh": row.actor.name_zh},
        "occurred_at": row.occurred_at.isoformat(),
    }


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every vehicle's balances and newest moves; what does not fit stands first."""
    user = request.user
    if not isinstance(user, User) or user.role != Role.SUPERVISOR or user.centre is None:
        raise PermissionDenied
    units = []
    for unit in units_with_a_ledger(user.centre):
        moves = moves_of(unit)
        found = balances_of(moves)
        units.append(
            {
                "unit": unit,
                "balances": found,
                "moves": moves[::-1][:20],
                "broken_at": first_broken(moves),
                "wrong": any(one.mismatch for one in found),
                "uncounted": any(one.found is None for one in found),
            }
        )
    units.sort(key=lambda one: not (one["wrong"] or one["broken_at"]))
    return render(request, "dispatcher/controlled.html", {"units": units})
