"""The official code lists over HTTP, so that a tablet searches them offline."""

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request

from ehr_prehospital.exchange.nemsis.lists.published import published
from ehr_prehospital.record.catalogue_views import once

EXAMPLE = {
    "versions": {"Impression": "2025-01-14"},
    "elements": {
        "situation.primary_impression": [
            ["icd10:I21.3", "STEMI", "ST 段抬高型心肌梗死", "Cardiac", "stemi"]
        ]
    },
}


@extend_schema(
    responses={200: dict, 304: None},
    examples=[OpenApiExample("One code", value=EXAMPLE, response_only=True)],
)
@api_view(["GET"])
def code_lists(request: Request) -> HttpResponseBase:
    """Element → its official codes; empty where the operator has loaded none. With an ETag."""
    return once(request, *published())
