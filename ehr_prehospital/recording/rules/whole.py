"""Is a recording whole: no hole in 0…last, and the chain that its device signed."""

import base64
import binascii
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ambulance_agent.protocol.recording import first_link, next_link

Range = tuple[int, int]
# (seq, captured ms, sha256) of a stored piece.
Link = tuple[int, float, bytes]


class Flaw(StrEnum):
    """What keeps a recording from being proven whole."""

    NO_END = "no_end"
    HOLES = "holes"
    CHAIN = "chain"
    CONTENT = "content"


def holes(seqs: Iterable[int], *, through: int) -> list[Range]:
    """The missing [first, last] in 0…through; `seqs` ascending, without repeats."""
    missing: list[Range] = []
    expected = 0
    for seq in seqs:
        if seq > through:
            break
        if seq > expected:
            missing.append((expected, seq - 1))
        expected = seq + 1
    if expected <= through:
        missing.append((expected, through))
    return missing


def chain_of(recording: UUID, links: Iterable[Link]) -> bytes:
    """The head after these pieces, which are in order and without a hole."""
    head = first_link(recording)
    for seq, captured_ms, sha256 in links:
        head = next_link(head, seq=seq, captured_ms=captured_ms, sha256=sha256)
    return head


def read_key(text: str) -> ec.EllipticCurvePublicKey | None:
    """A P-256 public key (SPKI, base64), None for anything else."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return None
    known = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    return key if known else None  # type: ignore[return-value]  # narrowed by `known`


def signed_by(text: str, *, signature: bytes, statement: bytes) -> bool:
    """ES256 as browsers write it: r and s, 32 bytes each."""
    key = read_key(text)
    if key is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(utils.encode_dss_signature(r, s), statement, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
