"""A physician freezes the picture twenty times: when does the same one stand before the crew?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.bed import say

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.benchmarks.videos.stage import Stage

TIMES = 20

# The crew's side: when each frozen picture was first seen on the screen, with its own number.
WATCH_SHOWN = """
() => {
  window.frozen = [];
  let last = "";
  const look = () => {
    const canvas = document.querySelector("#shown canvas");
    const seq = canvas.checkVisibility() ? canvas.dataset.seq : "";
    if (seq && seq !== last) frozen.push([Number(seq), performance.timeOrigin + performance.now()]);
    last = seq;
    requestAnimationFrame(look);
  };
  look();
}
"""
# The expert's side: press, and wait for the proof.
FREEZE = """
() => new Promise((resolve) => {
  const stage = document.querySelector(".picture-stage");
  const now = () => performance.timeOrigin + performance.now();
  const at = now();
  document.querySelector("[data-draw=freeze]").click();
  const look = () => {
    const seen = stage.dataset.frozen && stage.dataset.seen === stage.dataset.frozen;
    if (seen) resolve([Number(stage.dataset.frozen), at, now()]);
    else setTimeout(look, 1);
  };
  look();
})
"""
# Of any canvas that shows the picture whole: the number that is drawn in it.
NUMBER = """
async (selector) => {
  const { letterbox } = await import("/static/shared/consult/drawing_rules.js");
  const canvas = document.querySelector(selector);
  const box = { width: canvas.width, height: canvas.height };
  const area = letterbox(box, { width: 640, height: 480 });
  const whole = new OffscreenCanvas(640, 480);
  whole.getContext("2d").drawImage(
    canvas, area.x, area.y, area.width, area.height, 0, 0, 640, 480);
  return numberOn(whole, 640, 480);
}
"""  # fmt: skip


def annotation(on: Stage) -> dict[str, int]:
    from tests.benchmarks.videos.stage import signed_in_page
    from tests.browser.consults import ring_and_answer

    desk = signed_in_page(on, on.people.physician, "/consult/")
    desk.wait_for_selector("#link[data-link=live]", timeout=60_000)
    on.tablet.click("[data-act=back]")
    ring_and_answer(on.tablet, desk)
    desk.wait_for_selector(".picture-stage[data-seq]", timeout=60_000)
    on.tablet.evaluate(WATCH_SHOWN)
    late, proof, same = [], [], 0
    for _ in range(TIMES):
        desk.wait_for_timeout(700)
        seq, pressed, seen = desk.evaluate(FREEZE)
        shown = next(at for number, at in on.tablet.evaluate("frozen") if number == seq)
        late.append(shown - pressed)
        proof.append(seen - pressed)
        same += number_on(desk, ".picture-live") == number_on(on.tablet, "#shown canvas")
        desk.click("[data-draw=freeze]")
        on.tablet.wait_for_selector("#shown", state="hidden", timeout=60_000)
    on.tablet.click(".consult [data-call=leave]")
    desk.context.close()
    on.tablet.click("[data-tab=timeline]")
    on.tablet.click("[data-event=camera]")
    late.sort()
    proof.sort()
    say(f"frozen pictures after {[round(one) for one in late]} ms")
    return {
        "annotation_ms_p50": round(late[TIMES // 2]),
        "annotation_ms_p95": round(late[int(0.95 * TIMES)]),
        "annotation_proof_ms_p95": round(proof[int(0.95 * TIMES)]),
        "annotation_same_picture": same,
        "annotation_freezes": TIMES,
    }


def number_on(page: Page, selector: str) -> int | None:
    found: int | None = page.evaluate(NUMBER, selector)
    return found
