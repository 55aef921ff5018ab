"""The chain: what a row's hash covers, and where a chain breaks."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

GENESIS = bytes(32)


def is_look(kind: str) -> bool:
    """Whether a row of this kind tells only that somebody looked: it changes nothing."""
    return kind.endswith(".viewed")


@dataclass(frozen=True, slots=True)
class Row:
    """One journal row as the chain sees it; `id` is the position, from 1 without gaps."""

    id: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    refs: Mapping[str, str]
    detail: Mapping[str, str | int | None]
    previous_hash: bytes
    hash: bytes


def chain_hash(
    *,
    previous: bytes,
    kind: str,
    occurred_at: datetime,
    recorded_at: datetime,
    actor_id: UUID | None,
    refs: Mapping[str, str],
    detail: Mapping[str, str | int | None],
) -> bytes:
    """SHA-256 over the hash before and a canonical JSON of this row (sorted keys, UTC)."""
    body = json.dumps(
        [
            kind,
            occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(actor_id) if actor_id else None,
            refs,
            detail,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(previous + body.encode()).digest()


def first_broken(rows: Iterable[Row], *, previous: bytes = GENESIS) -> int | None:
    """The id of the first row that does not follow from the one before, or None."""
    for row in rows:
        expected = chain_hash(
            previous=previous,
            kind=row.kind,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            actor_id=row.actor_id,
            refs=row.refs,
            detail=row.detail,
        )
        if row.previous_hash != previous or row.hash != expected:
            return row.id
        previous = row.hash
    return None
