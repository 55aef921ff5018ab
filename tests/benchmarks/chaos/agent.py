"""The vehicle's process: the real `python -m ambulance_agent`, with our device on its plug.

Stands in for it word by word, but for three things: the device, the witness at the outbox's door,
and that a file `quiet` beside the settings stops the device, so that the outbox can run empty.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch

from ambulance_agent.__main__ import main
from ambulance_agent.agent import Vehicle
from ambulance_agent.drivers import DriverSettings
from ambulance_agent.drivers.simulated.settings import SimulatedSettings
from tests.benchmarks.chaos.device import Device
from tests.benchmarks.chaos.truth import WitnessedOutbox

QUIET = "quiet"
LEFT = ".left"  # beside the outbox: how many frames wait in it


def device_for(settings: DriverSettings, *, memory: Path) -> Device:
    assert isinstance(settings, SimulatedSettings), memory
    return Device(settings.seed, settings.home)


_tick = Vehicle.tick


def tick_or_tell(vehicle: Vehicle) -> None:
    outbox = vehicle._config.outbox.path
    if outbox.with_name(QUIET).exists():
        outbox.with_name(outbox.name + LEFT).write_text(str(vehicle.outbox.stock().frames))
    else:
        _tick(vehicle)


if __name__ == "__main__":
    with (
        patch("ambulance_agent.agent.build_driver", device_for),
        patch("ambulance_agent.agent.Outbox", partial(WitnessedOutbox)),
        patch.object(Vehicle, "tick", tick_or_tell),
    ):
        sys.exit(main())
