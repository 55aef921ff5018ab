"""What dispatchers live through: a nearer unit, a closed door, one event twice, a lost bridge,
a crew in danger. Each on the whole demonstration, and each leaves it as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.browsers import CONSOLE, TABLET, WALL, sit_down
from tests.stories.desk import Desk, Json
from tests.stories.platform import STATE, Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WAIT_MS = 30_000
# Brings a place to the middle of the console's map; gives its pixel.
POINT = """async ([lat, lon]) => {
  const { Map } = await import("/static/vendor/maplibre-gl/maplibre-gl.mjs");
  const map = await new Promise((resolve) => {
    const real = Map.prototype.triggerRepaint;
    Map.prototype.triggerRepaint = function () {
      Map.prototype.triggerRepaint = real;
      resolve(this);
      return real.call(this);
    };
  });
  map.jumpTo({ center: [lon, lat], zoom: 15 });
  const { x, y } = map.project([lon, lat]);
  return [x, y];
}"""
# Not the unit of the visitor, which another story plays with.
OWN_UNIT = "A01"


@contextmanager
def at(
    browser: Browser, platform: Platform, username: str, size: tuple[int, int]
) -> Iterator[Page]:
    seat = sit_down(
        browser,
        url=platform.url,
        username=username,
        password=platform.passwords[username],
        size=size,
    )
    try:
        yield seat.page
    finally:
        seat.page.screenshot(path=STATE / f"last-{username}.png")  # to look at after a failure
        seat.page.context.close()
    assert not seat.faults


@pytest.fixture
def desk(browser: Browser, platform: Platform) -> Iterator[Desk]:
    with at(browser, platform, "li", CONSOLE) as page:
        yield Desk(page)


@pytest.fixture
def map_desk(map_browser: Browser, platform: Platform) -> Iterator[Desk]:
    with at(map_browser, platform, "li", CONSOLE) as page:
        yield Desk(page)


def others(ranked: list[Json]) -> list[Json]:
    return [unit for unit in ranked if unit["call_sign"] != OWN_UNIT]


def test_a_unit_that_becomes_free_around_the_corner_is_proposed_and_taken(
    desk: Desk, platform: Platform
) -> None:
    lat, lon = platform.home
    with ExitStack() as tidy:
        units = [unit for unit in desk.board()["units"].values() if unit["fix"]]
        near = min(
            (unit for unit in units if able(unit) and unit["call_sign"] != OWN_UNIT),
            key=lambda unit: abs(unit["fix"]["lat"] - lat) + abs(unit["fix"]["lon"] - lon),
        )
        far = max((unit for unit in units if able(unit)), key=lambda unit: unit["fix"]["lon"])
        kept = [near, *(unit for unit in units if unit not in (near, far))]
        holds = desk.hold([unit["id"] for unit in kept])
        for hold in holds:
            tidy.callback(desk.release, hold)
        incident = desk.incident(lat + 0.004, lon + 0.001)
        tidy.callback(desk.close, incident)
        (only,) = incident["recommendation"]["ranked"]
        sent = desk.assign(incident, only)
        desk.select(incident)
        mission = desk.page.locator("#work .mission", has_text=far["call_sign"])
        expect(mission).to_be_visible(timeout=WAIT_MS)

        desk.release(holds[0])

        notice = mission.locator("[data-because=nearer]")
        expect(notice).to_contain_text(near["call_sign"], timeout=WAIT_MS)
        expect(notice).to_contain_text(re.compile(r"\d+:\d\d earlier"))
        notice.get_by_role("button", name=f"Send {near['call_sign']} instead").press("Enter")
        taken = desk.page.locator("#work .mission[data-open=true] header")
        expect(taken).to_contain_text(near["call_sign"], timeout=WAIT_MS)
        assert desk.board()["missions"][sent["id"]]["end_reason"] == "nearer_unit"


def able(unit: Json) -> bool:
    """Of the level that a chest pain gets, and free."""
    return bool(unit["capability"] != "bls" and unit["status"] == "available")


def test_a_hospital_on_divert_loses_its_place_and_says_why(
    desk: Desk, browser: Browser, platform: Platform
) -> None:
    with ExitStack() as tidy:
        wall = tidy.enter_context(at(browser, platform, "chen", WALL))
        own_id = wall.locator("#ed").get_attribute("data-hospital")
        assert own_id
        hospital = desk.board()["hospitals"][own_id]
        incident = desk.incident(hospital["lat"] + 0.002, hospital["lon"])
        tidy.callback(desk.close, incident)
        sent = desk.assign(incident, others(incident["recommendation"]["ranked"])[0])
        desk.tell(sent, "on_scene", "at_patient")
        desk.select(incident)
        assert first_choice(desk.page) == hospital["name_en"]
        tidy.callback(desk.api, "post", f"/api/hospitals/{own_id}/open/")

        wall.get_by_role("button", name="Ask for a divert…").click()
        wall.locator("#divert-reason").select_option("resus_full")
        wall.get_by_role("button", name="60 min").click()
        expect(wall.locator(".notice", has_text="On divert until")).to_be_visible(timeout=WAIT_MS)

        desk.page.get_by_role("button", name="Which hospital?").click()
        assert first_choice(desk.page) != hospital["name_en"]
        lost = desk.page.locator(".hospital", has_text=hospital["name_en"])
        expect(lost).to_contain_text("divert")
        wall.get_by_role("button", name="Take patients again").click()
        expect(wall.get_by_role("button", name="Ask for a divert…")).to_be_visible()


def first_choice(page: Page) -> str:
    """The hospital recommended for the mission in view."""
    page.get_by_role("button", name="Which hospital?").click()
    return page.locator(".hospital[data-recommended=true] b").first.inner_text(timeout=WAIT_MS)


def test_one_event_reported_twice_is_merged_and_parted_again(
    desk: Desk, platform: Platform
) -> None:
    lat, lon = platform.home[0] - 0.006, platform.home[1] + 0.004
    with ExitStack() as tidy:
        first = desk.incident(lat, lon, note="man fell from a ladder")
        tidy.callback(desk.close, first)
        second = desk.incident(lat + 0.0003, lon, note="somebody fell off a ladder")
        tidy.callback(desk.close, second)
        desk.select(second)
        notice = desk.page.locator(".same-event")
        expect(notice).to_be_visible(timeout=WAIT_MS)

        notice.get_by_role("button", name=re.compile("^Merge into")).press("Enter")

        merged = desk.page.locator(".merged .chip")
        expect(merged).to_contain_text("merged", timeout=WAIT_MS)
        assert second["id"] not in desk.board()["incidents"]
        desk.page.get_by_role("button", name="Part again").press("Enter")
        expect(merged).to_be_hidden(timeout=WAIT_MS)
        assert {first["id"], second["id"]} <= set(desk.board()["incidents"])


def test_a_closure_drawn_on_the_only_bridge_changes_the_way_at_once(
    map_desk: Desk, platform: Platform
) -> None:
    desk = map_desk
    *rest, bridge = crossings()
    with ExitStack() as tidy:
        for lat, lon in rest:
            closure = desk.api(
                "post",
                "/api/roads/closures/",
                {"id": str(uuid4()), "lat": lat, "lon": lon, "cause": "flood"},
            )
            tidy.callback(desk.api, "post", f"/api/roads/closures/{closure['id']}/reopen/")
        incident = desk.incident(*platform.home)
        tidy.callback(desk.close, incident)
        before = incident["recommendation"]
        beyond = others(before["ranked"])[-1]
        desk.assign(incident, beyond)
        desk.select(incident)
        mission = desk.page.locator("#work .mission", has_text=beyond["call_sign"])
        expect(mission.locator(".eta-big")).to_be_visible(timeout=WAIT_MS)

        draw_closure(desk.page, bridge)

        tidy.callback(reopen_last, desk)
        expect(mission).to_contain_text("No way by road is known", timeout=WAIT_MS)
        after = desk.api("post", f"/api/incidents/{incident['id']}/recommendation/")
        cut_off = {
            unit["call_sign"]
            for unit in after["excluded"]
            if "unreachable" in {reason["code"] for reason in unit["reasons"]}
        }
        assert 0 < len(after["ranked"]) < len(before["ranked"])
        assert cut_off
        reopen_last(desk)
        expect(mission.locator(".eta-big")).to_be_visible(timeout=WAIT_MS)


def crossings() -> list[tuple[float, float]]:
    """(lat, lon) of the middle of every road over or under the river; the widest bridge last."""
    from dispatch.city.roads.network import RoadGraph  # after Django is set up

    (file,) = Path(STATE).glob("city/*/graph.npz")
    graph = RoadGraph.load(file)
    names = graph.names_en[graph.edge_name]
    found = []
    for edge in np.flatnonzero([name.endswith((" Bridge", " Tunnel")) for name in names]):
        middle = (graph.shape_start[edge] + graph.shape_start[edge + 1]) // 2
        place = (float(graph.shape_lat[middle]), float(graph.shape_lon[middle]))
        found.append((str(names[edge]) == "Yunting Bridge", place))
    return [place for _last, place in sorted(found)]


def draw_closure(page: Page, place: tuple[float, float]) -> None:
    """By the key C, one click on the map, and the digit of the cause."""
    page.keyboard.press("c")
    page.evaluate(POINT, list(place))
    page.wait_for_timeout(1500)  # the console may still be moving to what was selected
    x, y = page.evaluate(POINT, list(place))
    page.locator("#map canvas").first.click(position={"x": x, "y": y})
    expect(page.locator("#roads .ask")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("1")


def reopen_last(desk: Desk) -> None:
    """Open what was drawn on the map; harmless when it is open."""
    closures = sorted(desk.board()["closures"].values(), key=lambda row: row["closed_at"])
    drawn = [row for row in closures if row["cause"] != "flood"]
    for row in drawn:
        desk.api("post", f"/api/roads/closures/{row['id']}/reopen/")


def test_a_crew_in_danger_is_above_everything_with_its_position(
    desk: Desk, browser: Browser, platform: Platform
) -> None:
    with at(browser, platform, "wang", TABLET) as tablet:
        tablet.locator("#sos").hover()
        tablet.mouse.down()
        tablet.wait_for_timeout(1300)
        tablet.mouse.up()

        alarm = desk.page.locator(".crew-alarm", has_text=OWN_UNIT)
        expect(alarm).to_be_visible(timeout=WAIT_MS)
        expect(alarm.locator(".number").nth(1)).to_have_text(re.compile(r"^30\.\d+, 124\.\d+$"))
        alarm.get_by_role("button", name="I have it").press("Enter")
        expect(tablet.locator(".safety-line")).to_contain_text("Li Na", timeout=WAIT_MS)
        alarm.get_by_role("button", name="End…").press("Enter")
        alarm.get_by_role("button", name="drill").press("Enter")
        expect(alarm).to_be_hidden(timeout=WAIT_MS)
        expect(tablet.locator(".safety-line")).to_be_hidden(timeout=WAIT_MS)
