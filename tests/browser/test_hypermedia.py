"""A doctor finds the moment: two hours of film, numbers and events, on one clock."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from ambulance_agent.protocol.codes import Quality
from dispatch.fleet.actions import record_fact
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.recording.actions.strips import make_strip
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.video.models import Stream
from ehr_prehospital.vitals.models import Reading
from tests.films import Device, film, numbers_in
from tests.live_platform import beside, live_platform
from tests.recordings import arrived
from tests.stories.browsers import launched
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

HOURS_S = 7200

NUMBER = """() => {
  const video = document.querySelector('.film-video');
  const canvas = Object.assign(document.createElement('canvas'), {width: 160, height: 96});
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 160, 96);
  const row = context.getImageData(0, 48, 160, 1).data;
  const bit = (bar) => (row[(bar * 10 + 5) * 4] > 128 ? 1 : 0);
  return [...Array(16).keys()].reduce((number, bar) => number * 2 + bit(bar), 0);
}"""


def camera(mission: Mission, user: User, role: str, began: datetime) -> Stream:
    return Stream.objects.create(
        id=uuid4(),
        mission=mission,
        role=role,
        user=user,
        mode="wc",
        codec="avc1.42001f",
        recording="own",
        consent="given",
        started_at=began,
        recorded_at=began,
    )


@pytest.fixture
def two_hours(mission: Mission, medic_wang: User) -> tuple[Mission, datetime]:
    """A mission of two hours that is just over: a long film, one with a gap, numbers, events."""
    began = timezone.now().replace(microsecond=0) - timedelta(seconds=HOURS_S + 60)
    Mission.objects.update(assigned_at=began)
    mission.refresh_from_db()
    for fact, after_s in (("en_route", 60), ("on_scene", 600), ("at_patient", 660)):
        record_fact(
            mission=mission,
            fact=fact,
            occurred_at=began + timedelta(seconds=after_s),
            actor=medic_wang,
            source="tablet",
            now=began + timedelta(seconds=after_s + 1),
            fact_id=uuid4(),
        )
    long = film(range(HOURS_S), fps=1, keys_every=1)
    long_one = arrived(
        camera(mission, medic_wang, "cabin", began),
        Device(long, started_ms=began.timestamp() * 1000, mime="video/mp4;codecs=avc1.42E01E"),
        medic_wang,
        now=began,
    )
    make_strip(recording=long_one, now=began)
    for start_s in (0, 900):
        started = began + timedelta(seconds=start_s)
        arrived(
            camera(mission, medic_wang, "road", started),
            Device(
                film(range(300), fps=1, keys_every=1),
                started_ms=started.timestamp() * 1000,
                mime="video/mp4;codecs=avc1.42E01E",
            ),
            medic_wang,
            now=started,
        )
    Reading.objects.bulk_create(
        Reading(
            ambulance_id=mission.ambulance_id,
            mission=mission,
            epoch=uuid4(),
            sequence=second,
            index=0,
            recorded_at=began + timedelta(seconds=second),
            clock_offset_ms=40,
            code="heart_rate",
            value=60 + second // 60,
            unit="/min",
            measured_at=began + timedelta(seconds=second),
            quality=Quality.GOOD,
            source="monitor",
        )
        for second in range(0, HOURS_S, 5)
    )
    Attachment.objects.create(
        mission=mission,
        author=medic_wang,
        name="voice.webm",
        media_type="audio/webm",
        sha256=bytes(32),
        size=4,
        content=b"\x1aE\xdf\xa3",
        occurred_at=began + timedelta(seconds=5000),
        recorded_at=began + timedelta(seconds=5300),
    )
    return mission, began


@pytest.fixture
def page(two_hours: tuple[Mission, datetime], medic_wang: User) -> Iterator[Page]:
    with (
        live_platform() as platform,
        sync_playwright() as playwright,
        launched(playwright, webgl=False) as browser,
    ):
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB")
        platform.sign_in(context, medic_wang)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{platform.url}/hypermedia/{two_hours[0].pk}/")
        page.wait_for_selector('.film[data-camera="cabin"][data-state="shown"]', timeout=30_000)
        yield page
        assert not faults


def wait_for(page: Page, truth: str) -> None:
    """The page's own policy forbids what Playwright's wait_for_function does."""
    wait_until(lambda: page.evaluate(truth), timeout_s=30, what=truth)


def seek(page: Page, began: datetime, second: float) -> float:
    """Press on the time line at this moment; the milliseconds until the right picture is shown."""
    box = page.locator(".timeline").bounding_box()
    assert box
    first, last = (
        int(page.locator(".timeline").get_attribute(name) or 0)
        for name in ("aria-valuemin", "aria-valuemax")
    )
    head = 116
    at = (began.timestamp() * 1000 + second * 1000 - first) / (last - first)
    x = box["x"] + head + at * (box["width"] - head - 8)
    started = time.monotonic()
    page.mouse.click(x, box["y"] + 9)
    now = f"Number(document.querySelector('#main').dataset.nowMs) - {began.timestamp() * 1000}"
    wait_for(
        page,
        f"Math.abs({now} - {second * 1000}) < 6000"
        f" && document.querySelector('.film').dataset.state === 'shown'"
        f" && ({NUMBER})() === Math.floor(({now}) / 1000)",
    )
    return (time.monotonic() - started) * 1000


def test_every_place_of_two_hours_shows_the_picture_that_was_taken_then(
    page: Page, two_hours: tuple[Mission, datetime]
) -> None:
    _, began = two_hours

    for second in (3600, 7100, 12, 5431, 2999):
        seek(page, began, second)
        beats = page.locator('.sign[data-code="heart_rate"] b').inner_text()
        assert abs(int(beats) - (60 + second // 60)) <= 1


def test_an_event_leads_to_its_moment_a_gap_says_so_and_the_keys_move_the_clock(
    page: Page, two_hours: tuple[Mission, datetime]
) -> None:
    _, began = two_hours
    road = page.locator('.film[data-camera="road"]')

    page.locator('.moment[data-kind="voice"] .moment-jump').click()
    at_voice = round((began.timestamp() + 5000) * 1000)
    wait_for(page, f"Number(document.querySelector('#main').dataset.nowMs) === {at_voice}")
    expect(road).to_have_attribute("data-state", "gap")
    expect(road.locator(".film-why p")).to_have_text("Nothing was recorded here")
    expect(page.locator('.moment[data-kind="voice"]')).to_have_attribute("aria-current", "true")
    expect(page.locator('.moment[data-kind="voice"] small')).to_contain_text("arrived")
    page.keyboard.press("ArrowLeft")
    wait_for(page, f"Number(document.querySelector('#main').dataset.nowMs) === {at_voice - 5000}")
    page.keyboard.press("ArrowUp")
    expect(page.locator('.moment[data-kind="at_patient"]')).to_have_attribute(
        "aria-current", "true"
    )
    road.locator("[data-act=next-picture]").click()
    later = round((began.timestamp() + 900) * 1000)
    wait_for(page, f"Number(document.querySelector('#main').dataset.nowMs) === {later}")
    expect(road).not_to_have_attribute("data-state", "gap")
    page.locator('.moment[data-kind="at_patient"] .moment-jump').click()
    page.keyboard.press("k")
    page.keyboard.press("l")
    page.keyboard.press("l")
    expect(page.locator('[data-speed="4"]')).to_have_attribute("aria-pressed", "true")
    played_ms = began.timestamp() * 1000 + 664_000
    wait_for(page, f"Number(document.querySelector('#main').dataset.nowMs) > {played_ms}")
    page.keyboard.press(" ")


def test_a_clip_is_taken_out_with_its_reason_and_holds_just_its_pictures(
    page: Page, two_hours: tuple[Mission, datetime], tmp_path: Path
) -> None:
    _, began = two_hours
    seek(page, began, 3600)
    begin = int(page.locator("#main").get_attribute("data-now-ms") or 0)

    page.keyboard.press("i")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.keyboard.press("e")
    page.get_by_label("Why is it taken out?").fill("Case review")
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file").click()
    packed = zipfile.ZipFile(saved.value.path())
    manifest = json.loads(packed.read("manifest.json"))
    numbers = numbers_in(packed.read("01-cabin.mp4"))

    second = (begin - round(began.timestamp() * 1000)) // 1000
    assert manifest["reason"] == "Case review"
    assert [one["camera"] for one in manifest["files"]] == ["cabin"]
    assert numbers == list(range(second, second + len(numbers)))
    assert 20 <= len(numbers) <= 22
    assert beside(Recording.objects.count) == 3
