"""From the key that saves a call to the recommended units on the screen, in real Chromium.

Real processes: web, PostgreSQL, Valkey; the console's own page with the whole fleet on it, worked
by its keys. Both ends are taken on the page's clock: the key going down, and the frame after the
one in which the first recommended unit of this incident stands there. This machine has no
graphics card: the desk draws the plain map, or with `webgl` the other one in software.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dispatch.city.roads.router import LonLat
from tests.benchmarks.bed import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from dispatch.people.models import User

WAIT_MS = 30_000
# The first calls load the road graph and the page's own code.
WARM_UP = 2

WATCH = """
window.asked_ms = null;
window.shown_ms = null;
addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.ctrlKey) return;
  window.asked_ms = performance.now();
  window.shown_ms = null;
  const look = () => {
    if (document.querySelector('.recommendation .candidate')?.checkVisibility())
      requestAnimationFrame(() => { window.shown_ms = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}, { capture: true });
"""


def seen(
    *,
    dispatcher: User,
    calls: int,
    units: int,
    move: Callable[[], None],
    scene: Callable[[], LonLat],
    webgl: bool,
) -> dict[str, float]:
    """Milliseconds from the key to the screen; `move` brings the fleet's newest positions."""
    from tests.running import served
    from tests.signed_in import signed_in
    from tests.stories.browsers import chromium

    session = str(signed_in(dispatcher)["session"].session_key)
    # Playwright keeps a loop in this thread; the fleet is moved between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    taken = []
    move()
    with served("web") as ports, chromium(webgl=webgl) as browser:
        page = opened(browser, ports["web"], session, units)
        for number in range(calls + WARM_UP):
            move()
            took_ms = one_call(page, scene())
            if number >= WARM_UP:
                taken.append(took_ms)
        say(f"{len(taken)} calls were taken on the console")
    return {
        "call_to_recommendation_on_screen_ms_p95": round(float(np.percentile(taken, 95)), 1),
        "call_to_recommendation_on_screen_ms_p50": round(float(np.percentile(taken, 50)), 1),
    }


def opened(browser: Browser, port: int, session: str, units: int) -> Page:
    from tests.stories.browsers import CONSOLE

    origin = f"http://127.0.0.1:{port}"
    context = browser.new_context(
        viewport={"width": CONSOLE[0], "height": CONSOLE[1]}, locale="en-GB"
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on("pageerror", lambda error: say(f"page: {error}"))
    page.goto(f"{origin}/console/")
    page.wait_for_selector("#link[data-link=live]", timeout=90_000)
    page.locator("#units .row").nth(min(units, 20) - 1).wait_for(timeout=WAIT_MS)
    return page


def one_call(page: Page, scene: LonLat) -> float:
    """A chest pain at the scene, typed by its coordinates; returns the milliseconds."""
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("n")
    page.locator("#number").wait_for(timeout=WAIT_MS)
    page.wait_for_function("() => document.activeElement.id === 'number'", timeout=WAIT_MS)
    page.keyboard.type("13900001234")
    page.keyboard.press("Enter")
    page.keyboard.type(f"{scene.lat:.5f}, {scene.lon:.5f}")
    page.keyboard.press("Enter")
    page.locator("#place[data-chosen=true]").wait_for(timeout=WAIT_MS)
    page.locator("[data-question=awake]").focus()
    page.keyboard.press("y")
    page.keyboard.press("y")
    page.wait_for_function("() => document.activeElement.id === 'complaint'", timeout=WAIT_MS)
    page.keyboard.type("chest")
    page.keyboard.press("Enter")
    page.locator("[data-question=sweating]").wait_for(timeout=WAIT_MS)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => window.shown_ms !== null", timeout=WAIT_MS)
    return float(page.evaluate("() => window.shown_ms - window.asked_ms"))
