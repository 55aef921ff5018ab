"""Orders prepared before the arrival, over HTTP."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person, sent
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.orders import actions
from ehr_prehospital.handover.orders.items import order_item
from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.handover.orders.rules import OrderKind
from ehr_prehospital.record.views import NameOut
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the actions take plain values.
class OrderIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the department's screen.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in OrderKind])
    what = serializers.CharField(max_length=120)
    stat = serializers.BooleanField(default=False)


class OrderOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.CharField()
    what = serializers.CharField()
    stat = serializers.BooleanField()
    state = serializers.CharField()
    prepared_at = serializers.DateTimeField()
    prepared_by = NameOut()
    released_at = serializers.DateTimeField(allow_null=True)
    released_by = NameOut(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_by = NameOut(allow_null=True)


def order_with(order_id: UUID) -> PreparedOrder:
    return get_object_or_404(
        PreparedOrder.objects.select_related(
            "handover__mission__incident",
            "handover__hospital",
            "handover__encounter",
            "prepared_by",
            "released_by",
            "withdrawn_by",
        ),
        pk=order_id,
    )


def answer(order: PreparedOrder, status: int = 200) -> Response:
    return Response(order_item(order_with(order.pk)), status=status)


@extend_schema(request=OrderIn, responses={201: OrderOut, **REFUSALS})
@api_view(["POST"])
def orders(request: Request, handover_id: UUID) -> Response:
    """Prepare an order for a patient who is still on the way."""
    said = sent(OrderIn, request)
    handover = get_object_or_404(
        Handover.objects.select_related("mission__incident", "hospital", "encounter"),
        pk=handover_id,
    )
    draft = actions.OrderDraft(said["id"], said["kind"], said["what"], said["stat"])
    order = actions.prepare(
        handover=handover, draft=draft, actor=person(request), now=timezone.now()
    )
    return answer(order, 201)


@extend_schema(request=None, responses={200: OrderOut, **REFUSALS})
@api_view(["POST"])
def release(request: Request, order_id: UUID) -> Response:
    """Send the order to the hospital's system before the patient is there."""
    order = order_with(order_id)
    return answer(actions.release(order=order, actor=person(request), now=timezone.now()))


@extend_schema(request=None, responses={200: OrderOut, **REFUSALS})
@api_view(["POST"])
def withdraw(request: Request, order_id: UUID) -> Response:
    """The order is not wanted any more."""
    order = order_with(order_id)
    return answer(actions.withdraw(order=order, actor=person(request), now=timezone.now()))
