"""Consults over HTTP: call, answer, hand on, write, order; the roster and the desk's beat."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation
from dispatch.people.requests import person, sent
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.consult import actions
from ehr_prehospital.consult.actions.ordering import NeedsWeighing, Word
from ehr_prehospital.consult.items import consult_item, message_item, named, order_item
from ehr_prehospital.consult.models import Consult, Order
from ehr_prehospital.consult.queries import duty, on_call_now
from ehr_prehospital.consult.rules.duty import is_present
from ehr_prehospital.consult.rules.orders import OrderKind, OrderStep
from ehr_prehospital.record.items import when
from ehr_prehospital.schema import REFUSALS

STEPS = {
    "read_back": OrderStep.READ_BACK,
    "give": OrderStep.GIVE,
    "refuse": OrderStep.REFUSE,
}


# Any: these serializers check or describe a shape; the actions take plain values.
class WantedIn(serializers.Serializer[Any]):
    specialty = serializers.CharField(max_length=20, allow_blank=True, default="")
    hospital_id = serializers.UUIDField(allow_null=True, default=None)


class ConsultCallIn(WantedIn):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class AskIn(WantedIn):
    transfer = serializers.BooleanField(default=False, help_text="Leave once that one answered.")


class DeclineIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=20, allow_blank=True, default="")


class SayIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField(max_length=1000)
    occurred_at = serializers.DateTimeField()


class ConsultOrderIn(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in OrderKind])
    content = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True))
    weighed = serializers.BooleanField(
        default=False, help_text="What speaks against it was weighed."
    )


class WordIn(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the tablet, so that a repetition is harmless.")
    step = serializers.ChoiceField(choices=list(STEPS))
    occurred_at = serializers.DateTimeField()
    said = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), default=dict
    )


class ConsultReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class HereIn(serializers.Serializer[Any]):
    available = serializers.BooleanField(default=True)


class PartyOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    side = serializers.CharField()
    user = serializers.DictField(allow_null=True)
    hospital = serializers.DictField(allow_null=True)
    state = serializers.CharField()
    reason = serializers.CharField()
    rung_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    silent_since = serializers.DateTimeField(allow_null=True)


class ConsultOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    incident_id = serializers.UUIDField()
    call_sign = serializers.CharField()
    priority = serializers.IntegerField()
    complaint = serializers.CharField()
    patient_sex = serializers.CharField()
    patient_age_years = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    opened_by = serializers.DictField()
    ended_at = serializers.DateTimeField(allow_null=True)
    parties = PartyOut(many=True)
    requests = serializers.ListField(child=serializers.DictField())


class MessageOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    consult_id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    author = serializers.DictField()
    author_id = serializers.UUIDField()
    text = serializers.CharField()
    occurred_at = serializers.DateTimeField()


class ConsultOrderOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    consult_id = serializers.UUIDField()
    mission_id = serializers.UUIDField()
    kind = serializers.CharField()
    content = serializers.DictField()
    cautions = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    ordered_at = serializers.DateTimeField()
    ordered_by = serializers.DictField()
    words = serializers.ListField(child=serializers.DictField())


class CallableOut(serializers.Serializer[Any]):
    physicians = serializers.ListField(child=serializers.DictField())
    hospital = serializers.DictField(allow_null=True)


CALL = OpenApiExample(
    "A cardiologist",
    value={
        "id": "b8d7b3a8-7a3e-4b7e-9a39-8f8f4b6f2a10",
        "specialty": "cardiology",
        "reason": "ST elevation in II, III, aVF",
    },
    request_only=True,
)
ORDER = OpenApiExample(
    "Aspirin",
    value={
        "id": "d0a3a8a2-64a8-4b65-8c7b-0d4a1d3f6c21",
        "kind": "drug",
        "content": {"drug": "aspirin", "use": "acs", "dose": "300", "unit": "mg", "route": "oral"},
        "weighed": False,
    },
    request_only=True,
)
READ_BACK = OpenApiExample(
    "Read back",
    value={
        "id": "0f0d8f4b-24d1-4b5c-8f60-9a6a1d0c7b11",
        "step": "read_back",
        "occurred_at": "2026-11-22T14:03:00+08:00",
        "said": {"drug": "aspirin", "dose": "300", "unit": "mg", "route": "oral"},
    },
    request_only=True,
)


def wanted(data: dict[str, Any]) -> dict[str, Any]:  # Any: as the serializers checked it
    chosen = data["hospital_id"]
    hospital = get_object_or_404(Organisation, pk=chosen) if chosen else None
    return {"specialty": data["specialty"], "hospital": hospital}


def consult_with(consult_id: UUID) -> Consult:
    return get_object_or_404(
        Consult.objects.select_related("mission__incident", "mission__ambulance"), pk=consult_id
    )


def shown(consult: Consult) -> Response:
    """As it stands after the step."""
    return Response(consult_item(consult_with(consult.pk), whole=True))


@extend_schema(
    methods=["GET"],
    responses={200: CallableOut, **REFUSALS},
)
@extend_schema(
    methods=["POST"],
    request=ConsultCallIn,
    responses={201: ConsultOut, **REFUSALS},
    examples=[CALL],
)
@api_view(["GET", "POST"])
def consults(request: Request, mission_id: UUID) -> Response:
    """Whom this mission's crew can call now; or call."""
    mission = get_object_or_404(
        Mission.objects.select_related("incident__centre", "destination"), pk=mission_id
    )
    user, now = person(request), timezone.now()
    if request.method == "GET":
        look(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.CONSULT, now=now)
        return Response(callable_now(mission, now))
    data = sent(ConsultCallIn, request)
    made = actions.call(
        consult_id=data["id"],
        mission=mission,
        reason=data["reason"],
        actor=user,
        now=now,
        **wanted(data),
    )
    return Response(consult_item(consult_with(made.pk), whole=True), status=201)


