"""A tablet for tests: a mission on it, a PIN, taps into its queue, its raw databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.stories.browsers import FLAGS, TABLET
from tests.stories.desk import Desk
from tests.stories.platform import OWN_UNIT, Platform
from tests.waiting import wait_until

WAIT_MS = 30_000
PIN = "482913"

# The queue as the screen's own modules use it; statements of a mission, one after the other.
WRITE = """
async ([missionId, from, count, all]) => {
  const { queue } = await import("/static/tablet/tablet.js");
  const path = `/api/missions/${missionId}/entries/`;
  const said = (at) => ({ id: crypto.randomUUID(), element: "note", value: `note ${at}`, unit: "",
                          route: "", occurred_at: new Date().toISOString() });
  const jobs = Array.from({ length: count }, (_, at) =>
    ({ kind: "entry", missionId, method: "post", path, body: said(from + at) }));
  if (all) await queue.putAll(jobs);
  else for (const one of jobs) await queue.put(one);
}
"""
# Every row of every database, bytes as text, and what lies in the other stores.
RAW = """
async () => {
  const rows = [];
  const bytes = (one) => one instanceof ArrayBuffer || ArrayBuffer.isView(one);
  const shown = (one) => bytes(one) ? new TextDecoder("utf-8").decode(one) : one;
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const all = await done(database.transaction(store).objectStore(store).getAll());
      rows.push(...all.map((row) => JSON.stringify({ store, ...row }, (_, one) => shown(one))));
    }
    database.close();
  }
  for (const [key, value] of Object.entries({ ...localStorage })) rows.push(key + value);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      const isText = /html|json/.test(kept.headers.get("Content-Type") ?? "");
      rows.push(request.url + (isText ? await kept.text() : ""));
    }
  }
  return rows;
}
"""
NEXT_STEPS = ("acknowledged", "en_route", "on_scene", "at_patient")


@contextmanager
def tablet_at(browser: Browser, folder: Path, *, offline: bool = False) -> Iterator[BrowserContext]:
    """A browser with a profile of its own on the disk, as a tablet has one."""
    context = browser.browser_type.launch_persistent_context(
        str(folder),
        executable_path="/usr/bin/chromium",
        args=FLAGS,
        viewport={"width": TABLET[0], "height": TABLET[1]},
        locale="en-GB",
        offline=offline,
    )
    try:
        yield context
    finally:
        with suppress(Error):  # a browser that was killed has nothing to close
            context.close()


def kill(folder: Path) -> None:
    """As a dead battery does it: the browser of this profile and its children, at once."""
    mark = f"--user-data-dir={folder}"
    children: dict[int, list[int]] = {}
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(process.name))
            if mark in (process / "cmdline").read_text().split("\0"):
                found.append(int(process.name))
    for number in found:  # grows: what they started is no older than they
        found.extend(children.get(number, []))
    for number in set(found):
        with suppress(ProcessLookupError):
            os.kill(number, SIGKILL)
    wait_until(lambda: not any(map(is_alive, found)), what="the browser is gone")


def is_alive(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


def sign_in(page: Page, platform: Platform, username: str = "wang") -> None:
    """Until the tablet is live and could be opened again without a network."""
    page.goto(f"{platform.url}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", platform.passwords[username])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("html[data-kept]", timeout=90_000)
    page.wait_for_selector("#link[data-link=live]", timeout=90_000)


def set_pin(page: Page, pin: str = PIN) -> None:
    page.click("#set-pin")
    for _ in range(2):
        type_pin(page, pin)
    page.wait_for_selector("#new-pin .sheet", state="hidden", timeout=WAIT_MS)


def type_pin(page: Page, pin: str = PIN) -> None:
    for digit in pin:
        page.click(f"[data-pin='{digit}']")
    page.click("[data-pin=ok]")


def unlock(page: Page, pin: str = PIN) -> None:
    page.wait_for_selector("#lock .pin-pad", timeout=WAIT_MS)
    type_pin(page, pin)
    page.wait_for_selector("#lock", state="hidden", timeout=WAIT_MS)


def at_the_patient(page: Page, desk: Desk, platform: Platform) -> str:
    """The own unit is sent to a new incident and its crew stands at the patient; the mission."""
    lat, lon = platform.home
    incident = desk.incident(lat + 0.002, lon, complaint="chest_pain", answers={})
    units = {one["call_sign"]: one for one in incident["recommendation"]["ranked"]}
    mission = desk.assign(incident, units[OWN_UNIT])
    for step in NEXT_STEPS:
        page.locator(f"[data-step={step}]:visible").first.click(timeout=WAIT_MS)
    page.wait_for_selector("[data-step=on_board]:visible", timeout=WAIT_MS)
    return str(mission["id"])


def raw_rows(page: Page) -> list[str]:
    """Everything that the browser keeps of this address, row by row."""
    found: list[str] = page.evaluate(RAW)
    return found
