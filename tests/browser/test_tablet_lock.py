"""A tablet that was left alone, guessed at, or taken away while something waited on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.tablets import (
    WAIT_MS,
    WRITE,
    at_the_patient,
    raw_rows,
    set_pin,
    sign_in,
    tablet_at,
    type_pin,
    unlock,
)
from tests.browser.test_tablet_offline import COUNT, all_sent, desk, notes_on_the_server
from tests.stories.clerk import Clerk
from tests.stories.desk import Desk
from tests.stories.platform import Platform

__all__ = ["desk"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

MOST_TRIES = 8
WRONG = "000000"
NOTES = 12


def test_a_tablet_that_nobody_touches_locks_itself(
    browser: Browser, platform: Platform, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        page.clock.install()
        sign_in(page, platform)
        set_pin(page)

        page.clock.fast_forward("04:30")
        expect(page.locator("#lock")).to_be_hidden()
        page.clock.fast_forward("00:45")

        page.wait_for_selector("#lock .pin-pad", timeout=WAIT_MS)
        unlock(page)


def test_eight_wrong_pins_leave_only_the_password_and_lose_nothing(
    browser: Browser, platform: Platform, desk: Desk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        sign_in(page, platform)
        set_pin(page)
        mission = at_the_patient(page, desk, platform)
        tablet.set_offline(True)
        page.evaluate(WRITE, [mission, 0, NOTES, True])
        page.click("#lock-now")
        page.wait_for_selector("#lock .pin-pad", timeout=WAIT_MS)

        for left in reversed(range(1, MOST_TRIES)):
            type_pin(page, WRONG)
            said = f"{left} tries left" if left > 1 else "1 try left"
            expect(page.locator("#lock .notice")).to_contain_text(said, timeout=WAIT_MS)
        type_pin(page, WRONG)
        expect(page.locator("#lock .notice")).to_contain_text("Only the password", timeout=WAIT_MS)
        page.reload()
        expect(page.locator("#lock .notice")).to_contain_text("No network", timeout=WAIT_MS)
        assert page.locator("[data-pin]").count() == 0
        with page.expect_navigation(timeout=WAIT_MS):  # it looks again by itself
            tablet.set_offline(False)
        page.fill("#lock [name=password]", platform.passwords["wang"], timeout=WAIT_MS)
        page.click("#lock .lock-password .next")
        page.wait_for_selector("#lock", state="hidden", timeout=WAIT_MS)
        all_sent(page)
        stored = notes_on_the_server(page)

    assert sorted(stored) == sorted(f"note {at}" for at in range(NOTES))


def test_a_tablet_is_wiped_after_it_has_sent_what_waited(
    browser: Browser, platform: Platform, desk: Desk, clerk: Clerk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        sign_in(page, platform)
        mission = at_the_patient(page, desk, platform)
        ident = page.evaluate("localStorage.getItem('onboard-tablet-id')")
        tablet.set_offline(True)
        page.evaluate(WRITE, [mission, 100, NOTES, True])
        assert page.evaluate(COUNT) >= NOTES
        clerk._post(f"/tablets/{ident}/wipe/")

        tablet.set_offline(False)
        page.wait_for_url("**/login/**", timeout=WAIT_MS)
        rows = raw_rows(page)
        sign_in(page, platform)
        stored = notes_on_the_server(page)

    assert not [row for row in rows if '"store"' in row or ident in row]
    assert {f"note {at}" for at in range(100, 100 + NOTES)} <= set(stored)
