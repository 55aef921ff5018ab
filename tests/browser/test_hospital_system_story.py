"""An unknown patient is admitted on board, named later, and keeps the visit's number throughout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.tablet_case import Finger
from tests.browser.tablets import WAIT_MS
from tests.browser.test_record_stories import all_sent, arrive
from tests.hospital_system import HospitalSystem, hospital_system
from tests.stories.browsers import CONSOLE, TABLET, WALL, Seat, sit_down
from tests.stories.desk import Desk
from tests.stories.platform import Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

NAME = "Gu Zhenhua"


def seat(browser: Browser, platform: Platform, who: str, size: tuple[int, int]) -> Seat:
    return sit_down(
        browser,
        url=platform.url,
        username=who,
        password=platform.passwords[who],
        size=size,
    )


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
    medic, nurse = (
        seat(browser, platform, who, size) for who, size in (("wang", TABLET), ("chen", WALL))
    )
    office, tablet, wall = office_of(browser, platform), medic.page, nurse.page
    hospital = str(wall.locator("#ed").get_attribute("data-hospital"))
    register(office, platform, hospital, his)
    known_before(tablet, desk, platform)

    arrive(desk, platform, tablet)
    tablet.locator("[data-step=on_board]:visible").first.click(timeout=WAIT_MS)
    tablet.locator(f".hospital[data-hospital='{hospital}']").click(timeout=WAIT_MS)
    tablet.locator("#confirm-board").click()
    visit = wall.locator(".card .visit-number b")
    expect(visit).to_have_text("V000001", timeout=WAIT_MS)
    expect(tablet.locator(".handover-band b")).to_have_text("V000001", timeout=WAIT_MS)
    own_number = wall.locator(".card .person b").first.inner_text()
    order_blood(wall)

    identify(tablet)
    expect(wall.locator(".card .person b").first).to_have_text(NAME, timeout=WAIT_MS)
    wait_until(lambda: "A40" in his.events, what="the merge reached the hospital")
    merge = next(row for row in his.taken if row["event"] == "A40")
    assert (merge["merged"], merge["visit"]) == (own_number, "V000001")
    told = [event for event in his.events if event in ("A04", "O19", "A40")]
    assert told == ["A04", "O19", "A40"]
    expect(visit).to_have_text("V000001")
    the_band_says(wall, NAME, own_number, "V000001")
    assert medic.faults == nurse.faults == []
    set_active(office, platform, active=False)


def office_of(browser: Browser, platform: Platform) -> Page:
    page = browser.new_context(viewport={"width": CONSOLE[0], "height": CONSOLE[1]}).new_page()
    page.goto(f"{platform.url}/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", platform.passwords["admin"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def order_blood(wall: Page) -> None:
    """Prepared and then released before the patient is there."""
    wall.locator(".card [data-act=order]").click()
    wall.locator(".order-form [value=blood]").check(force=True)
    wall.locator(".order-form [name=what]").fill("Emergency red cells, 2 units")
    wall.locator(".order-form [name=stat]").check()
    wall.locator("[data-act=save-order]").click()
    expect(wall.locator("[data-order=prepared]")).to_contain_text("red cells", timeout=WAIT_MS)
    wall.locator("[data-act=release-order]").click()
    expect(wall.locator("[data-order=released]")).to_be_visible(timeout=WAIT_MS)


def identify(tablet: Page) -> None:
    finger = Finger(tablet)
    finger.tap("[data-tab=patient]", "#unknown-patient")
    all_sent(tablet)
    finger.tap("#known-patient")
    tablet.fill("[data-search] [name=name]", NAME)
    finger.tap("#search-known")
    tablet.locator("[data-match]").first.click(timeout=WAIT_MS)


def the_band_says(wall: Page, *words: str) -> None:
    """The wristband, opened from the card, at its real size on the screen."""
    with wall.expect_popup() as popup:
        wall.locator(".card a", has_text="Wristband").click()
    band = popup.value.locator(".band")
    for word in words:
        expect(band).to_contain_text(word)
    box = band.bounding_box()
    assert box
    assert (round(box["width"] / 96 * 25.4), round(box["height"] / 96 * 25.4)) == (100, 30)


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
