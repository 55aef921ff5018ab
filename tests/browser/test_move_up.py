"""A move-up from the proposal to the waiting point, on console and tablet."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.browsers import CONSOLE, TABLET, sit_down
from tests.stories.platform import OWN_UNIT, Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WAIT_MS = 90_000
# The console's own feed, overheard: the page offers no list of units to strangers.
FEED = """
window.boards = [];
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (message) => boards.push(JSON.parse(message.data)));
  }
};
"""


def others(page: Page) -> dict[str, str]:
    """The ids of all units but our own, by call sign, as the console's own feed names them."""
    units = page.evaluate(
        "Object.values(boards.find((one) => one.t === 'snapshot').state.units)"
        ".map((unit) => [unit.call_sign, unit.id])"
    )
    return {sign: unit for sign, unit in units if sign != OWN_UNIT}


def reserve(page: Page, unit_id: str) -> None:
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    answer = page.request.post(
        f"{page.url.split('/console')[0]}/api/units/{unit_id}/holds/",
        data={"id": str(uuid4()), "kind": "reserved", "what": "event", "minutes": 30},
        headers={"X-CSRFToken": token, "Referer": page.url},
    )
    assert answer.status == 201, answer.text()


def test_a_move_up_is_proposed_accepted_by_key_driven_and_ended(
    browser: Browser, platform: Platform
) -> None:
    desk = sit_down(browser, url=platform.url, username="li", password=platform.passwords["li"],
                    size=CONSOLE)  # fmt: skip
    vehicle = sit_down(browser, url=platform.url, username="wang",
                       password=platform.passwords["wang"], size=TABLET)  # fmt: skip
    console, tablet = desk.page, vehicle.page
    console.add_init_script(FEED)
    console.reload()
    console.wait_for_function("window.boards?.some((one) => one.t === 'snapshot')")

    # All others are kept for an event: what is left of the coverage is our own unit.
    for unit_id in others(console).values():
        reserve(console, unit_id)
    proposed = console.locator(".move-up", has_text=OWN_UNIT)
    expect(proposed).to_be_visible(timeout=WAIT_MS)
    console.keyboard.press("v")
    expect(console.locator(".coverage-figure")).to_contain_text("%", timeout=WAIT_MS)
    console.keyboard.press("g")

    order = tablet.locator(".order[data-posting]")
    expect(order).to_be_visible(timeout=WAIT_MS)
    expect(order).to_contain_text("free for emergencies")
    order.locator(".next").click()
    tablet.locator(".steps .next[data-step=en_route]").click(timeout=WAIT_MS)
    expect(console.locator("#units .row", has_text=OWN_UNIT).first).to_contain_text(
        "Relocation", timeout=WAIT_MS
    )
    expect(proposed).to_have_count(0)
    tablet.locator(".steps .next[data-step=on_scene]").click(timeout=WAIT_MS)
    expect(tablet.locator(".steps .next[data-step=available]")).to_have_text("End the posting")
    expect(tablet.locator("#record")).to_be_hidden()
    row = console.locator("#units .row", has_text=OWN_UNIT).first
    expect(row).to_contain_text("Available", timeout=WAIT_MS)
    expect(row).to_contain_text("Relocation")
    tablet.locator(".steps .next[data-step=available]").click()
    expect(row).not_to_contain_text("Relocation", timeout=WAIT_MS)

    assert not desk.faults
    assert not vehicle.faults
