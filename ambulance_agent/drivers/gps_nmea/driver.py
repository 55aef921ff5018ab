"""Keeps a receiver connected and hands out each of its fixes once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import serial  # type: ignore[import-untyped]
from msgspec.structs import replace

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.gps_nmea.parse import GpsdReader, NmeaReader
from ambulance_agent.drivers.gps_nmea.settings import GpsSettings
from ambulance_agent.protocol import DeviceState, DeviceStateCode, Order, Position, StandDown

log = logging.getLogger(__name__)

SILENT_S = 5.0  # a receiver that says nothing this long has a fault
RETRY_FIRST_S, RETRY_LAST_S = 0.5, 10.0
WATCH = b'?WATCH={"enable":true,"json":true};\n'


class GpsDriver:
    def __init__(self, settings: GpsSettings) -> None:
        self._settings = settings
        self._nmea, self._gpsd = NmeaReader(), GpsdReader()
        self._latest: Position | None = None
        self._fix_at: datetime | None = None
        self._state = DeviceStateCode.OFF
        self._since = datetime.now(UTC)
        self.news = asyncio.Event()  # set at each fix and at each change of state

    @property
    def counts(self) -> Counter[str]:
        """Rejected lines by reason: checksum, garbage, no_fix, no_time."""
        return self._nmea.counts + self._gpsd.counts

    async def run(self) -> None:
        if self._settings.file is not None:
            await self._play(self._settings.file)
            return
        wait_s = RETRY_FIRST_S
        while True:
            try:
                fixes = self._from_gpsd() if self._settings.gpsd else self._from_serial()
                async for position in fixes:
                    wait_s = RETRY_FIRST_S
                    self._take_fix(position)
            except (OSError, TimeoutError, serial.SerialException) as error:
                # The words of the error name the port, never a position.
                log.warning("gps: %s", str(error) or "the receiver says nothing")
            self._become(DeviceStateCode.FAULT)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_LAST_S)

    def sample(self, now: datetime) -> Sample:
        position, self._latest = self._latest, None
        state = DeviceState(device="gps", state=self._state, since=self._since)
        return Sample(position=position, devices=[state])

    def take(self, word: Order | StandDown) -> None:
        """A receiver obeys nobody."""

    async def _from_gpsd(self) -> AsyncIterator[Position]:
        if self._settings.gpsd is None:
            return
        host, port = self._settings.gpsd
        # asyncio.timeout, because wait_for of Python 3.11 may swallow a cancellation.
        async with asyncio.timeout(SILENT_S):
            reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(WATCH)
            while line := await self._line_of(reader):
                self._become(DeviceStateCode.ON)
                if position := self._gpsd.feed(line):
                    yield position
            raise ConnectionError("gpsd closed the connection")
        except ValueError as error:  # a line longer than any report
            raise ConnectionError("gpsd sends no reports") from error
        finally:
            writer.close()

    async def _line_of(self, reader: asyncio.StreamReader) -> bytes:
        async with asyncio.timeout(SILENT_S):
            return await reader.readline()

    async def _from_serial(self) -> AsyncIterator[Position]:
        port = await asyncio.to_thread(
            serial.Serial, str(self._settings.device), self._settings.baud, timeout=0.5
        )
        try:
            silent_s = 0.0
            while silent_s < SILENT_S:
                line = await asyncio.to_thread(port.readline, 120)
                silent_s = 0.0 if line else silent_s + 0.5
                if line:
                    self._become(DeviceStateCode.ON)
                if position := self._nmea.feed(line.decode("ascii", errors="replace")):
                    yield position
            raise TimeoutError
        finally:
            port.close()

    async def _play(self, path: Path) -> None:
        """A recorded drive in its own rhythm, its times moved to now."""
        self._become(DeviceStateCode.ON)
        text = await asyncio.to_thread(path.read_text, encoding="ascii", errors="replace")
        while True:
            shift: timedelta | None = None
            for line in text.splitlines():
                if (position := self._nmea.feed(line)) is None:
                    continue
                now = datetime.now(UTC)
                shift = shift if shift is not None else now - position.fix_at
                due = position.fix_at + shift
                await asyncio.sleep(max((due - now).total_seconds(), 0))
                self._take_fix(replace(position, fix_at=due))
            if not self._settings.repeat_file or shift is None:
                break
        self._become(DeviceStateCode.OFF)

    def _take_fix(self, position: Position) -> None:
        if position.fix_at == self._fix_at:
            return  # gpsd reports a second more than once
        self._latest, self._fix_at = position, position.fix_at
        self.news.set()

    def _become(self, state: DeviceStateCode) -> None:
        if state is not self._state:
            self._state, self._since = state, datetime.now(UTC)
            self.news.set()
