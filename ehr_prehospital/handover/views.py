"""Boarding, the hospital's word and both names over HTTP; and the record as a page to print."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission, MissionFact
from dispatch.journal.refusals import NotAllowed, Refused
from dispatch.people.models import Organisation, User
from dispatch.people.requests import person, sent
from ehr_prehospital.handover import actions
from ehr_prehospital.handover.items import handover_item
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import shown_handovers
from ehr_prehospital.handover.sheets import sheet_for
from ehr_prehospital.record.views import NameOut
from ehr_prehospital.schema import REFUSALS


# Any: these serializers check or describe a shape; the actions take plain values.
class BoardIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the fact; made by the tablet.")
    occurred_at = serializers.DateTimeField()
    hospital_id = serializers.UUIDField()


class GiveIn(serializers.Serializer[Any]):
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)


class ReadyIn(serializers.Serializer[Any]):
    bay = serializers.CharField(max_length=40)
    team = serializers.CharField(max_length=80, allow_blank=True, default="")


class RedirectIn(serializers.Serializer[Any]):
    hospital_id = serializers.UUIDField()
    reason = serializers.CharField(max_length=60)


class PrealertIn(serializers.Serializer[Any]):
    hospital_id = serializers.UUIDField()


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=60)


class HandoverOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    hospital_id = serializers.UUIDField()
    patient_id = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    preadmission_number = serializers.CharField()
    visit_number = serializers.CharField(help_text="The hospital's own number of the visit.")
    orders = serializers.ListField(help_text="What the department has prepared; see /orders/.")
    bay = serializers.CharField()
    team = serializers.CharField()
    alarm_level = serializers.IntegerField()
    end_reason = serializers.CharField()
    times = serializers.DictField(child=serializers.DateTimeField())
    confirmed_by = NameOut(allow_null=True)
    given_at = serializers.DateTimeField(allow_null=True)
    given_by = NameOut(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    received_by = NameOut(allow_null=True)
    by = serializers.DictField(
        child=NameOut(allow_null=True), help_text="Step → who took it; null: the vehicle."
    )
    on_board_at = serializers.DateTimeField(allow_null=True)
    drive_s = serializers.FloatField(
        allow_null=True, help_text="From the scene by road, before the patient is on board."
    )
    withdrawn_by = NameOut(allow_null=True)
    withdrawal_seen_at = serializers.DateTimeField(allow_null=True)
    withdrawal_seen_by = NameOut(allow_null=True)
    crew_told_at = serializers.DateTimeField(allow_null=True)
    crew_told_by = NameOut(allow_null=True)


SENT = OpenApiExample(
    "The alert is sent",
    value={
        "id": "5b7e3a86-9a57-4c61-8a37-5d1b54c8f6c1",
        "mission_id": "c6f3f6a0-3ad4-4a1c-8a4e-0a8d6f1a2b3c",
        "hospital_id": "1f0a4f9e-7f5a-4a77-9d21-6e2f6b7a8c9d",
        "patient_id": "9d1c2b3a-4e5f-4a6b-8c7d-0e1f2a3b4c5d",
        "state": "sent",
        "preadmission_number": "H03-20261122-0007",
        "visit_number": "",
        "orders": [],
        "bay": "",
        "team": "",
        "alarm_level": 0,
        "end_reason": "",
        "times": {"sent": "2026-11-22T14:05:31+08:00"},
        "confirmed_by": None,
        "given_at": None,
        "given_by": None,
        "received_at": None,
        "received_by": None,
        "by": {"sent": {"name_en": "Wang Lei", "name_zh": "王磊"}},
        "on_board_at": "2026-11-22T14:05:30+08:00",
        "drive_s": None,
        "withdrawn_by": None,
        "withdrawal_seen_at": None,
        "withdrawal_seen_by": None,
        "crew_told_at": None,
        "crew_told_by": None,
    },
    response_only=True,
)


def mission_with(mission_id: UUID) -> Mission:
    return get_object_or_404(Mission.objects.select_related("incident"), pk=mission_id)


def handover_with(handover_id: UUID) -> Handover:
    return get_object_or_404(
        Handover.objects.select_related("mission__incident", "hospital", "encounter"),
        pk=handover_id,
    )


def answer(handover: Handover, status: int = 200) -> Response:
    """The handover as the boards show it."""
    fresh = shown_handovers().get(pk=handover.pk)
    return Response(handover_item(fresh, with_patient=True), status=status)


# --- the crew -----------------------------------------------------------------


@extend_schema(
    request=BoardIn,
    responses={201: HandoverOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "On board, to the third hospital",
            value={
                "id": "3c2b1a09-8f7e-4d6c-9b5a-4e3d2c1b0a9f",
                "occurred_at": "2026-11-22T14:05:30+08:00",
                "hospital_id": "1f0a4f9e-7f5a-4a77-9d21-6e2f6b7a8c9d",
            },
            request_only=True,
        ),
        SENT,
    ],
)
@api_view(["POST"])
def board(request: Request, mission_id: UUID) -> Response:
    """The patient is on board: destination, pre-admission number and alert at once."""
    data = sent(BoardIn, request)
    boarded = actions.board(
        mission=mission_with(mission_id),
        hospital=get_object_or_404(Organisation, pk=data["hospital_id"]),
        fact_id=data["id"],
        occurred_at=data["occurred_at"],
        actor=person(request),
        source=MissionFact.Source.TABLET,
        now=timezone.now(),
    )
    if boarded.handover is None:
        # The fact is stored; only the alert has no ground to stand on.
        raise Refused(
            _("Recorded, but it contradicts what is known of this mission. Call the centre."),
            code="contradiction",
        )
    return answer(boarded.handover, 201)


@extend_schema(
    request=PrealertIn,
    responses={200: HandoverOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "From the scene",
            value={"hospital_id": "1f0a4f9e-7f5a-4a77-9d21-6e2f6b7a8c9d"},
            request_only=True,
        ),
        SENT,
    ],
)
@api_view(["POST"])
def prealert(request: Request, mission_id: UUID) -> Response:
    """Alert the hospital before the patient is on board. The same alert goes on afterwards."""
    now = timezone.now()
    return answer(
        actions.prealert(
            mission=mission_with(mission_id),
            hospital=get_object_or_404(Organisation, pk=sent(PrealertIn, request)["hospital_id"]),
            actor=person(request),
            now=now,
        )
    )


@extend_schema(request=None, responses={200: HandoverOut, **REFUSALS}, examples=[SENT])
@api_view(["POST"])
def acknowledge_withdrawal(request: Request, handover_id: UUID) -> Response:
    """The crew has read that somebody else redirected it or cancelled the alert."""
    return answer(
        actions.acknowledge_withdrawal(
            handover=handover_with(handover_id), actor=person(request), now=timezone.now()
        )
    )


@extend_schema(request=None, responses={200: HandoverOut, **REFUSALS}, examples=[SENT])
@api_view(["POST"])
def give(request: Request, mission_id: UUID) -> Response:
    """The crew's side of the transfer of care, at the time of the tap."""
    now = timezone.now()
    told = sent(GiveIn, request)
    return answer(
        actions.give(
            mission=mission_with(mission_id),
            actor=person(request),
            occurred_at=min(told.get("occurred_at") or now, now),
            now=now,
        )
    )


