"""/fhir/Subscription: make, read, list, end; $status and $events."""

import json
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.requests import person
from ehr_prehospital.exchange.fhir.server.models import FhirToken
from ehr_prehospital.exchange.fhir.server.searching import BadSearch, page_in
from ehr_prehospital.exchange.fhir.server.views import FhirView, bundle
from ehr_prehospital.exchange.fhir.subscriptions.actions import subscribe, unsubscribe
from ehr_prehospital.exchange.fhir.subscriptions.models import FhirSubscription
from ehr_prehospital.exchange.fhir.subscriptions.queries import (
    address_of,
    events_between,
    of_user,
    resource_of,
    told,
)
from ehr_prehospital.exchange.fhir.subscriptions.rules import (
    Json,
    NotUnderstood,
    notification,
    wish_in,
)

PARAMETERS = ("_id", "status", "criteria", "_count", "_page", "_format")


class FhirParser(JSONParser):
    media_type = "application/fhir+json"


class Subscriptions(FhirView):
    parser_classes = (FhirParser, JSONParser)

    def get(self, request: Request) -> Response:
        """Those of the caller's own organisation."""
        wanted = {name: request.query_params.getlist(name) for name in request.query_params}
        if unknown := [name for name in wanted if name not in PARAMETERS]:
            raise BadInput(f"{unknown[0]} is no search parameter of Subscription here")
        now = timezone.now()
        found = [resource_of(row, now) for row in of_user(person(request))]
        for name, path in (("_id", "id"), ("status", "status"), ("criteria", "criteria")):
            for value in wanted.get(name, ()):
                found = [one for one in found if one[path] in value.split(",")]
        try:
            count, page = page_in(wanted)
        except BadSearch as error:
            raise BadInput(str(error)) from error
        return Response(bundle(request, "Subscription", found, count, page))

    def post(self, request: Request) -> Response:
        if not isinstance(request.auth, FhirToken):
            raise NotAllowed(_("Only a system with a token can subscribe."), code="no_token")
        resource = request.data
        if not isinstance(resource, dict) or resource.get("resourceType") != "Subscription":
            raise BadInput(_("This is no Subscription."))
        now = timezone.now()
        try:
            wish = wish_in(resource)
        except (NotUnderstood, AttributeError, TypeError) as error:
            raise BadInput(str(error)) from error
        base = request.build_absolute_uri("/fhir")
        row = subscribe(user=person(request), wish=wish, base=base, now=now)
        answer = Response(resource_of(row, now), status=201)
        answer["Location"] = address_of(row)
        return answer


class Subscription(FhirView):
    def get(self, request: Request, id_: str) -> Response:
        return Response(resource_of(own(request, id_), timezone.now()))

    def delete(self, request: Request, id_: str) -> Response:
        """It is off from now on, and stays to be read."""
        unsubscribe(subscription=own(request, id_), now=timezone.now())
        return Response(status=204)


class Status(FhirView):
    def get(self, request: Request, id_: str) -> Response:
        row, now = own(request, id_), timezone.now()
        said = notification(told(row, now), "query-status", subscription=row.pk, now=now)
        (first,) = said["entry"]
        entry = {
            "fullUrl": first["fullUrl"],
            "resource": first["resource"],
            "search": {"mode": "match"},
        }
        found: Json = {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]}
        return Response(found)

    post = get


class Events(FhirView):
    """What was told, once more: a system that was away fetches what it missed."""

    def get(self, request: Request, id_: str) -> Response:
        row, now = own(request, id_), timezone.now()
        first = number(request, "eventsSinceNumber", 1)
        events = events_between(row, first, number(request, "eventsUntilNumber", row.events))
        said = notification(
            told(row, now), "query-event", subscription=row.pk, events=events, now=now
        )
        return Response(json.loads(json.dumps(said)))

    post = get


def number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not text.isdigit():
        raise BadInput(f"{name} must be a number")
    return int(text)


def own(request: Request, id_: str) -> FhirSubscription:
    """One of the caller's own organisation; for anybody else it is not there."""
    try:
        row = of_user(person(request)).filter(pk=UUID(id_)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row
