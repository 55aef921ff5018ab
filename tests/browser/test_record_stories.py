"""Whole cases on the tablet: no network, two people, a child, a refusal, nobody known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks import tablet_case
from tests.benchmarks.tablet_case import Finger, written
from tests.browser.tablets import (
    WAIT_MS,
    at_the_patient,
    kill,
    set_pin,
    sign_in,
    tablet_at,
    unlock,
)
from tests.stories.browsers import CONSOLE, TABLET, sit_down
from tests.stories.desk import Desk
from tests.stories.platform import OWN_UNIT, Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

MOST_TAPS = 45
MOST_S = 180
COUNT = 'async () => (await import("/static/tablet/tablet.js")).queue.unsent()'
# Any: JSON.
Record = dict[str, Any]


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


@pytest.fixture
def tablet(browser: Browser, platform: Platform) -> Iterator[Page]:
    seat = sit_down(
        browser,
        url=platform.url,
        username="wang",
        password=platform.passwords["wang"],
        size=TABLET,
    )
    yield seat.page
    assert seat.faults == []


def arrive(desk: Desk, platform: Platform, page: Page, **who: Any) -> str:  # Any: sex, age_years
    """The own unit at the patient of a new incident; the mission."""
    all_sent(page)  # the end of the mission before, too
    lat, lon = platform.home
    incident = desk.incident(lat + 0.002, lon, answers={}, **who)
    units = {one["call_sign"]: one for one in incident["recommendation"]["ranked"]}
    assert OWN_UNIT in units, incident["recommendation"]
    mission = desk.assign(incident, units[OWN_UNIT])
    for step in ("acknowledged", "en_route", "on_scene", "at_patient"):
        page.locator(f"[data-step={step}]:visible").first.click(timeout=WAIT_MS)
    page.wait_for_selector("[data-step=on_board]:visible", timeout=WAIT_MS)
    return str(mission["id"])


def all_sent(page: Page) -> None:
    wait_until(lambda: page.evaluate(COUNT) == 0, timeout_s=60, what="everything was sent")


def said(record: Record) -> set[tuple[str, str]]:
    return {(one["element"], one["value"]) for one in record["elements"]}


def weigh(finger: Finger, *keys: str) -> None:
    """By the list of the whole record: no drug is needed to write a weight."""
    finger.tap("[data-tab=check]")
    finger.page.locator(
        "details.all", has=finger.page.locator("[data-code='body.weight']")
    ).locator("summary").click()
    finger.tap("[data-code='body.weight']")
    for key in keys:
        finger.tap(f"[data-key='{key}']")
    finger.tap("#save-element")


def test_two_tablets_write_one_record_and_nothing_is_lost(
    browser: Browser, platform: Platform, desk: Desk, tmp_path: Path
) -> None:
    with tablet_at(browser, tmp_path / "a") as first:
        page = first.pages[0]
        sign_in(page, platform)
        set_pin(page)
        mission = at_the_patient(page, desk, platform)
        page.wait_for_timeout(4000)  # the board is kept three seconds after it changed
        first.set_offline(True)
        finger = Finger(page)
        weigh(finger, "8", "0")
        finger.tap("[data-tab=drugs]", "[data-code=aspirin]", "[data-who=adult]", "#save-dose")
        finger.tap("[data-tab=timeline]")  # what stands there is on the disk
        expect(page.locator(".line")).to_contain_text("Aspirin 300 mg", timeout=WAIT_MS)
        expect(page.locator("#waiting")).to_contain_text("waiting", timeout=WAIT_MS)
        cookies = first.cookies()
        kill(tmp_path / "a")

    with tablet_at(browser, tmp_path / "b") as second:
        other = second.pages[0]
        sign_in(other, platform, "zhou")
        weigh(Finger(other), "8", "2")
        all_sent(other)

        with tablet_at(browser, tmp_path / "a", offline=True) as first:
            first.add_cookies(cookies)  # type: ignore[arg-type]
            page = first.pages[0]
            page.goto(f"{platform.url}/tablet/")
            unlock(page)
            expect(page.locator(".line")).to_contain_text("Aspirin 300 mg", timeout=WAIT_MS)
            first.set_offline(False)
            all_sent(page)
            for screen in (page, other):
                screen.locator("[data-tab=check]").click()
                expect(screen.locator("[data-conflict='body.weight']")).to_contain_text(
                    "80 kg", timeout=WAIT_MS
                )
            torn = written(page, mission)
            page.locator("[data-conflict='body.weight']").click()
            page.locator(".stands-head", has_text="82").locator("[data-act=keep]").click()
            expect(other.locator("[data-conflict]")).to_have_count(0, timeout=WAIT_MS)
            all_sent(page)
            settled = written(page, mission)

    assert [one["element"] for one in torn["conflicts"]] == ["body.weight"]
    assert len(torn["conflicts"][0]["heads"]) == 2
    assert settled["conflicts"] == []
    assert {("body.weight", "82"), ("medication.drug", "aspirin")} <= said(settled)


def test_a_child_in_arrest_is_given_doses_by_weight(
    tablet: Page, desk: Desk, platform: Platform
) -> None:
    mission = arrive(desk, platform, tablet, age_years=4)
    finger = Finger(tablet)

    finger.tap("[data-event=arrest]", "[data-act=start-arrest]", "[data-key-of=rhythm-vf]")
    finger.tap("[data-key-of=shock]", "[data-act=weigh]", "[data-key='1']", "[data-key='6']")
    finger.tap("#save-element")
    for _ in range(3):
        finger.tap("[data-key-of=shock-64]")
    expect(tablet.locator("[data-key-of=adrenaline]")).to_contain_text("0.16 mg")
    expect(tablet.locator("[data-key-of=adrenaline]")).to_contain_text("due")
    finger.tap("[data-key-of=adrenaline]", "[data-key-of=amiodarone]", "[data-key-of=io]")
    expect(tablet.locator(".arrest-clocks")).to_contain_text("Adrenaline in")
    finger.tap("[data-key-of=rosc]")
    expect(tablet.locator(".arrest[data-state=rosc]")).to_be_visible()
    all_sent(tablet)
    record = written(tablet, mission)

    values = said(record)
    assert {
        ("medication.drug", "adrenaline"),
        ("medication.dose", "0.16"),
        ("medication.volume", "1.6"),
        ("medication.drug", "amiodarone"),
        ("medication.dose", "80"),
        ("arrest_event.shock_energy", "64"),
        ("arrest_event.shock_number", "3"),
        ("arrest_event.kind", "rosc"),
        ("arrest.first_rhythm", "vf"),
        ("procedure.kind", "io_access"),
    } <= values
    assert not [one for one in record["illegal"] if one["element"].startswith("medication")]


def test_a_refusal_is_explained_and_signed(tablet: Page, desk: Desk, platform: Platform) -> None:
    mission = arrive(desk, platform, tablet, age_years=40)
    finger = Finger(tablet)

    finger.tap("[data-event=refusal]")
    finger.answer("capacity", "present")
    expect(tablet.locator("#refusal-sign")).to_be_disabled()
    finger.answer("risks", "yes")
    finger.answer("reason", "against_advice")
    finger.answer("advice", "again")
    finger.tap("#refusal-sign")
    expect(tablet.locator(".statement")).to_contain_text("including that I may die")
    expect(tablet.locator("#save-signature")).to_be_disabled()
    finger.sign()
    finger.tap("#save-signature", "[data-step=ends]", "[data-code=refused]")
    finger.tap("[data-code=patient_refuses]")
    expect(tablet.locator(".step-over")).to_contain_text("Patient refuses", timeout=WAIT_MS)
    all_sent(tablet)
    record = written(tablet, mission)

    values = said(record)
    assert {
        ("refusal.capacity", "present"),
        ("refusal.risks_explained", "yes"),
        ("refusal.reason", "against_advice"),
        ("signature.signer", "patient"),
        ("signature.reason", "refusal_of_transport"),
        ("signature.statement_version", "refusal_of_transport 1 en"),
    } <= values
    drawn = next(value for element, value in values if element == "signature.image")
    assert drawn.startswith("M")
    assert drawn.count("L") >= 2


def test_an_unknown_patient_is_identified_later(
    tablet: Page, desk: Desk, platform: Platform
) -> None:
    name = "Gu Zhenhua"
    earlier = arrive(desk, platform, tablet, age_years=70)
    tablet.evaluate(
        """async ([id, name]) => (await import("/static/shared/api.js")).api
           .put(`/api/missions/${id}/patient/`, {name, sex: "male", age_years: 70})""",
        [earlier, name],
    )
    finger = Finger(tablet)
    finger.tap("[data-step=ends]", "[data-code=treated_and_released]", "[data-code=other]")
    finger.tap("[data-act=done]")

    mission = arrive(desk, platform, tablet)
    finger.tap("[data-tab=patient]", "#unknown-patient")
    expect(tablet.locator(".who-line")).to_contain_text("Unknown patient", timeout=WAIT_MS)
    all_sent(tablet)
    finger.tap("#known-patient", "#ask-history")
    expect(tablet.locator("[data-paper=known] [role=status]")).to_contain_text(
        "No health-record system is connected", timeout=WAIT_MS
    )
    tablet.fill("[data-search] [name=name]", name)
    finger.tap("#search-known")
    tablet.locator("[data-match]").first.click(timeout=WAIT_MS)
    expect(tablet.locator("[data-paper=known] .notice.ok")).to_be_visible(timeout=WAIT_MS)
    record = written(tablet, mission)

    assert record["merge"]["parted_at"] is None
    assert record["patient"]["temporary_number"]


def test_a_chest_pain_with_suspicion_of_stemi_takes_few_taps(
    browser: Browser, platform: Platform
) -> None:
    figures = tablet_case.measure(browser, platform)

    assert figures["stemi_case_taps"] <= MOST_TAPS
    assert figures["stemi_case_s"] <= MOST_S
