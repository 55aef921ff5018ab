"""Live pictures in real browsers: from a camera to a wall, through cuts and a killed hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.video.models import Stream
from tests.fake_camera import FLAGS as CAMERA
from tests.fake_camera import READER
from tests.live_platform import LivePlatform, beside, live_platform
from tests.stories.browsers import FLAGS, NO_WEBGL
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

WAIT_MS = 40_000
WITHOUT_ENCODER = "delete globalThis.VideoEncoder;"
WITHOUT_DECODER = "delete globalThis.VideoDecoder;"

# The camera's side: when each number came out of the camera, by this machine's one clock.
WATCH_CAMERA = """
async (stream) => {
  const { publisherOf } = await import("/static/tablet/camera/cameras.js");
  window.publisherOf = publisherOf;
  const track = document.querySelector(".camera-preview").srcObject.getVideoTracks()[0];
  const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
  window.captured = new Map();
  (async () => {
    for (;;) {
      const { done, value: frame } = await reader.read();
      if (done) return;
      const at = performance.timeOrigin + performance.now();
      const number = numberOn(frame, frame.displayWidth, frame.displayHeight);
      frame.close();
      if (number !== null) captured.set(number, [...(captured.get(number) ?? []), at]);
    }
  })();
}
"""
# The viewer's side: when each number was first seen on the screen.
WATCH_SCREEN = """
(picture) => {
  window.seen = [];
  let last = null;
  const look = () => {
    const element = document.querySelector(picture);
    const [width, height] = element.videoWidth
      ? [element.videoWidth, element.videoHeight] : [element.width, element.height];
    const number = width ? numberOn(element, width, height) : null;
    if (number !== null && number !== last) {
      seen.push([(last = number), performance.timeOrigin + performance.now()]);
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


@contextmanager
def chromium_with_camera(playwright: Playwright, film: Path) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[*FLAGS, *NO_WEBGL, *CAMERA, f"--use-file-for-fake-video-capture={film}"],
    )
    try:
        yield browser
    finally:
        browser.close()


def page_of(
    browser: Browser, platform: LivePlatform, user: User, path: str, *, before: str = ""
) -> Page:
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
    platform.sign_in(context, user)
    page = context.new_page()
    if before:
        page.add_init_script(before)
    page.goto(platform.url + path)
    page.evaluate(READER)
    return page


def start_camera(page: Page) -> None:
    page.wait_for_selector("#link[data-link=live]", timeout=WAIT_MS)
    page.click("[data-event=camera]")
    page.click("[data-act=start-camera]:not([disabled])", timeout=WAIT_MS)
    page.wait_for_selector(".camera-card[data-link=live]", timeout=WAIT_MS)


def delays(camera: Page, wall: Page) -> list[float]:
    """For each picture on the screen, how long ago it came out of the camera, ms."""
    captured: dict[str, list[float]] = camera.evaluate("Object.fromEntries(captured)")
    found = []
    for number, at in wall.evaluate("seen"):
        before = [moment for moment in captured.get(str(number), []) if moment <= at]
        if before:
            found.append(at - before[-1])
    return sorted(found)


def test_a_camera_is_seen_at_once_frozen_on_one_picture_and_back_after_every_cut(
    under_way: Mission, medic_wang: User, dispatcher_li: User, film: Path
) -> None:
    with (
        live_platform() as platform,
        sync_playwright() as playwright,
        chromium_with_camera(playwright, film) as browser,
    ):
        tablet = page_of(browser, platform, medic_wang, "/tablet/")
        start_camera(tablet)
        tablet.evaluate(WATCH_CAMERA)
        wall = page_of(browser, platform, dispatcher_li, f"/video/{under_way.pk}/")
        wall.wait_for_selector(".camera[data-shown]:not([data-late])", timeout=WAIT_MS)
        wall.evaluate(WATCH_SCREEN, ".camera-picture")
        wait_for(wall, "seen.length > 60")

        late = delays(tablet, wall)
        assert late[int(0.95 * len(late))] < 1000
        tablet.get_by_text("Li (Dispatcher)").wait_for(timeout=WAIT_MS)
        assert tablet.inner_text("#on-air").endswith("1 watching")
        frozen_numbers(tablet, wall)

        tablet.context.set_offline(True)
        wall.wait_for_selector(".camera[data-late]", timeout=WAIT_MS)
        wait_for(wall, fault_is("No link to the vehicle"))
        tablet.context.set_offline(False)
        wall.wait_for_selector(".camera:not([data-late])", timeout=WAIT_MS)

        platform.kill_hub()
        wait_for(wall, fault_is("No connection to the centre"))
        platform.start_hub()
        wall.wait_for_selector(".camera:not([data-late])", timeout=WAIT_MS)
        wall.evaluate("seen.length = 0")
        wait_for(wall, "seen.length > 10")

        wall.keyboard.press("s")
        wall.get_by_text("Pictures are kept by those").wait_for(timeout=WAIT_MS)
        own = page_of(browser, platform, medic_wang, f"/video/{under_way.pk}/")
        own.wait_for_selector(".camera[data-shown]", timeout=WAIT_MS)
        own.keyboard.press("s")
        own.get_by_text("The picture is in the record.").wait_for(timeout=WAIT_MS)
        tablet.click("[data-act=stop-camera]")
        wait_for(wall, fault_is("Camera switched off"))

        kept = beside(Attachment.objects.get)
        assert kept.name.startswith("snapshot-cabin-")
        assert kept.media_type == "image/jpeg"
        assert beside(Stream.objects.get).ended_at is not None


def wait_for(page: Page, truth: str) -> None:
    """The pages' own policy forbids what Playwright's wait_for_function does."""
    wait_until(lambda: page.evaluate(truth), timeout_s=WAIT_MS / 1000, what=truth)


def fault_is(words: str) -> str:
    return f"document.querySelector('.camera-fault').textContent === '{words}'"


def frozen_numbers(tablet: Page, wall: Page) -> None:
    """The wall stands still on a picture of now; the tablet shows the one of that number."""
    seq = wall.evaluate("""async () => {
      const { viewerOf } = await import("/static/video/wall.js");
      const stream = document.querySelector(".camera").dataset.stream;
      window.viewer = viewerOf(stream);
      return [stream, await viewer.freeze()];
    }""")
    frozen = wall.evaluate(
        """async ([, seq]) => {
          const { bitmap } = await viewer.pictureAt(seq);
          return numberOn(bitmap, bitmap.width, bitmap.height);
        }""",
        seq,
    )
    own = tablet.evaluate(
        """async ([stream, seq]) => {
          const { seq: found, bitmap } = await publisherOf(stream).pictureAt(seq);
          return [found === seq, numberOn(bitmap, bitmap.width, bitmap.height)];
        }""",
        seq,
    )
    assert frozen is not None
    assert own == [True, frozen]
    # What a worker draws is on the page's canvas one frame later.
    wait_for(wall, f"seen.at(-1)[0] === {frozen}")
    wall.evaluate("seen.length = 0")
    wait_for_frames(wall, 12)
    assert wall.evaluate("seen") == []
    wall.evaluate("viewer.thaw()")
    wait_for(wall, "seen.length > 3")


def wait_for_frames(page: Page, count: int) -> None:
    """Twelve frames of the screen are time for five pictures of a camera."""
    page.evaluate(
        """async (count) => {
          for (let n = 0; n < count; n++) await new Promise(requestAnimationFrame);
        }""",
        count,
    )


@pytest.mark.parametrize(
    ("camera", "viewer"),
    [(WITHOUT_ENCODER, ""), ("", WITHOUT_DECODER)],
    ids=["a camera without an encoder", "a viewer without a decoder"],
)
def test_without_webcodecs_pictures_go_through_a_media_element(
    under_way: Mission, medic_wang: User, dispatcher_li: User, film: Path, camera: str, viewer: str
) -> None:
    with (
        live_platform() as platform,
        sync_playwright() as playwright,
        chromium_with_camera(playwright, film) as browser,
    ):
        tablet = page_of(browser, platform, medic_wang, "/tablet/", before=camera)
        start_camera(tablet)
        path = f"/video/{under_way.pk}/"
        wall = page_of(browser, platform, dispatcher_li, path, before=viewer)
        wall.wait_for_selector("video.camera-picture", timeout=WAIT_MS)
        wall.wait_for_selector(".camera[data-shown]", timeout=WAIT_MS)
        wall.evaluate(WATCH_SCREEN, ".camera-picture")
        wait_for(wall, "seen.length > 25")
        numbers = [number for number, _at in wall.evaluate("seen")]

    forward = [(b - a) % 250 for a, b in pairwise(numbers)]
    assert max(forward) < 100  # in order: never back
