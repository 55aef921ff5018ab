"""The tablet without a network: opened again, killed in the middle, locked, updated, wiped."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from config.env import ROOT
from tests.browser.tablets import (
    WAIT_MS,
    WRITE,
    at_the_patient,
    kill,
    raw_rows,
    set_pin,
    sign_in,
    tablet_at,
    type_pin,
    unlock,
)
from tests.stories.browsers import CONSOLE, sit_down
from tests.stories.clerk import Clerk
from tests.stories.desk import SNAPSHOT, Desk
from tests.stories.platform import Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

NAME = "王秀英"
NAMED = """
async ([missionId, name]) => {
  const { queue } = await import("/static/tablet/tablet.js");
  await queue.put({ kind: "patient", missionId, method: "put",
    path: `/api/missions/${missionId}/patient/`, body: { name, sex: "female" } });
}
"""
COUNT = 'async () => (await import("/static/tablet/tablet.js")).queue.unsent()'


# So many are on the disk before the battery is pulled out, however slow the machine is.
SOME = 12


@pytest.fixture
def desk(browser: Browser, platform: Platform) -> Desk:
    seat = sit_down(
        browser,
        url=platform.url,
        username="li",
        password=platform.passwords["li"],
        size=CONSOLE,
    )
    return Desk(seat.page)


def write_until_killed(page: Page, mission: str, folder: Path, first: int = 0) -> list[str]:
    """Notes one after the other while the browser dies; those whose tap was confirmed."""
    confirmed: list[str] = []
    battery = Timer(0.5, kill, [folder])
    with suppress(Error):
        for at in range(first, 50_000):
            page.evaluate(WRITE, [mission, at, 1, False])
            confirmed.append(f"note {at}")
            if len(confirmed) == SOME:
                battery.start()
    battery.join()  # the next browser finds no file held by this one
    return confirmed


def sees(page: Page, name: str) -> None:
    page.locator("[data-tab=patient]").click(timeout=WAIT_MS)
    expect(page.locator("#record")).to_contain_text(name, timeout=WAIT_MS)


def all_sent(page: Page) -> None:
    wait_until(lambda: page.evaluate(COUNT) == 0, timeout_s=120, what="everything was sent")


def notes_on_the_server(page: Page) -> list[str]:
    board = page.evaluate(SNAPSHOT, "/live/tablet/")
    return [row["value"] for row in board["entries"].values() if row["element"] == "note"]


def test_what_was_tapped_without_a_network_survives_a_kill_and_is_sent_once(
    browser: Browser, platform: Platform, desk: Desk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        sign_in(page, platform)
        set_pin(page)
        mission = at_the_patient(page, desk, platform)
        page.evaluate(NAMED, [mission, NAME])
        all_sent(page)
        page.wait_for_timeout(4000)  # the board is kept three seconds after it changed
        tablet.set_offline(True)
        page.evaluate(NAMED, [mission, f"{NAME} II"])
        rows, cookies = raw_rows(page), tablet.cookies()
        confirmed = write_until_killed(page, mission, tmp_path)

    sent: list[str] = []

    def count(response: Response) -> None:
        if response.request.method == "POST" and "/entries/" in response.url and response.ok:
            body = json.loads(response.request.post_data or "[]")
            sent.extend(one["value"] for one in (body if isinstance(body, list) else [body]))

    with tablet_at(browser, tmp_path, offline=True) as tablet:
        tablet.on("response", count)
        # Written down by a browser every half minute; who signed in a minute ago has them.
        tablet.add_cookies(cookies)  # type: ignore[arg-type]
        page, second = tablet.pages[0], tablet.new_page()
        for tab in (page, second):
            tab.goto(f"{platform.url}/tablet/")
            unlock(tab)
        sees(page, f"{NAME} II")
        waiting = page.evaluate(COUNT)
        tablet.set_offline(False)
        all_sent(page)
        stored = notes_on_the_server(page)

    assert len(confirmed) >= SOME
    assert waiting - 1 in (len(confirmed), len(confirmed) + 1)  # one may have been on its way
    assert set(confirmed) <= set(stored)
    assert len(stored) == len(set(stored)) == waiting - 1
    assert sorted(sent) == sorted(stored)
    assert any('"store":"jobs"' in row for row in rows)
    assert any('"name":"board"' in row for row in rows)
    assert not [row for row in rows if NAME in row or mission in row]


def test_a_locked_tablet_shows_numbers_and_no_name_and_leaves_other_pages_alone(
    browser: Browser, platform: Platform, desk: Desk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        sign_in(page, platform)
        set_pin(page)
        mission = at_the_patient(page, desk, platform)
        page.evaluate(NAMED, [mission, NAME])
        sees(page, NAME)

        page.click("#lock-now")
        page.wait_for_selector("#lock .pin-pad", timeout=WAIT_MS)
        expect(page.locator("#lock #monitor .vital-value").first).to_be_visible(timeout=WAIT_MS)
        page.set_viewport_size({"width": 800, "height": 1280})
        page.locator("#sos").click(trial=True)  # nothing covers it
        locked = page.content()
        page.reload()  # a reload is no way round the lock
        page.wait_for_selector("#lock .pin-pad", timeout=WAIT_MS)
        type_pin(page, "000000")
        expect(page.locator("#lock .notice")).to_contain_text("7 tries left", timeout=WAIT_MS)
        unlock(page)
        sees(page, NAME)
        keys = page.locator("#lock .pin-pad .button")
        page.click("#lock-now")
        keys.first.wait_for(timeout=WAIT_MS)
        sizes = [keys.nth(at).bounding_box() for at in range(12)]

        other = tablet.new_page()
        other.goto(f"{platform.url}/login/?next=/console/")
        controlled = other.evaluate("navigator.serviceWorker.controller !== null")
        tablet.set_offline(True)
        failed = []
        for path in ("/console/", "/ed/", "/login/"):
            with pytest.raises(Error):
                other.goto(f"{platform.url}{path}")
            failed.append(path)

    assert NAME not in locked
    assert mission not in locked
    assert all(box and box["width"] >= 56 and box["height"] >= 56 for box in sizes)
    assert controlled is False
    assert len(failed) == 3


def test_a_new_version_waits_until_the_tablet_is_calm(
    browser: Browser, platform: Platform, desk: Desk, tmp_path: Path
) -> None:
    words = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "djangojs.mo"
    before = words.read_bytes()
    ask = "async () => void (await (await navigator.serviceWorker.ready).update())"
    try:
        with tablet_at(browser, tmp_path) as tablet:
            page = tablet.pages[0]
            sign_in(page, platform)
            mission = at_the_patient(page, desk, platform)
            words.write_bytes(before + b"\0")

            page.evaluate(ask)
            expect(page.locator("#update")).to_contain_text("after this mission", timeout=WAIT_MS)
            page.evaluate("() => void (document.body.dataset.old = 1)")
            desk.tell({"id": mission}, "treated_and_released")

            page.wait_for_selector("body:not([data-old])", timeout=WAIT_MS)
            page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
            expect(page.locator("#update")).to_be_hidden()
    finally:
        words.write_bytes(before)


def test_a_supervisor_wipes_a_tablet_which_sends_first_and_keeps_nothing(
    browser: Browser, platform: Platform, clerk: Clerk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path) as tablet:
        page = tablet.pages[0]
        sign_in(page, platform)
        ident = page.evaluate("localStorage.getItem('onboard-tablet-id')")
        clerk._post(f"/tablets/{ident}/wipe/")

        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_url("**/login/**", timeout=WAIT_MS)
        rows = raw_rows(page)

    assert not [row for row in rows if '"store"' in row or ident in row or "Wang" in row]
