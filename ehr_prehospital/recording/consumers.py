"""The socket of a camera's recorder: pieces in, acknowledgements out. See protocol/recording.py.

`/media/<incident>/record/<stream>/` of the media hub. A browser brings its session, a vehicle its
credential. One socket may bring several recordings of its stream, one after the other: what a
crash left behind, then what is being recorded now.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from ambulance_agent.protocol.media import Begin, MalformedMedia, Ping, camera_words
from ambulance_agent.protocol.recording import (
    Beat,
    Beaten,
    End,
    Ended,
    FromHub,
    Have,
    Hello,
    MalformedPiece,
    NotStored,
    RecordRefusal,
    Stored,
    decode_from_device,
    decode_piece,
    encode_message,
)
from dispatch.live.doorkeeper import CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.uplink.consumers import credential
from dispatch.uplink.queries import vehicle_with
from ehr_prehospital.recording.actions.arriving import (
    Fate,
    NotTaken,
    Source,
    end_recording,
    open_recording,
)
from ehr_prehospital.recording.batch import Waiting, batcher
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.queries import held_of, missing_of
from ehr_prehospital.video.actions import begin_stream
from ehr_prehospital.video.models import Stream
from ehr_prehospital.video.queries import stream_with
from ehr_prehospital.video.sockets import MediaConsumer, now_ms

# Pieces that wait here for their commit: a device holds two in flight, a hostile one is cut off.
MOST_WAITING = 64
CLOSE_FLOOD = 4429


class RecordConsumer(MediaConsumer):
    """Takes pieces in any order and any number of times; acknowledges what is durable."""

    source: Source | None = None
    stream: Stream | None = None
    recording: Recording | None = None

    async def opened(self) -> None:
        self._waiting = 0
        self._talking: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        given = credential(self.scope["headers"])
        if given:
            found = database_sync_to_async(vehicle_with)
            self.source = await found(ambulance_id=given[0], token=given[1])
        else:
            self.source = await self.person()
        if self.source is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)

    async def gone(self) -> None:
        for task in self._talking:
            task.cancel()

    async def receive_bytes(self, raw: bytes) -> None:
        if self.source:
            await self._taken(self._piece(raw))

    async def receive_text(self, text: str) -> None:
        if self.source:
            await self._taken(self._word(text))

    async def _taken(self, work: Coroutine[Any, Any, None]) -> None:  # Any: of coroutines
        """What is wrong with a message is told; the socket and the device's copy stay."""
        try:
            await work
        except MalformedPiece as wrong:
            await self._refuse(wrong.reason, wrong.seq)
        except NotTaken as refused:
            await self._refuse(refused.code)

    # --- what a device says -------------------------------------------------------

    async def _word(self, text: str) -> None:
        if self.stream is None:
            await self._begin(text)
            return
        match decode_from_device(text):
            case Beat(at=at):
                await self._beat(at)
            case Hello() as hello:
                await self._hello(hello)
            case End() as end:
                await self._end(end)

    async def _beat(self, at: float) -> None:
        await self._say(Beaten(at, now_ms()))
        if self.sign_in and await doorkeeper().person(self.sign_in) is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)

    async def _begin(self, text: str) -> None:
        """The camera that the recordings are of, by whoever answers for it."""
        try:
            begin = camera_words(text)
        except MalformedMedia as wrong:
            raise MalformedPiece(RecordRefusal.MALFORMED) from wrong
        if isinstance(begin, Ping):
            await self._beat(begin.at)
            return
        if not isinstance(begin, Begin):
            raise MalformedPiece(RecordRefusal.NO_HELLO)
        stream = await database_sync_to_async(self._begun)(begin)
        if await self.is_here(stream.mission.incident_id):
            self.stream = stream
        else:
            self.source = None  # what it had already sent goes there, too

    def _begun(self, begin: Begin) -> Stream:
        """Who began a camera may bring its record at any later time."""
        assert self.source is not None  # noqa: S101  (receive has seen to it)
        known = stream_with(self.stream_id)
        if known and self.source.pk in (known.user_id, known.vehicle_id):
            return known
        return begin_stream(
            stream_id=self.stream_id, begin=begin, source=self.source, now=timezone.now()
        )

    async def _hello(self, hello: Hello) -> None:
        assert self.stream and self.source  # noqa: S101, PT018
        await self._idle.wait()
        self.recording = None
        recording = await database_sync_to_async(open_recording)(
            stream=self.stream, hello=hello, source=self.source, now=timezone.now()
        )
        held = await database_sync_to_async(held_of)(recording)
        self.recording = recording
        await self._say(
            Have(
                recording=recording.pk,
                next=held.next,
                holes=held.holes,
                ended=recording.last is not None,
            )
        )

    async def _piece(self, raw: bytes) -> None:
        piece = decode_piece(raw)
        recording = self.recording
        if recording is None:
            await self._refuse(RecordRefusal.NO_HELLO, piece.seq)
            return
        if self._waiting >= MOST_WAITING:
            await self.close(code=CLOSE_FLOOD)
            return
        self._waiting += 1
        self._idle.clear()

        def done(fate: Fate) -> None:
            self._waiting -= 1
            if not self._waiting:
                self._idle.set()
            self._tell(self._answer(recording.pk, piece.seq, fate))

        batcher().put(Waiting(recording.pk, piece, done))

    async def _answer(self, recording: UUID, seq: int, fate: Fate) -> None:
        if fate is None:
            await self._say(Stored(recording=recording, seqs=[seq]))
        else:
            await self._say(NotStored(recording=recording, code=fate, seq=seq))

    async def _end(self, end: End) -> None:
        assert self.source  # noqa: S101
        recording = self.recording
        if recording is None or recording.pk != end.recording:
            raise NotTaken(RecordRefusal.NO_HELLO)
        await self._idle.wait()
        await database_sync_to_async(end_recording)(
            recording=recording, end=end, source=self.source, now=timezone.now()
        )
        await recording.arefresh_from_db()
        missing = await database_sync_to_async(missing_of)(recording)
        await self._say(Ended(recording=recording.pk, missing=missing))

    # --- what the hub says ----------------------------------------------------------

    def _tell(self, words: Coroutine[Any, Any, None]) -> None:  # Any: what coroutines send
        task = asyncio.create_task(words)
        self._talking.add(task)
        task.add_done_callback(self._talking.discard)

    async def _refuse(self, code: RecordRefusal, seq: int | None = None) -> None:
        about = self.recording.pk if self.recording else None
        await self._say(NotStored(recording=about, code=code, seq=seq))

    async def _say(self, message: FromHub) -> None:
        await self.say_text(encode_message(message))
