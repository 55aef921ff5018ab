"""Plays a case in its own rhythm, from the start or from first contact."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.replay.parse import START, Case, moved, read_case
from ambulance_agent.drivers.replay.settings import ReplaySettings
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    MissionState,
    Order,
    StandDown,
    Telemetry,
)

WITH_PATIENT = frozenset(
    {
        MissionState.AT_PATIENT,
        MissionState.ON_BOARD,
        MissionState.LEFT_SCENE,
        MissionState.AT_DESTINATION,
    }
)


class ReplayDriver:
    def __init__(self, settings: ReplaySettings, case: Case | None = None) -> None:
        """Raises DamagedCase: better at the start than in the middle of a case."""
        self._case = case or read_case(settings.case)
        self._settings = settings
        self._wanted = not settings.starts_at_patient
        self._started_at: datetime | None = None
        self._next = 0

    async def run(self) -> None:
        await asyncio.Event().wait()

    def take(self, word: Order | StandDown) -> None:
        if not self._settings.starts_at_patient:
            return
        wanted = isinstance(word, Order) and word.state in WITH_PATIENT
        if wanted != self._wanted:
            self._wanted, self._started_at, self._next = wanted, None, 0

    def sample(self, now: datetime) -> Sample:
        if not self._wanted:
            return Sample(devices=[_player(DeviceStateCode.OFF, now)])
        self._started_at = self._started_at or now
        due = self._due(now)
        if not due and self._next >= len(self._case.seconds):
            if not self._settings.repeat:
                return Sample(devices=[_player(DeviceStateCode.OFF, self._started_at)])
            self._started_at, self._next = now, 0
            due = self._due(now)
        shift = self._started_at - START
        played = [moved(telemetry, shift) for telemetry in due]
        positions = [t.position for t in played if t.position is not None]
        return Sample(
            position=positions[-1] if positions else None,
            numerics=[numeric for t in played for numeric in t.numerics],
            waves=[wave for t in played for wave in t.waves],
            devices=[
                _player(DeviceStateCode.ON, self._started_at),
                *(played[-1].devices if played else ()),
            ],
        )

    def _due(self, now: datetime) -> list[Telemetry]:
        seconds, start = self._case.seconds, self._next
        elapsed = now - (self._started_at or now)
        while self._next < len(seconds) and timedelta(seconds=seconds[self._next].at_s) <= elapsed:
            self._next += 1
        return [second.telemetry for second in seconds[start : self._next]]


def _player(state: DeviceStateCode, since: datetime) -> DeviceState:
    return DeviceState(device="replay", state=state, since=since)
