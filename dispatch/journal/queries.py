"""Reads of the journal: head, tail, and whether the chain holds."""

from collections.abc import Iterator

from dispatch.journal.models import Entry
from dispatch.journal.rules import Row, first_broken


def head() -> int:
    """The id of the newest row, 0 when there is none."""
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def rows_since(cursor: int, *, limit: int = 2000) -> list[Entry]:
    return list(Entry.objects.filter(id__gt=cursor).order_by("id")[:limit])


def chain() -> Iterator[Row]:
    """Every row from the first, streamed."""
    for entry in Entry.objects.order_by("id").iterator(chunk_size=2000):
        yield Row(
            id=entry.pk,
            kind=entry.kind,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            actor_id=entry.actor_id,
            refs=entry.refs,
            detail=entry.detail,
            previous_hash=bytes(entry.previous_hash),
            hash=bytes(entry.hash),
        )


def broken_at() -> int | None:
    """The first row whose hash does not follow, None while the chain is whole."""
    return first_broken(chain())
