"""Traces of a link's lag and what becomes of the rate: `python -m tests.rules.media_rate_cases`.

The same file is read by the tests of the vehicle's rules and of the browser's.
"""

from __future__ import annotations

import json
from pathlib import Path

from ambulance_agent.drivers.camera.rate import LOOK_MS, adapt, begin

FILE = Path(__file__).parent / "cases" / "media_rate.json"

# name → (most kbit/s, [(lag in ms, for how many looks of 100 ms)])
TRACES: dict[str, tuple[float, list[tuple[float, int]]]] = {
    "a good link grows to the most": (1500, [(5, 20), (5, 100), (5, 100)]),
    "single late answers change nothing": (1000, [(10, 30), *[(400, 1), (10, 9)] * 8]),
    "a slow link is cut once a second": (1500, [(90, 10), (90, 11), (90, 11)]),
    "a standing link stops live pictures, and goes on with a key picture": (
        1000, [(5, 20), (700, 1), (400, 3), (100, 1), (10, 5)],
    ),
    "a squeezed link steps down to SD": (1500, [(100, 60), (100, 60)]),
    "a very slow link ends at stills": (1500, [(300, 120), (300, 60), (300, 60)]),
    "a link that carries no still leaves the voice, and comes back step by step": (
        800, [(300, 200), (4000, 80), (10, 60), (10, 60), (10, 200), (10, 200)],
    ),
}  # fmt: skip


def results(most_kbps: float, trace: list[tuple[float, int]]) -> list[list[object]]:
    rate, now_ms = begin(most_kbps), 0.0
    found: list[list[object]] = []
    for lag_ms, looks in trace:
        for _ in range(looks):
            now_ms += LOOK_MS
            rate = adapt(rate, lag_ms, now_ms)
        found.append([round(rate.kbps * 1000), rate.step.value, rate.stopped, rate.key])
    return found


def cases() -> str:
    made = [
        {"name": name, "most_kbps": most, "trace": trace, "then": results(most, trace)}
        for name, (most, trace) in TRACES.items()
    ]
    return json.dumps(made, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(cases())
