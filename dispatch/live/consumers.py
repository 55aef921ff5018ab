"""A board's socket. It has no rule and no query of its own.

hello → snapshot or rows; a ring or a heartbeat → rows; telemetry by payload for
the units that the board shows. What a client misses it gets by the same read.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.utils import timezone

from dispatch.fleet.telemetry import group_of
from dispatch.journal.bell import bell
from dispatch.journal.tail import News, tail
from dispatch.live.board import Board, Viewer, changes, changes_by, shown, snapshot
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.models import User
from dispatch.people.queries import SignIn

HEARTBEAT_S = 2.0
CLOSE_NO_SUCH_BOARD = 4404


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at which board, and the channel group of their centre's vehicles."""

    user: User
    board: Board
    group: str | None


class BoardConsumer(AsyncJsonWebsocketConsumer):
    boards: dict[str, Board]

    def __init__(self, *, boards: dict[str, Board]) -> None:
        super().__init__()
        self.boards = boards
        self._look: Look | None = None
        self._sign_in: SignIn | None = None
        self._cursor: int | None = None
        self._units: set[str] | None = None
        self._following: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    async def connect(self) -> None:
        await self.accept()
        board = self.boards.get(self.scope["url_route"]["kwargs"]["board"])
        known = await doorkeeper().let_in(self.scope)
        if known is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self._sign_in, user = known
        if board is None:
            await self.close(code=CLOSE_NO_SUCH_BOARD)
        elif not board.open_to(user):
            await self.close(code=CLOSE_NOT_ALLOWED)
        else:
            self._look = Look(user, board, group_of(user.centre.pk) if user.centre else None)

    # Any: what a client sends may be any JSON.
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        look = self._look
        hello = isinstance(content, dict) and content.get("t") == "hello"
        if look is None or not hello or self._following or not await self._may_stay(look):
            return
        since = content.get("since")
        self._cursor = since if isinstance(since, int) and since >= 0 else None
        await self._catch_up(look)
        if look.group:
            await self.channel_layer.group_add(look.group, self.channel_name)
        self._following = asyncio.create_task(self._follow(look))

    async def disconnect(self, code: int) -> None:
        if self._following:
            self._following.cancel()
        if self._sign_in:
            doorkeeper().see_out(self._sign_in)
        if self._look and self._look.group:
            await self.channel_layer.group_discard(self._look.group, self.channel_name)

    async def live_payload(self, event: dict[str, Any]) -> None:
        """Telemetry of the whole centre: pass on what belongs to this board."""
        payload = event["payload"]
        if payload["t"] == "positions":
            fixes = [fix for fix in payload["fixes"] if fix[0] in (self._units or ())]
            if fixes:
                await self.send_json({"t": "positions", "fixes": fixes})
        elif payload["unit_id"] in (self._units or ()):
            await self.send_json(payload)

    async def _follow(self, look: Look) -> None:
        beat_at = 0.0
        loop = asyncio.get_running_loop()
        async for rung in bell().rings(at_least_every_s=HEARTBEAT_S):
            if not await self._may_stay(look):
                return
            newest = await tail().look()
            if newest > (self._cursor or 0):
                await self._catch_up(look, tail().since(self._cursor or 0))
            if not rung or loop.time() - beat_at >= HEARTBEAT_S:
                beat_at = loop.time()
                now = timezone.now().isoformat()
                await self.send_json({"t": "beat", "head": newest, "now": now})

    async def _may_stay(self, look: Look) -> bool:
        """Whether the viewer still is who opened the board; if not, the board is closed."""
        user = await doorkeeper().person(self._sign_in) if self._sign_in else None
        if user is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
        elif not look.board.open_to(user) or user.organisation_id != look.user.organisation_id:
            # Someone else's board from now on, even where they may open it anew.
            await self.close(code=CLOSE_NOT_ALLOWED)
        else:
            return True
        return False

    async def _catch_up(self, look: Look, news: News | None = None) -> None:
        async with self._sending:
            message = await database_sync_to_async(self._read)(look, news)
            if message:
                await self.send_json(message)

    def _read(self, look: Look, news: News | None) -> dict[str, Any] | None:
        """The message that brings the client from its cursor to now, in a thread.

        `news` are the rows after the cursor, for one who follows. Who comes back reads for
        itself: what others read at the last ring knows older positions and estimates.
        """
        viewer = Viewer(look.user, timezone.now())
        found = None
        if news:
            found = changes_by(look.board, viewer, news)
        elif self._cursor is not None:
            found = changes(look.board, viewer, self._cursor)
        if found is None:
            whole = snapshot(look.board, viewer)
            self._cursor = whole.cursor
            self._units = set(whole.state.get("units", {}))
            return {
                "t": "snapshot",
                "cursor": whole.cursor,
                "now": viewer.now.isoformat(),
                "state": whole.state,
            }
        if self._units is None:
            self._units = shown(look.board, viewer, "units")
        else:
            for key, unit in found.changes.get("units", {}).items():
                (self._units.add if unit else self._units.discard)(key)
            if not found.changes:  # the next beat says how far the client is
                self._cursor = found.cursor
                return None
        self._cursor = found.cursor
        return {"t": "rows", "cursor": found.cursor, "changes": found.changes}
