"""What every view needs of a request: who asks, and what was sent, checked."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from dispatch.people.models import User


def person(request: Request) -> User:
    """The signed-in user; the permission classes have let nobody else through."""
    if not isinstance(request.user, User):
        raise TypeError(_("Sign in first."))
    return request.user


# Any: the serializer has checked the shape, and each view names the fields it takes.
def sent(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body after the serializer's checks; a bad one becomes a 400 with the field's name."""
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def asked(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The same for the query string."""
    found = serializer(data=request.query_params)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)
