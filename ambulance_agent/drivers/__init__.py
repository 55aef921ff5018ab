"""One folder per device, same file names: settings, parse, driver, quality.toml.

Add a device: write its folder, then name it in DEVICES.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from ambulance_agent.drivers.camera.driver import CameraDriver
from ambulance_agent.drivers.camera.settings import CameraSettings
from ambulance_agent.drivers.contract import Driver, Sample
from ambulance_agent.drivers.ecg12.driver import Ecg12Driver
from ambulance_agent.drivers.ecg12.settings import Ecg12Settings
from ambulance_agent.drivers.gps_nmea.driver import GpsDriver
from ambulance_agent.drivers.gps_nmea.settings import GpsSettings
from ambulance_agent.drivers.hl7_pcd01.driver import PcdDriver
from ambulance_agent.drivers.hl7_pcd01.settings import PcdSettings
from ambulance_agent.drivers.replay.driver import ReplayDriver
from ambulance_agent.drivers.replay.settings import ReplaySettings
from ambulance_agent.drivers.simulated.driver import SimulatedDriver
from ambulance_agent.drivers.simulated.memory import Memory
from ambulance_agent.drivers.simulated.settings import SimulatedSettings
from ambulance_agent.drivers.wfdb_replay.driver import WfdbDriver
from ambulance_agent.drivers.wfdb_replay.settings import WfdbSettings
from ambulance_agent.sections import Section

__all__ = ["Driver", "DriverSettings", "Sample", "build_driver", "read_driver_settings"]

DriverSettings = (
    GpsSettings
    | PcdSettings
    | Ecg12Settings
    | ReplaySettings
    | WfdbSettings
    | SimulatedSettings
    | CameraSettings
)

NOBODY = UUID(int=0)

# In order of trust: where two devices give a position, the first one counts.
DEVICES: dict[str, Callable[[Section], DriverSettings]] = {
    "gps_nmea": GpsSettings.read,
    "hl7_pcd01": PcdSettings.read,
    "ecg12": Ecg12Settings.read,
    "replay": ReplaySettings.read,
    "wfdb_replay": WfdbSettings.read,
    "simulated": SimulatedSettings.read,
    "camera": CameraSettings.read,
}


def read_driver_settings(
    table: object, mistakes: list[str], folder: Path
) -> tuple[DriverSettings, ...]:
    if not isinstance(table, dict) or not table:
        mistakes.append(f"[drivers] needs at least one of {', '.join(DEVICES)}")
        return ()
    mistakes += [
        f"[drivers.{name}] is not a driver; there are {', '.join(DEVICES)}"
        for name in sorted(table.keys() - DEVICES.keys())
    ]
    settings: list[DriverSettings] = []
    for name, read in DEVICES.items():
        if name in table:
            section = Section(f"drivers.{name}", table[name], mistakes, folder)
            settings.append(read(section))
            section.done()
    return tuple(settings)


def build_driver(
    settings: DriverSettings, *, memory: Path, vehicle_id: UUID = NOBODY, token: str = ""
) -> Driver:
    """`memory` is a file that a driver may keep for its next start.

    A driver with a socket of its own to the centre says who it is as the uplink does.

    Raises DamagedCase, DamagedRecord, DamagedTable.
    """
    match settings:
        case GpsSettings():
            return GpsDriver(settings)
        case PcdSettings():
            return PcdDriver(settings)
        case Ecg12Settings():
            return Ecg12Driver(settings)
        case ReplaySettings():
            return ReplayDriver(settings)
        case WfdbSettings():
            return WfdbDriver(settings)
        case SimulatedSettings():
            return SimulatedDriver(settings, Memory(memory))
        case CameraSettings():
            return CameraDriver(settings, vehicle_id=vehicle_id, token=token)
