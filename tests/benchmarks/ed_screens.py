"""Screens of emergency departments in one process: `python -m tests.benchmarks.ed_screens`.

Settings as JSON on stdin: the screens as [port, session]. Each is a real board's socket. Prints
`ready` when every one has its snapshot, then a line for each handover or name that a screen is
told of: {"screen", "handover" or "name", "at_ms"}, until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from websockets.asyncio.client import connect


async def screen(number: int, port: int, session: str, ready: asyncio.Event) -> None:
    url = f"ws://127.0.0.1:{port}/live/ed/"
    headers = {"Cookie": f"sessionid={session}"}
    origin: Any = f"http://127.0.0.1:{port}"
    await asyncio.sleep(number * 0.25)  # people do not all sit down in one instant
    async with connect(
        url, additional_headers=headers, origin=origin, max_size=None, open_timeout=60
    ) as wire:
        await wire.send(json.dumps({"t": "hello", "since": None}))
        async for text in wire:
            at_ms = time.time() * 1000
            message = json.loads(text)
            if message["t"] == "snapshot":
                ready.set()
            elif message["t"] == "rows":
                tell(number, message["changes"], at_ms)


def tell(number: int, changes: dict[str, Any], at_ms: float) -> None:
    for row in (changes.get("handovers") or {}).values():
        if row:
            line = {"screen": number, "handover": row["mission_id"], "at_ms": at_ms}
            print(json.dumps(line), flush=True)
    for row in (changes.get("patients") or {}).values():
        if row and row["name"]:
            print(json.dumps({"screen": number, "name": row["name"], "at_ms": at_ms}), flush=True)


async def main() -> None:
    screens = json.loads(sys.stdin.read())
    events = [asyncio.Event() for _ in screens]
    tasks = [
        asyncio.create_task(screen(number, port, session, events[number]))
        for number, (port, session) in enumerate(screens)
    ]
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in events)), 120)
    print("ready", flush=True)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
