"""Intake over HTTP: parse, one action or query, respond."""

from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.calls.actions import (
    add_note,
    answer_call,
    attach_call,
    control_room,
    detach_call,
    drop_call,
)
from dispatch.calls.models import Call, Incident, IncidentNote
from dispatch.calls.queries import duplicates_near, words_of
from dispatch.calls.reasons import sentence, sign
from dispatch.calls.rules.duplicates import Duplicate
from dispatch.calls.rules.triage import Question, UnknownCode, protocol, triage
from dispatch.city.geocoders.online import Choice
from dispatch.city.geocoders.queries import search_online
from dispatch.city.queries import Place, nearest_place, search_places
from dispatch.city.roads.router import LonLat
from dispatch.journal.refusals import BadInput
from dispatch.people.models import in_language
from dispatch.people.requests import asked, person, sent


class LatitudeField(serializers.FloatField):
    def __init__(self, **options: object) -> None:
        super().__init__(min_value=-90, max_value=90, **options)  # type: ignore[arg-type]


class LongitudeField(serializers.FloatField):
    def __init__(self, **options: object) -> None:
        super().__init__(min_value=-180, max_value=180, **options)  # type: ignore[arg-type]


class CallIn(serializers.Serializer[Call]):
    id = serializers.UUIDField(help_text="Made by the client, so that a repetition is harmless.")
    number_from = serializers.CharField(max_length=40, allow_blank=True, default="")
    ring_at = serializers.DateTimeField(required=False, allow_null=True)


class CallOut(serializers.Serializer[Call]):
    id = serializers.UUIDField()
    number_from = serializers.CharField()
    ring_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField()
    incident_id = serializers.UUIDField(allow_null=True)


@extend_schema(request=CallIn, responses=CallOut)
@api_view(["POST"])
def answer(request: Request) -> Response:
    """A dispatcher picks up; the answer clock stops here."""
    data = sent(CallIn, request)
    call = answer_call(
        call_id=data["id"],
        number_from=data["number_from"],
        ring_at=data.get("ring_at"),
        actor=person(request),
        now=timezone.now(),
    )
    return Response(CallOut(call).data, status=201)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def drop(request: Request, call_id: UUID) -> Response:
    """Close a call that needs no ambulance."""
    call = get_object_or_404(Call, pk=call_id)
    drop_call(call=call, actor=person(request), now=timezone.now())
    return Response(status=204)


class AttachIn(serializers.Serializer[Call]):
    call_id = serializers.UUIDField()


@extend_schema(request=AttachIn, responses=CallOut)
@api_view(["POST"])
def attach(request: Request, incident_id: UUID) -> Response:
    """A further call about an event that is already known."""
    call = get_object_or_404(Call, pk=sent(AttachIn, request)["call_id"])
    incident = get_object_or_404(Incident, pk=incident_id)
    attach_call(call=call, incident=incident, actor=person(request), now=timezone.now())
    call.refresh_from_db()
    return Response(CallOut(call).data)


@extend_schema(request=None, responses={204: None})
@api_view(["POST"])
def detach(request: Request, call_id: UUID) -> Response:
    """Take a call off its incident again; it goes back to the queue."""
    call = get_object_or_404(Call, pk=call_id)
    detach_call(call=call, actor=person(request), now=timezone.now())
    return Response(status=204)


class NoteIn(serializers.Serializer[IncidentNote]):
    id = serializers.UUIDField()
    text = serializers.CharField(max_length=500)


