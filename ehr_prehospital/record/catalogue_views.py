"""The catalogue and its rules over HTTP, so that a tablet judges offline by the same table."""

from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request

from ehr_prehospital.record.form_files import forms_bytes, forms_etag
from ehr_prehospital.record.formulary import formulary_bytes, formulary_etag
from ehr_prehospital.record.published import catalogue_bytes, catalogue_etag

EXAMPLE = {
    "groups": {"vital": {"en": "Vital signs", "zh": "生命体征", "repeats": True}},
    "elements": {
        "vital.heart_rate": {
            "group": "vital",
            "en": "Heart rate",
            "zh": "心率",
            "type": "number",
            "occurs": "group",
            "many": False,
            "table": "",
            "open": False,
            "units": {"/min": [0, 500]},
            "level": "required",
            "when": "care",
            "nv": ["not_recorded"],
            "pn": ["refused"],
            "nemsis": "eVitals.10",
            "from": ["device", "person"],
            "reading": "heart_rate",
        }
    },
    "tables": {"yes_no": {"yes": {"en": "Yes", "zh": "是"}}},
    "cases": {},
    "rules": [],
}


@extend_schema(
    responses={200: dict, 304: None},
    examples=[OpenApiExample("One element", value=EXAMPLE, response_only=True)],
)
@api_view(["GET"])
def catalogue(request: Request) -> HttpResponseBase:
    """Every element of the record, its tables and the completeness rules; with an ETag."""
    return once(request, catalogue_bytes(), catalogue_etag())


FORMS_EXAMPLE = {
    "forms": {
        "lams": {
            "id": "lams",
            "version": "2008",
            "source": "Nazliel 2008, Stroke 39:2264",
            "checked": "2026-11-23",
            "en": "LAMS",
            "zh": "LAMS 评分",
            "items": [],
            "bands": [],
            "criteria": [],
            "score": "vital.stroke_score",
        }
    }
}


@extend_schema(
    responses={200: dict, 304: None},
    examples=[
        OpenApiExample("One form, without its items", value=FORMS_EXAMPLE, response_only=True)
    ],
)
@api_view(["GET"])
def forms(request: Request) -> HttpResponseBase:
    """The forms whose answers are the entries `form.<form>.<item>`; with an ETag."""
    return once(request, forms_bytes(), forms_etag())


@extend_schema(
    responses={200: dict, 304: None},
    examples=[
        OpenApiExample(
            "One drug, without its uses",
            value={
                "version": "1",
                "signed": {"by": "", "on": ""},
                "drug": {"aspirin": {"unit": "mg", "allergies": ["aspirin"], "uses": []}},
            },
            response_only=True,
        )
    ],
)
@api_view(["GET"])
def formulary(request: Request) -> HttpResponseBase:
    """The drugs, their doses and what speaks against them; `signed` is empty until it is signed."""
    return once(request, formulary_bytes(), formulary_etag())


def once(request: Request, content: bytes, etag: str) -> HttpResponseBase:
    """The content, or 304 to who has it."""
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or HttpResponse(content, content_type="application/json")
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
