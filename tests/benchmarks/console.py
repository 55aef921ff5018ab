"""A console with 1,000 moving units at 1 Hz: how long its frames take and what blocks it.

    python -m tests.benchmarks.console [--units 1000] [--seconds 20] [--plain]

The real page, its own modules, server and map; only the far end of its socket is fed from
here: one snapshot, then every unit's position once a second in messages as the uplink's
batches make them, 25 a second. Ends with one line of JSON. `--plain` takes WebGL away.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from playwright.sync_api import Page

from tests.stories.browsers import CONSOLE, chromium
from tests.stories.platform import demonstration

MESSAGES_A_SECOND = 25
SETTLE_MS = 6000

# Replaces the socket of the board before the page's own modules run.
FEEDER = """
window.WebSocket = class {
  static OPEN = 1;
  constructor() {
    this.readyState = 1;
    window.board = this;
    setTimeout(() => this.onopen?.({}), 0);
  }
  send() { window.greeted = true; }
  close() {}
};
window.feed = (message) => window.board.onmessage({ data: JSON.stringify(message) });
"""
NO_WEBGL = """
const before = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl/.test(kind) ? null : before.call(this, kind, ...more);
};
"""
START = """
({ units, home, messages, seconds }) => {
  const now = () => new Date().toISOString();
  const states = ['available', 'available', 'available', 'en_route', 'on_scene', 'on_board'];
  const fleet = Array.from({ length: units }, (_, at) => ({
    id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, at,
    lat: home[0] + (Math.random() - 0.5) * 0.12, lon: home[1] + (Math.random() - 0.5) * 0.16,
    way: Math.random() * 7, speed: 6 + Math.random() * 14,
  }));
  const fix = (unit) => ({ lat: unit.lat, lon: unit.lon, heading_deg: unit.way * 57, speed_mps: 12,
                           fix_at: now() });
  const rows = Object.fromEntries(fleet.map((unit) => [unit.id, {
    id: unit.id, call_sign: `U${String(unit.at).padStart(4, '0')}`, plate: `P${unit.at}`,
    capability: 'als', station: { name_en: 'Station', name_zh: '站' }, crew: [],
    status: states[unit.at % states.length], mission_id: null, incident_id: null, holds: [],
    fix: fix(unit) }]));
  feed({ t: 'snapshot', cursor: 1, now: now(), state: { units: rows, incidents: {}, missions: {},
         hospitals: {}, closures: {}, zones: {}, calls: {}, crew_alarms: {}, handovers: {},
         alarms: {}, journal: {} } });
  const share = Math.ceil(units / messages);
  let turn = 0;
  setInterval(() => {
    const part = fleet.slice((turn % messages) * share, (turn % messages + 1) * share);
    turn += 1;
    for (const unit of part) {
      unit.way += (Math.random() - 0.5) * 0.3;
      unit.lat += Math.cos(unit.way) * unit.speed / 111195;
      unit.lon += Math.sin(unit.way) * unit.speed / 96000;
    }
    feed({ t: 'positions', fixes: part.map((unit) => [unit.id, unit.lat, unit.lon,
           Math.round(unit.way * 57) % 360, unit.speed, now()]) });
    if (turn % messages === 0) feed({ t: 'beat', head: 1, now: now() });
  }, 1000 / messages);
}
"""
WATCH = """
async (seconds) => {
  let long_ms = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const task of list.getEntries()) long_ms += task.duration;
  });
  tasks.observe({ type: 'longtask' });
  const frames = [];
  const began = performance.now();
  await new Promise((done) => {
    let before = began;
    const tick = (now) => {
      frames.push(now - before);
      before = now;
      if (now - began < seconds * 1000) requestAnimationFrame(tick); else done();
    };
    requestAnimationFrame(tick);
  });
  tasks.disconnect();
  frames.shift();
  frames.sort((a, b) => a - b);
  const at = (share) => frames[Math.floor(frames.length * share)];
  return { frames: frames.length, frame_median_ms: at(0.5), frame_p95_ms: at(0.95),
           frame_max_ms: frames.at(-1), long_tasks_ms_per_s: long_ms / seconds,
           rows_drawn: document.querySelectorAll('#units .row.unit').length };
}
"""


# Any: figures as JSON.
def measure(
    page: Page, *, url: str, home: tuple[float, float], units: int, seconds: int
) -> dict[str, Any]:
    """Open the console of somebody who is signed in, feed it, and watch its frames."""
    page.goto(f"{url}/console/")
    page.wait_for_function("window.greeted")
    page.evaluate(
        START,
        {"units": units, "home": home, "messages": MESSAGES_A_SECOND, "seconds": seconds},
    )
    page.wait_for_selector("#units .row.unit")
    page.wait_for_timeout(SETTLE_MS)
    figures: dict[str, Any] = page.evaluate(WATCH, seconds)
    return {"units": units, "hz": 1, **{name: round(one, 1) for name, one in figures.items()}}


def signed_in(page: Page, *, url: str, password: str) -> None:
    page.goto(f"{url}/login/")
    page.fill("input[name=username]", "li")
    page.fill("input[name=password]", password)
    with page.expect_navigation(wait_until="commit"):
        page.keyboard.press("Enter")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--plain", action="store_true", help="without WebGL")
    options = parser.parse_args()
    with demonstration() as platform, chromium() as browser:
        page = browser.new_context(
            viewport={"width": CONSOLE[0], "height": CONSOLE[1]}, locale="en-GB"
        ).new_page()
        signed_in(page, url=platform.url, password=platform.passwords["li"])
        page.context.add_init_script(FEEDER + (NO_WEBGL if options.plain else ""))
        figures = measure(
            page,
            url=platform.url,
            home=platform.home,
            units=options.units,
            seconds=options.seconds,
        )
    print(json.dumps({**figures, "map": "plain" if options.plain else "webgl"}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
