"""The department over HTTP: settings, bays, corridor displays; and what a corridor may read."""

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
from ehr_prehospital.handover.department import actions
from ehr_prehospital.handover.department.models import Bay
from ehr_prehospital.handover.door.rules import Scale
from ehr_prehospital.handover.views import HandoverOut, answer, handover_with
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check a shape; the actions take plain values.
class DepartmentIn(serializers.Serializer[Any]):
    scale = serializers.ChoiceField(choices=[one.value for one in Scale])
    offload_target_s = serializers.IntegerField(min_value=60, max_value=7200)


class BayIn(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=12)
    kind = serializers.ChoiceField(choices=Bay.Kind.values)


class BaysIn(serializers.Serializer[Any]):
    bays = serializers.ListField(child=BayIn(), max_length=actions.MOST_BAYS)


class BayAssignIn(serializers.Serializer[Any]):
    handover_id = serializers.UUIDField()


class ClosedIn(serializers.Serializer[Any]):
    closed = serializers.BooleanField()


class DisplayIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)


class DisplayOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    token = serializers.CharField(help_text="Shown this once; only its hash is kept.")


def bay_with(bay_id: UUID) -> Bay:
    return get_object_or_404(Bay, pk=bay_id)


@extend_schema(request=DepartmentIn, responses={204: None, **REFUSALS})
@api_view(["POST"])
def settings(request: Request) -> Response:
    """The triage scale and the offload target of the department."""
    data = sent(DepartmentIn, request)
    actions.set_up(
        scale=data["scale"],
        offload_target_s=data["offload_target_s"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


@extend_schema(request=BaysIn, responses={204: None, **REFUSALS})
@api_view(["POST"])
def bays(request: Request) -> Response:
    """Name the bays of the department, in their order."""
    data = sent(BaysIn, request)
    actions.name_bays(
        bays=[(row["code"], row["kind"]) for row in data["bays"]],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


@extend_schema(request=BayAssignIn, responses={200: HandoverOut, **REFUSALS})
@api_view(["POST"])
def assign(request: Request, bay_id: UUID) -> Response:
    """This bay waits for this patient."""
    data = sent(BayAssignIn, request)
    return answer(
        actions.assign_bay(
            bay=bay_with(bay_id),
            handover=handover_with(data["handover_id"]),
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(request=None, responses={204: None, **REFUSALS})
@api_view(["POST"])
def left(request: Request, bay_id: UUID) -> Response:
    """The patient has left the bay; it is to be cleaned."""
    actions.patient_left(bay=bay_with(bay_id), actor=person(request), now=timezone.now())
    return Response(status=204)


@extend_schema(request=None, responses={204: None, **REFUSALS})
@api_view(["POST"])
def cleaned(request: Request, bay_id: UUID) -> Response:
    """The bay is clean and free."""
    actions.bay_cleaned(bay=bay_with(bay_id), actor=person(request), now=timezone.now())
    return Response(status=204)


@extend_schema(request=ClosedIn, responses={204: None, **REFUSALS})
@api_view(["POST"])
def closed(request: Request, bay_id: UUID) -> Response:
    """The bay is out of use, or in use again."""
    actions.close_bay(
        bay=bay_with(bay_id),
        closed=sent(ClosedIn, request)["closed"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


@extend_schema(request=DisplayIn, responses={201: DisplayOut, **REFUSALS})
@api_view(["POST"])
def displays(request: Request) -> Response:
    """A screen for the corridor, with a key that reads the anonymised arrivals only."""
    display, token = actions.hang_display(
        name=sent(DisplayIn, request)["name"], actor=person(request), now=timezone.now()
    )
    return Response({"id": str(display.pk), "token": token}, status=201)


@extend_schema(request=None, responses={204: None, **REFUSALS})
@api_view(["POST"])
def take_down(request: Request, display_id: UUID) -> Response:
    """The key of this screen opens nothing any more."""
    actions.take_down(display_id=display_id, actor=person(request), now=timezone.now())
    return Response(status=204)
