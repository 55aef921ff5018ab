"""What a tablet asks and says over HTTP."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.people.requests import person, sent
from dispatch.tablets import actions


# Any: these serializers check a shape; the actions take plain values.
class KeyIn(serializers.Serializer[Any]):
    password = serializers.CharField(
        allow_null=True, default=None, help_text="On a locked tablet, instead of the PIN."
    )


class KeyOut(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="32 bytes in base64; never to be stored.")
    session = serializers.CharField(help_text="A name for this sign-in; another after the next.")


class ReportIn(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(min_value=0, max_value=1_000_000)
    oldest_waiting_at = serializers.DateTimeField(allow_null=True, default=None)
    storage_low = serializers.BooleanField(default=False)


class WipedIn(serializers.Serializer[Any]):
    lost = serializers.IntegerField(min_value=0, max_value=1_000_000)


@extend_schema(methods=["POST"], request=KeyIn, responses=KeyOut)
@extend_schema(methods=["DELETE"], request=None, responses={204: None})
@api_view(["POST", "DELETE"])
def key(request: Request, tablet_id: UUID) -> Response:
    """The secret that opens what this person keeps on this tablet; DELETE forgets it for good."""
    actor = person(request)
    if request.method == "DELETE":
        actions.forget_key(tablet_id=tablet_id, actor=actor)
        return Response(status=204)
    data = sent(KeyIn, request)
    try:
        secret = actions.release_key(
            tablet_id=tablet_id, password=data["password"], actor=actor, now=timezone.now()
        )
    except actions.WrongPassword as wrong:
        if not wrong.left:
            logout(request)
        raise
    name = sha256((request.session.session_key or "").encode()).hexdigest()[:16]
    answer = Response({"secret": b64encode(secret).decode(), "session": name})
    answer["Cache-Control"] = "no-store"
    return answer


@extend_schema(
    request=ReportIn,
    responses={200: dict},
    examples=[OpenApiExample("To be wiped", value={"wipe": True}, response_only=True)],
)
@api_view(["POST"])
def report(request: Request, tablet_id: UUID) -> Response:
    """How much waits on the tablet; the answer says whether it is to be wiped."""
    data = sent(ReportIn, request)
    wipe = actions.report(
        tablet_id=tablet_id,
        waiting=data["waiting"],
        oldest_waiting_at=data["oldest_waiting_at"],
        storage_low=data["storage_low"],
        actor=person(request),
        now=timezone.now(),
    )
    return Response({"wipe": wipe})


@extend_schema(request=WipedIn, responses={204: None})
@api_view(["POST"])
def wiped(request: Request, tablet_id: UUID) -> Response:
    """Everything on the tablet is gone, as asked or after too many wrong PINs; its session ends."""
    data = sent(WipedIn, request)
    actions.confirm_wipe(
        tablet_id=tablet_id, lost=data["lost"], actor=person(request), now=timezone.now()
    )
    logout(request)
    return Response(status=204)
