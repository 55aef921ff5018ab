"""A ticket: one person's sign-in, sealed for half a minute, for a hub under another host name.

Where page and hub share a host name the session's cookie comes along and no ticket is needed.
Sealed and not only signed, because it holds the session's key.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from dispatch.people.queries import SignIn

GOOD_FOR_S = 30


def ticket_of(sign_in: SignIn) -> str:
    raw = msgspec.msgpack.encode((sign_in.session_key, sign_in.user_id, sign_in.password_mark))
    return _box().encrypt(raw).decode()


def sign_in_of(ticket: str) -> SignIn | None:
    """None for one that is not ours or too old."""
    try:
        raw = _box().decrypt(ticket.encode(), ttl=GOOD_FOR_S)
        parts = msgspec.msgpack.decode(raw, type=tuple[str, UUID, str])
    except (InvalidToken, msgspec.DecodeError, UnicodeError):
        return None
    return SignIn(*parts)


def ticket_in(query: bytes) -> str | None:
    found = parse_qs(query.decode("latin-1")).get("ticket")
    return found[0] if found else None


def _box() -> Fernet:
    key = sha256(b"onboard.media.ticket" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
