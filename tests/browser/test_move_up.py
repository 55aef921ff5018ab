"""A move-up from the proposal to the waiting point, on console and tablet."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.browsers import CONSOLE, TABLET, sit_down
from tests.stories.platform import OWN_UNIT, Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WAIT_MS = 60_000
# Stands at the same station; of two that gain the same the first by call sign is moved.
NEIGHBOUR = "A02"


def units_of(page: Page) -> dict[str, str]:
    """The ids of all units by call sign: the console's own feed, overheard on a fresh start."""
    heard: list[dict[str, Any]] = []

    def listen(frame: str | bytes) -> None:
        heard.append(json.loads(frame))

    page.once("websocket", lambda socket: socket.on("framereceived", listen))
    page.reload()
    expect(page.locator("#units .row").first).to_be_visible(timeout=WAIT_MS)
    (state,) = [one["state"] for one in heard if one["t"] == "snapshot"]
    return {unit["call_sign"]: unit["id"] for unit in state["units"].values()}


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

    # All are kept for an event but our own unit and its neighbour: one of the two should go.
    for call_sign, unit_id in units_of(console).items():
        if call_sign not in {OWN_UNIT, NEIGHBOUR}:
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


def test_a_unit_is_posted_by_keys_alone_and_everyone_reads_its_place_in_their_language(
    browser: Browser, platform: Platform
) -> None:
    desk = sit_down(browser, url=platform.url, username="li", password=platform.passwords["li"],
                    size=CONSOLE)  # fmt: skip
    second = sit_down(browser, url=platform.url, username="zhao", language="zh",
                      password=platform.passwords["zhao"], size=CONSOLE)  # fmt: skip
    console, chinese = desk.page, second.page
    points = console.request.get(f"{platform.url}/api/waiting-points/").json()["points"]
    point = points[1]

    console.keyboard.press(":")
    expect(console.locator("#command")).to_be_focused()
    console.keyboard.type(f"post {NEIGHBOUR} {point['name_en']}")
    expect(console.locator("#command-list li").first).to_contain_text(point["name_en"])
    console.keyboard.press("Enter")
    expect(console.locator(".unit-bar .ask")).to_contain_text(point["name_en"])
    console.keyboard.press("1")
    expect(console.locator(".unit-bar")).to_contain_text(
        f"Relocation {point['name_en']}", timeout=WAIT_MS
    )

    chinese.keyboard.press(":")
    expect(chinese.locator("#command")).to_be_focused()
    chinese.keyboard.type(f"go {NEIGHBOUR}")
    chinese.keyboard.press("Enter")
    expect(chinese.locator(".unit-bar")).to_contain_text(point["name_zh"], timeout=WAIT_MS)
    expect(chinese.locator(".unit-bar")).not_to_contain_text(point["name_en"])

    console.locator(".unit-bar").get_by_role("button", name="End the posting").press("Enter")
    expect(console.locator(".unit-bar")).not_to_contain_text("Relocation", timeout=WAIT_MS)
    assert not desk.faults
    assert not second.faults
