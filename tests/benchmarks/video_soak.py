"""`make soak-video`: one camera and one wall for half an hour; what grows?

    python -m tests.benchmarks.video_soak [--minutes 30]

The memory of hub and pages is read every ten seconds; the slope is that of the second half, when
all caches are full. The last line is JSON: megabytes an hour of the hub, of the tablet's and the
wall's script memory, and of both browsers' processes together; pictures seen and red frames.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.bed import bed, say

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVERY_S = 10.0
LATE = "Number(document.querySelector('.camera').hasAttribute('data-late'))"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    chosen = parser.parse_args()
    with bed():
        from tests.benchmarks.videos.people import make_people
        from tests.benchmarks.videos.stage import stage

        with stage(make_people(1)) as on:
            rows, late, end = [], 0, time.monotonic() + 60 * chosen.minutes
            heaps = [on.tablet.context.new_cdp_session(on.tablet),
                     on.wall.context.new_cdp_session(on.wall)]  # fmt: skip
            seen = 0
            while time.monotonic() < end:
                on.wall.wait_for_timeout(1000 * EVERY_S)
                used = []
                for session in heaps:
                    session.send("HeapProfiler.collectGarbage")
                    used.append(session.send("Runtime.getHeapUsage")["usedSize"] / 1e6)
                late += on.wall.evaluate(LATE)
                seen += on.wall.evaluate("seen.splice(0).length")
                forget(on.tablet)
                rows.append((time.monotonic(), rss_mb({on.platform.hub.pid}), *used, chromium_mb()))
                say(" ".join(f"{value:.1f}" for value in rows[-1][1:]))
    names = ("hub", "tablet_heap", "wall_heap", "browser_processes")
    half = np.array(rows[len(rows) // 2 :])
    hours = (half[:, 0] - half[0, 0]) / 3600
    slopes = {
        f"{name}_mb_per_h": round(float(np.polyfit(hours, half[:, at], 1)[0]), 1)
        for at, name in enumerate(names, start=1)
    }
    sizes = {f"{name}_mb": round(rows[-1][at], 1) for at, name in enumerate(names, start=1)}
    print(json.dumps({"minutes": chosen.minutes, **sizes, **slopes, "pictures_seen": seen,
                      "looks": len(rows), "looks_at_a_red_frame": late}), flush=True)  # fmt: skip
    return 0


def forget(tablet: Page) -> None:
    """What this benchmark itself keeps in the page."""
    tablet.evaluate("captured.clear()")


def rss_mb(pids: set[int]) -> float:
    total = 0
    for pid in pids:
        text = Path(f"/proc/{pid}/status").read_text()
        total += int(text.partition("VmRSS:")[2].split()[0])
    return total / 1000


def chromium_mb() -> float:
    """Of the browser that this process started, its children included."""
    parents, found = {}, {os.getpid()}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    for _ in range(6):
        found |= {pid for pid, parent in parents.items() if parent in found}
    mine = set()
    for pid in found:
        try:
            if "chromium" in Path(f"/proc/{pid}/cmdline").read_text():
                mine.add(pid)
        except OSError:
            continue
    total = 0.0
    for pid in mine:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(text.partition("\nPss:")[2].split()[0]) / 1000
        except (OSError, IndexError):
            continue
    return total


if __name__ == "__main__":
    sys.exit(main())
