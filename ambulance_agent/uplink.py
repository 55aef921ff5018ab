"""One socket to the centre: hello, resume, send, hear, and begin again when it breaks.

Delivery is at least once: a frame leaves the outbox only when the centre has
acknowledged it. Knows no device and no mission.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    WebSocketException,
)

from ambulance_agent import VERSION
from ambulance_agent.lanes import Lanes
from ambulance_agent.outbox import Outbox
from ambulance_agent.parcel import Parcel
from ambulance_agent.protocol import (
    MAX_REPLY_BYTES,
    Ack,
    FromServer,
    Hello,
    MalformedFrame,
    Order,
    RefusalCode,
    Refused,
    Report,
    StandDown,
    Welcome,
    decode_from_server,
    encode,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Patience of a link. Seconds, unless named otherwise."""

    open_s: float = 8.0
    silence_s: float = 5.0  # no answer to the line's own pulse: the line is dead
    # A frame not acknowledged although the line lives: a centre that is slow, or whose database
    # is away, gets no faster by vehicles that hang up and send everything again.
    unanswered_s: float = 30.0
    first_retry_s: float = 0.5
    last_retry_s: float = 10.0
    refused_retry_s: float = 45.0
    window: int = 64
    backlog_per_s: float = 100.0
    report_s: float = 10.0


class LinkState(StrEnum):
    DOWN = "down"
    CONNECTING = "connecting"
    UP = "up"
    REFUSED = "refused"


class Turned(Exception):
    """The centre does not want us, and says why."""

    def __init__(self, code: RefusalCode, words: str) -> None:
        super().__init__(f"{code}: {words}" if words else str(code))
        self.code = code


class LinkLost(Exception):
    """The link is broken or the other side is silent."""


