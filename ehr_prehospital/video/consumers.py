"""The two live sockets of the media process: a camera sends, a person watches."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from channels.db import database_sync_to_async
from django.utils import timezone

from ambulance_agent.protocol.media import (
    About,
    Begin,
    CameraRole,
    Consent,
    End,
    Got,
    Level,
    MalformedMedia,
    Mode,
    Person,
    Ping,
    Policy,
    Pong,
    Recording,
    Want,
    Welcome,
    camera_words,
    viewer_words,
)
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.models import User
from dispatch.uplink.consumers import credential
from dispatch.uplink.queries import vehicle_with
from ehr_prehospital.video.actions import (
    Source,
    begin_stream,
    begin_watching,
    end_stream,
    set_policy,
    still_watching,
)
from ehr_prehospital.video.credit import Picture
from ehr_prehospital.video.hub import Camera, LiveStream, Viewer
from ehr_prehospital.video.models import Stream
from ehr_prehospital.video.queries import stream_with
from ehr_prehospital.video.sockets import CLOSE_REPLACED, MediaConsumer, hub, now_ms

ASK_AGAIN_S = 15.0
PERSON_EVERY_S = 1.0
LOOK_AGAIN_S = 600.0


def about(stream: Stream) -> About:
    return About(
        id=stream.pk,
        role=CameraRole(stream.role),
        label=stream.label,
        mode=Mode(stream.mode),
        codec=stream.codec,
        recording=Recording(stream.recording),
        consent=Consent(stream.consent),
        live=False,
        ended=stream.ended_at is not None,
        now_ms=now_ms(),
    )


class PublishConsumer(MediaConsumer):
    """`/media/<incident>/publish/<stream>/`: Begin, then frames; hears acks and who watches."""

    source: Source | None = None
    stream: Stream | None = None
    live: LiveStream | None = None
    camera: Camera | None = None

    async def opened(self) -> None:
        given = credential(self.scope["headers"])
        if given:
            self.source = await database_sync_to_async(vehicle_with)(
                ambulance_id=given[0], token=given[1]
            )
        else:
            self.source = await self.person()
        if self.source is None:
            await self.refuse("not_signed_in", CLOSE_NOT_SIGNED_IN)

    async def receive_bytes(self, raw: bytes) -> None:
        if self.live is None or self.camera is None:
            raise MalformedMedia("a frame before the beginning")
        await self.live.take(self.camera, raw)

    async def receive_text(self, text: str) -> None:
        said = camera_words(text)
        if isinstance(said, Begin):
            await self._begin(said)
        elif self.live is None or self.camera is None or self.stream is None or not self.source:
            return
        elif isinstance(said, Ping):
            pong = Pong(at=said.at, now_ms=now_ms())
            await self.live.heard(self.camera, pong, said.offset_ms)
        elif isinstance(said, Level):
            await self.live.step(said)
        elif isinstance(said, Policy):
            self.stream = await database_sync_to_async(set_policy)(
                stream=self.stream,
                recording=said.recording,
                consent=said.consent,
                source=self.source,
                now=timezone.now(),
            )
            told = about(self.stream)
            await self.live.tell(recording=told.recording, consent=told.consent)
        elif isinstance(said, End):
            await database_sync_to_async(end_stream)(
                stream=self.stream, at=said.at, source=self.source, now=timezone.now()
            )
            await self.live.tell(live=False, ended=True)
            await self.close()

    async def gone(self) -> None:
        if self.live and self.camera:
            await self.live.lost(self.camera)
            hub().release(self.live)
            self.live = None

    async def _begin(self, begin: Begin) -> None:
        if self.source is None or self.live is not None:
            return
        stream = await database_sync_to_async(begin_stream)(
            stream_id=self.stream_id, begin=begin, source=self.source, now=timezone.now()
        )
        if not await self.is_here(stream.mission.incident_id):
            return
        self.stream = stream
        stated = about(stream)
        self.live = hub().stream(stated)
        self.camera = Camera(self.say_text, self._hang_up, time.monotonic())
        await self.say(Welcome(have=self.live.newest, now_ms=now_ms()))
        await self.live.opened(self.camera, stated)

    async def _hang_up(self) -> None:
        with suppress(OSError):
            await self.close(code=CLOSE_REPLACED)


class WatchConsumer(MediaConsumer):
    """`/media/<incident>/watch/<stream>/`: what the camera is, then its pictures as they come."""

    live: LiveStream | None = None
    viewer: Viewer | None = None
    _asking: asyncio.Task[None] | None = None

    async def opened(self) -> None:
        user = await self.person()
        if user is None:
            await self.refuse("not_signed_in", CLOSE_NOT_SIGNED_IN)
            return
        stream = await self._look(user)
        if not await self.is_here(stream.mission.incident_id):
            return
        person = Person(id=user.pk, name_en=user.name_en, name_zh=user.name_zh, role=user.role)
        self.viewer = Viewer(
            person, self.send_raw, self.say_text, self._hang_up, heard_at=time.monotonic()
        )
        asked = Picture(self._asked_for())
        self.viewer.credit.want(asked)
        self.live = hub().stream(about(stream))
        await self.live.joined(self.viewer, now_ms())
        self._asking = asyncio.create_task(self._ask_again(user, stream))

    async def receive_text(self, text: str) -> None:
        if self.live is None or self.viewer is None:
            return
        self.viewer.heard_at = time.monotonic()
        said = viewer_words(text)
        if isinstance(said, Got):
            await self.live.got(self.viewer, said.seq)
        elif isinstance(said, Ping):
            await self.say(Pong(at=said.at, now_ms=now_ms()))
        elif isinstance(said, Want):
            await self.live.want(self.viewer, Picture(said.picture))

    async def gone(self) -> None:
        if self._asking:
            self._asking.cancel()
        if self.live and self.viewer:
            await self.live.left(self.viewer)
            hub().release(self.live)
            self.live = None

    def _asked_for(self) -> str:
        """`?picture=low` saves a tile the first second of the whole picture."""
        query = self.scope.get("query_string", b"").decode("latin-1")
        return "low" if "picture=low" in query.split("&") else "full"

    async def _look(self, user: User) -> Stream:
        """Raises NoAccess. One look is logged for many sockets of a link that comes and goes."""
        looks, key = hub().looks, (user.pk, self.stream_id)
        if time.monotonic() - looks.get(key, -LOOK_AGAIN_S) < LOOK_AGAIN_S:
            stream = await database_sync_to_async(stream_with)(self.stream_id)
            if stream and await self._may_stay(user, stream):
                return stream
        looks.pop(key, None)
        stream = await database_sync_to_async(begin_watching)(
            user=user, stream_id=self.stream_id, now=timezone.now()
        )
        looks[key] = time.monotonic()
        return stream

    async def _may_stay(self, user: User, stream: Stream) -> bool:
        return await database_sync_to_async(still_watching)(
            user=user, stream=stream, now=timezone.now()
        )

    async def _ask_again(self, user: User, stream: Stream) -> None:
        """A socket lives for a shift; access ends with the mission, the grant or the sign-in."""
        asked_at = time.monotonic()
        while True:
            await asyncio.sleep(PERSON_EVERY_S)
            person = await doorkeeper().person(self.sign_in) if self.sign_in else None
            if person is None:
                await self.close(code=CLOSE_NOT_SIGNED_IN)
                return
            moved = (person.role, person.organisation_id) != (user.role, user.organisation_id)
            if moved or time.monotonic() - asked_at >= ASK_AGAIN_S:
                asked_at, user = time.monotonic(), person
                if not await self._may_stay(user, stream):
                    await self.close(code=CLOSE_NOT_ALLOWED)
                    return

    async def _hang_up(self) -> None:
        with suppress(OSError):
            await self.close()
