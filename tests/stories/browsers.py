"""Chromium as people use it: one context a person, signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A graphics card in software, or none: the maps are the plain ones then, at a fifth of the work.
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-3d-apis"]
CONSOLE = (1920, 1080)
TABLET = (1280, 800)
WALL = (1920, 1080)
# Without a graphics card the map halves its resolution; for a picture it halves the double.
CRISP = "Object.defineProperty(window, 'devicePixelRatio', { value: 2 })"
PICTURE_MS = 8000  # the map's tiles and a second of the ECG


@dataclass
class Seat:
    """One person at one screen. `faults` collects what the page itself complained of."""

    page: Page
    faults: list[str] = field(default_factory=list)


@contextmanager
def chromium(*, webgl: bool = True) -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright, webgl=webgl) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, *, webgl: bool) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=[*FLAGS, *(WEBGL if webgl else NO_WEBGL)]
    )
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
    crisp: bool = False,
) -> Seat:
    """Sign in and wait for the screen of the role; `crisp` for pictures."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN" if language.startswith("zh") else "en-GB",
    )
    if crisp:
        context.add_init_script(CRISP)
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


def stand_by(tablet: Page) -> None:
    """Put away the mission that is over, if one is shown, and wait for the next."""
    ready, done = tablet.locator("#calm .standby"), tablet.locator("[data-act=done]")
    expect(ready.or_(done).first).to_be_visible(timeout=90_000)
    if done.is_visible():
        done.click()
    expect(ready).to_be_visible(timeout=90_000)


@contextmanager
def in_chinese(seat: Seat) -> Iterator[Page]:
    """The same person's screen in a second window, in Chinese."""
    known = seat.page.context
    browser = known.browser
    assert browser
    signed_in = known.storage_state()
    signed_in["cookies"] = [
        cookie for cookie in signed_in["cookies"] if cookie["name"] != "django_language"
    ]
    context = browser.new_context(
        viewport=seat.page.viewport_size, locale="zh-CN", storage_state=signed_in
    )
    context.add_init_script(CRISP)
    page = context.new_page()
    page.goto(seat.page.url)
    page.wait_for_selector("#link[data-link=live]", timeout=90_000)
    page.wait_for_timeout(PICTURE_MS)
    try:
        yield page
    finally:
        context.close()
