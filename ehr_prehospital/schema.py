"""What the clinical operations have in common in the published API: how they refuse."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers


# Any: these serializers only describe an answer, they never hold an object.
class RefusalOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="In the language of the request.")


BAD_INPUT = OpenApiResponse(
    RefusalOut,
    description="What was sent cannot be understood.",
    examples=[
        OpenApiExample(
            "A dose without its unit",
            value={"code": "unit_missing", "detail": "“drug.aspirin” needs a unit: mg."},
        )
    ],
)
NO_ACCESS = OpenApiResponse(
    RefusalOut,
    description="Not this person's patient. The attempt is recorded.",
    examples=[
        OpenApiExample(
            "A nurse of another hospital",
            value={
                "code": "no_access",
                "detail": "You may not see this patient. The attempt has been recorded.",
            },
        )
    ],
)
NOT_POSSIBLE = OpenApiResponse(
    RefusalOut,
    description="The rules do not allow it from where things stand.",
    examples=[
        OpenApiExample(
            "A handover that was redirected",
            value={
                "code": "illegal_transition",
                "detail": "Not possible any more: the handover is “redirected”.",
            },
        )
    ],
)
REFUSALS = {400: BAD_INPUT, 403: NO_ACCESS, 409: NOT_POSSIBLE}
