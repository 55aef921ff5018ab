"""A consult in real browsers: rung, heard by a relay, drawn on one picture, ordered, recorded."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.consult.models import Consult, Drawing
from ehr_prehospital.record.models import RecordEntry
from tests.actions.consults import physician
from tests.browser.consults import (
    WAIT_MS,
    chromium,
    page_of,
    ring_and_answer,
    start_camera,
    truth,
    until,
)
from tests.live_platform import live_platform
from tests.running import free_port
from tests.town import Town
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

SECRET = "north-of-the-river"
# The number of the picture in the middle of a canvas that shows it whole, and one pixel of it.
LOOK = """
async ([selector, point]) => {
  const { letterbox, onScreen } = await import("/static/shared/consult/drawing_rules.js");
  const canvas = document.querySelector(selector);
  const box = { width: canvas.width, height: canvas.height };
  const area = letterbox(box, { width: 320, height: 240 });
  const whole = new OffscreenCanvas(640, 480);
  whole.getContext("2d").drawImage(
    canvas, area.x, area.y, area.width, area.height, 0, 0, 640, 480);
  const { x, y } = onScreen(point, { x: 0, y: 0, width: 640, height: 480 });
  const pixel = [...whole.getContext("2d").getImageData(Math.round(x), Math.round(y), 1, 1).data];
  return { number: numberOn(whole, 640, 480), pixel };
}
"""
HEARS = """
([page, way]) => globalThis[page].stats().then((stats) => stats
  && Object.values(stats.peers).some((peer) => peer.way === way && peer.packets > 20
    && peer.energy > 0))
"""
FACE = """
() => [...document.querySelectorAll("video.face")].some((one) => one.videoWidth > 0)
"""
HEARS_OVER_HUB = """
(page) => globalThis[page].stats().then((stats) => stats?.hub
  && stats.hub.heard > 20 && stats.hub.energy > 0)
"""


@pytest.fixture
def sun(town: Town) -> User:
    return physician(town, "sun", specialties=("cardiology", "trauma"))


@contextmanager
def relay(folder: Path) -> Iterator[int]:
    """A real coturn on loopback; yields its port."""
    port = free_port()
    with (folder / "relay.log").open("w") as output:
        child = subprocess.Popen(
            [
                "turnserver", "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
                f"--listening-port={port}", "--use-auth-secret", f"--static-auth-secret={SECRET}",
                "--realm=onboard", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers",
                "--log-file=stdout", f"--pidfile={folder / 'relay.pid'}", "--min-port=49160",
                "--max-port=49460", f"--userdb={folder / 'relay.db'}",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_until(lambda: answers_stun(port), what="the relay listens")
            yield port
        finally:
            child.terminate()
            child.wait(10)


def answers_stun(port: int) -> bool:
    """A binding request (RFC 8489) and its answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.3)
        probe.sendto(bytes.fromhex("000100002112a442") + bytes(12), ("127.0.0.1", port))
        try:
            return probe.recv(200)[:2] == b"\x01\x01"
        except OSError:
            return False


