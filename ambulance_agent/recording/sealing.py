"""Recordings lie on the vehicle's disk sealed: AES-256-GCM, a key for each recording.

That key lies beside its pieces, sealed itself by a key that lies nowhere: it is derived from the
vehicle's token each time the agent starts. Whoever has the disk and not the token sees nothing, so
the token is best kept elsewhere (docs/operations.md).
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES, NONCE_BYTES = 32, 12
_PURPOSE = b"onboard record spool 1"


class OtherToken(Exception):
    """Sealed under another token: it opens again when that one is back."""


class RecordingKey:
    """Seals and opens the pieces of one recording; a piece opens only in its own place."""

    def __init__(self, recording: UUID, raw: bytes) -> None:
        self._recording, self._cipher = recording, AESGCM(raw)

    def seal(self, seq: int, payload: bytes) -> bytes:
        return _sealed(self._cipher, payload, self._place(seq))

    def open(self, seq: int, sealed: bytes) -> bytes:
        """Raises InvalidTag where the disk gives back something else."""
        return _opened(self._cipher, sealed, self._place(seq))

    def _place(self, seq: int) -> bytes:
        return self._recording.bytes + seq.to_bytes(4, "big")


class Keys:
    """Makes the keys of recordings, and opens those that were made before."""

    def __init__(self, token: str) -> None:
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=_PURPOSE).derive(token.encode())
        self._cipher = AESGCM(derived)

    def make(self, recording: UUID) -> tuple[RecordingKey, bytes]:
        """The key, and what may lie on the disk of it."""
        raw = AESGCM.generate_key(8 * KEY_BYTES)
        return RecordingKey(recording, raw), _sealed(self._cipher, raw, recording.bytes)

    def open(self, recording: UUID, sealed: bytes) -> RecordingKey:
        """Raises OtherToken."""
        try:
            return RecordingKey(recording, _opened(self._cipher, sealed, recording.bytes))
        except InvalidTag:
            raise OtherToken from None


def _sealed(cipher: AESGCM, content: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, about)


def _opened(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
