"""A board: collections of items, read whole as a snapshot or in part as changes.

The contract: applying `changes(since)` to an old snapshot gives what a fresh
snapshot says. It holds because both use the same projections, and because every
journal row names each subject whose item it changes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.journal.rules import is_look
from dispatch.people.models import User

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Item: TypeAlias = dict[str, Json]
Items: TypeAlias = dict[str, Item]

# Behind by more rows than this, a fresh snapshot is cheaper than the changes.
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and when: a projection shows this person what they may see."""

    user: User
    now: datetime
    # What `once` has read for this look. Any: each reader gives its own kind.
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)


Found = TypeVar("Found")


def once(read: Callable[[Viewer], Found]) -> Callable[[Viewer], Found]:
    """Read it once for each viewer: many shelves of a board stand on the same answer."""

    @wraps(read)
    def known(viewer: Viewer) -> Found:
        if read not in viewer.known:
            viewer.known[read] = read(viewer)
        found: Found = viewer.known[read]
        return found

    return known


Projection: TypeAlias = Callable[[Viewer, Collection[UUID] | None], Items]
# Of these rows, or of all when they are None.
Tail: TypeAlias = Callable[[Viewer, list[Entry] | None], Items]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One collection of a board. `ref` is the journal's word for its subjects.

    `project(viewer, ids)` gives the items of these subjects that the viewer may
    see, of all of them when ids is None. `through` leads from other subjects to
    these: when an incident closes, its missions leave the board with it. What is
    `for_everybody` heeds also the rows that the board itself passes over.
    """

    name: str
    ref: str
    project: Projection
    through: Mapping[str, Callable[[set[UUID]], Collection[UUID]]] = field(default_factory=dict)
    for_everybody: bool = False

    def touched_by(self, rows: Sequence[Entry]) -> set[UUID]:
        found = ids_in(rows, self.ref)
        for ref, lead in self.through.items():
            others = ids_in(rows, ref)
            if others:
                found.update(lead(others))
        return found


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    roles: frozenset[str]
    shelves: tuple[Shelf, ...]
    # The newest journal rows, for boards that show them.
    tail: Tail | None = None
    # The rows that may change anything for this viewer; of many boards alike most pass most over.
    concerning: Callable[[Viewer, Sequence[Entry]], Sequence[Entry]] | None = None

    def open_to(self, user: User) -> bool:
        return user.is_active and user.role in self.roles and user.organisation_id is not None


@dataclass(frozen=True, slots=True)
class Snapshot:
    cursor: int
    state: dict[str, Items]


@dataclass(frozen=True, slots=True)
class Changes:
    """Per collection: the item as it is now, None when it left the board."""

    cursor: int
    changes: Mapping[str, Mapping[str, Item | None]]


def snapshot(board: Board, viewer: Viewer) -> Snapshot:
    """Everything on the board. The cursor is read first: later rows only repeat."""
    cursor = head()
    state = {shelf.name: shelf.project(viewer, None) for shelf in board.shelves}
    if board.tail:
        state["journal"] = board.tail(viewer, None)
    return Snapshot(cursor, state)


def changes(board: Board, viewer: Viewer, since: int) -> Changes | None:
    """What changed since the cursor, None when a snapshot would be cheaper."""
    rows = rows_since(since, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS or since > head():
        return None
    return changes_by(board, viewer, rows) if rows else Changes(since, {})


def changes_by(board: Board, viewer: Viewer, rows: Sequence[Entry]) -> Changes:
    """What these rows changed for the viewer, as it is now."""
    found: dict[str, dict[str, Item | None]] = {}
    telling = [row for row in rows if not is_look(row.kind)]
    heeded = board.concerning(viewer, telling) if board.concerning and telling else telling
    for shelf in board.shelves:
        touched = shelf.touched_by(telling if shelf.for_everybody else heeded)
        if touched:
            items = shelf.project(viewer, touched)
            found[shelf.name] = {key: items.get(key) for key in sorted(map(str, touched))}
    if board.tail and (newest := board.tail(viewer, list(rows))):
        found["journal"] = dict(newest)
    return Changes(rows[-1].pk, found)


def ids_in(rows: Sequence[Entry], ref: str) -> set[UUID]:
    return {UUID(row.refs[ref]) for row in rows if ref in row.refs}


def shown(board: Board, viewer: Viewer, name: str) -> set[str]:
    """The ids that a collection shows to this viewer now."""
    return {
        key for shelf in board.shelves if shelf.name == name for key in shelf.project(viewer, None)
    }
