"""`make bench-vitals`: from the vehicle to the pixels of a screen, beside 200 other vehicles.

Real processes: web, uplink, PostgreSQL, Valkey, 200 vehicles at 1 Hz, one vehicle whose seconds can
be told apart, and Chromium with the product's own monitor. A number counts when the frame after its
drawing begins; a wave when the pen on the canvas has changed its level. All clocks are this
machine's one. The last line is JSON:

    numeric_*   from the making of the frame to the number on the screen
    wave_*      from the making of the frame to the first of its samples on the screen
    pen_*       the age of what is under the pen: a second of gathering and the buffer included
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from config.env import ROOT
from tests.benchmarks.bed import bed, say

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from dispatch.people.models import User

WARM_UP = 8  # seconds of the probe that do not count

PAGE = """<!doctype html><html lang="en" data-theme="dark" data-time-zone="UTC">
<head><meta charset="utf-8">{styles}</head>
<body><main style="width:640px;padding:12px"><div id="m"></div></main>
<script id="terms" type="application/json">{{}}</script>
<script>
window.gettext = (text) => text;
window.ngettext = (one, many, count) => (count === 1 ? one : many);
window.interpolate = (text, values) => text.replace(/%\\((\\w+)\\)s/g, (_, name) => values[name]);
</script>
<script type="module">
import {{ mountMonitor }} from "/static/shared/monitor.js";
mountMonitor(document.getElementById("m"), {{ missionId: "{mission}", compact: true }});
window.numbers = [];
window.levels = [];
let shown = "";
let level = null;
const PIXELS_PER_S = 94.5;
const wall = () => performance.timeOrigin + performance.now();
function look() {{
  const text = document.querySelector("[data-vital=heart_rate] .vital-value")?.textContent ?? "";
  // This frame draws it; the next one begins when it is on the screen.
  if (text !== shown) requestAnimationFrame(() => numbers.push([text, wall()]));
  shown = text;
  const canvas = document.querySelector("canvas");
  const found = canvas ? penLevel(canvas) : null;
  if (found !== null && found !== level) levels.push([found, wall()]);
  level = found ?? level;
  requestAnimationFrame(look);
}}
// The pen stands where the clock says; just behind it is the newest that was drawn.
function penLevel(canvas) {{
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const span = (width / PIXELS_PER_S) * 1000;
  const x = Math.floor(((wall() % span) / span) * width) - 8;
  if (x < 8) return null;
  const ratio = canvas.width / width;
  const gain = Math.min(37.8, height / 2.2);
  const inkAt = (y) => canvas.getContext("2d")
    .getImageData(x * ratio, (y - 3) * ratio, 6 * ratio, 6 * ratio).data
    .some((value, index) => index % 4 === 3 && value > 100);
  const low = inkAt(height * 0.62), high = inkAt(height * 0.62 - gain);
  return low === high ? null : high ? 1 : 0;
}}
requestAnimationFrame(look);
</script></body></html>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vehicles", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    with bed():
        print(json.dumps(measure(chosen)), flush=True)


