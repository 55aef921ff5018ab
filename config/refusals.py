"""Refusals and bad input as JSON: {"code", "detail"}, the sentence in the user's language."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from dispatch.journal.refusals import BadInput, NotAllowed, Refused


def as_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """400 for what cannot be understood, 403 for who, 404 for what is not there, 409 for rules."""
    match error:
        case BadInput():
            return _answer(400, error.code, str(error.detail))
        case NotAllowed():
            return _answer(403, error.code, str(error.detail))
        case Refused():
            return _answer(409, error.code, str(error.detail))
        case ValidationError():
            fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
            sentences = "; ".join(_sentence(name, found) for name, found in fields.items())
            return _answer(400, "bad_input", sentences, {"fields": error.detail})
        case ObjectDoesNotExist() | Http404():
            return _answer(404, "not_found", _("There is no such thing."))
        case APIException():
            return _answer(error.status_code, str(error.get_codes()), str(error.detail))
    return exception_handler(error, context)


def _sentence(name: str, found: Any) -> str:  # Any: DRF nests lists and dicts of messages
    while isinstance(found, dict):
        inner, found = next(iter(found.items()))
        name = f"{name}.{inner}"
    text = " ".join(str(item) for item in found) if isinstance(found, list) else str(found)
    return f"{name}: {text}" if name else text


def _answer(status: int, code: str, detail: str, more: dict[str, Any] | None = None) -> Response:
    return Response({"code": code, "detail": detail, **(more or {})}, status=status)
