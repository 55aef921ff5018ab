"""Credentials of partners at rest: sealed with a key made from the platform's own secret.

Whoever reads a copy of the database cannot send in our name; whoever has the secret key can.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"onboard delivery credentials 1"


class Unsealable(Exception):
    """They were sealed with another secret key: they have to be entered anew."""


def sealed(credentials: Mapping[str, str]) -> bytes:
    return _box().encrypt(json.dumps(dict(credentials)).encode()) if credentials else b""


def opened(sealed_bytes: bytes) -> dict[str, str]:
    """Raises Unsealable."""
    if not sealed_bytes:
        return {}
    try:
        text = _box().decrypt(sealed_bytes)
    except InvalidToken as error:
        raise Unsealable from error
    return {str(name): str(value) for name, value in json.loads(text).items()}


def _box() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(key))
