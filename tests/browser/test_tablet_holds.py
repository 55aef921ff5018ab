"""The crew says on its tablet that it rests or lacks a device; the decision knows it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.browsers import CONSOLE, TABLET, sit_down, stand_by
from tests.stories.desk import Desk
from tests.stories.platform import Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WAIT_MS = 30_000


def test_a_crew_takes_its_unit_out_and_back_with_two_taps(
    browser: Browser, platform: Platform
) -> None:
    seats = [
        sit_down(
            browser,
            url=platform.url,
            username=username,
            password=platform.passwords[username],
            size=size,
        )
        for username, size in (("wang", TABLET), ("li", CONSOLE))
    ]
    tablet, console = (seat.page for seat in seats)
    stand_by(tablet)
    tablet.locator("[data-hold=equipment]").click()
    tablet.locator(".tile[data-code=stretcher]").click()
    line = tablet.locator(".hold-line", has_text="stretcher")
    expect(line.locator("[data-act=release]")).to_be_visible(timeout=WAIT_MS)
    row = console.locator("#units .row", has_text="A01").first
    expect(row).to_contain_text("Equipment out of order", timeout=WAIT_MS)
    lat, lon = platform.home
    desk = Desk(console)
    incident = desk.incident(lat + 0.002, lon, complaint="abdominal", answers={})

    excluded = {one["call_sign"]: one for one in incident["recommendation"]["excluded"]}
    desk.close(incident)
    line.locator("[data-act=release]").click()
    expect(line).to_be_hidden(timeout=WAIT_MS)

    assert [reason["code"] for reason in excluded["A01"]["reasons"]] == ["equipment"]
    for seat in seats:
        seat.page.context.close()
        assert not seat.faults