@extend_schema(request=NoteIn, responses={201: dict})
@api_view(["POST"])
def note(request: Request, incident_id: UUID) -> Response:
    """Add to what is known of an open incident; its crews read it at once."""
    data = sent(NoteIn, request)
    made = add_note(
        note_id=data["id"],
        incident=get_object_or_404(Incident, pk=incident_id),
        text=data["text"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response({"id": str(made.pk)}, status=201)


class NearIn(serializers.Serializer[object]):
    lat = LatitudeField()
    lon = LongitudeField()


class DuplicateOut(serializers.Serializer[object]):
    incident_id = serializers.UUIDField()
    number = serializers.CharField()
    complaint = serializers.CharField(help_text="A code of the triage protocol.")
    distance_m = serializers.IntegerField()
    age_s = serializers.IntegerField()
    score = serializers.FloatField(help_text="0 to 1.")
    reasons = serializers.ListField(child=serializers.DictField())


class CallAboutIn(NearIn):
    complaint = serializers.CharField(max_length=40, allow_blank=True, default="")
    words = serializers.CharField(max_length=500, allow_blank=True, default="")


@extend_schema(parameters=[CallAboutIn], responses=DuplicateOut(many=True))
@api_view(["GET"])
def duplicates(request: Request) -> Response:
    """Open incidents that a call from here may be about, the likeliest first."""
    said = asked(CallAboutIn, request)
    found = duplicates_near(
        centre=control_room(person(request)),
        lat=said["lat"],
        lon=said["lon"],
        complaint=said["complaint"],
        words=said["words"],
        now=timezone.now(),
    )
    return Response([_duplicate(one) for one in found])


@extend_schema(operation_id="incident_duplicates", responses=DuplicateOut(many=True))
@api_view(["GET"])
def duplicates_of(request: Request, incident_id: UUID) -> Response:
    """Other open incidents that may be the same event as this one."""
    centre = control_room(person(request))
    incident = get_object_or_404(Incident, pk=incident_id, centre=centre)
    found = duplicates_near(
        centre=centre,
        lat=incident.lat,
        lon=incident.lon,
        complaint=incident.complaint,
        words=words_of(incident),
        now=incident.opened_at,
        without=incident.pk,
    )
    return Response([_duplicate(one) for one in found])


def _duplicate(one: Duplicate) -> dict[str, object]:
    return {
        "incident_id": str(one.incident.id),
        "number": one.incident.number,
        "complaint": one.incident.complaint,
        "distance_m": round(one.distance_m),
        "age_s": round(one.age_s),
        "score": round(one.score, 2),
        "reasons": [{"code": str(reason.sign), "text": sign(reason)} for reason in one.reasons],
    }


class TriageIn(serializers.Serializer[object]):
    complaint = serializers.CharField(max_length=40)
    answers = serializers.DictField(child=serializers.CharField(max_length=10), default=dict)


class ReasonOut(serializers.Serializer[object]):
    code = serializers.CharField()
    text = serializers.CharField(help_text="In the language of the request.")


class JudgedOut(serializers.Serializer[object]):
    priority = serializers.IntegerField(min_value=1, max_value=5)
    determinant = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())
    reasons = ReasonOut(many=True)


@extend_schema(request=TriageIn, responses=JudgedOut)
@api_view(["POST"])
def judge(request: Request) -> Response:
    """What the answers so far amount to; nothing is stored."""
    data = sent(TriageIn, request)
    try:
        judged = triage(complaint=data["complaint"], answers=data["answers"], using=protocol())
    except UnknownCode as unknown:
        raise BadInput(
            _("The triage protocol does not know “%(code)s”.") % {"code": unknown}
        ) from unknown
    return Response(
        {
            "priority": judged.priority,
            "determinant": judged.determinant,
            "needs": judged.needs,
            "reasons": [{"code": code, "text": sentence(code)} for code in judged.reasons],
        }
    )


@extend_schema(responses=dict)
@api_view(["GET"])
def questions(request: Request) -> Response:
    """The triage protocol in the language of the request."""
    using = protocol()

    def shown(question: Question) -> dict[str, str]:
        return {"code": question.code, "text": in_language(question.text.en, question.text.zh)}

    return Response(
        {
            "id": using.id,
            "version": using.version,
            "source": using.source,
            "arrest_questions": [shown(question) for question in using.arrest],
            "complaints": [
                {
                    "code": complaint.code,
                    "label": in_language(complaint.text.en, complaint.text.zh),
                    "search": f"{complaint.text.en} {complaint.text.zh} {complaint.keywords}",
                    "questions": [shown(question) for question in complaint.questions],
                }
                for complaint in using.complaints.values()
            ],
        }
    )


class PlacesIn(serializers.Serializer[object]):
    q = serializers.CharField(max_length=200, allow_blank=True)
    lat = LatitudeField(required=False)
    lon = LongitudeField(required=False)


@extend_schema(parameters=[PlacesIn], responses=dict)
@api_view(["GET"])
def places(request: Request) -> Response:
    """Type-ahead over the city's places; an unknown place gives an empty list."""
    data = asked(PlacesIn, request)
    near = LonLat(data["lon"], data["lat"]) if {"lat", "lon"} <= data.keys() else None
    return Response([_place(place) for place in search_places(data["q"], near=near)])


@extend_schema(parameters=[PlacesIn], responses=dict)
@api_view(["GET"])
def places_online(request: Request) -> Response:
    """The same by the geocoder that the centre allows, asked on purpose; else by the index.

    `source` says who answered; `silent` that the geocoder was asked and did not.
    """
    control_room(person(request))
    data = asked(PlacesIn, request)
    near = LonLat(data["lon"], data["lat"]) if {"lat", "lon"} <= data.keys() else None
    setting = settings.GEOCODER
    choice = Choice(setting.name, setting.url, setting.key, setting.timeout_s) if setting else None
    found = search_online(data["q"], choice=choice, near=near)
    return Response(
        {
            "source": found.source,
            "silent": found.silent,
            "places": [_place(place) for place in found.places],
        }
    )


@extend_schema(parameters=[NearIn], responses=dict)
@api_view(["GET"])
def nearest(request: Request) -> Response:
    """The place at a click on the map, null where nothing is near."""
    data = asked(NearIn, request)
    place = nearest_place(LonLat(data["lon"], data["lat"]))
    return Response(_place(place) if place else None)


def _place(place: Place) -> dict[str, object]:
    return {
        "id": place.id,
        "label_en": place.label_en,
        "label_zh": place.label_zh,
        "kind": place.kind,
        "lat": place.lat,
        "lon": place.lon,
        "detail": place.detail,
    }
