"""Pathways over HTTP: the checklists once, and what crew, desk and hospital do with them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.models import Role
from dispatch.people.requests import person, sent
from ehr_prehospital.pathways import actions
from ehr_prehospital.pathways.files import checklists_bytes, checklists_etag
from ehr_prehospital.pathways.items import pathway_item, team_item
from ehr_prehospital.pathways.models import Pathway, TeamActivation
from ehr_prehospital.pathways.queries import first_ecgs, shown_pathways, standing_entries
from ehr_prehospital.record.catalogue_views import once
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the actions take plain values.
class PathwayOpenIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the pathway; made by the screen.")


class PathwayTickIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the tick; made by the screen.")
    item = serializers.CharField(max_length=40)
    answer = serializers.CharField(max_length=14, default="done")
    occurred_at = serializers.DateTimeField()


class PathwayDirectIn(serializers.Serializer[Any]):
    to = serializers.CharField(max_length=20, allow_blank=True)


class PathwayTeamIn(serializers.Serializer[Any]):
    team = serializers.CharField(max_length=20)


class PathwayEndIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=60)
    discard = serializers.BooleanField(default=False)


EXAMPLE = OpenApiExample(
    "A stroke pathway that the crew opened",
    value={
        "id": "7d0c6f1e-5a43-4b3e-9a55-2b6f0c1d2e3f",
        "mission_id": "c6f3f6a0-3ad4-4a1c-8a4e-0a8d6f1a2b3c",
        "kind": "stroke",
        "version": "1",
        "state": "open",
        "suspicion": "crew",
        "ticks": {"glucose": {"answer": "done", "at": "2026-11-22T14:03:10+08:00", "by": None}},
        "clocks": [
            {
                "code": "well_needle",
                "started_at": "2026-11-22T13:10:00+08:00",
                "ended_at": None,
            }
        ],
        "teams": [],
        "direct_to": "",
    },
    response_only=True,
)
CHECKLIST = OpenApiExample(
    "One checklist, without its items",
    value={
        "stroke": {
            "version": "1",
            "source": "Own checklist after the AHA/ASA Guidelines 2019",
            "checked": "",
            "en": "Stroke",
            "zh": "卒中",
            "team": "stroke",
            "direct": ["ct"],
            "items": [],
            "clocks": {},
            "reasons": {},
        }
    },
)


def mission_with(mission_id: UUID) -> Mission:
    return get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)


def answer(request: Request, pathway: Pathway, status: int = 200) -> Response:
    """The pathway as the boards of whoever asks show it."""
    row = shown_pathways().get(pk=pathway.pk)
    mission_id = row.mission_id
    item = pathway_item(
        row,
        entries=standing_entries([mission_id]).get(mission_id, ()),
        ecg_at=first_ecgs([mission_id]).get(mission_id),
        clinical=person(request).role in (Role.PARAMEDIC, Role.ED_STAFF),
    )
    return Response(item, status=status)


@extend_schema(responses={200: dict, 304: None}, examples=[CHECKLIST])
@api_view(["GET"])
def catalogue(request: Request) -> HttpResponseBase:
    """Every pathway's checklist, clocks and reasons in both languages; with an ETag."""
    return once(request, checklists_bytes(), checklists_etag())