class Uplink:
    def __init__(
        self,
        *,
        url: str,
        vehicle_id: UUID,
        call_sign: str,
        token: str,
        outbox: Outbox,
        on_word: Callable[[Order | StandDown], None],
        now: Callable[[], datetime],
        random: Random,
        pace: Pace | None = None,
    ) -> None:
        self._url = url
        self._vehicle_id = vehicle_id
        self._call_sign = call_sign
        self._token = token
        self._outbox = outbox
        self._on_word = on_word
        self._now = now
        self._random = random
        self._pace = pace or Pace()
        self._lanes: Lanes | None = None
        self._wake = asyncio.Event()
        self.state = LinkState.DOWN
        self.refusal: str | None = None
        self.clock_offset_s: float | None = None  # ours minus the centre's
        self.parked = 0
        self._proved = False

    def post(self, parcel: Parcel) -> None:
        """A new frame is in the outbox. Without a link it waits there."""
        if self._lanes is not None:
            self._lanes.add(parcel)
            self._wake.set()

    async def run(self) -> None:
        """Until cancelled. Every failure of the link ends in another attempt."""
        failures = 0
        pause = 0.0
        while True:
            self.state, self._proved = LinkState.CONNECTING, False
            try:
                await self._one_connection()
            except Turned as turned:
                failures = 0
                self.state, self.refusal = LinkState.REFUSED, str(turned)
                pause = self._pace.refused_retry_s * self._random.uniform(0.8, 1.2)
                log.critical(
                    "%s: the centre refuses this vehicle (%s); next attempt in %.0f s",
                    self._call_sign, turned, pause,
                )  # fmt: skip
            except (LinkLost, OSError, TimeoutError, WebSocketException) as error:
                # A centre that welcomes and breaks off has not helped: only an ack proves a link.
                failures = 1 if self._proved else failures + 1
                self.state = LinkState.DOWN
                pause = self._back_off_s(failures)
                log.warning(
                    "%s: no link (%s); next attempt in %.1f s",
                    self._call_sign, str(error) or type(error).__name__, pause,
                )  # fmt: skip
            finally:
                self._lanes = None
            await asyncio.sleep(pause)

    def _back_off_s(self, failures: int) -> float:
        """Full jitter: a thousand vehicles must not return in the same second."""
        ceiling = min(self._pace.first_retry_s * 2 ** min(failures, 16), self._pace.last_retry_s)
        return self._random.uniform(self._pace.first_retry_s / 2, ceiling)

    async def _one_connection(self) -> None:
        async with self._connected() as socket:
            await self._greet(socket)
            now = asyncio.get_running_loop().time()
            self._lanes = lanes = Lanes(
                self._outbox,
                window=self._pace.window,
                backlog_per_s=self._pace.backlog_per_s,
                now=now,
            )
            self.state, self.refusal = LinkState.UP, None
            log.info("%s: link is up, %d frames wait", self._call_sign, self._outbox.stock().frames)
            sending = asyncio.create_task(self._send(socket, lanes))
            hearing = asyncio.create_task(self._hear(socket, lanes))
            reporting = asyncio.create_task(self._report(socket))
            try:
                await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
                # A closed line may still hold the words that explain it.
                await hearing
            finally:
                for task in (sending, hearing, reporting):
                    task.cancel()
                await asyncio.gather(sending, hearing, reporting, return_exceptions=True)

    def _connected(self) -> connect:
        return _Connect(
            self._url,
            additional_headers={"Authorization": f"Vehicle {self._vehicle_id}:{self._token}"},
            compression=None,
            proxy=None,
            max_size=MAX_REPLY_BYTES,
            open_timeout=self._pace.open_s,
            close_timeout=1,
            # The transport's own pulse finds a dead line, whether frames wait for an ack or not.
            ping_interval=self._pace.silence_s / 2,
            ping_timeout=self._pace.silence_s,
        )

    async def _greet(self, socket: ClientConnection) -> None:
        hello = Hello(
            epoch=self._outbox.epoch,
            agent_version=VERSION,
            sent_at=self._now(),
            next_sequence=self._outbox.next_sequence,
        )
        with suppress(ConnectionClosed):  # the reason may be there to be heard
            await socket.send(encode(hello))
        async with asyncio.timeout(self._pace.open_s):
            while True:
                reply = await self._reply(socket)
                if isinstance(reply, Welcome):
                    break
                if reply is not None:
                    self._obey(reply)
        self.clock_offset_s = (self._now() - reply.server_time).total_seconds()
        if abs(self.clock_offset_s) > 2:
            log.warning("%s: this clock is %+.1f s off", self._call_sign, self.clock_offset_s)
        if reply.acknowledged is not None:
            self._outbox.acknowledge_through(hello.epoch, reply.acknowledged)

    async def _report(self, socket: ClientConnection) -> None:
        while True:
            stock = self._outbox.stock()
            report = Report(
                sent_at=self._now(),
                waiting=stock.frames,
                waiting_bytes=stock.bytes,
                thinned=stock.thinned,
                dropped=stock.dropped,
            )
            try:
                await socket.send(encode(report))
            except ConnectionClosed:
                return
            await asyncio.sleep(self._pace.report_s)

    async def _send(self, socket: ClientConnection, lanes: Lanes) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            while (parcel := lanes.next(loop.time())) is not None:
                try:
                    await socket.send(parcel.raw)
                except ConnectionClosed:
                    return
            try:
                async with asyncio.timeout(lanes.wait_s()):
                    await self._wake.wait()
            except TimeoutError:
                continue  # the back-log may go on

    async def _hear(self, socket: ClientConnection, lanes: Lanes) -> None:
        loop = asyncio.get_running_loop()
        look_every_s = min(self._pace.silence_s, self._pace.unanswered_s) / 2
        while True:
            try:
                async with asyncio.timeout(look_every_s):
                    reply = await self._reply(socket)
            except TimeoutError:
                reply = None
            if isinstance(reply, Ack):
                self._take_ack(reply, lanes)
            elif reply is not None:
                self._obey(reply)
            oldest = lanes.oldest_unanswered()
            if oldest is not None and loop.time() - oldest > self._pace.unanswered_s:
                raise LinkLost(f"nothing acknowledged for {self._pace.unanswered_s:g} s")

    async def _reply(self, socket: ClientConnection) -> FromServer | None:
        raw = await socket.recv()
        try:
            return decode_from_server(raw if isinstance(raw, bytes) else raw.encode())
        except MalformedFrame as error:
            log.warning(
                "%s: a message of the centre is not understood (%s)", self._call_sign, error
            )
            return None

    def _take_ack(self, ack: Ack, lanes: Lanes) -> None:
        self._proved = True
        lanes.acknowledged(ack.epoch, ack.sequences)
        lanes.acknowledged(ack.epoch, ack.parked)
        if ack.parked:
            self.parked += len(ack.parked)
            log.error("%s: the centre parked %d frames", self._call_sign, len(ack.parked))
        self._wake.set()

    def _obey(self, reply: FromServer) -> None:
        match reply:
            case Order() | StandDown():
                self._on_word(reply)
            case Refused():
                raise Turned(reply.code, reply.message)
            case Ack():
                self._outbox.acknowledge(reply.epoch, [*reply.sequences, *reply.parked])


class _Connect(connect):
    """Our own loop does the retrying; a refusal at the door is told apart from a failure."""

    def process_exception(self, exc: Exception) -> Exception | None:
        return exc

    async def __aenter__(self) -> ClientConnection:
        try:
            return await super().__aenter__()
        except InvalidStatus as error:
            if error.response.status_code in (401, 403):
                raise Turned(RefusalCode.BAD_CREDENTIAL, "the door is closed") from error
            raise LinkLost(f"the centre answers {error.response.status_code}") from error
        except InvalidHandshake as error:
            raise LinkLost(str(error)) from error
