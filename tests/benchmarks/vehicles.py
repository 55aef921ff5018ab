"""Many vehicles in one process: `python -m tests.benchmarks.vehicles`, settings as JSON on stdin.

Every vehicle sends the same kind of frame each second: a position, eight numbers, four leads of
ECG at 250 Hz, three devices. Prints `ready` when all are connected, and at the end one line of
JSON with what came back and how fast.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import sin
from random import Random
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from ambulance_agent.protocol import (
    Ack,
    DeviceState,
    DeviceStateCode,
    Frame,
    Hello,
    Lead,
    Position,
    Telemetry,
    VitalCode,
    Wave,
    decode_from_server,
    decode_from_vehicle,
    encode,
    reading,
)

# The whole fleet has just connected and gets its orders: what is timed begins after that.
WARM_UP_S = 15
RATE_HZ = 250
LEADS = (Lead.ECG_I, Lead.ECG_II, Lead.ECG_V2, Lead.ECG_V5)
NUMBERS = {
    VitalCode.HEART_RATE: 88.0,
    VitalCode.PULSE_RATE: 87.0,
    VitalCode.SPO2: 96.0,
    VitalCode.RESPIRATORY_RATE: 17.0,
    VitalCode.ETCO2: 36.0,
    VitalCode.NIBP_SYSTOLIC: 131.0,
    VitalCode.NIBP_DIASTOLIC: 78.0,
    VitalCode.TEMPERATURE: 36.9,
}
READINGS_A_FRAME, WAVES_A_FRAME = len(NUMBERS), len(LEADS)


@dataclass
class Result:
    """What all vehicles of the process lived through; waits in milliseconds."""

    sent: int = 0
    acknowledged: int = 0
    counting: bool = True
    began: float = 0.0
    waits_ms: list[float] = field(default_factory=list)


class Vehicle:
    def __init__(self, vehicle_id: str, token: str, lat: float, lon: float) -> None:
        self.headers = {"Authorization": f"Vehicle {vehicle_id}:{token}"}
        self.epoch = uuid4()
        self.since = datetime.now(UTC)
        self.place = (lat, lon)
        self.sequence = 0
        self.sent_at: dict[int, float] = {}
        self.room = asyncio.Event()
        steps = array("h", (int(900 * sin(i / 9)) for i in range(RATE_HZ)))
        self.samples = steps.tobytes()

    def frame(self) -> bytes:
        now = datetime.now(UTC)
        frame = Frame(
            epoch=self.epoch,
            sequence=self.sequence,
            made_at=now,
            body=Telemetry(
                position=Position(
                    lat=self.place[0] + self.sequence % 7 * 1e-5, lon=self.place[1], fix_at=now
                ),
                numerics=[
                    reading(code, value, measured_at=now, source="bench")
                    for code, value in NUMBERS.items()
                ],
                waves=[
                    Wave(
                        lead=lead,
                        started_at=now - timedelta(seconds=1),
                        rate_hz=RATE_HZ,
                        scale_uv=2.5,
                        samples=self.samples,
                    )
                    for lead in LEADS
                ],
                devices=[
                    DeviceState(device=name, state=DeviceStateCode.ON, since=self.since)
                    for name in ("monitor_ecg", "monitor_spo2", "monitor_nibp")
                ],
            ),
        )
        self.sequence += 1
        return encode(frame)

    async def send(self, socket: ClientConnection, result: Result) -> None:
        number, raw = self.sequence, self.frame()
        self.sent_at[number] = time.perf_counter()
        result.sent += 1
        await socket.send(raw)

    async def hear(self, socket: ClientConnection, result: Result) -> None:
        async for raw in socket:
            assert isinstance(raw, bytes)
            for number in self.acknowledged_by(raw):
                wait = time.perf_counter() - self.sent_at.pop(number)
                result.acknowledged += 1
                if result.counting:
                    result.waits_ms.append(wait * 1000)
            self.room.set()

    def acknowledged_by(self, raw: bytes) -> list[int]:
        try:
            reply = decode_from_server(raw)
        except ValueError:  # the bare server's echo
            echo = decode_from_vehicle(raw)
            return [echo.sequence] if isinstance(echo, Frame) else []
        return reply.sequences if isinstance(reply, Ack) else []


async def drive(
    vehicle: Vehicle, settings: dict[str, object], result: Result, start: asyncio.Barrier
) -> None:
    """As fast as the window allows (`frames`), or once a second (`seconds`)."""
    frames, seconds, window = (int(str(settings[n])) for n in ("frames", "seconds", "window"))
    async with connect(
        str(settings["url"]), additional_headers=vehicle.headers, compression=None, proxy=None,
        ping_interval=None, open_timeout=60,
    ) as socket:  # fmt: skip
        hello = Hello(
            epoch=vehicle.epoch, agent_version="bench", sent_at=datetime.now(UTC), next_sequence=0
        )
        await socket.send(encode(hello))
        hearing = asyncio.create_task(vehicle.hear(socket, result))
        if await start.wait() == 0:  # the last one in tells: what follows is measured
            result.began = time.perf_counter()
            print("ready", flush=True)
        if seconds:
            begin = time.perf_counter() + Random().random()
            for second in range(WARM_UP_S + seconds):
                await asyncio.sleep(max(0.0, begin + second - time.perf_counter()))
                result.counting = second >= WARM_UP_S
                await vehicle.send(socket, result)
        else:
            for _ in range(frames):
                while len(vehicle.sent_at) >= window:
                    vehicle.room.clear()
                    await vehicle.room.wait()
                await vehicle.send(socket, result)
        with suppress(TimeoutError):
            async with asyncio.timeout(30):
                while vehicle.sent_at:
                    vehicle.room.clear()
                    await vehicle.room.wait()
        hearing.cancel()


async def main() -> None:
    settings = json.load(sys.stdin)
    result = Result()
    vehicles = [Vehicle(*one) for one in settings["vehicles"]]
    start = asyncio.Barrier(len(vehicles))
    waiting = []
    for vehicle in vehicles:
        waiting.append(asyncio.create_task(drive(vehicle, settings, result, start)))
        await asyncio.sleep(0.002)  # a thousand handshakes at once are another test
    await asyncio.gather(*waiting)
    waits = sorted(result.waits_ms) or [0.0]
    print(
        json.dumps(
            {
                "sent": result.sent,
                "acknowledged": result.acknowledged,
                "seconds": time.perf_counter() - result.began,
                "p50_ms": waits[len(waits) // 2],
                "p99_ms": waits[min(len(waits) - 1, int(len(waits) * 0.99))],
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main())
