"""The sockets of a consult: setting up voices, drawing on a picture. JSON only, never media.

The server says who speaks: `from` and `author` are set here, whatever a page claims. A voice's
set-up that is lost is asked for again by the pages; what was drawn is stored, and sent to
whoever joins.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import timezone

from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.models import User
from dispatch.people.queries import SignIn
from ehr_prehospital.consult import actions
from ehr_prehospital.consult.actions.talking import is_shown_to, may_draw
from ehr_prehospital.consult.drawings import standing_drawing, watched_mission
from ehr_prehospital.consult.models import Consult
from ehr_prehospital.consult.rules.drawing import Drawn, Wrong, read
from ehr_prehospital.consult.rules.relay import LONGEST, credentials, passed_on

log = logging.getLogger(__name__)

BEAT_S = 2.0
# What was drawn is kept so often: a stroke is thirty messages a second.
KEEP_EVERY_S = 0.25


class Door(AsyncJsonWebsocketConsumer):
    """Signed in, and still; `admit` and `still` say whether this person may."""

    group: str | None = None

    async def connect(self) -> None:
        self._sign_in: SignIn | None = None
        self._beating: asyncio.Task[None] | None = None
        await self.accept()
        known = await doorkeeper().let_in(self.scope)
        if known is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self._sign_in, self.person = known
        if not await self.admitted():
            await self.close(code=CLOSE_NOT_ALLOWED)
            return
        self._beating = asyncio.create_task(self._beat())

    async def admitted(self) -> bool:
        raise NotImplementedError

    async def still_admitted(self) -> bool:
        raise NotImplementedError

    async def leave(self) -> None:
        """Before the group is left."""

    async def disconnect(self, code: int) -> None:
        if self._beating:
            self._beating.cancel()
        await self.leave()
        if self._sign_in:
            doorkeeper().see_out(self._sign_in)
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            user: User | None = None
            if self._sign_in:
                user = await doorkeeper().person(self._sign_in)
            if user is None:
                await self.close(code=CLOSE_NOT_SIGNED_IN)
                return
            self.person = user
            if not await self.still_admitted():
                await self.close(code=CLOSE_NOT_ALLOWED)
                return
            await self.send_json({"t": "beat", "now": timezone.now().isoformat()})

    # Any: what a client sends may be any JSON.
    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data) if len(text_data) <= LONGEST else None
        except ValueError:
            return None


class SignallingConsumer(Door):
    """`/live/consults/<uuid>/`: the parties of a call find each other. One socket a party.

    A beat of the page (`{"t": "beat"}`) says that it is alive; one that crashed sends none.
    """

    async def admitted(self) -> bool:
        self.consult_id: UUID = self.scope["url_route"]["kwargs"]["consult_id"]
        party = await self._heard()
        if party is None:
            return False
        self.party_id = party
        self.group = f"consult.{self.consult_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_json(
            {
                "t": "welcome",
                "you": self.party_id,
                "ice_servers": relay_for(str(self.person.pk)),
                "relay_only": settings.RELAY is not None and settings.RELAY.only,
                "now": timezone.now().isoformat(),
            }
        )
        return True

    async def still_admitted(self) -> bool:
        return await self._in_call()

    async def leave(self) -> None:
        if self.group:
            await self._to_others({"t": "bye", "from": self.party_id})

    # Any: what a client sends may be any JSON.
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if self.group is None:
            return
        if isinstance(content, dict) and content.get("t") == "beat":
            if await self._heard() is None:
                await self.close(code=CLOSE_NOT_ALLOWED)
            return
        message = passed_on(content)
        if message:
            await self._to_others({**message, "from": self.party_id})

    # Any: a message of the channel layer, made below.
    async def consult_signal(self, event: dict[str, Any]) -> None:
        message = event["message"]
        if message["from"] != self.party_id and message.get("to") in (None, self.party_id):
            await self.send_json(message)

    async def _to_others(self, message: Mapping[str, Any]) -> None:
        if self.group:
            await self.channel_layer.group_send(
                self.group, {"type": "consult.signal", "message": dict(message)}
            )

    @database_sync_to_async
    def _heard(self) -> str | None:
        party = actions.beat(consult_id=self.consult_id, actor=self.person, now=timezone.now())
        return str(party.pk) if party else None

    @database_sync_to_async
    def _in_call(self) -> bool:
        return Consult.objects.filter(
            pk=self.consult_id,
            ended_at__isnull=True,
            parties__user=self.person,
            parties__state="connected",
        ).exists()


def relay_for(user: str) -> list[dict[str, Any]]:
    """The ICE servers of one person for an hour; empty where no relay is set."""
    relay = settings.RELAY
    if relay is None:
        return []
    name, password = credentials(secret=relay.secret, user=user, now=timezone.now())
    return [{"urls": list(relay.urls), "username": name, "credential": password}]


class DrawingConsumer(Door):
    """`/live/missions/<uuid>/drawing/`: freeze, strokes, undo, clear; and `seen` from the crew.

    Who is in the mission's open consult draws; the crew answers; who may see the patient looks on.
    `seen` is proof, so it is taken only from whom the picture is meant for, of the one that stands.
    """

    _keeping: asyncio.Task[None] | None = None

    async def admitted(self) -> bool:
        self._unsaved: list[tuple[datetime, Drawn]] = []
        self._saving = asyncio.Lock()
        self.consult: Consult | None = None
        self._frozen: tuple[str, int] | None = None
        mission_id: UUID = self.scope["url_route"]["kwargs"]["mission_id"]
        mission = await database_sync_to_async(watched_mission)(
            user=self.person, mission_id=mission_id, now=timezone.now(), log=True
        )
        if mission is None:
            return False
        self.mission = mission
        await self._ask()
        # Listen before reading: what is drawn in between is shown twice, never lost.
        self.group = f"drawing.{mission_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        drawn = await database_sync_to_async(standing_drawing)(self.mission)
        for one in drawn:
            self._note(one)
        await self.send_json(
            {"t": "state", "drawn": drawn, "crew": self.crew, "now": timezone.now().isoformat()}
        )
        return True

    async def still_admitted(self) -> bool:
        mission = await database_sync_to_async(watched_mission)(
            user=self.person, mission_id=self.mission.pk, now=timezone.now(), log=False
        )
        if mission:
            await self._ask()
        return mission is not None

    async def leave(self) -> None:
        if self._keeping:
            self._keeping.cancel()
            await self._keep()

    # Any: what a client sends may be any JSON.
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if self.group is None or (isinstance(content, dict) and content.get("t") == "beat"):
            return
        if self.consult is None:
            await self._ask()  # a consult that began a moment ago
        if self.consult is None:
            return
        try:
            drawn = read(content, crew=self.crew)
        except Wrong as wrong:
            log.info("a drawing message was not taken: %s", wrong)
            return
        if drawn.t == "seen" and not await self._is_proof(drawn):
            log.info("a picture was seen that is not the one, or not by whom it is for")
            return
        message = {**said(drawn), "author": str(self.person.pk)}
        self._note(message)
        await self.channel_layer.group_send(
            self.group, {"type": "drawing.drawn", "message": message, "of": self.channel_name}
        )
        self._unsaved.append((timezone.now(), drawn))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_soon())

    # Any: a message of the channel layer, made above.
    async def drawing_drawn(self, event: dict[str, Any]) -> None:
        if event["of"] == self.channel_name:
            return
        self._note(event["message"])
        await self.send_json(event["message"])

    # Any: a message as it goes out.
    def _note(self, message: Mapping[str, Any]) -> None:
        """Which picture stands frozen."""
        if message["t"] == "freeze":
            self._frozen = message["stream"], message["seq"]
        elif message["t"] == "unfreeze":
            self._frozen = None

    async def _is_proof(self, drawn: Drawn) -> bool:
        if self.consult is None or self._frozen != (str(drawn.stream), drawn.seq):
            return False
        return await database_sync_to_async(is_shown_to)(
            consult=self.consult, stream=drawn.stream, actor=self.person
        )

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_EVERY_S)
        await self._keep()

    async def _keep(self) -> None:
        async with self._saving:
            drawn, self._unsaved = self._unsaved, []
            if drawn:
                await database_sync_to_async(actions.draw)(
                    mission=self.mission,
                    consult=self.consult,
                    drawn=drawn,
                    actor=self.person,
                    now=timezone.now(),
                )

    async def _ask(self) -> None:
        self.consult, self.crew = await database_sync_to_async(may_draw)(
            mission=self.mission, actor=self.person, now=timezone.now()
        )


# Any: JSON as it goes out.
def said(drawn: Drawn) -> dict[str, Any]:
    return {
        "v": 1,
        "t": drawn.t,
        **({"stream": str(drawn.stream)} if drawn.stream else {}),
        **({"seq": drawn.seq} if drawn.seq is not None else {}),
        **({"id": str(drawn.stroke)} if drawn.stroke else {}),
        **(drawn.body or {}),
    }
