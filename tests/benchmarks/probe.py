"""One vehicle whose every second can be told apart: `python -m tests.benchmarks.probe`.

Settings as JSON on stdin. Second n carries the heart rate 50 + n % 100 and a lead that stands at
1 mV when n is even and at 0 when it is odd. One line of JSON a second: n, when the frame was made
and when its wave began, in milliseconds since 1970.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from array import array
from datetime import UTC, datetime, timedelta

from websockets.asyncio.client import connect

from ambulance_agent.protocol import (
    Frame,
    Hello,
    Lead,
    Telemetry,
    VitalCode,
    Wave,
    encode,
    reading,
)
from tests.benchmarks.vehicles import RATE_HZ, Vehicle

SCALE_UV = 2.5
STEPS_OF_1_MV = 400


def frame_of(vehicle: Vehicle, number: int, now: datetime) -> Frame:
    level = STEPS_OF_1_MV if number % 2 == 0 else 0
    return Frame(
        epoch=vehicle.epoch,
        sequence=number,
        made_at=now,
        body=Telemetry(
            numerics=[
                reading(VitalCode.HEART_RATE, 50 + number % 100, measured_at=now, source="probe")
            ],
            waves=[
                Wave(
                    lead=Lead.ECG_II,
                    started_at=now - timedelta(seconds=1),
                    rate_hz=RATE_HZ,
                    scale_uv=SCALE_UV,
                    samples=array("h", [level] * RATE_HZ).tobytes(),
                )
            ],
        ),
    )


async def main() -> None:
    settings = json.load(sys.stdin)
    vehicle = Vehicle(*settings["vehicle"])
    async with connect(
        settings["url"], additional_headers=vehicle.headers, compression=None, proxy=None,
        ping_interval=None,
    ) as socket:  # fmt: skip
        hello = Hello(
            epoch=vehicle.epoch, agent_version="probe", sent_at=datetime.now(UTC), next_sequence=0
        )
        await socket.send(encode(hello))
        begin = time.time()
        for number in range(settings["seconds"]):
            # Waves join without a gap: the seconds are counted, not taken from the sleeping.
            due = begin + number
            await asyncio.sleep(max(0.0, due - time.time()))
            now = datetime.fromtimestamp(due, UTC)
            await socket.send(encode(frame_of(vehicle, number, now)))
            made_ms = round(due * 1000)
            line = {"n": number, "made_ms": made_ms, "began_ms": made_ms - 1000}
            print(json.dumps(line), flush=True)
        await asyncio.sleep(3)


if __name__ == "__main__":
    asyncio.run(main())
