"""An unknown patient is admitted on board, named later, and keeps the visit's number throughout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.tablet_case import Finger
from tests.browser.tablets import WAIT_MS
from tests.browser.test_record_stories import all_sent, arrive
from tests.hospital_system import HospitalSystem, hospital_system
from tests.stories.browsers import CONSOLE, TABLET, WALL, Seat, in_chinese, sit_down
from tests.stories.desk import Desk
from tests.stories.platform import Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

NAME = "Gu Zhenhua"
SHOTS = os.environ.get("SHOTS_FOLDER")


def seat(browser: Browser, platform: Platform, who: str, size: tuple[int, int]) -> Seat:
    return sit_down(
        browser,
        url=platform.url,
        username=who,
        password=platform.passwords[who],
        size=size,
        crisp=bool(SHOTS),
    )


def shot(one: Seat, name: str) -> None:
    if SHOTS:
        one.page.screenshot(path=Path(SHOTS) / f"{name}.png")
        with in_chinese(one) as page:
            page.screenshot(path=Path(SHOTS) / f"{name}-zh.png")


@pytest.fixture
def his() -> Iterator[HospitalSystem]:
    with hospital_system() as system:
        yield system


def register(office: Page, platform: Platform, hospital: str, his: HospitalSystem) -> None:
    office.goto(f"{platform.url}/deliveries/partners/")
    form = office.locator("details.partner").last
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator("[name=name]").fill("HIS of the story")
    form.locator("[name=kind]").select_option("hl7.mllp")
    form.locator("[name=hospital]").select_option(hospital)
    form.locator("[name=address]").fill(his.address)
    form.locator("button.primary").click()
    expect(office.locator(".links-said .ok")).to_be_visible(timeout=WAIT_MS)


def set_active(office: Page, platform: Platform, *, active: bool) -> None:
    office.goto(f"{platform.url}/deliveries/partners/")
    form = office.locator("details.partner", has_text="HIS of the story").first
    form.locator("summary").click()
    form.locator("[name=active]").set_checked(active)
    form.locator("button.primary").click()
    expect(office.locator(".links-said .ok")).to_be_visible(timeout=WAIT_MS)


def test_an_unknown_patient_is_merged_while_the_visits_number_survives(
    browser: Browser, platform: Platform, his: HospitalSystem
) -> None:
    desk = Desk(seat(browser, platform, "li", CONSOLE).page)
    medic = seat(browser, platform, "wang", TABLET)
    nurse = seat(browser, platform, "chen", WALL)
    office = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    office.goto(f"{platform.url}/login/")
    office.fill("input[name=username]", "admin")
    office.fill("input[name=password]", platform.passwords["admin"])
    with office.expect_navigation():
        office.keyboard.press("Enter")
    hospital = nurse.page.locator("#ed").get_attribute("data-hospital")
    assert hospital
    register(office, platform, hospital, his)
    tablet, wall = medic.page, nurse.page
    known_before(tablet, desk, platform)

    arrive(desk, platform, tablet)
    finger = Finger(tablet)
    tablet.locator("[data-step=on_board]:visible").first.click(timeout=WAIT_MS)
    tablet.locator(f".hospital[data-hospital='{hospital}']").click(timeout=WAIT_MS)
    tablet.locator("#confirm-board").click()
    visit = wall.locator(".card .visit-number b")
    expect(visit).to_have_text("V000001", timeout=WAIT_MS)
    expect(tablet.locator(".handover-band b")).to_have_text("V000001", timeout=WAIT_MS)
    own_number = wall.locator(".card .person b").first.inner_text()

    wall.locator(".card [data-act=order]").click()
    wall.locator(".order-form [value=blood]").check(force=True)
    wall.locator(".order-form [name=what]").fill("Emergency red cells, 2 units")
    wall.locator(".order-form [name=stat]").check()
    shot(nurse, "ed-order-form")
    wall.locator("[data-act=save-order]").click()
    expect(wall.locator("[data-order=prepared]")).to_contain_text("red cells", timeout=WAIT_MS)
    wall.locator("[data-act=release-order]").click()
    expect(wall.locator("[data-order=released]")).to_be_visible(timeout=WAIT_MS)
    shot(nurse, "ed-orders")
    shot(medic, "tablet-handover")

    finger.tap("[data-tab=patient]", "#unknown-patient")
    all_sent(tablet)
    finger.tap("#known-patient")
    tablet.fill("[data-search] [name=name]", NAME)
    finger.tap("#search-known")
    tablet.locator("[data-match]").first.click(timeout=WAIT_MS)
    expect(wall.locator(".card .person b").first).to_have_text(NAME, timeout=WAIT_MS)
    wait_until(lambda: "A40" in his.events, timeout_s=30, what="the merge reached the hospital")
    merge = next(row for row in his.taken if row["event"] == "A40")
    assert (merge["merged"], merge["visit"]) == (own_number, "V000001")
    assert [event for event in his.events if event in ("A04", "O19", "A40")] == [
        "A04",
        "O19",
        "A40",
    ]
    expect(visit).to_have_text("V000001")

    with wall.expect_popup() as popup:
        wall.locator(".card a", has_text="Wristband").click()
    band = popup.value
    expect(band.locator(".band")).to_contain_text(NAME)
    expect(band.locator(".band")).to_contain_text(own_number)
    expect(band.locator(".band")).to_contain_text("V000001")
    box = band.locator(".band").bounding_box()
    assert box
    assert (round(box["width"] / 96 * 25.4), round(box["height"] / 96 * 25.4)) == (100, 30)
    if SHOTS:
        band.screenshot(path=Path(SHOTS) / "wristband.png")
        band.locator(".band").screenshot(path=Path(SHOTS) / "wristband-only.png")
        for path in ("deliveries/", "deliveries/partners/"):
            for language in ("en", "zh-hans"):
                office.context.add_cookies(
                    [{"name": "django_language", "value": language, "url": platform.url}]
                )
                office.goto(f"{platform.url}/{path}")
                if "partners" in path:
                    office.locator("details.partner summary").last.click()
                name = path.strip("/").replace("/", "-")
                office.screenshot(path=Path(SHOTS) / f"{name}-{language}.png", full_page=True)
        office.context.add_cookies(
            [{"name": "django_language", "value": "en", "url": platform.url}]
        )
    assert medic.faults == nurse.faults == []
    set_active(office, platform, active=False)


def known_before(tablet: Page, desk: Desk, platform: Platform) -> None:
    """Somebody of this name was a patient once."""
    earlier = arrive(desk, platform, tablet, age_years=70)
    tablet.evaluate(
        """async ([id, name]) => (await import("/static/shared/api.js")).api
           .put(`/api/missions/${id}/patient/`, {name, sex: "male", age_years: 70})""",
        [earlier, NAME],
    )
    finger = Finger(tablet)
    finger.tap("[data-step=ends]", "[data-code=treated_and_released]", "[data-code=other]")
    finger.tap("[data-act=done]")
