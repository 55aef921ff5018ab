"""At and after the door, between hospitals, and what a public corridor reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from config.embedded import EmbeddedPostgres
from tests.stories.browsers import CONSOLE, TABLET, WALL, Seat, sit_down
from tests.stories.desk import Desk
from tests.stories.platform import OWN_UNIT, STATE, Platform
from tests.stories.ring_to_handover import draw

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WAIT_MS = 60_000
STEPS = ("acknowledged", "en_route", "on_scene", "at_patient")


def seat(
    browser: Browser, platform: Platform, username: str, size: tuple[int, int], language: str = "en"
) -> Seat:
    return sit_down(
        browser,
        url=platform.url,
        username=username,
        password=platform.passwords[username],
        size=size,
        language=language,
    )


def send_own_unit(desk: Desk, platform: Platform, **more: Any) -> dict[str, Any]:
    lat, lon = platform.home
    incident = desk.incident(lat + 0.002, lon, **more)
    units = {one["call_sign"]: one for one in incident["recommendation"]["ranked"]}
    return desk.assign(incident, units[OWN_UNIT])


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_both_sides_sign_at_the_door_and_the_outcome_comes_back(
    browser: Browser, platform: Platform
) -> None:
    dispatcher = seat(browser, platform, "li", CONSOLE)
    medic, nurse = (
        seat(browser, platform, "wang", TABLET),
        seat(browser, platform, "chen", WALL),
    )
    tablet, wall = medic.page, nurse.page
    own = wall.locator("#ed").get_attribute("data-hospital")
    send_own_unit(Desk(dispatcher.page), platform)
    for step in STEPS:
        tablet.locator(f"[data-step={step}]:visible").first.click(timeout=WAIT_MS)
    tablet.locator("[data-step=on_board]:visible").first.click(timeout=WAIT_MS)
    tablet.locator(f".hospital[data-hospital='{own}']").click(timeout=WAIT_MS)
    tablet.locator("#confirm-board").click()
    for step in ("left_scene", "at_destination"):
        tablet.locator(f".steps .next[data-step={step}]").click(timeout=WAIT_MS)

    # The offload clock runs on both screens, with its word.
    expect(tablet.locator(".offload[data-pace=in_time] time")).to_be_visible(timeout=WAIT_MS)
    expect(wall.locator(".card .when")).to_contain_text("In time", timeout=WAIT_MS)
    number = tablet.locator(".handover-number").inner_text()

    # The crew writes what came along, signs, and waits for the hospital's name.
    tablet.locator(".steps .next[data-step=handed_over]").click()
    tablet.locator("[data-answers=condition] [data-code=stable]").click(timeout=WAIT_MS)
    tablet.locator("[data-answers=valuables] .tile", has_text="Ring").click()
    draw(tablet)
    tablet.locator("#sign-handover").click()
    wall.locator(".card [data-act=receive]").click(timeout=WAIT_MS)
    expect(wall.locator(".receiving")).to_contain_text("Ring", timeout=WAIT_MS)

    # The nurse triages, types the band and signs with the password: first a wrong one.
    wall.locator(".receiving [data-level=II]").click()
    wall.locator("#wristband").fill(number)
    wall.locator(".receiving [name=password]").fill("not this one")
    wall.locator(".receiving [data-act=take-over]").click()
    expect(wall.locator(".receiving [role=alert]")).to_contain_text("password", timeout=WAIT_MS)
    wall.locator(".receiving [name=password]").fill(platform.passwords["chen"])
    wall.locator(".receiving [data-act=take-over]").click()
    done = wall.locator(".done li").first
    expect(done).to_contain_text(number, timeout=WAIT_MS)
    expect(done).to_contain_text("complete report follows", timeout=WAIT_MS)
    expect(tablet.locator(".door")).to_contain_text("same number", timeout=WAIT_MS)
    expect(tablet.locator(".door-signed .signed")).to_have_count(2, timeout=WAIT_MS)

    return_the_outcome(wall, number)
    expect(tablet.locator(".door-outcome")).to_contain_text("Anterior infarction", timeout=WAIT_MS)
    expect(tablet.locator(".door-outcome")).to_contain_text("Right", timeout=WAIT_MS)

    # It is counted, and the figure leads to this very case.
    wall.goto(f"{platform.url}/ed/statistics/")
    expect(wall.locator("[data-figure=right]")).to_contain_text("100 %")
    wall.locator("[data-figure=offload] .figure-value").click()
    expect(wall.locator("tr", has_text=number)).to_contain_text("In time")

    # The crew's own page: the outcome, and no name.
    tablet.locator(".steps .next[data-step=available]").click(timeout=WAIT_MS)
    cases = tablet.context.new_page()
    cases.goto(f"{platform.url}/tablet/cases/")
    expect(cases.locator(".own-cases li").first).to_contain_text("Anterior infarction")
    assert not [fault for one in (dispatcher, medic, nurse) for fault in one.faults]


def return_the_outcome(wall: Page, number: str) -> None:
    """What became of the patient goes back, and so does the word about the alert."""
    wall.locator(".done li", has_text=number).locator("a", has_text="Outcome").click()
    wall.fill("[name=diagnosis]", "Anterior infarction")
    wall.fill("[name=diagnosis_code]", "I21.0")
    wall.select_option("[name=disposition]", "admitted")
    wall.locator("button", has_text="Return the outcome").click()
    expect(wall.locator("main")).to_contain_text("The crew can read it now.", timeout=WAIT_MS)
    wall.locator("tr", has_text=number).locator("th a").click()
    wall.locator(".verdicts .pick", has_text="Right").click()
    wall.locator("button", has_text="Say so").click()


def test_a_transfer_agreed_by_both_ends_is_dispatched(browser: Browser, platform: Platform) -> None:
    console = seat(browser, platform, "li", CONSOLE).page
    other = next(name for name in sorted(platform.passwords) if name.startswith("nurse-"))
    sender = seat(browser, platform, other, WALL).page
    receiver = seat(browser, platform, "chen", WALL).page
    own = receiver.locator("#ed").get_attribute("data-hospital")
    for page in (sender, receiver):
        page.goto(f"{platform.url}/ed/transfers/")
    form = sender.locator(".transfer-form")
    form.locator("[name=receiver_id]").select_option(own, timeout=WAIT_MS)
    form.locator("[name=name]").fill("Wu Qiang")
    form.locator("[name=diagnosis]").fill("Large vessel occlusion")

    # Without a name of who agreed nothing is asked.
    form.locator("[data-act=ask-transfer]").click()
    expect(sender.locator("#ask [role=alert]")).to_contain_text("agreed", timeout=WAIT_MS)
    form.locator("[name=consent]").select_option("relative")
    form.locator("[name=consent_name]").fill("Wu Fang")
    form.locator("[data-act=ask-transfer]").click()
    asked = receiver.locator(".transfer[data-state=requested]")
    expect(asked).to_be_visible(timeout=WAIT_MS)
    expect(asked).not_to_contain_text("Wu Qiang")
    assert not transfers_of(console)

    # Shown on asking, agreed by name; only now the console has something to drive.
    asked.locator("[data-act=look]").click()
    expect(asked).to_contain_text("Wu Qiang", timeout=WAIT_MS)
    asked.locator("[name=team]").fill("Neuro")
    asked.locator("[data-act=accept]").click()
    mine = sender.locator(".transfer[data-state=accepted]")
    expect(mine).to_contain_text("Chen Jing", timeout=WAIT_MS)
    row = console.locator("#queue .row", has_text="Inter-hospital transfer").first
    expect(row).to_be_visible(timeout=WAIT_MS)
    (incident,) = transfers_of(console)
    ranked = Desk(console).api("post", f"/api/incidents/{incident['id']}/recommendation/", {})
    Desk(console).assign({**incident, "recommendation": ranked}, ranked["ranked"][0])

    # The sender sees who drives, and that it comes to the hospital that agreed.
    expect(mine).to_contain_text(ranked["ranked"][0]["call_sign"], timeout=WAIT_MS)
    missions = Desk(console).board()["missions"].values()
    (mission,) = [one for one in missions if one["incident_id"] == incident["id"]]
    assert mission["destination_id"] == own


def transfers_of(console: Page) -> list[dict[str, Any]]:
    incidents = Desk(console).board()["incidents"].values()
    return [one for one in incidents if one["kind"] == "transfer"]


def test_a_divert_ends_by_itself_and_the_corridor_shows_no_name(
    browser: Browser, platform: Platform
) -> None:
    console = seat(browser, platform, "li", CONSOLE).page
    tablet = seat(browser, platform, "wang", TABLET).page
    nurse = seat(browser, platform, "chen", WALL).page
    own = nurse.locator("#ed").get_attribute("data-hospital")
    nurse.goto(f"{platform.url}/ed/department/")

    # Declared for a while: the console says so, and that it is over, each once.
    nurse.locator("button", has_text="Ask for a divert").click(timeout=WAIT_MS)
    asked = nurse.get_by_text("Why, and for how long?").locator("xpath=..")
    asked.locator("button", has_text="30 min").click(timeout=WAIT_MS)
    told = console.locator(".alert[data-kind=hospital]")
    expect(told).to_contain_text("takes no patients", timeout=WAIT_MS)
    run_out(own)
    expect(told).to_contain_text("the time is over", timeout=WAIT_MS)
    expect(nurse.locator("button", has_text="Ask for a divert")).to_be_visible(timeout=WAIT_MS)

    # A named patient on the way; the corridor's own key opens colour, field, band and bay.
    mission = send_own_unit(Desk(console), platform, sex="male", age_years=71)
    for step in STEPS:
        tablet.locator(f"[data-step={step}]:visible").first.click(timeout=WAIT_MS)
    crew = Desk(tablet)
    named = {"name": "Zhao Qixuan", "sex": "male"}
    crew.api("put", f"/api/missions/{mission['id']}/patient/", named)
    crew.api(
        "post",
        f"/api/missions/{mission['id']}/board/",
        {"id": str(uuid4()), "occurred_at": now(), "hospital_id": own},
    )
    nurse.goto(f"{platform.url}/ed/arrivals/")
    nurse.fill("#hang [name=name]", "Corridor east")
    nurse.locator("#hang button").click()
    address = nurse.locator("#made a")
    expect(address).to_contain_text("/ed/arrivals/", timeout=WAIT_MS)
    corridor = corridor_at(browser, address.inner_text())
    row = corridor.locator(".rows li[data-colour]").first
    expect(row).to_contain_text("65 and older", timeout=WAIT_MS)
    expect(row).to_contain_text("Heart")
    shown = corridor.content()
    for secret in ("Zhao", "Qixuan", OWN_UNIT, "U-20", "H01-20", "Test 3"):
        assert secret not in shown, secret

    # Taken down, the key opens nothing.
    nurse.reload()
    nurse.locator("[data-take-down]").first.click()
    expect(nurse.locator("[data-take-down]")).to_have_count(0, timeout=WAIT_MS)
    answer = corridor.request.get(corridor.url)
    assert answer.status == 404


def corridor_at(browser: Browser, url: str) -> Page:
    """A screen on a wall: nobody is signed in."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB").new_page()
    page.goto(url)
    return page


def run_out(hospital_id: str | None) -> None:
    """Half an hour passes for this divert: its end is moved to now, as no screen can."""
    with psycopg.connect(EmbeddedPostgres(STATE).url) as connection:
        connection.execute(
            "UPDATE dispatch_hospital SET divert_until = now() WHERE organisation_id = %s",
            [hospital_id],
        )
