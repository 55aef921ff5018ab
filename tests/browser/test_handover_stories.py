"""An alert that nobody confirms, a redirect under way, a department cut off for ten minutes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tablets import at_the_patient
from tests.stories.browsers import CONSOLE, TABLET, WALL, Seat, sit_down, stand_by
from tests.stories.desk import Desk
from tests.stories.platform import Platform
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PEER = Path(__file__).parents[1] / "alert_peer.py"
WAIT_MS = 30_000
# Counted by the hospital's own times, so that nobody waits for two minutes.
SECONDS = {"after_1": "2", "after_2": "4", "after_3": "600"}


def seat_of(browser: Browser, platform: Platform, who: str, size: tuple[int, int]) -> Seat:
    return sit_down(
        browser, url=platform.url, username=who, password=platform.passwords[who], size=size
    )


@pytest.fixture
def crew(browser: Browser, platform: Platform) -> Page:
    page = seat_of(browser, platform, "wang", TABLET).page
    stand_by(page)
    return page


@pytest.fixture
def desk(browser: Browser, platform: Platform) -> Desk:
    return Desk(seat_of(browser, platform, "li", CONSOLE).page)


@pytest.fixture
def department(browser: Browser, platform: Platform) -> Page:
    return seat_of(browser, platform, "chen", WALL).page


@pytest.fixture
def gateway(
    browser: Browser, platform: Platform, department: Page, tmp_path: Path
) -> Iterator[Path]:
    """A provider's gateway in a process of its own, registered as the hospital's SMS channel."""
    kept = tmp_path / "kept"
    with subprocess.Popen(
        [sys.executable, str(PEER), str(kept)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        port = process.stdout.readline().split()[0]
        office = seat_of_office(browser, platform)
        said = {
            "name": f"SMS {port}",
            "kind": "alert.sms",
            "address": f"http://127.0.0.1:{port}/sms",
            "hospital": own_hospital(department),
            "active": "on",
        }
        submit(office, "/deliveries/partners/save/", said)
        for urgency in "123":
            submit(department, "/alerts/change/", {"what": "timing", "urgency": urgency, **SECONDS})
        yield kept
        submit(
            office,
            "/deliveries/partners/save/",
            {**said, "id": id_of(office, said["name"])},
            "active",
        )
        process.kill()


def seat_of_office(browser: Browser, platform: Platform) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{platform.url}/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", platform.passwords["admin"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def submit(page: Page, path: str, said: dict[str, str], without: str = "") -> None:
    """What a form of the page sends."""
    url = re.sub(r"(https?://[^/]+).*", r"\1", page.url)
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    form = {name: value for name, value in said.items() if name != without}
    answer = page.request.post(
        url + path,
        form={**form, "csrfmiddlewaretoken": token},
        headers={"Referer": f"{url}/"},
    )
    assert answer.ok, answer.status


def id_of(office: Page, name: str) -> str:
    url = re.sub(r"(https?://[^/]+).*", r"\1", office.url)
    page = office.request.get(f"{url}/deliveries/partners/").text()
    form = r'name="id" value="([0-9a-f-]+)">(?:(?!name="id").)*?value="'
    found = re.search(f'{form}{re.escape(name)}"', page, re.DOTALL)
    assert found, name
    return found[1]


def own_hospital(department: Page) -> str:
    return department.locator("#ed").get_attribute("data-hospital") or ""


# Any: JSON, as the peer wrote it.
def messages(kept: Path) -> list[dict[str, Any]]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    return [json.loads(b64decode(json.loads(line)["body"])) for line in lines]


def choose(page: Page, hospital_id: str, confirm: str) -> None:
    page.locator(f"[data-hospital='{hospital_id}']").click(timeout=WAIT_MS)
    page.locator(confirm).click()


def test_an_alert_that_nobody_confirms_reaches_a_second_person_by_a_second_channel(
    crew: Page, desk: Desk, department: Page, platform: Platform, gateway: Path
) -> None:
    mission = at_the_patient(crew, desk, platform)
    crew.locator("[data-act=suspect]").select_option("stemi")
    crew.locator("[data-act=prealert]").click()
    choose(crew, own_hospital(department), "#confirm-prealert")

    card = department.locator(".card")
    expect(card.locator("[data-eta=scene]")).to_be_visible(timeout=WAIT_MS)
    expect(card.locator("h2")).to_have_text("STEMI", timeout=WAIT_MS)
    wait_until(
        lambda: len({one["to"] for one in messages(gateway)}) == 2,
        timeout_s=60,
        what="two people have been sent an SMS",
    )
    expect(crew.locator(".handover-told")).to_contain_text("Doctor", timeout=WAIT_MS)
    expect(card.locator(".told")).to_contain_text("Doctor", timeout=WAIT_MS)
    assert not [one for one in messages(gateway) if "STEMI" in one["text"] or "U-" in one["text"]]

    card.locator("[data-act=confirm]").click()

    expect(crew.locator(".handover-ok")).to_contain_text("Chen Jing", timeout=WAIT_MS)
    card.locator("[data-act=direct]").click()
    expect(crew.locator(".pw-direct")).to_contain_text(
        "cath lab", timeout=WAIT_MS, ignore_case=True
    )
    assert desk.board()["handovers"][handover_of(desk, mission)]["confirmed_by"]


def handover_of(desk: Desk, mission: str) -> str:
    rows = desk.board()["handovers"].values()
    return str(next(row["id"] for row in rows if row["mission_id"] == mission))


def test_a_redirect_in_mid_transport_is_known_to_all_four(
    crew: Page, desk: Desk, department: Page, browser: Browser, platform: Platform
) -> None:
    hospitals = desk.board()["hospitals"].values()
    other = next(str(one["id"]) for one in hospitals if one["code"] == "H02")
    mission = at_the_patient(crew, desk, platform)
    crew.locator("[data-step=on_board]:visible").first.click()
    choose(crew, own_hospital(department), "#confirm-board")
    department.locator(".card [data-act=confirm]").click(timeout=WAIT_MS)
    expect(crew.locator(".handover-ok")).to_contain_text("Chen Jing", timeout=WAIT_MS)

    desk.api(
        "post",
        f"/api/missions/{mission}/redirect/",
        {"hospital_id": other, "reason": "other"},
    )

    elsewhere = seat_of(browser, platform, "nurse-h02", WALL).page
    expect(crew.locator(".handover-changed")).to_contain_text("Li Na", timeout=WAIT_MS)
    taken_back = department.locator(".withdrawn", has_text="Redirected")
    expect(taken_back).to_contain_text("Li Na", timeout=WAIT_MS)
    taken_back.get_by_role("button").click()
    expect(crew.locator(".handover-left")).to_contain_text("Chen Jing", timeout=WAIT_MS)
    elsewhere.locator(".card [data-act=confirm]").click(timeout=WAIT_MS)
    expect(crew.locator(".handover-ok")).to_contain_text("Nurse", timeout=WAIT_MS)
    crew.locator("[data-act=told]").click()
    expect(crew.locator(".handover-changed")).to_have_count(0, timeout=WAIT_MS)
    rows = [row for row in desk.board()["handovers"].values() if row["mission_id"] == mission]
    (old,) = [row for row in rows if row["state"] == "redirected"]
    assert old["crew_told_by"]["name_en"] == "Wang Lei"
    assert old["withdrawal_seen_by"]["name_en"] == "Chen Jing"


def test_a_department_cut_off_for_ten_minutes_is_complete_afterwards(
    crew: Page, desk: Desk, browser: Browser, platform: Platform
) -> None:
    department = seat_of(browser, platform, "chen", WALL).page
    department.clock.install()
    department.reload()
    department.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    mission = at_the_patient(crew, desk, platform)
    crew.locator("[data-step=on_board]:visible").first.click()
    choose(crew, own_hospital(department), "#confirm-board")
    card = department.locator(".card")
    card.locator(".what").click(timeout=WAIT_MS)
    expect(card.locator(".steps .done").nth(2)).to_be_visible(timeout=WAIT_MS)

    department.context.set_offline(True)
    department.clock.fast_forward("10:00")
    expect(department.locator("#link[data-link=lost]")).to_be_visible(timeout=WAIT_MS)
    now = crew.evaluate("new Date().toISOString().replace('Z', '+00:00')")
    Desk(crew).api(
        "post",
        f"/api/missions/{mission}/entries/",
        {"id": str(uuid4()), "element": "drug.aspirin", "value": "300", "unit": "mg",
         "route": "oral", "occurred_at": now},
    )  # fmt: skip
    crew.locator("[data-act=suspect]").select_option("stroke")
    expect(crew.locator("[data-pathway=stroke]")).to_be_visible(timeout=WAIT_MS)
    department.context.set_offline(False)
    department.clock.run_for(20_000)

    expect(department.locator("#link[data-link=live]")).to_be_visible(timeout=60_000)
    expect(card.locator("h2")).to_have_text("Stroke", timeout=WAIT_MS)
    expect(card.locator(".given")).to_contain_text("300", timeout=WAIT_MS)
    expect(card.locator(".news")).to_contain_text("Stroke", timeout=WAIT_MS)
    card.locator("[data-act=read]").click()
    expect(card.locator(".news")).to_have_count(0, timeout=WAIT_MS)
