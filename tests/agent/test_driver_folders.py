"""Every device has the same files and says what it promises."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import ambulance_agent.drivers
from ambulance_agent.drivers import DEVICES

DRIVERS = Path(ambulance_agent.drivers.__file__).parent
PROMISES = {
    "device", "time", "measures", "disconnect", "no_signal", "damaged_input",
    "repeats_old_values", "blocks_the_second", "tested_against", "known_limits",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEVICES))
def test_a_driver_folder_is_complete(name: str) -> None:
    folder = DRIVERS / name

    assert {"settings.py", "parse.py", "driver.py", "quality.toml"} <= {
        file.name for file in folder.iterdir()
    }
    quality = tomllib.loads((folder / "quality.toml").read_text())
    assert quality.keys() == PROMISES
    # A monitor that repeats its last value hides that the patient was disconnected.
    assert quality["repeats_old_values"] is False
    assert quality["blocks_the_second"] is False
