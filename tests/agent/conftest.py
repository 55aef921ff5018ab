"""A centre, an outbox and an uplink that is quick to notice things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from ambulance_agent.outbox import Outbox
from ambulance_agent.protocol import Order, StandDown, Telemetry, VitalCode, Wave, reading
from ambulance_agent.protocol.codes import Lead
from ambulance_agent.uplink import Pace, Uplink
from tests.agent.centre import TOKEN, Centre

VEHICLE = UUID("6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07")
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
QUICK = Pace(
    open_s=2, silence_s=0.4, first_retry_s=0.02, last_retry_s=0.1, refused_retry_s=0.1,
    backlog_per_s=2000,
)  # fmt: skip


def telemetry(second: int, *, wave_bytes: int = 500) -> Telemetry:
    at = START + timedelta(seconds=second)
    wave = Wave(
        lead=Lead.ECG_II, started_at=at, rate_hz=250, scale_uv=2.5, samples=bytes(wave_bytes)
    )
    heart = reading(VitalCode.HEART_RATE, 60 + second % 90, measured_at=at, source="monitor")
    return Telemetry(numerics=[heart], waves=[wave] if wave_bytes else [])


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    centre = Centre()
    await centre.open()
    yield centre
    await centre.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "a07.outbox", max_bytes=50_000_000, every_frame_flushed=False)
    yield outbox
    outbox.close()


@pytest.fixture
def words() -> list[Order | StandDown]:
    return []


MakeUplink = Callable[..., Uplink]


@pytest.fixture
def make_uplink(centre: Centre, outbox: Outbox, words: list[Order | StandDown]) -> MakeUplink:
    def make(token: str = TOKEN, pace: Pace = QUICK) -> Uplink:
        return Uplink(
            url=centre.url,
            vehicle_id=VEHICLE,
            call_sign="A07",
            token=token,
            outbox=outbox,
            on_word=words.append,
            now=lambda: datetime.now(UTC),
            random=Random(7),
            pace=pace,
        )

    return make


@asynccontextmanager
async def running(uplink: Uplink) -> AsyncIterator[Uplink]:
    task = asyncio.create_task(uplink.run())
    try:
        yield uplink
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
