"""A settings file is right, or every mistake in it is named."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

import ambulance_agent.config
from ambulance_agent.config import ConfigMistakes, read_vehicles
from ambulance_agent.drivers.gps_nmea.settings import GpsSettings
from ambulance_agent.drivers.simulated.settings import SimulatedSettings

GOOD = """
[vehicle]
id = "6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07"
call_sign = "A07"
token_file = "a07.token"
[uplink]
url = "wss://centre.example/uplink/"
[outbox]
path = "a07.outbox"
max_mb = 2
[drivers.gps_nmea]
gpsd = "localhost:2947"
[drivers.simulated]
seed = 7
home = [121.47, 31.23]
crew = "simulated"
patient = "stemi"
speed_factor = 10
"""


def test_a_good_file_becomes_settings(tmp_path: Path) -> None:
    (tmp_path / "a07.token").write_text("secret\n")
    file = tmp_path / "vehicle.toml"
    file.write_text(GOOD)

    (vehicle,) = read_vehicles([file])

    assert vehicle.vehicle_id == UUID("6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07")
    assert vehicle.token == "secret"
    assert "secret" not in repr(vehicle)
    assert vehicle.outbox.path == tmp_path / "a07.outbox"
    assert vehicle.outbox.max_bytes == 2_000_000
    assert vehicle.drivers == (
        GpsSettings(gpsd=("localhost", 2947)),
        SimulatedSettings(
            seed=7, home=(121.47, 31.23), crew="simulated", patient="stemi", speed_factor=10
        ),
    )


def test_the_example_is_right_but_for_its_token() -> None:
    example = Path(ambulance_agent.config.__file__).with_name("vehicle.example.toml")

    with pytest.raises(ConfigMistakes) as caught:
        read_vehicles([example])

    (mistake,) = caught.value.mistakes
    assert "token_file" in mistake


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "vehicle.toml"
    file.write_text(
        """
        [vehicle]
        id = "seven"
        token_file = "missing.token"
        colour = "yellow"
        [uplink]
        url = "https://centre.example"
        [outbox]
        max_mb = "much"
        [drivers.gps_nmea]
        gpsd = "localhost"
        device = "/dev/ttyS0"
        [drivers.simulated]
        home = [31.23, 121.47]
        patient = "sleepy"
        [drivers.simulated.deep]
        [drivers.sonar]
        [radio]
        """
    )

    with pytest.raises(ConfigMistakes) as caught:
        read_vehicles([file])

    text = str(caught.value)
    for words in (
        "[vehicle] id must be a UUID",
        "[vehicle] call_sign is missing",
        "[vehicle] token_file names",
        "[vehicle] colour is not a setting that exists here",
        "[uplink] url must start with ws:// or wss://",
        "[outbox] max_mb must be a number",
        "[drivers.gps_nmea] needs exactly one of gpsd, device, file",
        "[drivers.simulated] seed is missing",
        "[drivers.simulated] home must be [longitude, latitude] in degrees",
        '[drivers.simulated] patient is "sleepy", but must be one of',
        "[drivers.simulated] deep is not a setting that exists here",
        "[drivers.sonar] is not a driver",
        "[radio] is not a section that exists",
    ):
        assert words in text
    assert len(caught.value.mistakes) == 13
    assert all(line.startswith(f"{file}: ") for line in caught.value.mistakes)


def test_mistakes_of_all_files_are_named_together(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[vehicle")

    with pytest.raises(ConfigMistakes) as caught:
        read_vehicles([tmp_path / "broken.toml", tmp_path / "absent.toml"])

    assert "broken.toml: is not TOML" in caught.value.mistakes[0]
    assert "absent.toml: cannot be read" in caught.value.mistakes[1]


def test_two_files_must_not_be_the_same_vehicle(tmp_path: Path) -> None:
    (tmp_path / "a07.token").write_text("secret")
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(GOOD)

    with pytest.raises(ConfigMistakes, match="has the same id as") as caught:
        read_vehicles([tmp_path / "one.toml", tmp_path / "two.toml"])

    assert "has the same outbox as" in str(caught.value)
