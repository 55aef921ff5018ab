"""The whole path, as `make story` plays it."""

import pytest
from playwright.sync_api import Browser

from tests.stories.platform import Platform
from tests.stories.ring_to_handover import Story, play

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_one_patient_goes_from_ring_to_handover(platform: Platform, browser: Browser) -> None:
    story = Story(shots=None)

    play(platform, browser, story)

    assert story.on_board_to_ed_s > 0
    assert story.call_to_recommendation_s > 0
