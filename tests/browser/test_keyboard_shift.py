"""A dispatcher's shift by keyboard alone: not one movement, click or wheel of a pointer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.browsers import CONSOLE, TABLET, Seat, sit_down
from tests.stories.platform import Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WAIT_MS = 20_000
# Any pointer at all is told; what the page itself dispatches on a key (a click) is not trusted.
POINTER = """
window.pointed = [];
for (const kind of ["pointerdown", "pointermove", "mousedown", "mousemove", "wheel", "touchstart"])
  addEventListener(kind, (event) => event.isTrusted && pointed.push(kind), { capture: true });
"""
TONES = """
window.tones = [];
document.addEventListener("onboard-tone", ({ detail }) => tones.push(detail));
"""


def seat_of(browser: Browser, platform: Platform, username: str, size: tuple[int, int]) -> Seat:
    return sit_down(
        browser,
        url=platform.url,
        username=username,
        password=platform.passwords[username],
        size=size,
    )


@pytest.fixture
def desk(browser: Browser, platform: Platform) -> Iterator[Page]:
    seat = seat_of(browser, platform, "li", CONSOLE)
    seat.page.context.add_init_script(POINTER + TONES)
    seat.page.reload()
    seat.page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    yield seat.page
    seat.page.context.close()
    assert not seat.faults


def until(page: Page, script: str) -> None:
    """The page's own policy forbids waiting inside it by a string."""
    wait_until(lambda: bool(page.evaluate(script)), timeout_s=WAIT_MS / 1000, what=script)


def say(page: Page, command: str) -> None:
    """Open the bar, type, and choose the first option once it is the one that was typed."""
    page.keyboard.press(":")
    # Not `to_be_focused`: a window behind another one has no focus, but takes keys all the same.
    until(page, "document.activeElement?.id === 'command'")
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def place_near(page: Page, home: tuple[float, float]) -> str:
    path = f"/api/places/nearest/?lat={home[0]}&lon={home[1]}"
    label: str = page.evaluate("async (path) => (await (await fetch(path)).json()).label_en", path)
    return label


def take_call(page: Page, place: str, complaint: str = "chest") -> None:
    page.keyboard.press("n")
    expect(page.locator("#number")).to_be_focused(timeout=WAIT_MS)
    page.keyboard.type("13900001234")
    page.keyboard.press("Enter")
    page.keyboard.type(place)
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_attribute("data-chosen", "true", timeout=WAIT_MS)
    for _field in range(4):
        if page.locator("[data-question=awake]").evaluate("e => e.matches(':focus')"):
            break
        page.keyboard.press("Enter")
    page.keyboard.press("y")
    page.keyboard.press("y")
    expect(page.locator("#complaint")).to_be_focused()
    page.keyboard.type(complaint)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".recommendation .candidate").first).to_be_visible(timeout=WAIT_MS)


