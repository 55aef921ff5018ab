"""The voice's fallback: Opus packets over the media hub when pages cannot reach each other.

Runs in the media process and fans out inside it, like pictures; nothing is stored here.
"""

import asyncio
from collections import defaultdict
from uuid import UUID

from channels.db import database_sync_to_async

from ambulance_agent.protocol.media import (
    Kind,
    MalformedMedia,
    Ping,
    Pong,
    Welcome,
    unpack,
    viewer_words,
)
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.models import User
from dispatch.per_loop import PerLoop
from ehr_prehospital.consult.models import ConsultParty
from ehr_prehospital.consult.rules.calls import PartyState
from ehr_prehospital.video.sockets import MediaConsumer, now_ms

ASK_EVERY_S = 2.0
# An Opus packet of 20 ms is some 100 bytes.
LARGEST_PACKET = 4000


class Rooms:
    """Who listens to which consult, of one event loop."""

    def __init__(self) -> None:
        self.of: dict[UUID, set[VoiceConsumer]] = defaultdict(set)


_rooms = PerLoop[Rooms]()


class VoiceConsumer(MediaConsumer):
    """`…/consults/<consult>/voice/`: sound in; out, with the speaker's party first."""

    party: UUID | None = None
    _asking: asyncio.Task[None] | None = None

    @property
    def consult_id(self) -> UUID:
        return UUID(str(self.scope["url_route"]["kwargs"]["consult_id"]))

    async def opened(self) -> None:
        user = await self.person()
        if user is None:
            await self.refuse("not_signed_in", CLOSE_NOT_SIGNED_IN)
            return
        found = await self._find(user)
        if found is None:
            await self.refuse("no_access", CLOSE_NOT_ALLOWED)
            return
        party, incident = found
        if await self.is_here(incident):
            self.party = party
            _rooms.get(Rooms).of[self.consult_id].add(self)
            self._asking = asyncio.create_task(self._ask_again(user))
            await self.say(Welcome(have=None, now_ms=now_ms()))

    async def receive_bytes(self, raw: bytes) -> None:
        if self.party is None:
            return
        if len(raw) > LARGEST_PACKET or unpack(raw).kind is not Kind.SOUND:
            raise MalformedMedia("not a packet of sound")
        spoken = self.party.bytes + raw
        for other in list(_rooms.get(Rooms).of[self.consult_id]):
            if other is not self:
                await other.send_raw(spoken)

    async def receive_text(self, text: str) -> None:
        said = viewer_words(text)
        if isinstance(said, Ping):
            await self.say(Pong(at=said.at, now_ms=now_ms()))

    async def gone(self) -> None:
        if self._asking:
            self._asking.cancel()
        rooms = _rooms.get(Rooms).of
        rooms[self.consult_id].discard(self)
        if not rooms[self.consult_id]:
            del rooms[self.consult_id]

    async def _ask_again(self, user: User) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            person = await doorkeeper().person(self.sign_in) if self.sign_in else None
            if person is None:
                await self.close(code=CLOSE_NOT_SIGNED_IN)
                return
            if await self._find(user) is None:
                await self.close(code=CLOSE_NOT_ALLOWED)
                return

    @database_sync_to_async
    def _find(self, user: User) -> tuple[UUID, UUID] | None:
        return (
            ConsultParty.objects.filter(
                consult=self.consult_id, user=user, state=PartyState.CONNECTED
            )
            .values_list("pk", "consult__mission__incident_id")
            .first()
        )
