"""The coverage of this moment, and the answers to proposals, over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.actions import control_room
from dispatch.decision.actions.moving import REFUSALS, accept_move, refuse_move
from dispatch.decision.actions.units import NoCity
from dispatch.decision.models import MoveUp
from dispatch.decision.rules.coverage import by_zone
from dispatch.decision.situation import situation_of
from dispatch.people.requests import person, sent


@extend_schema(responses=dict)
@api_view(["GET"])
def coverage(request: Request) -> Response:
    """What the units that are free now reach in time, zone by zone. 409 `no_city`.

    `reached`: share of this hour's demand with at least one unit in time. `expected`: the same
    when each unit may be busy. A zone: west, south, east, north, share, probability, units.
    """
    now = timezone.now()
    found = situation_of(control_room(person(request)), now)
    if found is None:
        raise NoCity(_("No city is imported; road times are not known."))
    rule = found.policy.relocation
    in_time = found.now_s <= rule.target_s
    units, chance = in_time.sum(axis=0), by_zone(in_time, rule.busy)
    demand = found.ground.demand
    return Response(
        {
            "computed_at": now.isoformat(),
            "target_s": rule.target_s,
            "units": len(found.units),
            "calls": found.ground.calls,
            "reached": round(float(demand[units > 0].sum()), 4),
            "expected": round(float(demand @ chance), 4),
            "zones": [
                [*(round(float(edge), 5) for edge in square), round(float(share), 6),
                 round(float(likely), 3), int(count)]
                for square, share, likely, count in zip(
                    found.ground.squares, demand, chance, units, strict=True
                )
            ],
        }
    )  # fmt: skip


class AcceptIn(serializers.Serializer[MoveUp]):
    id = serializers.UUIDField(help_text="Of the mission, made by the console.")


@extend_schema(request=AcceptIn, responses={201: dict})
@api_view(["POST"])
def accept(request: Request, proposal_id: UUID) -> Response:
    """Send the unit there. 409 `proposal_ended`, `unit_has_open_mission`."""
    data = sent(AcceptIn, request)
    mission = accept_move(
        proposal=get_object_or_404(MoveUp, pk=proposal_id),
        actor=person(request),
        now=timezone.now(),
        mission_id=data["id"],
    )
    return Response(
        {"id": str(mission.pk), "number": mission.number, "state": mission.state}, status=201
    )


class RefuseIn(serializers.Serializer[MoveUp]):
    reason = serializers.ChoiceField(choices=REFUSALS)


@extend_schema(request=RefuseIn, responses={204: None})
@api_view(["POST"])
def refuse(request: Request, proposal_id: UUID) -> Response:
    """Leave the unit where it is. 409 `proposal_ended`."""
    data = sent(RefuseIn, request)
    refuse_move(
        proposal=get_object_or_404(MoveUp, pk=proposal_id),
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)
