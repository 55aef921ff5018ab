"""What holds for every screen: both languages, every width, a lost connection that is told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.browsers import CONSOLE, TABLET, WALL, Seat, sit_down
from tests.stories.platform import Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SCREENS = {"console": ("li", CONSOLE), "tablet": ("wang", TABLET), "ed": ("chen", WALL)}
PORTRAIT = (800, 1280)
HAN = re.compile(r"[\u4e00-\u9fff]")


@contextmanager
def seated(
    browser: Browser, platform: Platform, screen: str, language: str = "en"
) -> Iterator[Seat]:
    username, size = SCREENS[screen]
    seat = sit_down(
        browser,
        url=platform.url,
        username=username,
        password=platform.passwords[username],
        size=size,
        language=language,
    )
    yield seat
    seat.page.context.close()
    assert not seat.faults


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_scrolls_sideways_at_any_size_or_zoom(
    browser: Browser, platform: Platform, screen: str
) -> None:
    with seated(browser, platform, screen) as seat:
        width, height = SCREENS[screen][1]
        # At 200 % zoom a page has half the pixels each way.
        for size in ((width, height), (width // 2, height // 2), PORTRAIT):
            seat.page.set_viewport_size({"width": size[0], "height": size[1]})
            wide = seat.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{wide} pixels wide in a window of {size[0]}"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_language_changes_with_one_press(
    browser: Browser, platform: Platform, screen: str
) -> None:
    with seated(browser, platform, screen) as seat:
        page = seat.page
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
        expect(page.locator("#link[data-link=live]")).to_have_text("实时", timeout=30_000)
        words = [
            text
            for text in page.locator("main :is(h1, h2, h3, dt, button)").all_inner_texts()
            if re.search(r"[A-Za-z]{4}", text) and not HAN.search(text)
        ]
        assert HAN.search(page.locator("main").inner_text())
        assert words == [], "still in English"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_lost_connection_greys_the_board_and_says_so(
    browser: Browser, platform: Platform, screen: str
) -> None:
    with seated(browser, platform, screen) as seat:
        page = seat.page
        page.context.set_offline(True)
        expect(page.locator("#link[data-link=lost]")).to_be_visible(timeout=30_000)
        page.context.set_offline(False)
        expect(page.locator("#link[data-link=live]")).to_be_visible(timeout=60_000)
