"""Incidents with their recommendation, assigning, ways and hospitals over HTTP."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.actions import PatientHint, Place, control_room, open_incident
from dispatch.calls.models import Call, Incident
from dispatch.calls.views import LatitudeField, LongitudeField
from dispatch.decision.actions.hospitals import recommend_hospitals
from dispatch.decision.actions.instead import keep_unit, send_instead
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.models import Recommendation
from dispatch.decision.queries import target_of, way, ways
from dispatch.decision.reasons import sentence, tally
from dispatch.decision.rules.hospitals import RankedHospital
from dispatch.decision.rules.reasons import Reason
from dispatch.decision.rules.units import ExcludedUnit, Shortfall, UnitRanking
from dispatch.fleet.actions import close_incident, command
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.queries import mission_for
from dispatch.fleet.rules import State
from dispatch.people.models import Organisation
from dispatch.people.requests import person, sent
from dispatch.terms import END_REASONS, OVERRIDE_REASONS

# The ways of so many first units are drawn on the map.
WAYS_SHOWN = 3
# So many candidates the console lists, with their way's length.
LISTED = 9


class PlaceIn(serializers.Serializer[Place]):
    label = serializers.CharField(max_length=240)  # type: ignore[assignment]
    detail = serializers.CharField(max_length=240, allow_blank=True, default="")
    lat = LatitudeField()
    lon = LongitudeField()
    source = serializers.CharField(max_length=20, default="typed")  # type: ignore[assignment]


class IncidentIn(serializers.Serializer[Incident]):
    id = serializers.UUIDField()
    call_id = serializers.UUIDField(allow_null=True, default=None)
    place = PlaceIn()
    complaint = serializers.CharField(max_length=40)
    answers = serializers.DictField(child=serializers.CharField(max_length=10), default=dict)
    patient_sex = serializers.ChoiceField(
        choices=Incident.Sex.choices, default=Incident.Sex.UNKNOWN
    )
    patient_age_years = serializers.IntegerField(
        min_value=0, max_value=130, allow_null=True, default=None
    )
    caller_note = serializers.CharField(max_length=2000, allow_blank=True, default="")


@extend_schema(request=IncidentIn, responses={201: dict})
@api_view(["POST"])
def new_incident(request: Request) -> Response:
    """Store the incident and answer with the recommended units in the same breath."""
    data = sent(IncidentIn, request)
    actor, now = person(request), timezone.now()
    call = get_object_or_404(Call, pk=data["call_id"]) if data["call_id"] else None
    incident = open_incident(
        incident_id=data["id"],
        call=call,
        place=Place(**data["place"]),
        complaint=data["complaint"],
        answers=data["answers"],
        patient=PatientHint(data["patient_sex"], data["patient_age_years"]),
        caller_note=data["caller_note"],
        actor=actor,
        now=now,
    )
    stored, ranking = recommend_units(incident=incident, actor=actor, now=timezone.now())
    return Response(
        {
            "id": str(incident.pk),
            "number": incident.number,
            "priority": incident.priority,
            "recommendation": shown(stored, ranking, incident),
        },
        status=201,
    )


@extend_schema(request=None, responses=dict)
@api_view(["POST"])
def recommendation(request: Request, incident_id: UUID) -> Response:
    """Ask again: units move."""
    actor = person(request)
    centre = control_room(actor)
    incident = get_object_or_404(Incident, pk=incident_id, centre=centre)
    stored, ranking = recommend_units(incident=incident, actor=actor, now=timezone.now())
    return Response(shown(stored, ranking, incident))


def shown(stored: Recommendation, ranking: UnitRanking, incident: Incident) -> dict[str, object]:
    paths = ways([unit.unit_id for unit in ranking.ranked[:LISTED]], incident=incident)
    drawn = {unit.unit_id for unit in ranking.ranked[:WAYS_SHOWN]}
    return {
        "id": str(stored.pk),
        "incident_id": str(incident.pk),
        "made_at": stored.made_at.isoformat(),
        "took_ms": round(stored.took_ms, 1),
        "ranked": [
            {
                "unit_id": str(unit.unit_id),
                "call_sign": unit.call_sign,
                "eta_s": round(unit.eta_s, 1),
                "distance_m": round(path.distance_m) if path else None,
                "response_s": round(unit.response_s, 1),
                "duty": unit.duty,
                "picked": unit.picked,
                "reasons": reasons(unit.reasons),
                "route": path.points if path and unit.unit_id in drawn else None,
            }
            for unit in ranking.ranked
            for path in [paths.get(unit.unit_id)]
        ],
        "excluded": [excluded(unit) for unit in ranking.excluded],
        "policy": stored.policy,
        "wanted": list(ranking.wanted),
        "shortfalls": [shortfall(one) for one in ranking.shortfalls],
        "sides": stored.outcome["sides"],
    }


def shortfall(one: Shortfall) -> dict[str, object]:
    return {"level": one.level, "because": dict(one.because), "text": tally(one.because)}


def excluded(unit: ExcludedUnit) -> dict[str, object]:
    return {
        "unit_id": str(unit.unit_id),
        "call_sign": unit.call_sign,
        "reasons": reasons(unit.reasons),
    }


def reasons(found: tuple[Reason, ...]) -> list[dict[str, object]]:
    return [
        {"code": str(reason.code), "params": dict(reason.params), "text": sentence(reason)}
        for reason in found
    ]


class AssignIn(serializers.Serializer[Mission]):
    id = serializers.UUIDField()
    ambulance_id = serializers.UUIDField()
    recommendation_id = serializers.UUIDField(allow_null=True, default=None)
    override_reason = serializers.ChoiceField(
        choices=sorted(OVERRIDE_REASONS), allow_blank=True, default=""
    )


@extend_schema(request=AssignIn, responses={201: dict})
@api_view(["POST"])
def assign_unit(request: Request, incident_id: UUID) -> Response:
    """Send a unit. 409 `unit_has_open_mission` when it is taken."""
    data = sent(AssignIn, request)
    incident = get_object_or_404(Incident, pk=incident_id)
    ambulance = get_object_or_404(
        Ambulance.objects.select_related("station"), pk=data["ambulance_id"]
    )
    mission = choose_unit(
        incident=incident,
        ambulance=ambulance,
        recommendation=Recommendation.objects.filter(pk=data["recommendation_id"]).first(),
        override_reason=data["override_reason"],
        actor=person(request),
        now=timezone.now(),
        mission_id=data["id"],
    )
    return Response(
        {"id": str(mission.pk), "number": mission.number, "state": mission.state}, status=201
    )


class InsteadIn(serializers.Serializer[Mission]):
    id = serializers.UUIDField()


@extend_schema(request=InsteadIn, responses={201: dict})
@api_view(["POST"])
def instead(request: Request, mission_id: UUID) -> Response:
    """Send the proposed unit in place of one that does not answer. 409 `acknowledged`."""
    data = sent(InsteadIn, request)
    made = send_instead(
        mission=get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id),
        actor=person(request),
        now=timezone.now(),
        mission_id=data["id"],
    )
    return Response({"id": str(made.pk), "number": made.number, "state": made.state}, status=201)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def keep(request: Request, mission_id: UUID) -> Response:
    """Keep the unit that is coming: the proposed one is not proposed for this mission again."""
    keep_unit(
        mission=get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id),
        actor=person(request),
        now=timezone.now(),
    )
    return Response(status=204)


class CommandIn(serializers.Serializer[Mission]):
    id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=sorted(END_REASONS))


@extend_schema(request=CommandIn, responses=dict)
@api_view(["POST"])
def end_mission(request: Request, mission_id: UUID, to: State) -> Response:
    """Cancel the mission, or divert its unit away from it."""
    data = sent(CommandIn, request)
    actor = person(request)
    mission = get_object_or_404(Mission, pk=mission_id, incident__centre=control_room(actor))
    command(
        mission=mission,
        to=to,
        reason=data["reason"],
        actor=actor,
        now=timezone.now(),
        fact_id=data["id"],
    )
    return Response({"id": str(mission.pk), "state": mission.state})


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def close(request: Request, incident_id: UUID) -> Response:
    """Close an incident that nobody serves any more."""
    actor = person(request)
    incident = get_object_or_404(Incident, pk=incident_id, centre=control_room(actor))
    close_incident(incident=incident, actor=actor, now=timezone.now())
    return Response(status=204)


@extend_schema(operation_id="candidate_route", responses=dict)
@api_view(["GET"])
def candidate_route(request: Request, incident_id: UUID, unit_id: UUID) -> Response:
    """The way of a unit to an incident, for those that came without; empty when there is none."""
    centre = control_room(person(request))
    incident = get_object_or_404(Incident, pk=incident_id, centre=centre)
    unit = get_object_or_404(Ambulance, pk=unit_id, station__parent=centre)
    path = ways([unit.pk], incident=incident).get(unit.pk)
    return Response({"route": path.points if path else []})


@extend_schema(responses=dict)
@api_view(["GET"])
def route(request: Request, mission_id: UUID) -> Response:
    """The way of this mission's vehicle to its scene or destination, null without a position."""
    mission = mission_for(person(request), mission_id=mission_id, now=timezone.now())
    target, path = target_of(mission), way(mission)
    if target is None:
        return Response(None)
    return Response(
        {
            "target": target[0],
            "lat": target[1].lat,
            "lon": target[1].lon,
            "eta_s": round(path.eta_s, 1) if path else None,
            "distance_m": round(path.distance_m) if path else None,
            "route": path.points if path else [],
        }
    )


@extend_schema(responses=dict)
@api_view(["GET"])
def hospitals(request: Request, mission_id: UUID) -> Response:
    """Hospitals for this patient, the recommended one first, with reasons for each."""
    now = timezone.now()
    mission = mission_for(person(request), mission_id=mission_id, now=now)
    ranking = recommend_hospitals(mission=mission, now=now)
    known = Organisation.objects.select_related("hospital").in_bulk(
        [hospital.hospital_id for hospital in ranking]
    )
    return Response([_hospital(hospital, known[hospital.hospital_id]) for hospital in ranking])


def _hospital(ranked: RankedHospital, organisation: Organisation) -> dict[str, object]:
    return {
        "hospital_id": str(ranked.hospital_id),
        "name_en": organisation.name_en,
        "name_zh": organisation.name_zh,
        "lat": organisation.lat,
        "lon": organisation.lon,
        "eta_s": ranked.eta_s,
        "distance_m": ranked.distance_m,
        "capabilities": organisation.hospital.capabilities,
        "recommended": ranked.recommended,
        "divert": any(reason.code == "on_divert" for reason in ranked.reasons),
        "reasons": reasons(ranked.reasons),
    }
