"""The contract of every board: snapshot + rows since == fresh snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime

from dispatch.live.board import Board, Changes, Items, Snapshot, Viewer, changes, snapshot
from dispatch.live.projections import NEWEST
from dispatch.people.models import User


@contextmanager
def board_follows(board: Board, user: User, now: datetime) -> Iterator[None]:
    """Whatever happens inside, a client that applies the rows sees what a fresh one sees."""
    follower = Follower(board, user, now)
    yield
    follower.catch_up()


class Follower:
    """A client that looked once and applies the rows from then on."""

    def __init__(self, board: Board, user: User, now: datetime) -> None:
        self._board, self._viewer = board, Viewer(user, now)
        self._seen = snapshot(self._board, self._viewer)

    def catch_up(self) -> None:
        """Apply the rows since the last time; a fresh client must see the same."""
        board = self._board
        news = changes(board, self._viewer, self._seen.cursor)
        assert news is not None
        followed, fresh = applied(self._seen, news), snapshot(board, self._viewer)
        for name, items in fresh.state.items():
            assert followed.state.get(name, {}) == items, f"{name} of {board.name}"
        assert followed.state.keys() == fresh.state.keys()
        self._seen = followed


def applied(before: Snapshot, news: Changes) -> Snapshot:
    """What the client's reducer does."""
    state: dict[str, Items] = deepcopy(before.state)
    for name, items in news.changes.items():
        shelf = state.setdefault(name, {})
        for key, item in items.items():
            if item is None:
                shelf.pop(key, None)
            else:
                shelf[key] = item
    if "journal" in state:
        newest = sorted(state["journal"], key=int)[-NEWEST:]
        state["journal"] = {key: state["journal"][key] for key in newest}
    return Snapshot(news.cursor, state)
