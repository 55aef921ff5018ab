"""A dispatch centre for tests: a real WebSocket server that keeps what it acknowledges.

Not the server of the platform: it knows the protocol and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from ambulance_agent.protocol import (
    Ack,
    Frame,
    FromServer,
    Hello,
    MalformedFrame,
    Order,
    RefusalCode,
    Refused,
    Report,
    StandDown,
    Status,
    Telemetry,
    Welcome,
    decode_from_vehicle,
    encode,
)

TOKEN = "right-token"
Key = tuple[UUID, int]


class Centre:
    """`until` waits for whatever a test wants to see; nothing here sleeps."""

    def __init__(self) -> None:
        self.stored: dict[Key, Frame] = {}
        self.arrivals: list[Key] = []
        self.hellos: list[Hello] = []
        self.reports: list[Report] = []
        self.refusals = 0
        self.parking: set[int] = set()  # sequences to park instead of understanding
        self.orders: list[Order | StandDown] = []  # said after every welcome
        self.acknowledging = True
        self.silent = False
        self.knows: Callable[[Hello], int | None] = lambda _: None
        self.sockets: set[ServerConnection] = set()
        self._server: Server | None = None
        self._port = 0
        self._news = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/uplink/"

    @property
    def duplicates(self) -> int:
        return len(self.arrivals) - len(set(self.arrivals))

    @property
    def statuses(self) -> list[Status]:
        return [f.body for f in self.stored.values() if isinstance(f.body, Status)]

    @property
    def telemetry(self) -> list[Telemetry]:
        return [f.body for f in self.stored.values() if isinstance(f.body, Telemetry)]

    async def open(self) -> None:
        """Again on the same port after `close`."""
        self._server = await serve(
            self._serve, "127.0.0.1", self._port, compression=None, close_timeout=0.2
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def cut(self) -> None:
        """The line is gone: no closing handshake."""
        for socket in list(self.sockets):
            socket.transport.abort()

    async def say(self, reply: FromServer) -> None:
        for socket in list(self.sockets):
            await socket.send(encode(reply))

    async def until(self, true: Callable[[], bool], timeout_s: float = 8) -> None:
        async with asyncio.timeout(timeout_s), self._news:
            await self._news.wait_for(true)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _serve(self, socket: ServerConnection) -> None:
        request = socket.request
        credential = request.headers.get("Authorization", "") if request else ""
        if not credential.startswith("Vehicle ") or not credential.endswith(f":{TOKEN}"):
            self.refusals += 1
            words = Refused(code=RefusalCode.BAD_CREDENTIAL, message="unknown credential")
            await socket.send(encode(words))
            await self._tell()
            return
        self.sockets.add(socket)
        try:
            async for raw in socket:
                if self.silent or isinstance(raw, str):
                    continue
                await self._hear(socket, raw)
                await self._tell()
        except ConnectionClosed:
            pass
        finally:
            self.sockets.discard(socket)
            await self._tell()

    async def _hear(self, socket: ServerConnection, raw: bytes) -> None:
        try:
            message = decode_from_vehicle(raw)
        except MalformedFrame as error:
            if error.epoch is None or error.sequence is None:
                raise
            await socket.send(encode(Ack(epoch=error.epoch, parked=[error.sequence])))
            return
        if isinstance(message, Hello):
            self.hellos.append(message)
            welcome = Welcome(
                server_time=datetime.now(UTC), vehicle="A07", acknowledged=self.knows(message)
            )
            for reply in (welcome, *self.orders):
                await socket.send(encode(reply))
            return
        if isinstance(message, Report):
            self.reports.append(message)
            return
        key = (message.epoch, message.sequence)
        self.arrivals.append(key)
        if not self.acknowledging:
            return
        if message.sequence in self.parking:
            await socket.send(encode(Ack(epoch=message.epoch, parked=[message.sequence])))
            return
        self.stored.setdefault(key, message)
        await socket.send(encode(Ack(epoch=message.epoch, sequences=[message.sequence])))
