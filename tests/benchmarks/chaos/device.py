"""A device that never repeats itself: numbers, waves, positions, states, files, a crew's facts."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from uuid import UUID, uuid4

from ambulance_agent.drivers import Sample
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    Fact,
    FileKind,
    FilePiece,
    Lead,
    Order,
    Position,
    StandDown,
    Status,
    VitalCode,
    Wave,
    reading,
)

RATE_HZ = 250
LEADS = (Lead.ECG_II, Lead.ECG_V2)
BETWEEN = {
    VitalCode.HEART_RATE: (40.0, 180.0),
    VitalCode.PULSE_RATE: (40.0, 180.0),
    VitalCode.SPO2: (80.0, 100.0),
    VitalCode.RESPIRATORY_RATE: (8.0, 40.0),
    VitalCode.ETCO2: (20.0, 60.0),
    VitalCode.NIBP_SYSTOLIC: (70.0, 200.0),
    VitalCode.NIBP_DIASTOLIC: (40.0, 110.0),
    VitalCode.TEMPERATURE: (34.0, 41.0),
}
STATES = {
    "monitor_ecg": (DeviceStateCode.ON, DeviceStateCode.LEADS_OFF),
    "monitor_spo2": (DeviceStateCode.ON, DeviceStateCode.PROBE_OFF),
    "gps": (DeviceStateCode.ON, DeviceStateCode.FAULT),
}
# None that ends a mission: every reading is to belong to one.
FACTS = (
    Fact.ACKNOWLEDGED, Fact.EN_ROUTE, Fact.ON_SCENE, Fact.AT_PATIENT, Fact.ON_BOARD,
    Fact.LEFT_SCENE, Fact.AT_DESTINATION,
)  # fmt: skip
STATE_CHANGES, FACT_COMES, FILE_COMES = 0.05, 0.1, 0.02  # of all seconds
PARTS, PART_BYTES = 3, 2_000


class Device:
    def __init__(self, seed: int, home: tuple[float, float]) -> None:
        self._random = Random(f"{seed}/{time.time_ns()}")
        self._lon, self._lat = home
        self._mission: UUID | None = None
        self._states: dict[str, DeviceState] = {}

    async def run(self) -> None:
        await asyncio.Event().wait()

    def take(self, word: Order | StandDown) -> None:
        if isinstance(word, Order):
            self._mission = word.mission_id

    def sample(self, now: datetime) -> Sample:
        return Sample(
            position=self._position(now),
            numerics=[
                reading(code, self._random.uniform(*bounds), measured_at=now, source="chaos")
                for code, bounds in BETWEEN.items()
            ],
            waves=[self._wave(lead, now - timedelta(seconds=1)) for lead in LEADS],
            devices=self._devices(now),
            facts=self._facts(now),
            pieces=self._file(now),
        )

    def _position(self, now: datetime) -> Position:
        self._lat += self._random.uniform(-1e-4, 1e-4)
        self._lon += self._random.uniform(-1e-4, 1e-4)
        return Position(lat=self._lat, lon=self._lon, fix_at=now, accuracy_m=5.0)

    def _wave(self, lead: Lead, started_at: datetime) -> Wave:
        samples = self._random.randbytes(2 * RATE_HZ)
        return Wave(
            lead=lead, started_at=started_at, rate_hz=RATE_HZ, scale_uv=2.5, samples=samples
        )

    def _devices(self, now: datetime) -> list[DeviceState]:
        for name, possible in STATES.items():
            if name not in self._states or self._random.random() < STATE_CHANGES:
                state = self._random.choice(possible)
                if name not in self._states or state != self._states[name].state:
                    self._states[name] = DeviceState(device=name, state=state, since=now)
        return list(self._states.values())

    def _facts(self, now: datetime) -> list[Status]:
        if self._mission is None or self._random.random() >= FACT_COMES:
            return []
        fact = self._random.choice(FACTS)
        return [Status(fact_id=uuid4(), mission_id=self._mission, fact=fact, occurred_at=now)]

    def _file(self, now: datetime) -> list[FilePiece]:
        if self._random.random() >= FILE_COMES:
            return []
        raw, file_id = self._random.randbytes(PARTS * PART_BYTES), uuid4()
        return [
            FilePiece(
                file_id=file_id, kind=FileKind.ECG12, name="chaos.xml", found_at=now,
                sha256=sha256(raw).digest(), size=len(raw), part=part, parts=PARTS,
                content=raw[part * PART_BYTES : (part + 1) * PART_BYTES],
            )
            for part in range(PARTS)
        ]  # fmt: skip
