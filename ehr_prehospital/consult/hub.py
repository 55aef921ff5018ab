"""The voice's fallback: Opus packets over the media hub when pages cannot reach each other.

Runs in the media process and fans out inside it, like pictures; nothing is stored here.
"""

import asyncio
from collections import defaultdict
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from ambulance_agent.protocol.media import Kind, MalformedMedia, unpack
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.queries import SignIn
from dispatch.per_loop import PerLoop
from ehr_prehospital.consult.models import ConsultParty
from ehr_prehospital.consult.rules.calls import PartyState

ASK_EVERY_S = 2.0
# An Opus packet of 20 ms is some 100 bytes.
LARGEST_PACKET = 4000


class Rooms:
    """Who listens to which consult, of one event loop."""

    def __init__(self) -> None:
        self.of: dict[UUID, set[TalkConsumer]] = defaultdict(set)


_rooms = PerLoop[Rooms]()


class TalkConsumer(AsyncWebsocketConsumer):
    """`/media/consults/<uuid>/voice/`: sound frames in; out, with the speaker's party first."""

    async def connect(self) -> None:
        self._sign_in: SignIn | None = None
        self._party: UUID | None = None
        self._asking: asyncio.Task[None] | None = None
        self._consult: UUID = self.scope["url_route"]["kwargs"]["consult_id"]
        await self.accept()
        known = await doorkeeper().let_in(self.scope)
        if known is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self._sign_in, self._user = known
        self._party = await self._find()
        if self._party is None:
            await self.close(code=CLOSE_NOT_ALLOWED)
            return
        _rooms.get(Rooms).of[self._consult].add(self)
        self._asking = asyncio.create_task(self._ask_again())

    async def disconnect(self, code: int) -> None:
        if self._asking:
            self._asking.cancel()
        rooms = _rooms.get(Rooms).of
        rooms[self._consult].discard(self)
        if not rooms[self._consult]:
            del rooms[self._consult]
        if self._sign_in:
            doorkeeper().see_out(self._sign_in)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._party is None or bytes_data is None or len(bytes_data) > LARGEST_PACKET:
            return
        try:
            if unpack(bytes_data).kind is not Kind.SOUND:
                return
        except MalformedMedia:
            return
        spoken = self._party.bytes + bytes_data
        for other in list(_rooms.get(Rooms).of[self._consult]):
            if other is not self:
                await other.send(bytes_data=spoken)

    async def _ask_again(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            signed_in = self._sign_in and await doorkeeper().person(self._sign_in)
            if not signed_in:
                await self.close(code=CLOSE_NOT_SIGNED_IN)
                return
            if await self._find() is None:
                await self.close(code=CLOSE_NOT_ALLOWED)
                return

    @database_sync_to_async
    def _find(self) -> UUID | None:
        return (
            ConsultParty.objects.filter(
                consult=self._consult, user=self._user, state=PartyState.CONNECTED
            )
            .values_list("pk", flat=True)
            .first()
        )
