"""A tablet without room: recorder, database and encryption in a browser, without a platform."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, Playwright

from config.env import ROOT
from tests.browser.test_live_video import chromium_with_camera
from tests.fake_camera import READER, TAP, write_film
from tests.recorded import kept_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

COUNT = 250
START = """
async () => {
  const { openRecordingDesk } = await import("/static/tablet/recording/desk.js");
  window.keeper = { seal: async (about, value) => value, unseal: async (about, row) => row };
  window.troubles = [];
  const onTrouble = (code, role) => troubles.push([code, role]);
  window.desk = await openRecordingDesk({ userId: "wang", keeper, onTrouble });
  const video = { width: { ideal: 320 }, frameRate: { ideal: 25 } };
  const [track] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
  const about = { role: "cabin", label: "", device: "", recording: "own", consent: "given" };
  desk.start({ stream: crypto.randomUUID(), mission: crypto.randomUUID(), track, about });
}
"""
# What lies in the database, opened again; and whether the chain over it is the one that was signed.
KEPT = """
async () => {
  const { openSpool } = await import("/static/tablet/recording/spool.js");
  const { firstLink, nextLink, hexOf } = await import("/static/tablet/recording/chain.js");
  const spool = await openSpool({ userId: "wang", keeper });
  const [row] = await spool.all();
  const seqs = await spool.seqs(row.id);
  const pieces = await Promise.all(seqs.map((seq) => spool.piece(row, seq)));
  let head = await firstLink(row.id);
  for (const piece of pieces) head = await nextLink(head, piece);
  const film = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(new Blob(pieces.map(({ payload }) => payload)));
  });
  return { reason: row.end.reason, last: row.end.last, seqs, film,
    whole: hexOf(head) === hexOf(row.chain), signed: Boolean(row.end.signature) };
}
"""
ENDED = "desk.left().then(([row]) => Boolean(row?.end))"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def modules() -> Iterator[str]:
    """The front end's files and nothing behind them: the centre is out of reach."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def until(page: Page, truth: str) -> None:
    wait_until(lambda: page.evaluate(truth), timeout_s=60, what=truth)


def test_when_the_tablet_is_full_the_crew_hears_of_it_and_what_was_recorded_stays_whole(
    playwright: Playwright, tmp_path: Path
) -> None:
    camera = write_film(tmp_path / "camera.y4m", count=COUNT)
    with modules() as url, chromium_with_camera(playwright, camera) as browser:
        page = browser.new_context(permissions=["camera"]).new_page()
        page.add_init_script(READER + TAP)
        page.goto(f"{url}/static/shared/mark.svg")
        page.evaluate(START)
        until(page, "desk.waiting().then((count) => count > 5)")
        devices = page.context.new_cdp_session(page)

        devices.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": 1})
        until(page, "troubles.length > 0")
        devices.send("Storage.overrideQuotaForOrigin", {"origin": url})
        until(page, ENDED)
        troubles = page.evaluate("troubles")
        handed_over = page.evaluate("given.map(([number]) => number)")
        kept = page.evaluate(KEPT)

    assert troubles == [["full", "cabin"]]
    assert (kept["reason"], kept["whole"], kept["signed"]) == ("full", True, True)
    assert kept["seqs"] == [*range(kept["last"] + 1)]
    read = kept_of(handed_over, base64.b64decode(kept["film"]), COUNT)
    assert read.frames > 50
    assert read.missing == 0
