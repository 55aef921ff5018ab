"""One patient from ring to handover, in three browsers and with a real vehicle agent.

    python -m tests.stories.ring_to_handover [--shots FOLDER]

Prints each step with its time and ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.stories.browsers import (
    CONSOLE,
    TABLET,
    WALL,
    Seat,
    chromium,
    in_chinese,
    sit_down,
    stand_by,
)
from tests.stories.platform import STATE, Platform, demonstration
from tests.waiting import wait_until

WAIT_MS = 20_000
# The vehicle drives real roads at four times the speed.
DRIVE_MS = 150_000
OWN_UNIT = "A01"


# Both pages run on one machine's clock. Playwright itself looks only every second or so.
TAP_TIME = "addEventListener('click', () => { window.tap_ms = Date.now(); }, { capture: true })"
CARD_TIME = """() => {
  const look = () => {
    if (document.querySelector(".card")?.checkVisibility()) window.seen_ms = Date.now();
    else requestAnimationFrame(look);
  };
  look();
}"""


@dataclass
class Story:
    """Tells each step as it succeeds, and keeps the two times that matter."""

    shots: Path | None
    began: float = field(default_factory=time.monotonic)
    steps: int = 0
    on_board_to_ed_s: float = 0.0
    call_to_recommendation_s: float = 0.0

    def step(self, words: str) -> None:
        self.steps += 1
        print(f"{time.monotonic() - self.began:7.1f} s  {self.steps:2d}  {words}", flush=True)

    def shot(self, seat: Seat, name: str) -> None:
        """A picture of what the person sees, and of the same screen opened in Chinese."""
        if not self.shots:
            return
        self.shots.mkdir(parents=True, exist_ok=True)
        seat.page.screenshot(path=self.shots / f"{name}.png", timeout=120_000)
        with in_chinese(seat) as page:
            page.screenshot(path=self.shots / f"{name}-zh.png", timeout=120_000)


def play(platform: Platform, browser: Browser, story: Story) -> None:
    """Raises AssertionError (or Playwright's own) at the first step that fails."""

    def seat(username: str, size: tuple[int, int]) -> Seat:
        return sit_down(
            browser,
            url=platform.url,
            username=username,
            password=platform.passwords[username],
            size=size,
            crisp=story.shots is not None,
        )

    with last_look(browser, story):
        dispatcher = seat("li", CONSOLE)
        medic = seat("wang", TABLET)
        nurse = seat("chen", WALL)
        story.step("dispatcher, medic and nurse are signed in, all three screens are live")
        settle(dispatcher.page, medic.page)
        story.step("the console shows the fleet moving, the tablet waits for a mission")
        place = place_near(dispatcher.page, platform.home)
        take_the_call(dispatcher, place, story)
        send_the_unit(dispatcher, story)
        go_to_the_patient(medic, dispatcher, story)
        treat(medic, story)
        board(medic, nurse, story)
        answer(nurse, medic, story)
        hand_over(medic, nurse, story)
        read_the_record(nurse, medic, story)
        faults = [fault for one in (dispatcher, medic, nurse) for fault in one.faults]
        assert not faults, faults


@contextmanager
def last_look(browser: Browser, story: Story) -> Iterator[None]:
    """When a step fails, keep what every screen showed at that moment."""
    try:
        yield
    except (AssertionError, PlaywrightError):
        folder = story.shots or STATE
        for number, context in enumerate(browser.contexts):
            for page in context.pages:
                with suppress(PlaywrightError):
                    page.screenshot(path=folder / f"failed-{number}.png", timeout=10_000)
        raise


def settle(console: Page, tablet: Page) -> None:
    """Every unit has a fresh position, and the medic's tablet stands by."""
    expect(console.locator("#units .row").nth(20)).to_be_visible(timeout=WAIT_MS)
    stand_by(tablet)


def take_the_call(dispatcher: Seat, place: str, story: Story) -> None:
    """By keyboard alone: number, place, the two arrest questions, complaint, its questions."""
    page = dispatcher.page
    rang = time.monotonic()
    page.keyboard.press("n")
    expect(page.locator("#number")).to_be_focused(timeout=WAIT_MS)
    page.keyboard.type("13900001234")
    page.keyboard.press("Enter")
    story.step("the call is answered and its clock runs")
    expect(page.locator("#place")).to_be_focused()
    page.keyboard.type(place)
    page.keyboard.press("Enter")  # a fast typist waits for no list
    expect(page.locator("#place")).to_have_attribute("data-chosen", "true", timeout=WAIT_MS)
    story.step(f"the place is found by typing: {page.locator('#place').input_value()}")
    page.locator("[data-question=awake]").focus()
    page.keyboard.press("y")
    page.keyboard.press("y")
    expect(page.locator("#complaint")).to_be_focused()
    page.keyboard.type("chest")
    page.keyboard.press("Enter")
    expect(page.locator("[data-question=sweating]")).to_be_focused()
    page.keyboard.press("y")
    page.keyboard.press("y")
    page.keyboard.press("n")
    page.locator("#age").fill("61")
    page.locator("#sex").select_option("male")
    expect(page.locator("#work .priority[data-priority='1']").first).to_be_visible(timeout=WAIT_MS)
    story.step("triage says priority 1 and why")
    story.shot(dispatcher, "intake")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".recommendation .candidate").first).to_be_visible(timeout=WAIT_MS)
    story.call_to_recommendation_s = time.monotonic() - rang
    story.step("units are recommended by road time, with reasons")
    story.shot(dispatcher, "recommendation")


