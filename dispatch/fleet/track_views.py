"""The replay of a unit's track over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Ambulance, Track
from dispatch.fleet.tracks import last_missions, replay_track
from dispatch.people.requests import asked, person


class RangeIn(serializers.Serializer[Track]):
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()


@extend_schema(parameters=[RangeIn], responses=dict)
@api_view(["GET"])
def track(request: Request, unit_id: UUID) -> Response:
    """Positions as [time, lon, lat, heading_deg, speed_mps] and the statuses at their times."""
    data = asked(RangeIn, request)
    found = replay_track(
        ambulance=get_object_or_404(Ambulance, pk=unit_id),
        begins=data["begins"],
        ends=data["ends"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(
        {
            "points": [
                [
                    point.at.isoformat(),
                    round(point.lon, 6),
                    round(point.lat, 6),
                    point.heading_deg,
                    point.speed_mps,
                ]
                for point in found.points
            ],
            "every": found.every,
            "statuses": [
                {
                    "at": said.at.isoformat(),
                    "fact": said.fact,
                    "mission": said.mission,
                    "incident_id": str(said.incident_id),
                }
                for said in found.statuses
            ],
        }
    )


@extend_schema(operation_id="unit_missions", responses=dict)
@api_view(["GET"])
def missions(request: Request, unit_id: UUID) -> Response:
    """The unit's newest missions with their times, to choose what to replay."""
    found = last_missions(ambulance=get_object_or_404(Ambulance, pk=unit_id), actor=person(request))
    return Response(
        [
            {
                "id": str(one.pk),
                "number": one.number,
                "complaint": one.incident.complaint,
                "begins": one.assigned_at.isoformat(),
                "ends": one.ended_at.isoformat() if one.ended_at else None,
            }
            for one in found
        ]
    )
