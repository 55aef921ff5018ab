"""One live stream to the hub: begin, send, hear, step down, and begin again when it breaks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from ambulance_agent.drivers.camera.capture import Coded, Wishes
from ambulance_agent.drivers.camera.rate import LOOK_MS, Rate, Unanswered, adapt, reconnected
from ambulance_agent.drivers.camera.rate import begin as begin_rate
from ambulance_agent.protocol.media import (
    MAX_WORDS_BYTES,
    PING_S,
    SILENT_S,
    Ack,
    Begin,
    End,
    FromCamera,
    GiveKey,
    Level,
    MalformedMedia,
    Moved,
    Ping,
    Pong,
    Refused,
    Wanted,
    Welcome,
    hub_words,
    pieces,
    words,
)

log = logging.getLogger(__name__)

RETRY_S = (0.1, 0.2, 0.4)
REFUSED_RETRY_S = 30.0
OPEN_S = 3.0
ASK_ANEW_AFTER = 10  # attempts where the incident was said to be; then at the known address
MOST_WAITING = 50  # pictures between encoder and socket: two seconds


def now_ms() -> float:
    return time.time() * 1000


class Silent(Exception):
    """The hub has said nothing for so long that the link is taken for cut."""


class LiveLine:
    """`give` may be called from any thread; all else belongs to the loop."""

    def __init__(
        self,
        *,
        hub: str,
        stream: UUID,
        begin: Begin,
        credential: Mapping[str, str],
        wishes: Wishes,
        most_kbps: float,
    ) -> None:
        # The hub answers with the incident where the vehicle knows only its mission.
        self._url = self._first_url = f"{hub}/media/{begin.mission}/publish/{stream}/"
        self._begin, self._credential, self.wishes = begin, credential, wishes
        self.rate: Rate = begin_rate(most_kbps)
        self._open = Unanswered()
        self._queue: asyncio.Queue[Coded] = asyncio.Queue(MOST_WAITING)
        self._loop = asyncio.get_running_loop()
        self._heard_at = 0.0
        self._clock: list[tuple[float, float]] = []
        self._above = 0
        self.newest = 0
        self.is_live = asyncio.Event()

    @property
    def late_ms(self) -> float:
        """By the looks of the last second; without a link nothing live is in the way."""
        looks = self.rate.looks
        return median(looks) if looks and self.is_live.is_set() else 0.0

    def give(self, coded: Coded) -> None:
        """From the camera's thread. What the socket cannot take is left out up to a key picture."""
        with suppress(RuntimeError):  # the loop is closed: the agent ends
            self._loop.call_soon_threadsafe(self._put, coded)

    def _put(self, coded: Coded) -> None:
        try:
            self._queue.put_nowait(coded)
        except asyncio.QueueFull:
            while not self._queue.empty():
                self._queue.get_nowait()
            self.wishes.key.set()

    async def run(self) -> None:
        """Until cancelled."""
        attempt = 0
        while True:
            try:
                async with asyncio.timeout(OPEN_S):
                    line = await connect(
                        self._url, additional_headers=self._credential, compression=None,
                        max_size=MAX_WORDS_BYTES, ping_interval=None, close_timeout=0.2,
                    )  # fmt: skip
                async with line:
                    attempt = 0
                    await self._talk(line)
            except (OSError, TimeoutError, WebSocketException, MalformedMedia, Silent) as error:
                log.debug("camera link: %s", type(error).__name__)
            self.is_live.clear()
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1
            if attempt % ASK_ANEW_AFTER == 0:
                self._url = self._first_url

    async def end(self) -> None:
        """Say that the camera was switched off, in a socket of its own."""
        with suppress(OSError, TimeoutError, WebSocketException):
            async with asyncio.timeout(OPEN_S):
                async with connect(
                    self._url, additional_headers=self._credential, compression=None
                ) as line:
                    await line.send(words(self._begin))
                    await line.send(words(End(at=datetime.now(UTC))))
                    with suppress(ConnectionClosed):
                        while True:
                            await line.recv()

    async def _talk(self, line: ClientConnection) -> None:
        self._heard_at = time.monotonic()
        await line.send(words(self._begin))
        tasks = [
            asyncio.create_task(work)
            for work in (self._hear(line), self._send(line), self._beat(line), self._look(line))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, line: ClientConnection) -> None:
        async for text in line:
            self._heard_at = time.monotonic()
            if isinstance(text, str):
                await self._take(text)

    async def _take(self, text: str) -> None:
        said = hub_words(text)
        match said:
            case Welcome(have=have):
                self._welcomed(have or 0)
            case Ack(seq=seq):
                self._open.acknowledged(seq, now_ms())
            case Pong(at=at, now_ms=theirs):
                now = now_ms()
                self._clock = [*self._clock, (now - at, theirs - (at + now) / 2)][-40:]
            case Wanted():
                self._want(full=said.full, low=said.low)
            case GiveKey():
                self.wishes.key.set()
            case Moved(url=url):
                self._url = url
            case Refused(code=code):
                log.warning("camera refused: %s", code)
                await asyncio.sleep(REFUSED_RETRY_S)

    def _welcomed(self, have: int) -> None:
        self._above += max(0, have - self.newest)
        self._open.clear()
        self.rate = reconnected(self.rate)
        self.wishes.stopped = False
        self.wishes.key.set()
        self.is_live.set()

    def _want(self, *, full: bool, low: bool) -> None:
        if (full and not self.wishes.full) or (low and not self.wishes.low):
            self.wishes.key.set()
        self.wishes.full, self.wishes.low = full, low

    async def _send(self, line: ClientConnection) -> None:
        await self.is_live.wait()
        while True:
            coded = await self._queue.get()
            seq = self._above + coded.seq
            self.newest = max(self.newest, seq)
            for piece in pieces(coded.kind, seq, coded.capture_ms, coded.flags, coded.payload):
                await line.send(piece)
            self._open.sent(seq, now_ms())

    async def _beat(self, line: ClientConnection) -> None:
        while True:
            await asyncio.sleep(PING_S)
            if time.monotonic() - self._heard_at > SILENT_S:
                raise Silent
            offset = min(self._clock)[1] if self._clock else None
            await self._say(line, Ping(at=now_ms(), offset_ms=offset))

    async def _look(self, line: ClientConnection) -> None:
        while True:
            await asyncio.sleep(LOOK_MS / 1000)
            before = self.rate.step
            self.rate = adapt(self.rate, self._open.lag_ms(now_ms()), now_ms())
            self.wishes.kbps, self.wishes.step = self.rate.kbps, self.rate.step
            self.wishes.stopped = self.rate.stopped
            if self.rate.key:
                self.wishes.key.set()
            if self.rate.step is not before:
                level = Level(step=self.rate.step, kbps=round(self.rate.kbps), reason="link")
                await self._say(line, level)

    async def _say(self, line: ClientConnection, message: FromCamera) -> None:
        await line.send(words(message))