def measure(chosen: argparse.Namespace) -> dict[str, float | int]:
    from dispatch.fleet.models import Mission
    from tests.benchmarks.uplink import make_fleet
    from tests.running import environment, served
    from tests.stories.browsers import chromium

    fleet = make_fleet(chosen.vehicles + 1)
    probe = fleet[0]
    mission = Mission.objects.get(ambulance=UUID(probe[0]))
    session = session_of(crew_of(mission))  # before Chromium: its loop keeps Django away
    seconds = WARM_UP + chosen.seconds
    with ExitStack() as stack:
        ports = stack.enter_context(served("web", "uplink"))
        uplink = f"ws://127.0.0.1:{ports['uplink']}/uplink/"

        def vehicles(module: str, **settings: object) -> subprocess.Popen[str]:
            child = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", module],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                    env=environment(),
                )
            )  # fmt: skip
            stack.callback(child.kill)
            assert child.stdin
            child.stdin.write(json.dumps({"url": uplink, **settings}))
            child.stdin.close()
            return child

        others = vehicles(
            "tests.benchmarks.vehicles", vehicles=fleet[1:], frames=0, seconds=seconds + 30,
            window=1,
        )  # fmt: skip
        assert others.stdout
        assert others.stdout.readline() == "ready\n"
        say(f"{chosen.vehicles} vehicles are under way")
        page = open_page(stack.enter_context(chromium()), ports["web"], mission.pk, session)
        time.sleep(15)  # the fleet's first orders go out
        told = vehicles("tests.benchmarks.probe", vehicle=probe, seconds=seconds)
        assert told.stdout
        made = [json.loads(told.stdout.readline()) for _ in range(seconds)]
        page.wait_for_timeout(4000)
        numbers = page.evaluate("numbers")
        levels = page.evaluate("levels")
    return {**judged(made[WARM_UP:], numbers, levels), "vehicles": chosen.vehicles}


def crew_of(mission: Any) -> User:  # Any: a model of a Django that is not set up yet
    from django.utils import timezone

    from dispatch.fleet.models import Shift
    from dispatch.people.models import Role, User

    medic = User.objects.create_user(
        username="medic", role=Role.PARAMEDIC, organisation=mission.ambulance.station
    )
    Shift.objects.create(
        user=medic, ambulance=mission.ambulance, seat=Shift.Seat.LEAD,
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=8),
    )  # fmt: skip
    return medic


def session_of(user: User) -> str:
    from tests.signed_in import signed_in

    return str(signed_in(user)["session"].session_key)


# Any: Playwright is imported when it is used.
def open_page(browser: Any, port: int, mission_id: UUID, session: str) -> Page:
    origin = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport={"width": 700, "height": 520}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    styles = "".join(
        f'<link rel="stylesheet" href="/static/shared/{name}.css">'
        for name in ("tokens", "base", "components", "status", "monitor")
    )
    page = context.new_page()
    page.on("pageerror", lambda error: say(f"page: {error}"))
    body = PAGE.format(styles=styles, mission=mission_id)
    page.goto(f"{origin}/health/")  # a page of this origin, to be filled with our own
    page.set_content(body)
    page.wait_for_selector("#m[data-link=live]", timeout=60_000)
    return page  # type: ignore[no-any-return]


def judged(
    made: list[dict[str, int]], numbers: list[list[Any]], levels: list[list[Any]]
) -> dict[str, float | int]:
    """Each frame with the first time after its making that its number or its level was seen."""
    numeric, wave, pen = [], [], []
    for frame in made:
        text, level = str(50 + frame["n"] % 100), 1 - frame["n"] % 2
        if (at := first(numbers, text, frame["made_ms"])) is not None:
            numeric.append(at - frame["made_ms"])
        if (at := first(levels, level, frame["made_ms"])) is not None:
            wave.append(at - frame["made_ms"])
            pen.append(at - frame["began_ms"])
    say(f"{len(numeric)} of {len(made)} numbers and {len(wave)} waves were seen")
    if len(numeric) < 0.9 * len(made) or len(wave) < 0.7 * len(made):
        raise SystemExit("too few were seen to say anything")
    return {
        "numeric_p50_ms": round(statistics.median(numeric)),
        "numeric_p95_ms": percentile(numeric, 95),
        "wave_p50_ms": round(statistics.median(wave)),
        "wave_p95_ms": percentile(wave, 95),
        "pen_p95_ms": percentile(pen, 95),
    }


def first(seen: list[list[Any]], what: object, after_ms: float) -> float | None:
    return next((at for found, at in seen if found == what and 0 <= at - after_ms < 1900), None)


def percentile(values: list[float], which: int) -> int:
    return round(statistics.quantiles(values, n=100)[which - 1])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