# Any: JSON, of CallableOut.
def callable_now(mission: Mission, now: datetime) -> dict[str, Any]:
    """The physicians on call with what is known of their desks, and the mission's hospital."""
    centre = mission.incident.centre
    return {"physicians": roster_of(centre, now), "hospital": named(mission.destination)}


def step(of: Callable[..., object], name: str, words: str) -> Callable[[Request, UUID], Response]:
    """An operation that takes a consult and nothing else."""

    def taken(request: Request, consult_id: UUID) -> Response:
        consult = consult_with(consult_id)
        of(consult=consult, actor=person(request), now=timezone.now())
        return shown(consult)

    taken.__name__, taken.__doc__ = name, words
    view = api_view(["POST"])(taken)
    answer: Callable[[Request, UUID], Response] = extend_schema(
        request=None, responses={200: ConsultOut, **REFUSALS}
    )(view)
    return answer


accept = step(actions.accept, "accept", "Answer the call; the sight of the patient opens.")
leave = step(actions.leave, "leave", "Hang up. The crew's hanging up ends the consult.")
end = step(actions.end, "end", "End the consult for all; its crew only.")
take_back = step(actions.take_back, "take_back", "Stop asking for somebody.")


@extend_schema(request=DeclineIn, responses={200: ConsultOut, **REFUSALS})
@api_view(["POST"])
def decline(request: Request, consult_id: UUID) -> Response:
    """Not now: the next one rings at once."""
    consult, data = consult_with(consult_id), sent(DeclineIn, request)
    actions.decline(
        consult=consult, reason=data["reason"], actor=person(request), now=timezone.now()
    )
    return shown(consult)


@extend_schema(request=AskIn, responses={200: ConsultOut, **REFUSALS})
@api_view(["POST"])
def ask(request: Request, consult_id: UUID) -> Response:
    """Ask for one more party, or hand the call on."""
    consult, data = consult_with(consult_id), sent(AskIn, request)
    actions.ask(
        consult=consult,
        transfer=data["transfer"],
        actor=person(request),
        now=timezone.now(),
        **wanted(data),
    )
    return shown(consult)


@extend_schema(request=SayIn, responses={201: MessageOut, **REFUSALS})
@api_view(["POST"])
def messages(request: Request, consult_id: UUID) -> Response:
    """Write in the thread."""
    data = sent(SayIn, request)
    said = actions.say(
        consult=consult_with(consult_id),
        message_id=data["id"],
        text=data["text"],
        occurred_at=data["occurred_at"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(message_item(said), status=201)


@extend_schema(
    request=ConsultOrderIn, responses={201: ConsultOrderOut, **REFUSALS}, examples=[ORDER]
)
@api_view(["POST"])
def orders(request: Request, consult_id: UUID) -> Response:
    """Order a drug, a procedure or anything in words; checked by formulary and record."""
    data = sent(ConsultOrderIn, request)
    try:
        made = actions.order(
            consult=consult_with(consult_id),
            order_id=data["id"],
            kind=data["kind"],
            content=data["content"],
            weighed=data["weighed"],
            actor=person(request),
            now=timezone.now(),
        )
    except NeedsWeighing as against:
        body = {"code": against.code, "detail": str(against.detail), "cautions": against.cautions}
        return Response(body, status=409)
    return Response(order_item(made), status=201)


def order_with(order_id: UUID) -> Order:
    return get_object_or_404(
        Order.objects.select_related("consult__mission__incident", "ordered_by"), pk=order_id
    )


@extend_schema(request=WordIn, responses={200: ConsultOrderOut, **REFUSALS}, examples=[READ_BACK])
@api_view(["POST"])
def order_word(request: Request, order_id: UUID) -> Response:
    """The crew reads back, gives or refuses: a fact, however late it comes."""
    data = sent(WordIn, request)
    word = Word(data["id"], STEPS[data["step"]], data["occurred_at"], data["said"])
    kept = actions.say_of_order(
        order=order_with(order_id), word=word, actor=person(request), now=timezone.now()
    )
    return Response(order_item(kept))


@extend_schema(request=ConsultReasonIn, responses={200: ConsultOrderOut, **REFUSALS})
@api_view(["POST"])
def withdraw(request: Request, order_id: UUID) -> Response:
    """The physician takes an order back, while it is not carried out."""
    data = sent(ConsultReasonIn, request)
    kept = actions.withdraw(
        order=order_with(order_id),
        reason=data["reason"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response(order_item(kept))


@extend_schema(request=HereIn, responses={200: CallableOut})
@api_view(["POST"])
def here(request: Request) -> Response:
    """The desk says that somebody sits there, and hears who else is on call."""
    user, now = person(request), timezone.now()
    actions.here(actor=user, available=sent(HereIn, request)["available"], now=now)
    physicians = roster_of(user.centre, now) if user.centre else []
    return Response({"physicians": physicians, "hospital": None})


# Any: JSON, of CallableOut.
def roster_of(centre: Organisation, now: datetime) -> list[dict[str, Any]]:
    desks = {one.user_id: one for one in duty(centre, request=None, now=now)}
    return [
        {
            **(named(row.user) or {}),
            "specialties": row.specialties,
            "rank": row.rank,
            "until": when(row.ends_at),
            "present": is_present(desks[row.user_id], now),
            "available": desks[row.user_id].available,
            "busy": desks[row.user_id].busy,
        }
        for row in on_call_now(centre, now=now)
    ]
