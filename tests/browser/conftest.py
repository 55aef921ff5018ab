"""One platform and one browser for all the tests of screens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stories.browsers import chromium
from tests.stories.platform import Platform, demonstration


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    with demonstration() as platform:
        yield platform


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
