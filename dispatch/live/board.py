"""A board: collections of items, read whole as a snapshot or in part as changes.

The contract: applying `changes(since)` to an old snapshot gives what a fresh
snapshot says. It holds because both use the same projections, and because every
journal row names each subject whose item it changes.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.journal.tail import News
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


def alone(_viewer: Viewer) -> None:
    """Sees what nobody else sees."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One collection of a board. `ref` is the journal's word for its subjects.

    `project(viewer, ids)` gives the items of these subjects that the viewer may
    see, of all of them when ids is None. `through` leads from other subjects to
    these: when an incident closes, its missions leave the board with it. What is
    `for_everybody` heeds also the rows that the board itself passes over.

    Viewers for whom `alike` gives the same answer, not None, see the same items; what
    changed is projected once for all of them. What is a viewer's `own` is added then.
    """

    name: str
    ref: str
    project: Projection
    through: Mapping[str, Callable[[set[UUID]], Collection[UUID]]] = field(default_factory=dict)
    for_everybody: bool = False
    alike: Callable[[Viewer], Hashable | None] = alone
    own: Callable[[Viewer, Items], Items] | None = None

    def touched_by(self, rows: Sequence[Entry], news: News) -> set[UUID]:
        found = ids_in(rows, self.ref)
        for ref, lead in self.through.items():
            others = ids_in(rows, ref)
            if others:
                found.update(news.once((lead, frozenset(others)), partial(lead, others)))
        return found

    def items(self, viewer: Viewer, ids: set[UUID] | None, news: News | None = None) -> Items:
        project, like = partial(self.project, viewer, ids), self.alike(viewer)
        if news is None or ids is None or like is None:
            found = project()
        else:
            found = news.once((self.name, like, frozenset(ids)), project)
        return self.own(viewer, found) if self.own else found


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    roles: frozenset[str]
    shelves: tuple[Shelf, ...]
    # The newest journal rows, for boards that show them.
    tail: Tail | None = None
    # The rows that may change anything for this viewer; of many boards alike most pass most over.
    concerning: Callable[[Viewer, News], Sequence[Entry]] | None = None

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
    state = {shelf.name: shelf.items(viewer, None) for shelf in board.shelves}
    if board.tail:
        state["journal"] = board.tail(viewer, None)
    return Snapshot(cursor, state)


def changes(board: Board, viewer: Viewer, since: int) -> Changes | None:
    """What changed since the cursor, None when a snapshot would be cheaper."""
    rows = rows_since(since, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS or since > head():
        return None
    return changes_by(board, viewer, News(rows)) if rows else Changes(since, {})


def changes_by(board: Board, viewer: Viewer, news: News) -> Changes:
    """What these rows changed for the viewer, as it is now."""
    found: dict[str, dict[str, Item | None]] = {}
    heeded = board.concerning(viewer, news) if board.concerning else news.telling
    for shelf in board.shelves:
        touched = shelf.touched_by(news.telling if shelf.for_everybody else heeded, news)
        if touched:
            items = shelf.items(viewer, touched, news)
            found[shelf.name] = {key: items.get(key) for key in sorted(map(str, touched))}
    if board.tail and (newest := board.tail(viewer, list(news.rows))):
        found["journal"] = dict(newest)
    return Changes(news.rows[-1].pk, found)


def ids_in(rows: Sequence[Entry], ref: str) -> set[UUID]:
    return {UUID(row.refs[ref]) for row in rows if ref in row.refs}


def shown(board: Board, viewer: Viewer, name: str) -> set[str]:
    """The ids that a collection shows to this viewer now."""
    return {
        key for shelf in board.shelves if shelf.name == name for key in shelf.project(viewer, None)
    }
