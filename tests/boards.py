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
    viewer = Viewer(user, now)
    before = snapshot(board, viewer)
    yield
    news = changes(board, viewer, before.cursor)
    assert news is not None
    followed, fresh = applied(before, news), snapshot(board, viewer)
    for name, items in fresh.state.items():
        assert followed.state.get(name, {}) == items, f"{name} of {board.name}"
    assert followed.state.keys() == fresh.state.keys()


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