def send_the_unit(dispatcher: Seat, story: Story) -> None:
    """One key assigns a recommended unit; taking another asks why."""
    page = dispatcher.page
    own = page.locator(".candidate", has_text=OWN_UNIT)
    rank = own.get_attribute("data-rank", timeout=WAIT_MS)
    picked = own.get_attribute("data-picked") == "true"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(str(rank))
    if not picked:
        expect(page.locator(".ask")).to_be_visible()
        page.keyboard.press("1")
        story.step(f"{OWN_UNIT} is number {rank} of the list: the console asks why, and is told")
    story.step(f"{OWN_UNIT} is assigned with one key")


def go_to_the_patient(medic: Seat, dispatcher: Seat, story: Story) -> None:
    page = medic.page
    expect(page.locator(".order")).to_be_visible(timeout=WAIT_MS)
    story.step("the order fills the tablet")
    story.shot(medic, "tablet-order")
    page.locator(".order .next").click()
    press(page, "en_route")
    expect(page.locator(".undo")).to_be_visible()
    story.step("accepted and on the way; the step can be undone for ten seconds")
    expect(dispatcher.page.locator("#units .row", has_text=OWN_UNIT).first).to_contain_text(
        "En route", timeout=WAIT_MS
    )
    story.step("the console sees the unit drive")
    story.shot(medic, "tablet-en-route")
    arrive(page, "on_scene")
    press(page, "on_scene")
    press(page, "at_patient")
    story.step("on scene and at the patient")
    expect(page.locator("#monitor [data-vital=heart_rate][data-state=fresh]")).to_be_visible(
        timeout=WAIT_MS
    )
    story.step("the patient's heart rate and ECG are live on the tablet")


def press(page: Page, step: str) -> None:
    page.locator(f".steps .next[data-step={step}]").click(timeout=WAIT_MS)


