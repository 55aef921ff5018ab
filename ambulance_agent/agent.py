"""One vehicle: asks its drivers every second, keeps the answer, lets the uplink send it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from ambulance_agent.config import VehicleConfig
from ambulance_agent.drivers import Driver, Sample, build_driver
from ambulance_agent.outbox import Outbox
from ambulance_agent.protocol import DeviceState, Order, StandDown, Telemetry
from ambulance_agent.uplink import Pace, Uplink

log = logging.getLogger(__name__)

PERIOD_S = 1.0
REPEAT_STATES = timedelta(seconds=30)  # device states go when they change, and this often


def utc_now() -> datetime:
    return datetime.now(UTC)


class Vehicle:
    def __init__(
        self,
        config: VehicleConfig,
        *,
        now: Callable[[], datetime] = utc_now,
        random: Random | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Raises OutboxInUse, DamagedCase."""
        self._config = config
        self._now = now
        # Seeded by the vehicle: each has its own jitter, the same at every start.
        self._random = random or Random(config.vehicle_id.int)  # noqa: S311 - no secret
        memory = config.outbox.path.with_name(config.outbox.path.name + ".memory")
        self._drivers: list[Driver] = [
            build_driver(settings, memory=memory, vehicle_id=config.vehicle_id, token=config.token)
            for settings in config.drivers
        ]
        self.outbox = Outbox(
            config.outbox.path,
            max_bytes=config.outbox.max_bytes,
            every_frame_flushed=config.outbox.every_frame_flushed,
        )
        self.uplink = Uplink(
            url=config.uplink_url,
            vehicle_id=config.vehicle_id,
            call_sign=config.call_sign,
            token=config.token,
            outbox=self.outbox,
            on_word=self._pass_on,
            now=now,
            random=self._random,
            pace=pace,
        )
        self._states: dict[str, DeviceState] = {}
        self._states_sent_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled; then the outbox is closed cleanly."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for driver in self._drivers:
                    tasks.create_task(driver.run())
                tasks.create_task(self.uplink.run())
                tasks.create_task(self._every_second())
        finally:
            self.outbox.close()

    def tick(self) -> None:
        """One second: statuses first, each urgent; then all that was measured, in one frame."""
        now = self._now()
        samples = [driver.sample(now) for driver in self._drivers]
        for fact in (fact for sample in samples for fact in sample.facts):
            self.uplink.post(self.outbox.append(fact, made_at=now, urgent=True))
        telemetry = self._merged(samples, now)
        self.uplink.post(self.outbox.append(telemetry, made_at=now))
        for piece in (piece for sample in samples for piece in sample.pieces):
            # A frame of its own each: a large file must not hold up what is measured.
            self.uplink.post(self.outbox.append(Telemetry(pieces=[piece]), made_at=now))

    async def _every_second(self) -> None:
        loop = asyncio.get_running_loop()
        # Forty vehicles of one process share the second instead of its first moment.
        due = loop.time() + self._random.random() * PERIOD_S
        while True:
            await asyncio.sleep(due - loop.time())
            self.tick()
            due = max(due + PERIOD_S, loop.time())

    def _merged(self, samples: Sequence[Sample], now: datetime) -> Telemetry:
        positions = [sample.position for sample in samples if sample.position is not None]
        return Telemetry(
            position=positions[0] if positions else None,
            numerics=[numeric for sample in samples for numeric in sample.numerics],
            waves=[wave for sample in samples for wave in sample.waves],
            devices=self._news(samples, now),
        )

    def _news(self, samples: Sequence[Sample], now: datetime) -> list[DeviceState]:
        current = {state.device: state for sample in samples for state in sample.devices}
        due = self._states_sent_at is None or now - self._states_sent_at >= REPEAT_STATES
        news = [s for s in current.values() if due or self._states.get(s.device) != s]
        if due:
            self._states_sent_at = now
        self._states = current
        return news

    def _pass_on(self, word: Order | StandDown) -> None:
        for driver in self._drivers:
            driver.take(word)


async def run_vehicles(vehicles: Sequence[Vehicle], stop: asyncio.Event) -> None:
    """All vehicles of this process until `stop`. One that fails ends them all, loudly."""
    tasks = [asyncio.create_task(vehicle.run()) for vehicle in vehicles]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    failures = [result for result in results if isinstance(result, Exception)]
    if failures:
        raise ExceptionGroup("vehicles failed", failures)
