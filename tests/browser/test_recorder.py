"""What the camera saw is in the record, whatever is cut or killed on the way; in a real browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.recording.actions.sealing import seal
from ehr_prehospital.recording.models import Recording, RecordingPiece
from ehr_prehospital.recording.queries import began_at
from ehr_prehospital.recording.store import film_of
from tests.browser.test_live_video import page_of
from tests.fake_camera import FLAGS as CAMERA
from tests.fake_camera import READER, TAP, write_film
from tests.live_platform import beside, live_platform
from tests.recorded import kept_of, sound_of
from tests.stories.browsers import FLAGS, NO_WEBGL, launched
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

COUNT = 250


@contextmanager
def tablet(playwright: Playwright, profile: Path, camera: Path) -> Iterator[BrowserContext]:
    """A browser whose profile outlives it."""
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path="/usr/bin/chromium",
        args=[*FLAGS, *NO_WEBGL, *CAMERA, f"--use-file-for-fake-video-capture={camera}"],
        viewport={"width": 1280, "height": 800},
        permissions=["camera", "microphone"],
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it was killed
            context.close()


def kill_browser(profile: Path) -> None:
    """SIGKILL to the browser of this profile and what it started: as when the battery falls out."""
    mark = f"--user-data-dir={profile}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue


def pieces() -> int:
    return beside(RecordingPiece.objects.count)


def more_than(count: int) -> None:
    wait_until(lambda: pieces() > count, what=f"more than {count} pieces arrive")


def begin(page: Page, url: str) -> None:
    page.goto(f"{url}/tablet/")
    page.wait_for_selector("#link[data-link=live]", timeout=40_000)


def sealed_films() -> list[tuple[str, bytes]]:
    """Why each recording ended, and its whole film as it is proven."""
    found = []
    rows = Recording.objects.select_related("stream__mission").order_by("recorded_at")
    for row in rows:
        done = seal(recording=row, now=timezone.now())
        assert done is not None, "every piece is there"
        assert done.state == "complete", "and it is what the device signed"
        film = film_of(done)
        found.append((done.end_reason, film.read(0, film.size)))
    return found


def all_ended(count: int) -> bool:
    return beside(
        lambda: (
            Recording.objects.filter(end_told_at__isnull=False).count() == count
            and Recording.objects.count() == count
        )
    )


def start_camera_with_sound(page: Page) -> None:
    page.click("[data-event=camera]")
    page.click("[data-answers=consent] [data-code=given]", timeout=40_000)
    page.click("[data-answers=sound] [data-code=on]")
    page.click("[data-act=start-camera]:not([disabled])", timeout=40_000)


def in_the_player(context: BrowserContext, url: str, mission: Mission) -> None:
    """The film that the tablet made is seen, and heard, where a doctor looks for it."""
    page = context.new_page()
    began = beside(lambda: began_at(Recording.objects.get()))
    page.goto(f"{url}/hypermedia/{mission.pk}/?at={began.timestamp() * 1000 + 2000:.0f}")
    page.wait_for_selector(".film[data-state=shown]", timeout=40_000)
    page.click(".film [data-act=sound]")
    page.keyboard.press("Space")
    heard = "document.querySelector('.film-video').webkitAudioDecodedByteCount > 0"
    wait_until(lambda: page.evaluate(heard), timeout_s=40, what="the film is heard")


def test_no_picture_is_missing_after_a_cut_a_killed_hub_and_a_killed_browser(
    under_way: Mission, medic_wang: User, dispatcher_li: User, tmp_path: Path
) -> None:
    camera = write_film(tmp_path / "camera.y4m", count=COUNT)
    profile = tmp_path / "profile"
    with (
        live_platform() as platform,
        sync_playwright() as playwright,
        launched(playwright, webgl=False) as others,
    ):
        wall = page_of(others, platform, dispatcher_li, f"/video/{under_way.pk}/")
        with tablet(playwright, profile, camera) as context:
            context.add_init_script(READER + TAP)
            platform.sign_in(context, medic_wang)
            page = context.new_page()
            begin(page, platform.url)
            start_camera_with_sound(page)
            more_than(3)
            context.set_offline(True)
            page.wait_for_timeout(4000)
            context.set_offline(False)
            more_than(pieces() + 3)
            platform.kill_hub()
            page.wait_for_timeout(1500)
            platform.start_hub()
            more_than(pieces() + 3)
            context.set_offline(True)
            page.wait_for_timeout(2500)
            context.set_offline(False)
            wall.wait_for_selector(".camera[data-shown]:not([data-late])", timeout=40_000)
            handed_over = page.evaluate("given.map(([number]) => number)")
            kill_browser(profile)
        fault = "document.querySelector('.camera-fault').textContent === 'No link to the vehicle'"
        wait_until(lambda: wall.evaluate(fault), timeout_s=40, what="the wall says that it is cut")
        with tablet(playwright, profile, camera) as context:
            platform.sign_in(context, medic_wang)
            begin(context.new_page(), platform.url)
            wait_until(lambda: all_ended(1), timeout_s=60, what="what the crash left is brought")
            films = beside(sealed_films)
            in_the_player(context, platform.url, under_way)

    ((reason, film),) = films
    kept = kept_of(handed_over, film, COUNT)
    heard_s, loudest = sound_of(film)
    assert reason == "interrupted"
    assert kept.frames > 200
    assert kept.missing == 0
    # What the killed encoder still held: it gives a second when the second is whole.
    assert kept.after < 75
    assert heard_s > 5
    assert loudest > 0.05
