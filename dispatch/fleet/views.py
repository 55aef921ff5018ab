"""The crew's facts over HTTP."""

from datetime import timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.calls.models import Incident, Merge
from dispatch.fleet.actions import record_fact, undo_fact
from dispatch.fleet.holds import hold, release
from dispatch.fleet.merging import merge_incidents, part_incidents
from dispatch.fleet.models import Ambulance, Hold, MissionFact
from dispatch.fleet.queries import mission_for
from dispatch.fleet.rules import COMMANDS
from dispatch.journal.refusals import BadInput
from dispatch.people.requests import person, sent


class FactIn(serializers.Serializer[MissionFact]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    fact = serializers.CharField(max_length=30)
    occurred_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=60, allow_blank=True, default="")


@extend_schema(request=FactIn, responses={201: dict})
@api_view(["POST"])
def tell(request: Request, mission_id: UUID) -> Response:
    """Record what happened. Stored even when it contradicts what is known."""
    data = sent(FactIn, request)
    actor, now = person(request), timezone.now()
    mission = mission_for(actor, mission_id=mission_id, now=now)
    if data["fact"] in COMMANDS:
        raise BadInput(_("Only the control room may do this."), code="a_command")
    fact = record_fact(
        mission=mission,
        fact=data["fact"],
        occurred_at=data["occurred_at"],
        actor=actor,
        source=(
            MissionFact.Source.DISPATCHER
            if actor.role in CONTROL_ROOM
            else MissionFact.Source.TABLET
        ),
        now=now,
        fact_id=data["id"],
        reason=data["reason"],
    )
    return Response(
        {"id": str(fact.pk), "state": mission.state, "contradiction": fact.contradiction},
        status=201,
    )


@extend_schema(responses={204: None})
@api_view(["DELETE"])
def undo(request: Request, mission_id: UUID, fact_id: UUID) -> Response:
    """Take back a slip of the finger within ten seconds."""
    actor, now = person(request), timezone.now()
    mission = mission_for(actor, mission_id=mission_id, now=now)
    undo_fact(
        fact=get_object_or_404(MissionFact, pk=fact_id, mission=mission), actor=actor, now=now
    )
    return Response(status=204)


class MergeIn(serializers.Serializer[Merge]):
    id = serializers.UUIDField()
    into = serializers.UUIDField(help_text="The incident that is kept.")


@extend_schema(request=MergeIn, responses={201: dict})
@api_view(["POST"])
def merge(request: Request, incident_id: UUID) -> Response:
    """Close this incident as a duplicate and give its calls to another. 409 `mission_open`."""
    data = sent(MergeIn, request)
    made = merge_incidents(
        merge_id=data["id"],
        duplicate=get_object_or_404(Incident, pk=incident_id),
        into=get_object_or_404(Incident, pk=data["into"]),
        actor=person(request),
        now=timezone.now(),
    )
    return Response({"id": str(made.pk)}, status=201)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def part(request: Request, merge_id: UUID) -> Response:
    """They were two events after all."""
    made = get_object_or_404(Merge.objects.select_related("duplicate", "into"), pk=merge_id)
    part_incidents(merge=made, actor=person(request), now=timezone.now())
    return Response(status=204)


class HoldIn(serializers.Serializer[Hold]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Hold.Kind.choices)
    what = serializers.CharField(max_length=20)
    minutes = serializers.IntegerField(
        min_value=1, max_value=1440, allow_null=True, default=None, help_text="Null: until ended."
    )


@extend_schema(request=HoldIn, responses={201: dict})
@api_view(["POST"])
def keep_back(request: Request, unit_id: UUID) -> Response:
    """Reserve a unit, let it rest, or say what is out of order. 409 `held_already`."""
    data = sent(HoldIn, request)
    now = timezone.now()
    made = hold(
        hold_id=data["id"],
        ambulance=get_object_or_404(Ambulance.objects.select_related("station"), pk=unit_id),
        kind=data["kind"],
        what=data["what"],
        until=now + timedelta(minutes=data["minutes"]) if data["minutes"] else None,
        actor=person(request),
        now=now,
    )
    return Response({"id": str(made.pk)}, status=201)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def let_go(request: Request, hold_id: UUID) -> Response:
    """The unit may be sent again."""
    held = get_object_or_404(Hold.objects.select_related("ambulance__station"), pk=hold_id)
    release(hold=held, actor=person(request), now=timezone.now())
    return Response(status=204)
