"""What the sockets of cameras, viewers and recorders share: who is it, is it here, words and bytes.

One message in, a loop over the viewers out: the way of Channels, a task and a look at old
database connections for each message, would cost more than the pictures.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from autobahn.exception import Disconnected
from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from ambulance_agent.protocol.media import MalformedMedia, Moved, Refused, words
from dispatch.journal.refusals import Refused as Refusal
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, doorkeeper
from dispatch.people.models import User
from dispatch.people.queries import SignIn
from dispatch.per_loop import PerLoop
from ehr_prehospital.video.addresses import hub_address, is_served_here
from ehr_prehospital.video.hub import Hub
from ehr_prehospital.video.tickets import sign_in_of, ticket_in

log = logging.getLogger(__name__)

# Closing codes of our own range (RFC 6455, 7.4.2).
CLOSE_MALFORMED = 4400
CLOSE_REPLACED = 4409
CLOSE_MOVED = 4410
LOOK_AFTER_S = 0.25

_hubs = PerLoop[Hub]()
_looking_after: dict[Hub, asyncio.Task[None]] = {}


def hub() -> Hub:
    """The hub of the running loop."""
    return _hubs.get(_begin_hub)


def _begin_hub() -> Hub:
    made = Hub(now=time.monotonic)
    _looking_after.clear()  # of loops that are closed
    _looking_after[made] = asyncio.create_task(_look_after(made))
    return made


async def _look_after(made: Hub) -> None:
    while True:
        await asyncio.sleep(LOOK_AFTER_S)
        await made.look_after_all()


def now_ms() -> float:
    return time.time() * 1000


class MediaConsumer(AsyncWebsocketConsumer):
    """What both ends share: who is it, is it here, words and bytes, and an orderly end."""

    sign_in: SignIn | None = None
    # Any: the send of ASGI, straight to the server.
    _send: Any

    # Any: scope, receive and send of ASGI.
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send, self._send = scope, send, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass

    # Any: a message of ASGI.
    async def dispatch(self, message: dict[str, Any]) -> None:
        await getattr(self, get_handler_name(message))(message)

    @property
    def place(self) -> UUID:
        """The incident of the address; a vehicle may say its mission instead."""
        return UUID(str(self.scope["url_route"]["kwargs"]["incident_id"]))

    @property
    def stream_id(self) -> UUID:
        return UUID(str(self.scope["url_route"]["kwargs"]["stream_id"]))

    async def connect(self) -> None:
        await self.accept()
        try:
            await self.opened()
        except Refusal as refused:
            await self.refuse(refused.code, CLOSE_NOT_ALLOWED)

    async def opened(self) -> None:
        raise NotImplementedError

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            if bytes_data is not None:
                await self.receive_bytes(bytes_data)
            elif text_data is not None:
                await self.receive_text(text_data)
        except MalformedMedia as malformed:
            log.warning("refused a message on %s: %s", self.scope["path"], malformed)
            await self.refuse("malformed", CLOSE_MALFORMED, str(malformed))
        except Refusal as refused:
            await self.refuse(refused.code, CLOSE_NOT_ALLOWED)

    async def receive_bytes(self, raw: bytes) -> None:
        raise MalformedMedia("bytes where words are expected")

    async def receive_text(self, text: str) -> None:
        raise NotImplementedError

    async def person(self) -> User | None:
        """Who is signed in, by cookie or by ticket; their place at the door is kept to the end."""
        ticket = ticket_in(self.scope.get("query_string", b""))
        if ticket:
            sign_in = sign_in_of(ticket)
            known = await doorkeeper().let_in_as(sign_in) if sign_in else None
        else:
            known = await doorkeeper().let_in(self.scope)
        if known is None:
            return None
        self.sign_in, user = known
        return user

    async def is_here(self, incident_id: UUID) -> bool:
        """Whether this is the incident's hub, by this address; if not, say where it is."""
        if self.place == incident_id and is_served_here(incident_id):
            return True
        headers: Mapping[bytes, bytes] = dict(self.scope["headers"])
        base = hub_address(
            incident_id,
            host=headers.get(b"host", b"").decode("latin-1"),
            secure=self.scope.get("scheme") == "wss",
        )
        rest = self.scope["path"].split("/", 3)[3]
        await self.say(Moved(url=f"{base}/media/{incident_id}/{rest}"))
        await self.close(code=CLOSE_MOVED)
        return False

    # Any: one of the words that the other side understands.
    async def say(self, message: Any) -> None:
        await self.say_text(words(message))

    async def say_text(self, text: str) -> None:
        await self._pass({"type": "websocket.send", "text": text})

    async def send_raw(self, raw: bytes) -> None:
        await self._pass({"type": "websocket.send", "bytes": raw})

    # Any: a message of ASGI.
    async def _pass(self, message: dict[str, Any]) -> None:
        """A socket that closes at this moment says so itself: whoever sends to it is another's."""
        with suppress(OSError, Disconnected):
            await self._send(message)

    async def refuse(self, code: str, closing: int, message: str = "") -> None:
        await self.say(Refused(code=code, message=message))
        await self.close(code=closing)

    async def disconnect(self, code: int) -> None:
        if self.sign_in:
            doorkeeper().see_out(self.sign_in)
            self.sign_in = None
        await self.gone()

    async def gone(self) -> None:
        """What else ends with the socket."""
