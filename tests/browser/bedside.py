"""A page with any number of monitors and nothing behind it: the real component, fed by hand.

The files are the repository's own; the vehicle, the uplink and the server are left out, so that
what is measured is the drawing, and what is shown is exactly what was fed.
"""

from __future__ import annotations

import json
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

import polib  # type: ignore[import-untyped]
from django.utils import translation

import dispatch.terms
import ehr_prehospital.terms

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).resolve().parents[2]
HOST = "http://monitors.test"

FEEDER = """
window.sockets = new Map();
window.WebSocket = class {
  static OPEN = 1;
  constructor(address) {
    this.readyState = 1;
    this.mission = address.split("/").at(-3);
    sockets.set(this.mission, this);
    setTimeout(() => this.onopen?.({}), 0);
  }
  send() {}
  close() { sockets.delete(this.mission); }
};
window.feed = (mission, message) =>
  sockets.get(mission)?.onmessage({ data: JSON.stringify(message) });

// One second of a patient in four messages of waves and one of numbers, as the server sends them.
window.beatFor = (mission, rate) => {
  let at = Date.now() - 250;
  const numbers = () => ({ t: "numbers", readings: [
    ["heart_rate", rate, "/min"], ["pulse_rate", rate, "/min"], ["spo2", 96, "%"],
    ["respiratory_rate", 16, "/min"], ["etco2", 36, "mm[Hg]"], ["temperature", 36.8, "Cel"],
  ].map(([code, value, unit]) => ({ code, value: value + Math.round(Math.random()), unit,
    measured_at: new Date().toISOString(), quality: "good", source: "test" })) });
  return setInterval(() => {
    const count = Math.round((Date.now() - at) / 4);
    const samples = Array.from({ length: count }, (_, i) => {
      const beat = (((at + i * 4) / 1000) * rate / 60) % 1;
      const bump = (centre, width) => Math.exp(-(((beat - centre) / width) ** 2));
      const beats = bump(0.3, 0.012) + 0.15 * bump(0.16, 0.03) + 0.25 * bump(0.6, 0.06);
      return Math.round(400 * beats);
    });
    const started_at = new Date(at).toISOString();
    feed(mission, { t: "wave", lead: "ecg_ii", started_at, rate_hz: 250, scale_uv: 2.5, samples });
    at += count * 4;
    if (Math.random() < 0.25) feed(mission, numbers());
    feed(mission, { t: "beat", now: new Date().toISOString() });
  }, 250);
};
"""


def page_of(
    browser: Browser,
    *,
    monitors: int,
    size: tuple[int, int],
    theme: str = "dark",
    language: str = "en",
    width: str = "32rem",
) -> Page:
    """Mounted monitors m0, m1, … in a grid of cards of the given width."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    html = document(monitors=monitors, theme=theme, language=language, width=width)

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        file = ROOT / path.lstrip("/")
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404)

    page.route(f"{HOST}/**", serve)
    page.goto(f"{HOST}/")
    page.wait_for_function(f"window.monitors?.length === {monitors}")
    return page


def document(*, monitors: int, theme: str, language: str, width: str) -> str:
    cards = "".join(f'<div class="bed"><div id="m{n}"></div></div>' for n in range(monitors))
    styles = "".join(
        f'<link rel="stylesheet" href="/static/shared/{name}.css">'
        for name in ("tokens", "base", "components", "status", "monitor")
    )
    return f"""<!doctype html><html lang="{language}" data-theme="{theme}" data-time-zone="UTC">
<head><meta charset="utf-8">{styles}<style>
  main {{ display: grid; gap: 12px; padding: 12px;
    grid-template-columns: repeat(auto-fill, minmax({width}, 1fr)); }}
  .bed {{ padding: 12px; border: 1px solid var(--line); background: var(--surface); }}
</style></head><body><main>{cards}</main>
<script id="terms" type="application/json">{json.dumps(terms(language))}</script>
<script>const catalogue = {json.dumps(catalogue(language))};
window.gettext = (text) => catalogue[text] ?? text;
window.ngettext = (one, many, count) => catalogue[one] ?? (count === 1 ? one : many);
window.interpolate = (text, values) => text.replace(/%\\((\\w+)\\)s/g, (_, name) => values[name]);
{FEEDER}</script>
<script type="module">
import {{ mountMonitor }} from "/static/shared/monitor.js";
window.acknowledged = [];
const onAcknowledge = (alarm) => acknowledged.push(alarm.id);
window.monitors = [...document.querySelectorAll(".bed > div")].map((element) =>
  mountMonitor(element, {{ missionId: element.id, compact: true, onAcknowledge }}));
</script></body></html>"""


def terms(language: str) -> dict[str, dict[str, str]]:
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        return {**dispatch.terms.tables(), **ehr_prehospital.terms.tables()}


def catalogue(language: str) -> dict[str, str]:
    if not language.startswith("zh"):
        return {}
    entries = polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/djangojs.po"))
    return {
        entry.msgid: entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
        for entry in entries
    }


def words_of(page: Page, selector: str) -> str:
    return re.sub(r"\s+", " ", page.locator(selector).first.inner_text()).strip()
