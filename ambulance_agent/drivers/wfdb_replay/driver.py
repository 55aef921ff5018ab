"""Plays a record in its own rhythm, from the start or from first contact."""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.wfdb_replay.parse import (
    Charted,
    Led,
    leads_of,
    numbers_of,
    table_of,
)
from ambulance_agent.drivers.wfdb_replay.resample import resampled
from ambulance_agent.drivers.wfdb_replay.settings import MOST_LEADS, WfdbSettings
from ambulance_agent.formats.wfdb import DamagedRecord, Record, read_record
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    MissionState,
    Numeric,
    Order,
    StandDown,
    Wave,
    reading,
)

WAVE_HZ = 250
GAP_S = 5.0  # after a longer silence the wave goes on from now: a gap is a gap
SOURCE = "wfdb_replay"
WITH_PATIENT = frozenset(
    {
        MissionState.AT_PATIENT,
        MissionState.ON_BOARD,
        MissionState.LEFT_SCENE,
        MissionState.AT_DESTINATION,
    }
)


class WfdbDriver:
    def __init__(self, settings: WfdbSettings) -> None:
        """Reads all of it: a damaged record is refused at the start. Raises DamagedRecord."""
        self._settings = settings
        self._leads: list[Led] = []
        self._numbers: list[Charted] = []
        if settings.waves is not None:
            record = record_at(settings.waves)
            self._leads = leads_of(record, settings.leads, MOST_LEADS)
            if settings.numbers is None:
                self._numbers = numbers_of(record)
        if settings.numbers is not None:
            self._numbers = numbers_at(settings.numbers)
        self._ends_s = max(
            [len(led.samples) / led.rate_hz for led in self._leads]
            + [charted.at_s / settings.numbers_speed + 1 for charted in self._numbers[-1:]]
        )
        self._wanted = not settings.starts_at_patient
        self._started_at: datetime | None = None
        self._played = 0  # samples at WAVE_HZ
        self._next = 0
        self._restart()

    async def run(self) -> None:
        await asyncio.Event().wait()

    def take(self, word: Order | StandDown) -> None:
        if not self._settings.starts_at_patient:
            return
        wanted = isinstance(word, Order) and word.state in WITH_PATIENT
        if wanted != self._wanted:
            self._wanted = wanted
            self._restart()

    def sample(self, now: datetime) -> Sample:
        if not self._wanted:
            return Sample(devices=[_player(DeviceStateCode.OFF, now)])
        if self._started_at is None:
            self._started_at = now - timedelta(seconds=self._settings.from_s)
            self._played = round(self._settings.from_s * WAVE_HZ)
        elapsed_s = (now - self._started_at).total_seconds()
        if elapsed_s > self._ends_s + 1:
            if not self._settings.repeat:
                return Sample(devices=[_player(DeviceStateCode.OFF, self._started_at)])
            self._restart()
            return self.sample(now)
        return Sample(
            numerics=self._due(elapsed_s, self._started_at),
            waves=self._waves(elapsed_s, self._started_at),
            devices=[_player(DeviceStateCode.ON, self._started_at)],
        )

    def _restart(self) -> None:
        self._started_at, self._played, self._next = None, 0, 0
        speed = self._settings.numbers_speed
        while self._next < len(self._numbers) and (
            self._numbers[self._next].at_s / speed < self._settings.from_s
        ):
            self._next += 1

    def _due(self, elapsed_s: float, started_at: datetime) -> list[Numeric]:
        due: list[Numeric] = []
        speed = self._settings.numbers_speed
        while self._next < len(self._numbers) and len(due) < 32:
            charted = self._numbers[self._next]
            if charted.at_s / speed > elapsed_s:
                break
            self._next += 1
            measured_at = started_at + timedelta(seconds=charted.at_s / speed)
            due.append(
                reading(
                    charted.code,
                    charted.value,
                    measured_at=measured_at,
                    source=SOURCE,
                    quality=charted.quality,
                )
            )
        return due

    def _waves(self, elapsed_s: float, started_at: datetime) -> list[Wave]:
        end = int(elapsed_s * WAVE_HZ + 1e-6)
        if end - self._played > GAP_S * WAVE_HZ:
            self._played = end - WAVE_HZ
        start, count = self._played, end - self._played
        if count <= 0:
            return []
        self._played = end
        at = started_at + timedelta(seconds=start / WAVE_HZ)
        found = [_wave(led, start, count, at) for led in self._leads]
        return [wave for wave in found if wave is not None]


def _wave(led: Led, start: int, count: int, at: datetime) -> Wave | None:
    """None where the record has a hole: the wire has no sign for a missing sample."""
    samples = resampled(
        led.samples, rate_hz=led.rate_hz, wanted_hz=WAVE_HZ, start=start, count=count
    )
    if samples is None:
        return None
    steps = array(
        "h", (min(max(round(sample - led.baseline), -32768), 32767) for sample in samples)
    )
    if sys.byteorder == "big":
        steps.byteswap()
    return Wave(
        lead=led.lead,
        started_at=at,
        rate_hz=WAVE_HZ,
        scale_uv=led.scale_uv,
        samples=steps.tobytes(),
    )


def record_at(header: Path) -> Record:
    return read_record(header.stem, _opener(header.parent))


def numbers_at(path: Path) -> list[Charted]:
    if path.suffix == ".hea":
        return numbers_of(record_at(path))
    try:
        return table_of(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedRecord(f"{path.name} cannot be read") from error


def _opener(folder: Path) -> Callable[[str], bytes]:
    def opened(name: str) -> bytes:
        try:
            return (folder / name).read_bytes()
        except OSError as error:
            raise DamagedRecord(f"{name} cannot be read: {error.strerror}") from error

    return opened


def _player(state: DeviceStateCode, since: datetime) -> DeviceState:
    return DeviceState(device="wfdb_replay", state=state, since=since)