def arrive(page: Page, step: str) -> None:
    """Wait until the countdown to the target has nearly run out."""
    expect(page.locator(f".steps .next[data-step={step}]")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_function(
        """() => {
          const left = document.querySelector('.case-clocks [data-countdown]')?.textContent ?? '';
          const [minutes, seconds] = left.split(':').map(Number);
          return left.startsWith('−') || minutes * 60 + seconds <= 12;
        }""",
        timeout=DRIVE_MS,
    )


def treat(medic: Seat, story: Story) -> None:
    page = medic.page
    page.locator("[data-tab=patient]").click()
    page.locator(".identity [name=name]").fill("Zhao Yun")
    page.locator("#save-patient").click()
    story.step("the patient has a name")
    page.locator("[data-tab=findings]").click()
    page.locator("[data-grid=impression] [data-code=stemi]").click()
    page.locator("[data-tab=treatments]").click()
    page.locator("[data-code=ecg_12_lead]").click()
    page.locator("[data-tab=drugs]").click()
    page.locator("[data-code=aspirin]").click()
    expect(page.locator("#dose")).to_contain_text("300")
    page.locator("#save-dose").click()
    page.locator("[data-tab=timeline]").click()
    expect(page.locator(".line", has_text="Aspirin")).to_contain_text("300")
    expect(page.locator("#waiting")).to_contain_text("All sent", timeout=WAIT_MS)
    story.step("impression, ECG and aspirin stand on the time line, nothing waits to be sent")
    story.shot(medic, "tablet-treating")


def board(medic: Seat, nurse: Seat, story: Story) -> None:
    """The moment that the product is named after."""
    page, wall = medic.page, nurse.page
    press(page, "on_board")
    own = wall.locator("#ed").get_attribute("data-hospital")
    page.locator(f".hospital[data-hospital='{own}']").click(timeout=WAIT_MS)
    story.step("hospitals are ranked with reasons; one is chosen")
    story.shot(medic, "tablet-hospitals")
    page.evaluate(TAP_TIME)
    wall.evaluate(CARD_TIME)
    page.locator("#confirm-board").click()
    expect(wall.locator(".card")).to_be_visible(timeout=WAIT_MS)
    # The page notes the time with its next frame: the card may be seen from here before.
    seen = "Boolean(window.seen_ms)"
    wait_until(lambda: bool(wall.evaluate(seen)), timeout_s=WAIT_MS / 1000, what=seen)
    waited_ms = wall.evaluate("window.seen_ms") - page.evaluate("window.tap_ms")
    story.on_board_to_ed_s = waited_ms / 1000
    story.step("ON BOARD: the card is on the hospital's screen")
    expect(page.locator(".handover-number")).to_contain_text("H", timeout=WAIT_MS)
    number = page.locator(".handover-number").inner_text()
    expect(wall.locator(".card .preadmission")).to_have_text(number)
    expect(wall.locator(".card")).to_contain_text("Zhao Yun")
    expect(wall.locator(".card")).to_contain_text("Aspirin")
    expect(wall.locator(".card [data-vital=heart_rate][data-state=fresh]")).to_be_visible(
        timeout=WAIT_MS
    )
    story.step(f"pre-admission number {number}, patient, treatments and live vital signs are there")
    story.shot(nurse, "ed-alert")


def answer(nurse: Seat, medic: Seat, story: Story) -> None:
    page, wall = medic.page, nurse.page
    expect(page.locator(".handover-said")).to_contain_text("on the hospital", timeout=WAIT_MS)
    expect(page.locator(".handover-wait")).to_be_visible()
    story.step("the crew sees: delivered, and that nobody has confirmed yet")
    wall.locator("[data-act=confirm]").click()
    expect(page.locator(".handover-ok")).to_contain_text("Chen Jing", timeout=WAIT_MS)
    story.step("the nurse confirms; the crew reads her name")
    wall.locator("[data-act=ready]").click()
    wall.locator(".bays .pick", has_text="R2").click()
    wall.locator("[data-act=save-bay]").click()
    expect(page.locator(".handover-bay")).to_contain_text("R2", timeout=WAIT_MS)
    story.step("bay R2 waits; the crew knows it")
    press(page, "left_scene")
    expect(wall.locator(".card .eta[data-countdown]")).to_be_visible(timeout=WAIT_MS)
    story.step("the arrival counts down by road time on the hospital's screen")
    story.shot(nurse, "ed-ready")
    story.shot(medic, "tablet-transport")


def hand_over(medic: Seat, nurse: Seat, story: Story) -> None:
    page, wall = medic.page, nurse.page
    arrive(page, "at_destination")
    press(page, "at_destination")
    expect(wall.locator(".card [data-act=receive]")).to_be_visible(timeout=WAIT_MS)
    story.step("arrived; the offload clock runs")
    press(page, "handed_over")
    page.locator("[data-answers=condition] [data-code=stable]").click(timeout=WAIT_MS)
    page.locator("[data-answers=valuables] .tile").first.click()
    draw(page)
    story.shot(medic, "tablet-handover")
    page.locator("#sign-handover").click()
    expect(page.locator(".step-over")).to_be_visible(timeout=WAIT_MS)
    story.step("the crew has signed and waits for the hospital's name")
    wall.locator(".card [data-act=receive]").click()
    wall.locator(".receiving [data-level=II]").click(timeout=WAIT_MS)
    wall.locator(".receiving [data-act=draw]").click()
    draw(wall)
    story.shot(nurse, "ed-receiving")
    wall.locator(".receiving [data-act=take-over]").click()
    expect(wall.locator(".done li").first).to_be_visible(timeout=WAIT_MS)
    story.step("the nurse has received the patient: care is transferred")
    press(page, "available")
    expect(page.locator(".steps a", has_text="Printable record")).to_be_visible(timeout=WAIT_MS)
    story.step("the unit is available again")


def draw(page: Page) -> None:
    """A signature with a finger."""
    page.locator("#pad").scroll_into_view_if_needed(timeout=WAIT_MS)
    box = page.locator("#pad").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.6
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x + 30 * step, y + (10 if step % 2 else -10))
    page.mouse.up()


