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
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import timezone

from ambulance_agent.protocol.media import Begin, MalformedMedia, camera_words
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
from dispatch.journal.refusals import Refused
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.queries import SignIn
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

# Pieces that wait here for their commit: a device holds two in flight, a hostile one is cut off.
MOST_WAITING = 64
CLOSE_FLOOD = 4429


class RecordConsumer(AsyncWebsocketConsumer):
    """Takes pieces in any order and any number of times; acknowledges what is durable."""

    async def connect(self) -> None:
        self._sign_in: SignIn | None = None
        self._source: Source | None = None
        self._stream: Stream | None = None
        self._recording: Recording | None = None
        self._waiting = 0
        self._talking: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        await self.accept()
        self._source = await self._who()
        if self._source is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)

    async def disconnect(self, code: int) -> None:
        if self._sign_in:
            doorkeeper().see_out(self._sign_in)
        for task in self._talking:
            task.cancel()

    async def _who(self) -> Source | None:
        given = credential(self.scope["headers"])
        if given:
            found = database_sync_to_async(vehicle_with)
            return await found(ambulance_id=given[0], token=given[1])
        known = await doorkeeper().let_in(self.scope)
        if known is None:
            return None
        self._sign_in, person = known
        return person

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._source is None:
            return
        try:
            if bytes_data is not None:
                await self._piece(bytes_data)
            elif text_data is not None:
                await self._word(text_data)
        except MalformedPiece as wrong:
            await self._refuse(wrong.reason, wrong.seq)
        except NotTaken as refused:
            await self._refuse(refused.code)

    # --- what a device says -------------------------------------------------------

    async def _word(self, text: str) -> None:
        if self._stream is None:
            await self._begin(text)
            return
        match decode_from_device(text):
            case Beat():
                await self._say(Beaten())
                if self._sign_in and await doorkeeper().person(self._sign_in) is None:
                    await self.close(code=CLOSE_NOT_SIGNED_IN)
            case Hello() as hello:
                await self._hello(hello)
            case End() as end:
                await self._end(end)

    async def _begin(self, text: str) -> None:
        """The camera that the recordings are of, by whoever answers for it."""
        try:
            begin = camera_words(text)
        except MalformedMedia as wrong:
            raise MalformedPiece(RecordRefusal.MALFORMED) from wrong
        if not isinstance(begin, Begin):
            raise MalformedPiece(RecordRefusal.NO_HELLO)
        stream_id: UUID = self.scope["url_route"]["kwargs"]["stream_id"]
        try:
            self._stream = await database_sync_to_async(self._begun)(stream_id, begin)
        except Refused:
            await self._refuse(RecordRefusal.NOT_YOURS)
            await self.close(code=CLOSE_NOT_ALLOWED)

    def _begun(self, stream_id: UUID, begin: Begin) -> Stream:
        """Who began a camera may bring its record at any later time."""
        assert self._source is not None  # noqa: S101  (receive has seen to it)
        known = stream_with(stream_id)
        if known and self._source.pk in (known.user_id, known.vehicle_id):
            return known
        return begin_stream(
            stream_id=stream_id, begin=begin, source=self._source, now=timezone.now()
        )

    async def _hello(self, hello: Hello) -> None:
        assert self._stream and self._source  # noqa: S101, PT018
        await self._idle.wait()
        self._recording = None
        recording = await database_sync_to_async(open_recording)(
            stream=self._stream, hello=hello, source=self._source, now=timezone.now()
        )
        held = await database_sync_to_async(held_of)(recording)
        self._recording = recording
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
        recording = self._recording
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
        assert self._source  # noqa: S101
        recording = self._recording
        if recording is None or recording.pk != end.recording:
            raise NotTaken(RecordRefusal.NO_HELLO)
        await self._idle.wait()
        await database_sync_to_async(end_recording)(
            recording=recording, end=end, source=self._source, now=timezone.now()
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
        about = self._recording.pk if self._recording else None
        await self._say(NotStored(recording=about, code=code, seq=seq))

    async def _say(self, message: FromHub) -> None:
        await self.send(text_data=encode_message(message))
