"""The way between each vehicle and the centre: a TCP proxy that can be bad in several ways.

A web socket is one stream, so frames cannot change places inside it, and here they do not. What is
reordered is what can be on a real network: a stalled connection is given up by its vehicle and
replaced, and its bytes reach the centre after those of the new one. (Inside the vehicle urgent
frames overtake, and the back-log goes newest first.)
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Self

PIECE = 1024  # bytes: a frame of telemetry is some four of them
GONE = (ConnectionError, OSError, asyncio.IncompleteReadError)


@dataclass
class Weather:
    """What a link does to every piece that it carries."""

    closed: bool = False
    delay_s: float = 0.0
    bytes_per_s: float = 1e9


class Connection:
    """One TCP connection of a vehicle, carried piece by piece, each direction in its order."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather
        self.held_until_s = 0.0
        self.cut_after: int | None = None  # bytes from now on, mostly in the middle of a frame
        self._writers: list[asyncio.StreamWriter] = []

    async def carry(
        self, vehicle: asyncio.StreamWriter, centre: asyncio.StreamWriter,
        from_vehicle: asyncio.StreamReader, from_centre: asyncio.StreamReader,
    ) -> None:  # fmt: skip
        """Until both directions have ended: what a vehicle sent before it gave up still arrives."""
        self._writers = [vehicle, centre]
        try:
            await asyncio.gather(
                self._one_way(from_vehicle, centre), self._one_way(from_centre, vehicle)
            )
        finally:
            self.abort()

    def abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(under_way, sink))
        loop, due_s = asyncio.get_running_loop(), 0.0
        with suppress(*GONE):
            while piece := await source.read(PIECE):
                due_s = max(due_s, loop.time() + self._weather.delay_s)
                due_s += len(piece) / self._weather.bytes_per_s
                under_way.put_nowait((due_s, piece))
        under_way.put_nowait((due_s, b""))
        await arriving

    async def _arrive(
        self, under_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        with suppress(*GONE):
            while piece := await self._due(under_way, loop):
                passed = self._before_the_cut(piece)
                sink.write(passed)
                await sink.drain()
                if len(passed) < len(piece):
                    self.abort()
                    return
            sink.close()

    def _before_the_cut(self, piece: bytes) -> bytes:
        if self.cut_after is None:
            return piece
        passed = piece[: self.cut_after]
        self.cut_after -= len(passed)
        return passed

    async def _due(
        self, under_way: asyncio.Queue[tuple[float, bytes]], loop: asyncio.AbstractEventLoop
    ) -> bytes:
        due_s, piece = await under_way.get()
        await asyncio.sleep(due_s - loop.time())
        await asyncio.sleep(self.held_until_s - loop.time())  # a stall may have come meanwhile
        return piece


class Link:
    """One vehicle's way, on a port of its own."""

    def __init__(self, centre_port: int) -> None:
        self._centre_port = centre_port
        self.port = 0
        self.weather = Weather()
        self.connections: set[Connection] = set()

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _accept(self, reader: asyncio.StreamReader, vehicle: asyncio.StreamWriter) -> None:
        if self.weather.closed:
            vehicle.transport.abort()
            return
        try:
            from_centre, centre = await asyncio.open_connection("127.0.0.1", self._centre_port)
        except OSError:
            vehicle.transport.abort()
            return
        connection = Connection(self.weather)
        self.connections.add(connection)
        try:
            await connection.carry(vehicle, centre, reader, from_centre)
        finally:
            self.connections.discard(connection)


class Links:
    """All of them, on a thread of their own. What is called here takes effect there."""

    def __init__(self, size: int, centre_port: int, random: Random) -> None:
        self._random = random
        self._links = [Link(centre_port) for _ in range(size)]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        self._servers = opening.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _open(self) -> list[asyncio.Server]:
        return [await link.open() for link in self._links]

    def port(self, vehicle: int) -> int:
        return self._links[vehicle].port

    def cut(self, vehicle: int) -> None:
        """Every connection breaks after so many more bytes, and no new one gets through."""
        self._loop.call_soon_threadsafe(self._cut, self._links[vehicle])

    def stall(self, vehicle: int, seconds: float) -> None:
        """What is under way arrives late, and in its order; a new connection is not held up."""
        self._loop.call_soon_threadsafe(self._stall, self._links[vehicle], seconds)

    def slow(self, vehicle: int, *, delay_s: float = 0.0, bytes_per_s: float = 1e9) -> None:
        weather = Weather(delay_s=delay_s, bytes_per_s=bytes_per_s)
        self._loop.call_soon_threadsafe(self._change, self._links[vehicle], weather)

    def clear(self, vehicle: int) -> None:
        self._loop.call_soon_threadsafe(self._change, self._links[vehicle], Weather())

    def _cut(self, link: Link) -> None:
        link.weather.closed = True
        for connection in link.connections:
            connection.cut_after = self._random.randrange(3 * PIECE)
            self._loop.call_later(1.5, connection.abort)  # where nothing more was said

    def _stall(self, link: Link, seconds: float) -> None:
        for connection in link.connections:
            connection.held_until_s = self._loop.time() + seconds

    @staticmethod
    def _change(link: Link, weather: Weather) -> None:
        """In place: open connections have the same sky above them."""
        link.weather.closed = weather.closed
        link.weather.delay_s, link.weather.bytes_per_s = weather.delay_s, weather.bytes_per_s
