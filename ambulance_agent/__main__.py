"""python -m ambulance_agent vehicle.toml [more.toml ...]"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from ambulance_agent import VERSION
from ambulance_agent.agent import Vehicle, run_vehicles
from ambulance_agent.config import ConfigMistakes, read_vehicles
from ambulance_agent.drivers.hl7_pcd01.tables import DamagedTable
from ambulance_agent.drivers.replay.parse import DamagedCase
from ambulance_agent.formats.wfdb import DamagedRecord
from ambulance_agent.salvage import OutboxInUse

EXIT_SETTINGS = 2
# What is kept on the way to the centre is about a patient: for the agent's own user only.
OWNER_ONLY = 0o077


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ambulance_agent", description="The vehicle's side of Onboard."
    )
    parser.add_argument("settings", nargs="+", type=Path, help="one vehicle.toml per vehicle")
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("--log", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
    options = parser.parse_args()
    os.umask(OWNER_ONLY)
    logging.basicConfig(
        level=options.log, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    # The library's own words about each socket say nothing that ours do not.
    logging.getLogger("websockets").setLevel(logging.ERROR)
    try:
        configs = read_vehicles(options.settings)
        return asyncio.run(_run([Vehicle(config) for config in configs]))
    except ConfigMistakes as error:
        lines = [f"mistakes in the settings: {len(error.mistakes)}", *error.mistakes]
        sys.stderr.write("\n  ".join(lines) + "\n")
    except (OutboxInUse, DamagedCase, DamagedRecord, DamagedTable) as error:
        sys.stderr.write(f"{error}\n")
    return EXIT_SETTINGS


async def _run(vehicles: list[Vehicle]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    logging.getLogger(__name__).info("%d vehicles started", len(vehicles))
    await run_vehicles(vehicles, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