def test_a_physician_is_rung_heard_through_the_relay_draws_on_one_picture_and_orders(
    under_way: Mission,
    medic_wang: User,
    sun: User,
    film: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with relay(tmp_path) as port:
        monkeypatch.setenv("ONBOARD_TURN_URLS", f"turn:127.0.0.1:{port}?transport=udp")
        monkeypatch.setenv("ONBOARD_TURN_SECRET", SECRET)
        monkeypatch.setenv("ONBOARD_TURN_ONLY", "1")
        with live_platform() as platform, chromium(film) as browser:
            desk = page_of(browser, platform, sun, "/consult/")
            tablet = page_of(browser, platform, medic_wang, "/tablet/")
            start_camera(tablet)
            ring_and_answer(tablet, desk)

            for page, name in ((tablet, "consultOnTablet"), (desk, "consultDesk")):
                until(page, HEARS, [name, "relay"])
            desk.click("[data-call=mute]")
            tablet.wait_for_selector(".party:has-text('muted')", timeout=WAIT_MS)
            desk.click("[data-call=camera]")
            until(tablet, FACE)
            one_picture(desk, tablet)
            an_order(desk, tablet)
            desk.click("[data-call=leave]")
            tablet.wait_for_selector("[data-consult-state]", state="detached", timeout=WAIT_MS)
            desk.wait_for_selector("#case", state="hidden", timeout=WAIT_MS)

    entries = RecordEntry.objects.filter(record__mission=under_way, source="order")
    assert entries.get(element="medication.dose").value == "300"
    assert entries.get(element="medication.authorised_by").value == "sun Sun"
    assert Consult.objects.get().state == "ended"
    seen_now = may_see(user=sun, mission=under_way, now=timezone.now()).level
    assert seen_now is Level.NONE
    kinds = list(Drawing.objects.order_by("occurred_at", "id").values_list("t", flat=True))
    assert kinds[:2] == ["freeze", "seen"]
    assert "stroke" in kinds


def one_picture(desk: Page, tablet: Page) -> None:
    """Frozen at the desk, the same number stands on the tablet; a red arrow lies on its point."""
    until(desk, "() => document.querySelector('.picture-stage').dataset.seq > 20")
    desk.click("[data-draw=freeze]")
    desk.wait_for_selector("[data-proof=seen]", timeout=WAIT_MS)
    on_desk = desk.evaluate(LOOK, [".picture-live", [0.5, 0.75]])
    on_tablet = tablet.evaluate(LOOK, ["#shown canvas", [0.5, 0.75]])
    assert on_desk["number"] is not None
    assert on_tablet["number"] == on_desk["number"]

    desk.click("[data-tool=arrow]")
    box = desk.locator(".picture-marks").bounding_box()
    assert box
    side = box["height"] * 4 / 3
    left = box["x"] + (box["width"] - side) / 2

    def place(u: float, v: float) -> tuple[float, float]:
        return left + side * u, box["y"] + box["height"] * v

    desk.mouse.move(*place(0.3, 0.75))
    desk.mouse.down()
    desk.mouse.move(*place(0.7, 0.75), steps=8)
    desk.mouse.up()
    until(
        tablet,
        f"() => ({LOOK})(['#shown canvas', [0.5, 0.75]])"
        ".then(({ pixel: [red, green, blue] }) => red > 200 && green < 120 && blue < 120)",
    )
    desk.click("[data-draw=freeze]")
    tablet.wait_for_selector("#shown", state="hidden", timeout=WAIT_MS)


def an_order(desk: Page, tablet: Page) -> None:
    """Ordered at the desk, read back and given on the tablet, recorded for both."""
    desk.select_option("select[name=drug]", "aspirin")
    desk.fill("input[name=dose]", "300")
    desk.click("[data-act=order]")
    desk.wait_for_selector("[data-cautions], .order-row", timeout=WAIT_MS)
    if desk.locator("[data-cautions]").count():
        desk.click("[data-act=order]")
    tablet.wait_for_selector("[data-order-bar]", timeout=WAIT_MS)
    tablet.click("[data-order-bar] [data-order-act=read_back]")
    desk.wait_for_selector(".order-row[data-state=read_back]", timeout=WAIT_MS)
    tablet.click("[data-order-bar] [data-order-act=give]")
    desk.wait_for_selector(".order-row[data-state=recorded]", timeout=WAIT_MS)


def test_without_a_way_the_voice_goes_over_the_hub_and_says_so(
    under_way: Mission,
    medic_wang: User,
    sun: User,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONBOARD_TURN_URLS", f"turn:127.0.0.1:{free_port()}")  # nobody there
    monkeypatch.setenv("ONBOARD_TURN_SECRET", SECRET)
    monkeypatch.setenv("ONBOARD_TURN_ONLY", "1")
    with live_platform() as platform, chromium(film) as browser:
        desk = page_of(browser, platform, sun, "/consult/")
        tablet = page_of(browser, platform, medic_wang, "/tablet/")

        ring_and_answer(tablet, desk)

        for page, name in ((tablet, "consultOnTablet"), (desk, "consultDesk")):
            until(page, HEARS_OVER_HUB, name)
            page.wait_for_selector(".party-way[data-way=hub]", timeout=WAIT_MS)
        tablet.click(".consult [data-call=leave]")
        desk.wait_for_selector("#case", state="hidden", timeout=WAIT_MS)
    truth(lambda: Consult.objects.get().state == "ended", "the consult has ended")
