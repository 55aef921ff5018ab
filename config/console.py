"""The dispatcher's console: whole, or one part of it in a window of its own; its journal."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from config.boards import JOURNAL_OF, JOURNAL_REFS
from config.pages import screen
from dispatch.calls.actions import control_room, own_centre
from dispatch.calls.models import Incident
from dispatch.journal.models import Entry
from dispatch.live.matters import newest_own_rows
from dispatch.live.projections import journal_items
from dispatch.people.models import Role
from dispatch.people.requests import asked, person

CONTROL_ROOM = (Role.DISPATCHER, Role.SUPERVISOR)
# What may stand alone in a second window, on a second screen.
PARTS = ("map", "queue", "units", "journal")
PAGE = 200
TEMPLATE, SCRIPT = "dispatcher/console.html", "dispatcher/console.js"


def whole(request: HttpRequest) -> HttpResponse:
    return screen(TEMPLATE, *CONTROL_ROOM, script=SCRIPT, geocoder=_geocoder())(request)


def part(request: HttpRequest, part: str) -> HttpResponse:
    """One part alone; it follows the selection of the console beside it."""
    if part not in PARTS:
        raise Http404
    page = screen(TEMPLATE, *CONTROL_ROOM, script=SCRIPT, part=part, geocoder=_geocoder())
    return page(request)


def _geocoder() -> str:
    """The online geocoder that the screen may offer, empty for none."""
    return settings.GEOCODER.name if settings.GEOCODER else ""


class RowsIn(serializers.Serializer[Entry]):
    incident = serializers.UUIDField(required=False)
    before = serializers.IntegerField(
        required=False, min_value=1, help_text="Only rows older than this one."
    )


@extend_schema(operation_id="journal_rows", parameters=[RowsIn], responses=dict)
@api_view(["GET"])
def journal(request: Request) -> Response:
    """Older rows than the board carries, newest first: of the centre, or of one incident."""
    data = asked(RowsIn, request)
    actor = person(request)
    control_room(actor)
    among = Entry.objects.filter(kind__regex=rf"^({'|'.join(JOURNAL_OF)})\.")
    if "before" in data:
        among = among.filter(pk__lt=data["before"])
    if "incident" in data:
        incident = get_object_or_404(Incident, pk=data["incident"])
        own_centre(actor, incident)
        among = among.filter(_about(incident))
    rows = newest_own_rows(actor, among=among, limit=PAGE)
    return Response(journal_items(rows, JOURNAL_REFS))


def _about(incident: Incident) -> Q:
    """Rows that name the incident, one of its missions or one of its calls."""
    names = Q(refs__contains={"incident": str(incident.pk)})
    subjects: dict[str, list[UUID]] = {
        "mission": list(incident.missions.values_list("pk", flat=True)),
        "call": list(incident.calls.values_list("pk", flat=True)),
    }
    for subject, ids in subjects.items():
        for one in ids:
            names |= Q(refs__contains={subject: str(one)})
    return names
