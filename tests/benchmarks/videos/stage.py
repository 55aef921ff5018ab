"""Two browsers on one platform: a tablet with a fake camera, and a wall that watches it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fake_camera import READER, TAP, write_film
from tests.live_platform import LivePlatform, live_platform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from dispatch.people.models import User
    from tests.benchmarks.videos.people import People


@dataclass
class Stage:
    platform: LivePlatform
    browser: Browser
    people: People
    tablet: Page
    wall: Page


@contextmanager
def stage(
    people: People, *, tapped: bool = False, width: int = 640, height: int = 480
) -> Iterator[Stage]:
    """`tapped`: every picture that the camera hands over is counted, which costs memory."""
    from playwright.sync_api import sync_playwright

    from tests.browser.test_live_video import (
        WATCH_CAMERA,
        WATCH_SCREEN,
        chromium_with_camera,
        page_of,
        start_camera,
    )

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        film = write_film(folder / "camera.y4m", width=width, height=height)
        platform = stack.enter_context(live_platform())
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(chromium_with_camera(playwright, film))
        tablet = page_of(
            browser, platform, people.crew, "/tablet/", before=READER + TAP if tapped else ""
        )
        start_camera(tablet)
        tablet.evaluate(WATCH_CAMERA)
        wall = page_of(browser, platform, people.dispatcher, f"/video/{people.missions[0].pk}/")
        wall.evaluate(READER)
        wall.wait_for_selector(".camera[data-shown]:not([data-late])", timeout=60_000)
        wall.evaluate(WATCH_SCREEN, ".camera-picture")
        yield Stage(platform, browser, people, tablet, wall)


def signed_in_page(on: Stage, user: User, path: str) -> Page:
    """One more page of this browser, which reads numbers off pictures."""
    from tests.browser.test_live_video import page_of

    return page_of(on.browser, on.platform, user, path)
