"""Listens for monitors, answers each message, and hands out each value once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.hl7_pcd01.answer import answers
from ambulance_agent.drivers.hl7_pcd01.clock import DeviceClock
from ambulance_agent.drivers.hl7_pcd01.keep import NotUnderstood
from ambulance_agent.drivers.hl7_pcd01.parse import (
    WORTH_KEEPING,
    Message,
    Reason,
    SetAside,
    Value,
    parse,
)
from ambulance_agent.drivers.hl7_pcd01.settings import PcdSettings
from ambulance_agent.drivers.hl7_pcd01.tables import Tables
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    Numeric,
    Order,
    StandDown,
    reading,
)

log = logging.getLogger(__name__)

START, END = b"\x0b", b"\x1c\r"
MAX_MESSAGE_BYTES = 1_000_000
MOST_WAITING = 20_000  # values; more than an hour of them: nobody has asked for an hour
A_SECONDS_WORTH = 64  # what one frame may carry
REMEMBERED = 2_000
RETRY_S = 5.0
DEVICE = "hl7_monitor"


class PcdDriver:
    def __init__(
        self, settings: PcdSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Raises DamagedTable."""
        self._settings = settings
        self._now = now
        self._tables = Tables(settings.tables)
        self._keep = NotUnderstood(settings.raw, settings.raw_max_bytes)
        self._waiting: deque[Numeric] = deque(maxlen=MOST_WAITING)
        self._clocks: dict[str, DeviceClock] = {}
        # Messages that came before, by sender and id: a repetition is answered, not repeated.
        self._known: OrderedDict[tuple[str, str, int], None] = OrderedDict()
        self._heard_at: datetime | None = None
        self._state = DeviceStateCode.OFF
        self._since = now()
        self._sockets: set[asyncio.StreamWriter] = set()
        self.counts: Counter[tuple[Reason, str]] = Counter()
        self.messages: Counter[str] = Counter()
        self.port = settings.port
        self.listening = asyncio.Event()

    async def run(self) -> None:
        while True:
            try:
                server = await asyncio.start_server(
                    self._serve,
                    self._settings.host,
                    self._settings.port,
                    limit=MAX_MESSAGE_BYTES,
                )
            except OSError as error:
                log.warning("hl7: cannot listen: %s", error.strerror)
                self._become(DeviceStateCode.FAULT)
                await asyncio.sleep(RETRY_S)
                continue
            self.port = server.sockets[0].getsockname()[1]
            self.listening.set()
            try:
                await asyncio.Event().wait()
            finally:
                server.close()
                for writer in list(self._sockets):
                    writer.close()

    def sample(self, now: datetime) -> Sample:
        silent = self._heard_at is None or (
            now - self._heard_at > timedelta(seconds=self._settings.silence_s)
        )
        if self._state is not DeviceStateCode.FAULT or not silent:
            self._become(DeviceStateCode.OFF if silent else DeviceStateCode.ON)
        count = min(len(self._waiting), A_SECONDS_WORTH - 8)  # room for other drivers' numbers
        return Sample(
            numerics=[self._waiting.popleft() for _ in range(count)],
            devices=[DeviceState(device=DEVICE, state=self._state, since=self._since)],
        )

    def take(self, word: Order | StandDown) -> None:
        """A monitor obeys nobody."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sockets.add(writer)
        try:
            while (block := await self._block(reader)) is not None:
                for answer in self.hear(block):
                    writer.write(START + answer + END)
                await writer.drain()
        except OSError as error:
            log.info("hl7: a monitor's connection ended: %s", error.strerror)
        finally:
            self._sockets.discard(writer)
            writer.close()

    async def _block(self, reader: asyncio.StreamReader) -> bytes | None:
        """The content of the next MLLP block; None at the end of the connection."""
        while True:
            try:
                raw = (await reader.readuntil(END)).removesuffix(END)
            except asyncio.IncompleteReadError as cut:
                if START in cut.partial:
                    self._set_aside([SetAside(Reason.TRUNCATED, "", cut.partial)], self._now())
                return None
            except asyncio.LimitOverrunError:
                # Nothing in this stream says where the next message begins.
                self._set_aside([SetAside(Reason.TOO_LARGE, "", b"")], self._now())
                return None
            # A block that never ended is followed by the next one's start.
            lost, start, block = raw.rpartition(START)
            if lost.strip(b"\r\n"):
                self._set_aside([SetAside(Reason.TRUNCATED, "", lost)], self._now())
            if start:
                return block
            self._set_aside([SetAside(Reason.NO_MESSAGE, "", raw)], self._now())

    def hear(self, raw: bytes) -> list[bytes]:
        """Take one message in; returns the acknowledgements that it asks for."""
        now = self._now()
        message = parse(
            raw,
            tables=self._tables,
            encoding=self._settings.encoding,
            unconfirmed=self._settings.unconfirmed,
        )
        sender = "^".join(message.sender)
        key = (sender, message.control_id, hash(raw))
        if message.control_id and key in self._known:
            self.messages["repeated"] += 1
            return answers(message, now)
        self._known[key] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        self._heard_at = now
        self.messages[message.verdict] += 1
        self._set_aside(message.set_aside, now)
        self._waiting += self._numerics(message, sender, now)
        return answers(message, now)

    def _numerics(self, message: Message, sender: str, now: datetime) -> list[Numeric]:
        clock = self._clocks.setdefault(sender, DeviceClock())
        before = clock.behind
        if message.sent_at is not None:
            clock.hear(message.sent_at, now)
        if abs(clock.behind - before) > timedelta(seconds=10):
            log.warning("hl7: a monitor's clock is %.0f s behind", clock.behind.total_seconds())
        source = ("hl7:" + message.sender[0].split("^")[0])[:60]
        return [self._numeric(value, source, clock, now) for value in message.values]

    def _numeric(self, value: Value, source: str, clock: DeviceClock, now: datetime) -> Numeric:
        return reading(
            value.vital,
            value.value,
            measured_at=clock.ours(value.told_at, now),
            source=source,
            quality=value.quality,
            device_behind_s=clock.behind.total_seconds(),
        )

    def clock_behind(self, sender: str) -> timedelta:
        return self._clocks[sender].behind

    def _set_aside(self, things: list[SetAside], now: datetime) -> None:
        for thing in things:
            key = (thing.reason, thing.what)
            self.counts[key] += 1
            if self.counts[key] == 1:
                # Once a kind: a monitor repeats itself every second. Codes only, no values.
                log.warning("hl7: set aside: %s %s", thing.reason, thing.what)
        worth = [thing for thing in things if thing.reason in WORTH_KEEPING]
        if worth:
            self._keep.keep(worth, now)

    def _become(self, state: DeviceStateCode) -> None:
        if state is not self._state:
            self._state, self._since = state, self._now()
