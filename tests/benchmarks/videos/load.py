"""Cameras and viewers without pictures: 25 messages of 5 kB a second each, 1 Mbit/s a camera.

    python -m tests.benchmarks.videos.load < settings

One process of the load; the settings name the hub, the streams and who sends and watches. Says
one line of JSON at the end: how old the messages were at the viewers, and how many were lost.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from ambulance_agent.protocol.media import (
    Begin,
    CameraRole,
    Flag,
    Got,
    Kind,
    Ping,
    pack,
    unpack,
    words,
)

FPS, BYTES = 25, 5_000
KEY_EVERY = 50


async def camera(url: str, credential: str, mission: UUID, until: float, sent: list[int]) -> None:
    headers = {"Authorization": f"Vehicle {credential}"}
    async with connect(
        url, additional_headers=headers, compression=None, ping_interval=None, open_timeout=30
    ) as line:
        begin = Begin(
            mission=mission, role=CameraRole.ROAD, codec="avc1.42001f", started_at=datetime.now(UTC)
        )
        await line.send(words(begin))
        drain = asyncio.create_task(_drain(line))
        payload, due, seq = os.urandom(BYTES), time.monotonic(), 0
        while time.monotonic() < until:
            seq += 1
            flags = Flag.KEY if seq % KEY_EVERY == 1 else Flag.NONE
            await line.send(pack(Kind.CHUNK, seq, time.time() * 1000, flags, payload))
            sent.append(seq)
            due += 1 / FPS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asyncio.sleep(1)
        drain.cancel()


async def _drain(line: ClientConnection) -> None:
    async for _message in line:
        pass


async def viewer(url: str, session: str, origin: str, until: float, ages: list[float]) -> int:
    """Acknowledges by a timer as a page does; returns how many pictures it never saw."""
    headers = {"Cookie": f"sessionid={session}"}
    async with connect(
        url, additional_headers=headers, origin=Origin(origin), compression=None,
        ping_interval=None, max_queue=None, open_timeout=30,
    ) as line:  # fmt: skip
        newest, first, count = 0, 0, 0

        async def acknowledge() -> None:
            while True:
                await asyncio.sleep(0.1)
                await line.send(words(Got(seq=newest)))
                await line.send(words(Ping(at=time.time() * 1000)))

        acknowledging = asyncio.create_task(acknowledge())
        try:
            while (left := until - time.monotonic()) > 0:
                async with asyncio.timeout(left):
                    raw = await line.recv()
                if isinstance(raw, bytes):
                    frame = unpack(raw)
                    first, newest, count = first or frame.seq, frame.seq, count + 1
                    if frame.seq > KEY_EVERY:  # not the opening of a newcomer
                        ages.append(time.time() * 1000 - frame.capture_ms)
        except TimeoutError:
            pass
        acknowledging.cancel()
        return newest - first + 1 - count


async def run(settings: dict[str, Any]) -> dict[str, float]:  # Any: JSON
    until = time.monotonic() + settings["seconds"]
    ages: list[float] = []
    sent: list[int] = []
    work: list[asyncio.Task[Any]] = []  # of a camera nothing, of a viewer what it missed
    for one in settings["streams"]:
        stream = uuid4()
        base = f"{settings['hub']}/media/{one['incident']}"
        cameras = f"{base}/publish/{stream}/"
        work.append(
            asyncio.create_task(
                camera(cameras, one["credential"], UUID(one["mission"]), until, sent)
            )
        )
        await asyncio.sleep(0.15)
        watching = f"{base}/watch/{stream}/"
        for _ in range(settings["viewers"]):
            watch = viewer(watching, settings["session"], settings["origin"], until, ages)
            work.append(asyncio.create_task(watch))
            await asyncio.sleep(settings.get("pause_s", 0.02))
    results: list[int | None] = await asyncio.gather(*work)
    ages.sort()
    return {
        "lost": sum(lost or 0 for lost in results),
        "received": len(ages),
        "sent": len(sent),
        "p50_ms": round(ages[len(ages) // 2], 1),
        "p99_ms": round(ages[int(len(ages) * 0.99)], 1),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
