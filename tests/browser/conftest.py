"""One platform for all the tests of screens; each leaves it as it was.

`browser` draws the plain map; `map_browser` the one with WebGL, which takes five times as long
on a machine without a graphics card, for what is about that map.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Playwright, sync_playwright

from dispatch.fleet.models import Mission
from tests.fake_camera import write_film
from tests.stories.browsers import launched
from tests.stories.clerk import Clerk
from tests.stories.platform import Platform, demonstration


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    with demonstration() as platform:
        yield platform


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, webgl=False) as browser:
        yield browser


@pytest.fixture(scope="package")
def map_browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, webgl=True) as browser:
        yield browser


@pytest.fixture(scope="package")
def clerk(platform: Platform) -> Clerk:
    return Clerk(platform.url, "zhao", platform.passwords["zhao"])


@pytest.fixture(scope="package")
def departments(platform: Platform) -> list[Clerk]:
    names = [name for name in platform.passwords if name == "chen" or name.startswith("nurse-")]
    return [Clerk(platform.url, name, platform.passwords[name]) for name in names]


# For the tests of pictures, whose platform lives on the test's own database.
@pytest.fixture
def under_way(mission: Mission) -> Mission:
    now = timezone.now()
    Mission.objects.update(assigned_at=now, acknowledged_at=now, state="acknowledged")
    return mission


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "camera.y4m")


@pytest.fixture(autouse=True)
def left_as_found(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever became of the test: no window stays open, nothing on the board either."""
    if "platform" not in request.fixturenames:
        yield
        return
    browsers: list[Browser] = [
        request.getfixturevalue(name)
        for name in ("browser", "map_browser")
        if name in request.fixturenames
    ]
    clerk: Clerk = request.getfixturevalue("clerk")
    departments: list[Clerk] = request.getfixturevalue("departments")
    yield
    for context in (context for browser in browsers for context in browser.contexts):
        context.close()
    clerk.put_back()
    for department in departments:
        department.take_over()
