"""Append: the last step of every action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction

from dispatch.journal.models import Entry
from dispatch.journal.rules import GENESIS, chain_hash, is_look
from dispatch.people.models import User

# Any constant will do; it names the one lock that orders the journal.
JOURNAL_LOCK = 0x0B0A_7D01
BELL = "journal.bell"
_LOCK_THEN_LAST = (
    "SELECT pg_advisory_xact_lock(%s); SELECT id, hash FROM dispatch_entry ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One row to write: what happened, to whom, and when where that is not now."""

    kind: str
    refs: Mapping[str, UUID]
    occurred_at: datetime | None = None
    detail: Mapping[str, str | int | None] | None = None


def append(
    *,
    kind: str,
    actor: User | None,
    now: datetime,
    refs: Mapping[str, UUID],
    occurred_at: datetime | None = None,
    detail: Mapping[str, str | int | None] | None = None,
) -> Entry:
    """Write one row and ring the bell after the commit."""
    return append_all([Told(kind, refs, occurred_at, detail)], actor=actor, now=now)[0]


def append_all(told: Sequence[Told], *, actor: User | None, now: datetime) -> list[Entry]:
    """Write rows that belong together, in this order, and ring the bell after the commit.

    Must run inside the action's transaction. The advisory lock is held until the
    commit, so the order of ids is the order of commits and a reader that tails
    ids never misses a row. Looks alone do not ring: each screen that shows a new
    patient writes one, and would have all the others look again for nothing.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs to the transaction that it tells of")
    if not told:
        return []
    number, previous = _next_place()
    rows = []
    for place, one in enumerate(told, start=number):
        row = _row(one, number=place, previous=previous, actor=actor, now=now)
        rows.append(row)
        previous = bytes(row.hash)
    Entry.objects.bulk_create(rows)
    if not all(is_look(one.kind) for one in told):
        ring_after_commit()
    return rows


def _next_place() -> tuple[int, bytes]:
    """The next row's number and the hash before it, ours until the commit.

    Two statements in one message: the second one sees what was committed while the first waited.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_THEN_LAST, [JOURNAL_LOCK])
        cursor.nextset()
        last = cursor.fetchone()
    return (last[0] + 1, bytes(last[1])) if last else (1, GENESIS)


def _row(told: Told, *, number: int, previous: bytes, actor: User | None, now: datetime) -> Entry:
    refs = {name: str(value) for name, value in sorted(told.refs.items())}
    detail = dict(told.detail or {})
    happened = told.occurred_at or now
    actor_id = actor.pk if actor else None
    return Entry(
        id=number,
        kind=told.kind,
        occurred_at=happened,
        recorded_at=now,
        actor_id=actor_id,
        refs=refs,
        detail=detail,
        previous_hash=previous,
        hash=chain_hash(
            previous=previous,
            kind=told.kind,
            occurred_at=happened,
            recorded_at=now,
            actor_id=actor_id,
            refs=refs,
            detail=detail,
        ),
    )


def ring_after_commit() -> None:
    """Once for all rows of a transaction: each ring makes every board look."""
    if all(waiting[1] is not ring for waiting in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Tell the boards that there are new rows. A lost ring heals at the next heartbeat."""
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(BELL, {"type": "journal.bell"})
