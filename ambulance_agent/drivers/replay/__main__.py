"""Makes a case file: python -m ambulance_agent.drivers.replay record OUT.jsonl."""

import argparse
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from ambulance_agent import VERSION
from ambulance_agent.drivers.replay.parse import START, Header, Second, write_case
from ambulance_agent.drivers.simulated.cases import CASES
from ambulance_agent.drivers.simulated.driver import SimulatedDriver
from ambulance_agent.drivers.simulated.settings import SimulatedSettings
from ambulance_agent.protocol import MissionState, Order, Point, Telemetry


def record(case: str, seed: int, seconds: int) -> list[Second]:
    """A simulated patient beside a standing vehicle; same arguments, same seconds."""
    driver = SimulatedDriver(SimulatedSettings(seed=seed, home=(121.48, 31.23), patient=case))
    driver.take(
        Order(
            mission_id=UUID(int=seed, version=4),
            number="recorded",
            state=MissionState.AT_PATIENT,
            priority=1,
            complaint=case,
            scene=Point(lat=31.23, lon=121.48),
        )
    )
    recorded = []
    for at_s in range(seconds):
        sample = driver.sample(START + timedelta(seconds=at_s))
        telemetry = Telemetry(
            position=sample.position,
            numerics=list(sample.numerics),
            waves=list(sample.waves),
            devices=[device for device in sample.devices if device.since + timedelta(seconds=1)
                     > START + timedelta(seconds=at_s)],
        )  # fmt: skip
        recorded.append(Second(at_s=at_s, telemetry=telemetry))
    return recorded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ambulance_agent.drivers.replay")
    commands = parser.add_subparsers(required=True)
    recording = commands.add_parser("record", help="write a case of the simulated patient")
    recording.add_argument("file", type=Path)
    recording.add_argument("--patient", choices=sorted(CASES), default="stemi")
    recording.add_argument("--seed", type=int, default=1)
    recording.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    header = Header(
        name=f"{options.patient}, seed {options.seed}, {options.seconds} s",
        made_by=f"onboard simulated driver {VERSION}",
    )
    write_case(options.file, header, record(options.patient, options.seed, options.seconds))


if __name__ == "__main__":
    main()