@extend_schema(
    request=RedirectIn,
    responses={200: HandoverOut, 204: None, **REFUSALS},
    examples=[
        OpenApiExample(
            "Its cath lab is closed",
            value={
                "hospital_id": "1f0a4f9e-7f5a-4a77-9d21-6e2f6b7a8c9d",
                "reason": "cath_lab_closed",
            },
            request_only=True,
        ),
        SENT,
    ],
)
@api_view(["POST"])
def redirect(request: Request, mission_id: UUID) -> Response:
    """Take the patient to another hospital. 204 when nobody had been alerted yet."""
    data = sent(RedirectIn, request)
    handover = actions.redirect(
        mission=mission_with(mission_id),
        hospital=get_object_or_404(Organisation, pk=data["hospital_id"]),
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
    )
    return answer(handover) if handover else Response(status=204)


# --- the hospital ---------------------------------------------------------------

Step = Callable[..., Handover]


def hospital_view(step: Step, summary: str) -> Callable[..., HttpResponse]:
    """One operation for each step that takes nothing but a person's word."""

    @extend_schema(
        operation_id=f"handover_{step.__name__}",
        description=summary,
        request=None,
        responses={200: HandoverOut, **REFUSALS},
        examples=[SENT],
    )
    @api_view(["POST"])
    def view(request: Request, handover_id: UUID) -> Response:
        return answer(
            step(handover=handover_with(handover_id), actor=person(request), now=timezone.now())
        )

    return view


delivered = hospital_view(actions.deliver, "The hospital's screen shows the card.")
seen = hospital_view(actions.see, "Somebody opened the card, or saw that it was withdrawn.")
confirm = hospital_view(actions.confirm, "A named person answers for the hospital.")
receive = hospital_view(actions.receive, "The hospital's side of the transfer of care.")


@extend_schema(
    request=ReadyIn,
    responses={200: HandoverOut, **REFUSALS},
    examples=[
        OpenApiExample(
            "Resuscitation bay 2", value={"bay": "2", "team": "cath lab"}, request_only=True
        ),
        SENT,
    ],
)
@api_view(["POST"])
def ready(request: Request, handover_id: UUID) -> Response:
    """Bay and team are waiting."""
    data = sent(ReadyIn, request)
    return answer(
        actions.ready(
            handover=handover_with(handover_id),
            bay=data["bay"],
            team=data["team"],
            actor=person(request),
            now=timezone.now(),
        )
    )


@extend_schema(
    request=ReasonIn,
    responses={200: HandoverOut, **REFUSALS},
    examples=[
        OpenApiExample("No transport", value={"reason": "patient_refuses"}, request_only=True),
        SENT,
    ],
)
@api_view(["POST"])
def cancel(request: Request, handover_id: UUID) -> Response:
    """Withdraw the alert: nobody comes."""
    return answer(
        actions.cancel(
            handover=handover_with(handover_id),
            reason=sent(ReasonIn, request)["reason"],
            actor=person(request),
            now=timezone.now(),
        )
    )


# --- the page -------------------------------------------------------------------


@login_required
def record_of_mission(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    """The record for the crew, to print."""
    return page(request, mission_with(mission_id), None)


@login_required
def record_of_handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The record for the receiving hospital, to print."""
    handover = handover_with(handover_id)
    return page(request, handover.mission, handover)


def page(request: HttpRequest, mission: Mission, handover: Handover | None) -> HttpResponse:
    if not isinstance(request.user, User):
        raise PermissionDenied
    try:
        sheet = sheet_for(user=request.user, mission=mission, handover=handover, now=timezone.now())
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal.detail)) from refusal
    return render(request, "tablet/record.html", {"sheet": sheet, "mission_id": mission.pk})
