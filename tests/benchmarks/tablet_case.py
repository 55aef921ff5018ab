"""A chest pain with suspicion of STEMI, written with nothing but taps, and counted.

    python -m tests.benchmarks.tablet_case

The real page in Chromium, slowed down four times: from the accepted order to the signed
handover. Every trusted click counts as one tap, a stroke on the signature pad as one, choosing a
file in the system's dialogue as one more.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.ecg_files import as_dicom, heart
from tests.stories.browsers import CONSOLE, TABLET, chromium, sit_down
from tests.stories.clerk import Clerk
from tests.stories.desk import SNAPSHOT, Desk
from tests.stories.platform import OWN_UNIT, Platform, demonstration

WAIT_MS = 60_000
SLOWER = 4
COUNT = """
() => {
  window.taps = 0;
  addEventListener("click", (event) => event.isTrusted && (window.taps += 1), { capture: true });
  addEventListener("pointerup", (event) => event.target.closest("#pad") && (window.taps += 1),
    { capture: true });
}
"""
# The click that ends a stroke on the pad is the same finger.
STROKE = 1


class Finger:
    """Taps like a person: one thing after the other, each when it can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.more = 0
        page.evaluate(COUNT)

    def tap(self, *selectors: str) -> None:
        for selector in selectors:
            self.page.locator(f"{selector}:visible").first.click(timeout=WAIT_MS)

    def step(self, name: str) -> None:
        self.tap(f"[data-step={name}]")

    def answer(self, question: str, code: str) -> None:
        self.tap(f"[data-answers={question}] [data-code='{code}']")

    def sign(self) -> None:
        self.page.locator("#pad").scroll_into_view_if_needed(timeout=WAIT_MS)
        box = self.page.locator("#pad").bounding_box()
        assert box
        mouse = self.page.mouse
        mouse.move(box["x"] + 40, box["y"] + 90)
        mouse.down()
        mouse.move(box["x"] + 160, box["y"] + 40)
        mouse.move(box["x"] + 260, box["y"] + 110)
        mouse.up()
        self.more -= STROKE

    def bring(self, selector: str, raw: bytes) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.tap(selector)
        # The label's click is passed on to its input: one tap, two events.
        self.more -= 1
        self.more += 1
        chooser.value.set_files(
            {"name": "rest.dcm", "mimeType": "application/dicom", "buffer": raw}
        )

    @property
    def taps(self) -> int:
        return int(self.page.evaluate("window.taps")) + self.more


def order(desk: Desk, platform: Platform) -> str:
    """A man of 58 with chest pain two streets away, given to the own unit; the mission."""
    lat, lon = platform.home
    incident = desk.incident(lat + 0.002, lon, answers={}, sex="male", age_years=58)
    units = {one["call_sign"]: one for one in incident["recommendation"]["ranked"]}
    return str(desk.assign(incident, units[OWN_UNIT])["id"])


def play(finger: Finger) -> None:
    """From the order to the hospital's bed."""
    page = finger.page
    for step in ("acknowledged", "en_route", "on_scene", "at_patient"):
        finger.step(step)
    finger.tap("[data-event=vitals]", "#confirm-vitals")
    finger.bring(".ecg-bring", as_dicom(heart()))
    finger.tap("[data-event=forms]", "[data-form=chest_pain]")
    finger.answer("onset", "now")
    finger.answer("character", "pressure")
    finger.answer("radiation", "yes")
    finger.answer("sweating", "yes")
    finger.answer("ecg_stemi", "yes")
    finger.tap("#take-form")
    finger.tap("[data-tab=patient]", "#unknown-patient")
    finger.tap("[data-tab=findings]", "[data-code=no_known_allergy]")
    finger.tap("[data-tab=drugs]", "[data-code=aspirin]", "#save-dose")
    finger.tap("[data-code=ticagrelor]", "#save-dose")
    finger.tap("[data-code=heparin]", "[data-act=weigh]", "[data-key='8']", "[data-key='0']")
    finger.tap("#save-element", "[data-answers=checked] .tile", "#save-dose")
    finger.tap("[data-tab=treatments]", "[data-code=iv_access]", "#save-procedure")
    finger.step("on_board")
    finger.tap("#confirm-board")
    finger.step("left_scene")
    finger.step("at_destination")
    finger.step("handed_over")
    finger.answer("condition", "stable")
    finger.sign()
    finger.tap("#sign-handover")
    expect(page.locator(".step-over")).to_be_visible(timeout=WAIT_MS)