def read_the_record(nurse: Seat, medic: Seat, story: Story) -> None:
    with nurse.page.context.expect_page() as opened:
        nurse.page.locator(".done li a").first.click()
    sheet = opened.value
    sheet.wait_for_load_state()
    for words in ("Version 1", "Zhao Yun", "Aspirin", "Wang Lei", "Chen Jing", "SHA-256"):
        expect(sheet.locator("body")).to_contain_text(words)
    if story.shots:
        sheet.screenshot(path=story.shots / "record.png", full_page=True)
    story.step("the record is closed as version 1, with both names, and can be printed")
    medic.page.locator("[data-act=done]").click()
    expect(medic.page.locator(".standby")).to_be_visible(timeout=WAIT_MS)
    story.step("the tablet stands by for the next patient")


def place_near(page: Page, home: tuple[float, float]) -> str:
    """The name of an address some four hundred metres from the unit's station."""
    found = page.evaluate(
        "async ([lat, lon]) => (await fetch(`/api/places/nearest/?lat=${lat}&lon=${lon}`)).json()",
        [home[0] + 0.004, home[1] + 0.001],
    )
    return str(found["label_en"] or found["label_zh"])


def run(story: Story) -> None:
    with demonstration() as platform, chromium() as browser:
        story.step("the platform is up: web, uplink, media, watcher, one agent with all vehicles")
        play(platform, browser, story)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=Path, help="a folder for screenshots of the steps")
    shots = parser.parse_args().shots
    story = Story(shots)
    failure = ""
    try:
        run(story)
    except (AssertionError, PlaywrightError) as failed:
        failure = str(failed)
        print(failure, file=sys.stderr)
    result = {
        "steps": story.steps,
        "passed": not failure,
        "on_board_to_ed_s": round(story.on_board_to_ed_s, 3),
        "call_to_recommendation_s": round(story.call_to_recommendation_s, 3),
    }
    print(json.dumps(result), flush=True)
    return int(bool(failure))


if __name__ == "__main__":
    sys.exit(main())
