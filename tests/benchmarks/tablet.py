"""The tablet without a network: how fast it opens, whether anything is lost, how fast it sends.

    python -m tests.benchmarks.tablet [--entries 1000] [--work 0]

The real page in Chromium with a profile on the disk, on the real platform. Ends with one line
of JSON: `cold_start_ms` from the beginning of the navigation to the PIN pad and
`open_500_entries_ms` from the last digit of the PIN to the entries on the screen (unsealed, folded,
drawn), both without a network and with the processor slowed down four times; `offline_entries_lost`
of those whose tap was confirmed before the browser was killed; `sync_1000_entries_s` from the
network's return until the server has all. `stemi_case_*` come from `tablet_case`, where it is.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.tablets import WRITE, at_the_patient, kill, set_pin, sign_in, tablet_at, unlock
from tests.browser.test_tablet_offline import (
    COUNT,
    all_sent,
    notes_on_the_server,
    write_until_killed,
)
from tests.stories.browsers import CONSOLE, chromium, sit_down
from tests.stories.clerk import Clerk
from tests.stories.desk import Desk
from tests.stories.platform import Platform, demonstration

OPEN_ENTRIES = 500
SLOWER = 4
RUNS = 7
# From the last digit to "Open": nobody is quicker.
FINGER_MS = 400
# The statements of this page that are drawn or at least folded into its state.
READY = f"""() => new Promise((resolve) => {{
  const look = async () => {{
    const {{ queue }} = await import("/static/tablet/tablet.js");
    const open = document.getElementById("lock").hidden;
    const drawn = open && queue.unsent() >= {OPEN_ENTRIES} && document.querySelectorAll(".line li").length > 20;
    if (drawn) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    else setTimeout(look, 5);
  }};
  look();
}})"""  # noqa: E501
# Any: JSON.
Figures = dict[str, Any]


def slow_down(tablet: BrowserContext, page: Page) -> None:
    tablet.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def opened(tablet: BrowserContext, url: str) -> Figures:
    """The tablet opened without a network, from a cold page."""
    page = tablet.new_page()
    slow_down(tablet, page)
    page.goto(f"{url}/tablet/")
    page.wait_for_selector("#lock .pin-pad")
    to_pad_ms = page.evaluate("Number(document.documentElement.dataset.opened)")
    for digit in "482913":
        page.keyboard.press(digit)
    page.wait_for_timeout(FINGER_MS)
    page.evaluate(
        "addEventListener('keydown', () => (window.typed = performance.now()), {capture: true})"
    )
    page.keyboard.press("Enter")
    to_entries_ms = page.evaluate(READY) - page.evaluate("window.typed")
    page.close()
    return {"to_pin_pad_ms": round(to_pad_ms), "to_entries_ms": round(to_entries_ms)}


def measure(browser: Browser, platform: Platform, entries: int, work: int) -> Figures:
    seat = sit_down(browser, url=platform.url, username="li", password=platform.passwords["li"],
                    size=CONSOLE)  # fmt: skip
    found: Figures = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with tablet_at(browser, folder) as tablet:
            page = tablet.pages[0]
            sign_in(page, platform)
            set_pin(page)
            mission = at_the_patient(page, Desk(seat.page), platform)
            seat.page.context.close()  # a console's map would have half of this machine
            page.wait_for_timeout(4000)
            tablet.set_offline(True)
            page.evaluate(WRITE, [mission, 0, OPEN_ENTRIES, True])
            page.close()
            runs = [opened(tablet, platform.url) for _ in range(RUNS)]
            print("opened", runs, flush=True)
            found["cold_start_ms"] = median(run["to_pin_pad_ms"] for run in runs)
            found["open_500_entries_ms"] = median(run["to_entries_ms"] for run in runs)
            page = tablet.new_page()
            page.goto(f"{platform.url}/tablet/")
            unlock(page)
            confirmed = write_until_killed(page, f"{mission}", folder, first=OPEN_ENTRIES)
        with tablet_at(browser, folder, offline=True) as tablet:
            page = tablet.pages[0]
            page.goto(f"{platform.url}/tablet/")
            unlock(page)
            if work:
                began = time.perf_counter()
                page.evaluate(WRITE, [mission, 100_000, work, True])
                print(f"{work} more written in {time.perf_counter() - began:.1f} s", flush=True)
            more = max(0, entries - page.evaluate(COUNT))
            page.evaluate(WRITE, [mission, 50_000, more, True])
            count = page.evaluate(COUNT)
            began = time.perf_counter()
            tablet.set_offline(False)
            all_sent(page)
            took_s = time.perf_counter() - began
            stored = notes_on_the_server(page)
        found["sync_1000_entries_s"] = round(took_s * 1000 / count, 2)
        lost = {f"note {at}" for at in range(OPEN_ENTRIES)} | set(confirmed)
        found["offline_entries_lost"] = len(lost - set(stored))
        found["offline_entries_doubled"] = len(stored) - len(set(stored))
        print(f"{count} sent in {took_s:.1f} s; {len(confirmed)} confirmed before the kill")
        kill(folder)
    Clerk(platform.url, "zhao", platform.passwords["zhao"]).put_back()  # the unit is free again
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--work", type=int, default=0, help="so many statements more")
    options = parser.parse_args()
    with demonstration() as platform, chromium() as browser:
        figures = measure(browser, platform, options.entries, options.work)
        if find_spec("tests.benchmarks.tablet_case"):
            case = import_module("tests.benchmarks.tablet_case")
            figures |= case.measure(browser, platform)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