def written(page: Page, mission: str) -> dict[str, Any]:  # Any: JSON
    """What the server has of it."""
    record: dict[str, Any] = page.evaluate(
        """async (id) => (await import("/static/shared/api.js")).api
           .get(`/api/missions/${id}/record/`)""",
        mission,
    )
    return record


def measure(browser: Browser, platform: Platform) -> dict[str, float]:
    """{stemi_case_taps, stemi_case_s}; raises when something of the case is not in the record."""
    desk = sit_down(
        browser, url=platform.url, username="li", password=platform.passwords["li"], size=CONSOLE
    )
    seat = sit_down(
        browser, url=platform.url, username="wang", password=platform.passwords["wang"], size=TABLET
    )
    page = seat.page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    mission = order(Desk(desk.page), platform)
    finger = Finger(page)
    page.locator("[data-step=acknowledged]:visible").first.wait_for(timeout=WAIT_MS)
    began = time.perf_counter()
    play(finger)
    took_s = time.perf_counter() - began
    page.wait_for_function(
        "() => document.querySelector('#waiting').textContent.includes('All sent')",
        timeout=WAIT_MS,
    )
    assert seat.faults == [], seat.faults
    check(written(page, mission))
    taps = finger.taps
    handover = handover_of(page, mission)
    assert [(one["side"], bool(one["image"])) for one in handover["signatures"]] == [("crew", True)]
    receive(platform, handover)
    page.context.close()
    desk.page.context.close()
    return {"stemi_case_taps": taps, "stemi_case_s": round(took_s, 1)}


def handover_of(page: Page, mission: str) -> dict[str, Any]:  # Any: JSON
    """What stands on the tablet of it, the door and the hospital's code included."""
    board = page.evaluate(SNAPSHOT, "/live/tablet/")
    handover = next(one for one in board["handovers"].values() if one["mission_id"] == mission)
    return {
        **board["doors"][handover["id"]],
        "hospital": board["hospitals"][handover["hospital_id"]]["code"].lower(),
    }


def receive(platform: Platform, handover: dict[str, Any]) -> None:
    """The hospital signs, too, so that nothing of the case stays open."""
    username = f"nurse-{handover['hospital']}"
    username = username if username in platform.passwords else "chen"
    Clerk(platform.url, username, platform.passwords[username]).do(
        f"/api/handovers/{handover['id']}/confirm/", f"/api/handovers/{handover['id']}/receive/"
    )


def check(record: dict[str, Any]) -> None:  # Any: JSON
    """Everything that was tapped stands in the record."""
    said = {(one["element"], one["value"]) for one in record["elements"]}
    elements = {element for element, _ in said}
    wanted = {
        ("situation.primary_impression", "stemi"),
        ("medication.drug", "aspirin"),
        ("medication.drug", "ticagrelor"),
        ("medication.drug", "heparin"),
        ("body.weight", "80"),
        ("procedure.kind", "iv_access"),
        ("form.chest_pain.ecg_stemi", "yes"),
    }
    assert wanted <= said, wanted - said
    named = {"vital.spo2", "medication.checked_by", "medication.volume"}
    assert named <= elements, named - elements


def main() -> int:
    with demonstration() as platform, chromium() as browser:
        print(json.dumps(measure(browser, platform)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
