"""Vital signs of one mission while a hub is full: from a vehicle's frame to a page's socket."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from websockets.sync.client import connect
from websockets.typing import Origin

from ambulance_agent.protocol import Frame, Hello, Telemetry, VitalCode, encode, reading

if TYPE_CHECKING:
    from tests.benchmarks.videos.people import People

HZ = 5
LOW, HIGH = 40, 200  # heart rates: each tells the moments apart


def vitals_beside(
    *, uplink: int, web: int, people: People, session: str, seconds: int
) -> list[float]:
    """How old each number was when the viewer got it, ms, sorted."""
    mission = people.missions[0]
    sent: dict[float, float] = {}
    late: list[float] = []
    over = threading.Event()

    def watch() -> None:
        with connect(
            f"ws://127.0.0.1:{web}/live/missions/{mission.pk}/vitals/",
            origin=Origin(f"http://127.0.0.1:{web}"),
            additional_headers={"Cookie": f"sessionid={session}"},
        ) as page:
            while not over.is_set():
                try:
                    message = json.loads(page.recv(timeout=0.5))
                except TimeoutError:
                    continue
                if message["t"] != "numbers":
                    continue
                moments = [sent.pop(row["value"], None) for row in message["readings"]]
                late.extend((time.monotonic() - at) * 1000 for at in moments if at)

    watching = threading.Thread(target=watch)
    watching.start()
    time.sleep(2)
    credential = people.tokens[str(mission.pk)]
    epoch = uuid4()
    hello = Hello(epoch=epoch, agent_version="bench", sent_at=datetime.now(UTC), next_sequence=0)
    with connect(
        f"ws://127.0.0.1:{uplink}/uplink/",
        additional_headers={"Authorization": f"Vehicle {credential}"},
    ) as line:
        line.send(encode(hello))
        begin = time.monotonic()
        for number in range(seconds * HZ):
            value = float(LOW + number % (HIGH - LOW))
            now = datetime.now(UTC)
            said = reading(VitalCode.HEART_RATE, value, measured_at=now, source="bench")
            sent[value] = time.monotonic()
            line.send(
                encode(
                    Frame(
                        epoch=epoch, sequence=number, made_at=now, body=Telemetry(numerics=[said])
                    )
                )
            )
            time.sleep(max(0.0, begin + (number + 1) / HZ - time.monotonic()))
        time.sleep(1)
    over.set()
    watching.join()
    if len(late) < 0.9 * seconds * HZ:
        raise SystemExit(f"only {len(late)} of {seconds * HZ} readings arrived")
    return sorted(late)
