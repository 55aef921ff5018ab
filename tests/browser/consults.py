"""Browsers for stories of consults: a camera and a microphone, a signed-in page, waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dispatch.people.models import User
from tests.fake_camera import FLAGS as CAMERA
from tests.fake_camera import READER
from tests.live_platform import LivePlatform, beside
from tests.stories.browsers import FLAGS, NO_WEBGL
from tests.waiting import wait_until

WAIT_MS = 40_000
VOICE = [
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]


@contextmanager
def chromium(film: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                *FLAGS, *NO_WEBGL, *CAMERA, *VOICE, f"--use-file-for-fake-video-capture={film}",
            ],
        )  # fmt: skip
        try:
            yield browser
        finally:
            browser.close()


def page_of(browser: Browser, platform: LivePlatform, user: User, path: str) -> Page:
    """A window of this person's own; a page that has a live link is waited for until it has it."""
    size = (1280, 800) if path == "/tablet/" else (1920, 1080)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    platform.sign_in(context, user)
    page = context.new_page()
    page.goto(platform.url + path)
    if path in ("/consult/", "/tablet/"):
        page.evaluate(READER)
        page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    return page


def ring(tablet: Page) -> None:
    """The crew calls a cardiologist."""
    tablet.click("[data-tab=consult]")
    tablet.wait_for_selector("[data-call-specialty=cardiology] .chip.ok", timeout=WAIT_MS)
    tablet.fill("#consult-reason", "ST elevation in II, III, aVF")
    tablet.click("[data-call-specialty=cardiology]")


def ring_and_answer(tablet: Page, desk: Page) -> None:
    ring(tablet)
    desk.wait_for_selector("[data-ringing]", timeout=WAIT_MS)
    assert "ST elevation" in desk.inner_text("[data-ringing]")
    desk.click("[data-act=accept]")
    talking(tablet, desk)


def talking(tablet: Page, desk: Page) -> None:
    tablet.wait_for_selector("[data-consult-state=talking]", timeout=WAIT_MS)
    desk.wait_for_selector("#case:not([hidden])", timeout=WAIT_MS)


def start_camera(tablet: Page) -> None:
    tablet.click("[data-event=camera]")
    tablet.click("[data-act=start-camera]:not([disabled])", timeout=WAIT_MS)
    tablet.wait_for_selector(".camera-card[data-link=live]", timeout=WAIT_MS)
    tablet.click("[data-act=back]")


def until(page: Page, script: str, arg: object = None) -> None:
    """Until a promise of the page comes true; Playwright's own waiting takes a promise for true."""
    wait_until(lambda: page.evaluate(script, arg), timeout_s=WAIT_MS / 1000, what=script[:60])


def truth(ask: Callable[[], bool], what: str) -> None:
    wait_until(lambda: beside(ask), timeout_s=WAIT_MS / 1000, what=what)
