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
from ehr_prehospital.recording.store import film_of
from tests.fake_camera import FLAGS as CAMERA
from tests.fake_camera import write_film
from tests.live_platform import beside, live_platform
from tests.recorded import read_film
from tests.stories.browsers import FLAGS, NO_WEBGL
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

COUNT = 250


@pytest.fixture
def under_way(mission: Mission) -> Mission:
    now = timezone.now()
    Mission.objects.update(assigned_at=now, acknowledged_at=now, state="acknowledged")
    return mission


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


def test_no_picture_is_missing_after_a_cut_a_killed_hub_and_a_killed_browser(
    under_way: Mission, medic_wang: User, tmp_path: Path
) -> None:
    camera = write_film(tmp_path / "camera.y4m", count=COUNT)
    profile = tmp_path / "profile"
    with live_platform() as platform, sync_playwright() as playwright:
        with tablet(playwright, profile, camera) as context:
            platform.sign_in(context, medic_wang)
            page = context.new_page()
            begin(page, platform.url)
            page.click("[data-event=camera]")
            page.click("[data-act=start-camera]:not([disabled])", timeout=40_000)
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
            before = pieces()
            kill_browser(profile)
        with tablet(playwright, profile, camera) as context:
            platform.sign_in(context, medic_wang)
            begin(context.new_page(), platform.url)
            wait_until(lambda: all_ended(1), timeout_s=60, what="what the crash left is brought")
        assert pieces() > before
        films = beside(sealed_films)

    ((reason, film),) = films
    read = read_film(film, COUNT)
    assert reason == "interrupted"
    assert read.frames > 200
    # Every piece came (sealed_films); what a loaded machine's camera did not give is no loss.
    assert read.missing <= read.frames // 100
    assert read.longest_ms < 500
