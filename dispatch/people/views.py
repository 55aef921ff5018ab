"""Who am I."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.models import User
from dispatch.people.requests import person


class MeOut(serializers.Serializer[User]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    role = serializers.CharField()
    organisation_id = serializers.UUIDField(allow_null=True)


ME_EXAMPLE = OpenApiExample(
    "A dispatcher",
    value={
        "id": "6f9c1c86-6c68-4f0e-8d2e-6b5a0f4a1b11",
        "username": "li",
        "name_en": "Li Na",
        "name_zh": "李娜",
        "role": "dispatcher",
        "organisation_id": "0d3a2f54-3f31-49a5-9f0e-1f3f0f5b7a10",
    },
)


@extend_schema(responses=MeOut, examples=[ME_EXAMPLE])
@api_view(["GET"])
def me(request: Request) -> Response:
    """The person who is signed in."""
    return Response(MeOut(person(request)).data)
