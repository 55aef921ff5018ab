"""Chromium as people use it: one context a person, signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
CONSOLE = (1920, 1080)
TABLET = (1280, 800)
WALL = (1920, 1080)


@dataclass
class Seat:
    """One person at one screen. `faults` collects what the page itself complained of."""

    page: Page
    faults: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def sit_down(
    browser: Browser,
    *,
    url: str,
    username: str,
    password: str,
    size: tuple[int, int],
    language: str = "en",
) -> Seat:
    """Sign in and wait for the screen of the role."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN" if language.startswith("zh") else "en-GB",
    )
    page = context.new_page()
    seat = Seat(page)
    page.on("pageerror", lambda error: seat.faults.append(str(error)))
    page.on(
        "response",
        lambda response: (
            seat.faults.append(f"{response.status} {response.url}")
            if response.status >= 500
            else None
        ),
    )
    page.goto(f"{url}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("#link[data-link=live]", timeout=90_000)
    return seat