@extend_schema(
    request=PathwayOpenIn,
    responses={201: dict, **REFUSALS},
    examples=[
        OpenApiExample(
            "Suspected",
            value={"id": "7d0c6f1e-5a43-4b3e-9a55-2b6f0c1d2e3f"},
            request_only=True,
        ),
        EXAMPLE,
    ],
)
@api_view(["POST"])
def open_pathway(request: Request, mission_id: UUID, kind: str) -> Response:
    """Open a pathway by suspicion, or confirm the one that the record proposed."""
    row = actions.open_pathway(
        mission=mission_with(mission_id),
        kind=kind,
        pathway_id=sent(PathwayOpenIn, request)["id"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(request, row, 201)


@extend_schema(
    request=PathwayTickIn,
    responses={201: dict, **REFUSALS},
    examples=[
        OpenApiExample(
            "Glucose measured",
            value={
                "id": "11d5a3c4-9a0b-4f6d-8d53-0d3d1f2a3b4c",
                "item": "glucose",
                "answer": "done",
                "occurred_at": "2026-11-22T14:03:10+08:00",
            },
            request_only=True,
        ),
        EXAMPLE,
    ],
)
@api_view(["POST"])
def tick(request: Request, mission_id: UUID, kind: str) -> Response:
    """One item of the checklist, with the time of the tap. Kept also when it comes late."""
    data = sent(PathwayTickIn, request)
    row = actions.tick(
        mission=mission_with(mission_id),
        kind=kind,
        item=data["item"],
        answer=data["answer"],
        at=data["occurred_at"],
        tick_id=data["id"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(request, row, 201)


@extend_schema(
    request=PathwayDirectIn,
    responses={200: dict, **REFUSALS},
    examples=[
        OpenApiExample("To the cath lab", value={"to": "cath_lab"}, request_only=True),
        EXAMPLE,
    ],
)
@api_view(["POST"])
def direct(request: Request, mission_id: UUID, kind: str) -> Response:
    """The hospital sends the crew past the emergency department; empty: back to it."""
    row = actions.direct(
        mission=mission_with(mission_id),
        kind=kind,
        to=sent(PathwayDirectIn, request)["to"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(request, row)


@extend_schema(
    request=PathwayEndIn,
    responses={200: dict, **REFUSALS},
    examples=[
        OpenApiExample(
            "It was none", value={"reason": "not_confirmed", "discard": True}, request_only=True
        ),
        EXAMPLE,
    ],
)
@api_view(["POST"])
def end(request: Request, mission_id: UUID, kind: str) -> Response:
    """Close a pathway that was carried out, or discard a suspicion, with a reason."""
    data = sent(PathwayEndIn, request)
    row = actions.end_pathway(
        mission=mission_with(mission_id),
        kind=kind,
        reason=data["reason"],
        discard=data["discard"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(request, row)


TEAM = OpenApiExample(
    "Taken by name",
    value={
        "id": "2b1a0f9e-8d7c-4b6a-9f5e-4d3c2b1a0f9e",
        "hospital_id": "1f0a4f9e-7f5a-4a77-9d21-6e2f6b7a8c9d",
        "team": "stroke",
        "activated_at": "2026-11-22T14:04:00+08:00",
        "activated_by": {"name_en": "Wang Lei", "name_zh": "王磊"},
        "accepted_at": "2026-11-22T14:04:40+08:00",
        "accepted_by": {"name_en": "Chen Jing", "name_zh": "陈静"},
        "stood_down_at": None,
        "stood_down_by": None,
    },
    response_only=True,
)


def activation_with(activation_id: UUID) -> TeamActivation:
    return get_object_or_404(
        TeamActivation.objects.select_related("pathway__mission__incident"), pk=activation_id
    )


@extend_schema(request=None, responses={200: dict, **REFUSALS}, examples=[TEAM])
@api_view(["POST"])
def accept(request: Request, activation_id: UUID) -> Response:
    """A named person of the hospital takes it for the team."""
    return team_answer(
        actions.accept(
            activation=activation_with(activation_id), actor=person(request), now=timezone.now()
        )
    )


@extend_schema(request=None, responses={200: dict, **REFUSALS}, examples=[TEAM])
@api_view(["POST"])
def stand_down(request: Request, activation_id: UUID) -> Response:
    """The team is not needed any more."""
    return team_answer(
        actions.stand_down(
            activation=activation_with(activation_id), actor=person(request), now=timezone.now()
        )
    )


def team_answer(row: TeamActivation) -> Response:
    return Response(team_item(row))
