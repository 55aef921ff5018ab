"""`Authorization: Bearer …` of a partner's system."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.exchange.fhir.server.models import FhirToken, hash_of

TOKEN_BYTES = 32


class BearerAuthentication(BaseAuthentication):
    """A system is the user that its token was made for."""

    def authenticate(self, request: Request) -> tuple[User, FhirToken] | None:
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        known = (
            FhirToken.objects.filter(hash=hash_of(token.strip()), revoked_at__isnull=True)
            .select_related("user")
            .first()
        )
        if known is None or not known.user.is_active:
            raise AuthenticationFailed(_("This token is unknown or was revoked."))
        return known.user, known

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="fhir"'


def make_token(*, user: User, name: str, now: datetime) -> str:
    """A new token, which is told once and never again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        row = FhirToken.objects.create(user=user, name=name, hash=hash_of(token), created_at=now)
        append(
            kind="fhir.token_made",
            actor=None,
            now=now,
            refs={"user": user.pk},
            detail={"token": row.pk, "name": name},
        )
    return token


def revoke_tokens(*, name: str, now: datetime) -> int:
    """End every token of a system; how many there were."""
    with transaction.atomic():
        rows = list(
            FhirToken.objects.select_for_update(no_key=True).filter(
                name=name, revoked_at__isnull=True
            )
        )
        for row in rows:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            append(
                kind="fhir.token_revoked",
                actor=None,
                now=now,
                refs={"user": row.user_id},
                detail={"token": row.pk, "name": name},
            )
    return len(rows)
