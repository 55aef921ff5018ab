"""The chain of closed versions. No database, no clock."""

import hashlib

GENESIS = bytes(32)


def version_hash(*, previous: bytes, content: str) -> bytes:
    """SHA-256 over the hash of the version before and this version's canonical text."""
    return hashlib.sha256(previous + content.encode()).digest()
