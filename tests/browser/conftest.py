"""One platform and one browser for all the tests of screens; each leaves it as it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stories.browsers import chromium
from tests.stories.clerk import Clerk
from tests.stories.platform import Platform, demonstration


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    with demonstration() as platform:
        yield platform


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def clerk(platform: Platform) -> Clerk:
    return Clerk(platform.url, "zhao", platform.passwords["zhao"])


@pytest.fixture(autouse=True)
def left_as_found(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever became of the test: no window stays open, nothing on the board either."""
    if "platform" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("browser")
    clerk: Clerk = request.getfixturevalue("clerk")
    yield
    for context in browser.contexts:
        context.close()
    clerk.put_back()