def test_a_whole_shift_needs_no_pointer(desk: Page, browser: Browser, platform: Platform) -> None:
    page = desk
    take_call(page, place_near(page, platform.home))
    say(page, "note Dog in the yard")
    expect(page.locator(".notes .note")).to_contain_text("Dog in the yard", timeout=WAIT_MS)
    say(page, "zone hazard 250 Gas leak")
    expect(page.locator("#work [data-act=hazard]")).to_contain_text("Gas leak", timeout=WAIT_MS)

    say(page, "assign A01")
    mission = page.locator("#work .mission", has_text="A01")
    chosen = page.locator(".ask").or_(mission).first
    expect(chosen).to_be_visible(timeout=WAIT_MS)
    if page.locator(".ask").count():
        page.keyboard.press("1")
    expect(mission).to_be_visible(timeout=WAIT_MS)

    medic = seat_of(browser, platform, "wang", TABLET)
    expect(medic.page.locator(".order")).to_contain_text("Gas leak", timeout=WAIT_MS)
    raise_emergency(medic.page, page)
    expect(page.locator(".crew-alarm")).to_be_visible(timeout=WAIT_MS)
    until(page, "tones.includes('crew')")
    page.keyboard.press("k")
    expect(page.locator(".crew-alarm[data-taken=true]")).to_be_visible(timeout=WAIT_MS)
    say(page, "end alarm A01")
    expect(page.locator("#roads .ask")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".crew-alarm")).to_have_count(0, timeout=WAIT_MS)

    for state in ("Acknowledged", "En route", "On scene"):
        say(page, "status A01")
        expect(page.locator("#command")).to_have_value(re.compile("A01 $"))
        page.keyboard.type(state.lower())
        page.keyboard.press("Enter")
        expect(mission.locator("header .status")).to_contain_text(state, timeout=WAIT_MS)
    say(page, "divert hospital central")
    page.keyboard.press("1")
    page.keyboard.press("1")
    say(page, "status A01")
    page.keyboard.type("no patient")
    page.keyboard.press("Enter")
    expect(mission).to_have_attribute("data-open", "false", timeout=WAIT_MS)
    say(page, "remove zone gas")
    expect(page.locator("#work [data-act=hazard]")).to_have_count(0, timeout=WAIT_MS)
    say(page, "close incident")
    expect(page.locator(".ask")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#queue .incident")).to_have_count(0, timeout=WAIT_MS)
    say(page, "open hospital")

    assert page.evaluate("pointed") == []
    medic.page.context.close()


def raise_emergency(tablet: Page, desk: Page) -> None:
    """The crew presses its button: the tablet's own operation, by its own session."""
    unit_id = desk.evaluate(
        """() => [...document.querySelectorAll('#units .row.unit')].find((row) =>
             row.textContent.includes('A01'))?.dataset.unit"""
    )
    status = tablet.evaluate(
        """async (unit) => {
          const csrf = document.cookie.match(/csrftoken=([^;]+)/)[1];
          const answer = await fetch(`/api/units/${unit}/emergency/`, { method: 'POST',
            headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf },
            body: JSON.stringify({ id: crypto.randomUUID(),
              occurred_at: new Date().toISOString() }) });
          return answer.status;
        }""",
        unit_id,
    )
    assert status < 300


def test_an_unknown_command_says_so_and_is_mended_in_place(desk: Page) -> None:
    page = desk
    say(page, "fly to the moon")
    expect(page.locator(".command-bar .error")).to_contain_text("fly to the moon")
    page.keyboard.press("Control+a")
    page.keyboard.type("status Z99")
    page.keyboard.press("Enter")
    expect(page.locator(".command-bar .error")).to_contain_text("Z99")
    page.keyboard.press("Escape")
    expect(page.locator(".command-bar")).to_have_count(0)


def test_every_command_stands_on_the_sheet_of_keys(desk: Page) -> None:
    page = desk
    page.keyboard.press("?")
    words = page.locator(".sheet-commands code").all_inner_texts()

    assert {"go", "assign", "status", "note", "close road", "divert hospital", "layer", "find"} <= {
        *words
    }
    page.keyboard.press("Escape")
    say(page, "layer hosp")
    page.keyboard.press("Control+k")
    expect(page.locator("#command")).to_be_focused()
    page.keyboard.type("layer hosp")
    expect(page.locator("#command-list li").first).to_contain_text("show")
    page.keyboard.press("Escape")


def test_an_alert_sounds_once_and_never_again_after_a_reload(
    desk: Page, browser: Browser, platform: Platform
) -> None:
    page = desk
    page.keyboard.press("Escape")  # a browser sounds only once it was touched
    expect(page.locator(".sound")).to_have_attribute("data-sound", "on")
    other = seat_of(browser, platform, "zhao", CONSOLE)
    other.page.keyboard.press("n")
    expect(other.page.locator("#number")).to_be_focused(timeout=WAIT_MS)

    alert = page.locator(".alert[data-kind=call]")
    expect(alert).to_be_visible(timeout=WAIT_MS)
    until(page, 'tones.includes("call")')  # a divert that ended earlier may have sounded, too
    assert other.page.evaluate("window.tones ?? []") == []
    page.reload()
    page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    expect(page.locator(".sound")).to_have_attribute("data-sound", "on")
    expect(alert).to_be_visible(timeout=WAIT_MS)
    page.wait_for_timeout(2500)  # two looks of the watch
    assert page.evaluate("tones") == []
    page.keyboard.press("a")  # looked at: gone from the alerts, and not back after a reload
    expect(alert).to_have_count(0)
    page.reload()
    page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    expect(page.locator("#queue .call")).to_have_count(1, timeout=WAIT_MS)
    page.wait_for_timeout(2500)
    expect(alert).to_have_count(0)
    assert page.evaluate("tones") == []

    page.keyboard.press("s")
    expect(page.locator(".sound")).to_have_attribute("data-sound", "muted")
    page.keyboard.press("s")
    other.page.get_by_role("button", name="Close call").click()
    expect(alert).to_have_count(0, timeout=WAIT_MS)
    other.page.context.close()
