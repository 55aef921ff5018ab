"""FHIR R4 over HTTP: metadata, read, search, and the document. Every look goes through access."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.journal.refusals import BadInput
from dispatch.people.requests import person
from ehr_prehospital.access.actions import Purpose, look
from ehr_prehospital.access.rules import Level
from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.fhir.export import export
from ehr_prehospital.exchange.fhir.mapping import Json
from ehr_prehospital.exchange.fhir.server.audit import audit_events, changed_at, looks_at
from ehr_prehospital.exchange.fhir.server.capability import capability
from ehr_prehospital.exchange.fhir.server.searching import (
    TYPES,
    BadSearch,
    last,
    matching,
    page_in,
)
from ehr_prehospital.exchange.fhir.server.served import patient_in, record_in, resources_of
from ehr_prehospital.exchange.fhir.server.tokens import BearerAuthentication
from ehr_prehospital.exchange.reading import canonical_record
from ehr_prehospital.record.models import Record

# What an answer of ours means in FHIR's words.
ISSUES = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported"}


class FhirRenderer(JSONRenderer):
    media_type = "application/fhir+json"
    format = "json"
    charset = "utf-8"


class FhirView(APIView):
    """Answers and refusals as resources; a token or a person signed in."""

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    renderer_classes = (FhirRenderer,)
    schema = None

    # Any: DRF's own signature.
    def get_exception_handler(self) -> Callable[..., Any]:
        usual: Callable[..., Any] = super().get_exception_handler()

        def handler(error: Exception, context: dict[str, Any]) -> Response | None:
            answer: Response | None = usual(error, context)
            if answer is not None:
                said = answer.data.get("detail") if isinstance(answer.data, dict) else answer.data
                answer.data = outcome(answer.status_code, str(said))
            return answer

        return handler

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer


def outcome(status: int, text: str) -> Json:
    issue = {
        "severity": "error",
        "code": ISSUES.get(status, "processing"),
        "diagnostics": text,
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


class Metadata(FhirView):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        return Response(capability())


class Read(FhirView):
    def get(self, request: Request, kind: str, id_: str) -> Response:
        resources = seen(request, id_, kind)
        found = next((one for one in resources if one["id"] == id_), None)
        if found is None or found["resourceType"] != kind:
            raise Http404
        return Response(found)


class Document(FhirView):
    """The document Bundle of a Composition."""

    def get(self, request: Request, id_: str) -> Response:
        record = looked_at(request, record_for(id_))
        return Response(json.loads(export(record)))


class Search(FhirView):
    def get(self, request: Request, kind: str) -> Response:
        if kind not in TYPES:
            raise Http404
        wanted = {name: request.query_params.getlist(name) for name in request.query_params}
        try:
            count, page = page_in(wanted)
            found = matching(kind, searched(request, kind, wanted), wanted)
        except BadSearch as error:
            raise BadInput(str(error)) from error
        return Response(bundle(request, kind, found, count, page))


def searched(request: Request, kind: str, wanted: Mapping[str, Sequence[str]]) -> list[Json]:
    """The resources of the patients that a search names; without one it is refused."""
    ids = [last(part) for part in named(wanted, "_id", "patient", "subject", "encounter")]
    records = {known for id_ in ids if (known := record_in(id_))}
    if numbers := [part.rpartition("|")[2] for part in named(wanted, "identifier")]:
        mine = Record.objects.filter(encounter__patient__temporary_number__in=numbers)
        missions = Record.objects.filter(mission__number__in=numbers)
        records |= set((mine | missions).values_list("pk", flat=True))
    elif not ids:
        raise BadSearch(_("Name the patient: patient, identifier or _id."))
    found: list[Json] = []
    for record in Record.objects.filter(pk__in=records).select_related("mission__incident"):
        found.extend(resources_for(request, record, kind))
    return found


def named(wanted: Mapping[str, Sequence[str]], *names: str) -> list[str]:
    return [part for name in names for value in wanted.get(name, ()) for part in value.split(",")]


def seen(request: Request, id_: str, kind: str) -> list[Json]:
    return resources_for(request, record_for(id_), kind)


def record_for(id_: str) -> Record:
    known = record_in(id_)
    found = Record.objects.filter(pk=known) if known else Record.objects.none()
    record = found.select_related("mission__incident").first()
    if record is None:
        raise Http404
    return record


def resources_for(request: Request, record: Record, kind: str) -> list[Json]:
    """The resources of a record that its reader may see, one look for all."""
    found = resources_of(looked_at(request, record))
    if kind != "AuditEvent":
        return list(found)
    patient: UUID = record.encounter.patient_id
    return list(audit_events(record.pk, patient_in(found), looks_at(patient)))


def looked_at(request: Request, record: Record) -> CanonicalRecord:
    now = timezone.now()
    look(
        user=person(request),
        mission=record.mission,
        needed=Level.CLINICAL,
        purpose=Purpose.RECORD,
        now=now,
    )
    written = canonical_record(record, now=now, with_waves=True)
    return replace(written, written_at=changed_at(record.mission_id, usual=written.written_at))


def bundle(request: Request, kind: str, found: list[Json], count: int, page: int) -> Json:
    """One page of a search, with links to itself and the next."""
    here = found[(page - 1) * count : page * count]
    said: Json = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": request.build_absolute_uri()}],
    }
    if page * count < len(found):
        query = request.query_params.copy()
        query["_page"] = str(page + 1)
        address = request.build_absolute_uri(request.path)
        next_ = f"{address}?{urlencode(list(query.lists()), doseq=True)}"
        said["link"].append({"relation": "next", "url": next_})
    base = request.build_absolute_uri(request.path).rpartition("/")[0]
    entries = [
        {"fullUrl": f"{base}/{kind}/{one['id']}", "resource": one, "search": {"mode": "match"}}
        for one in here
    ]
    return said | ({"entry": entries} if entries else {})
