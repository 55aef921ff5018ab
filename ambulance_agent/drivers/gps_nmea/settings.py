"""[drivers.gps_nmea]: exactly one of gpsd, device, file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ambulance_agent.sections import Section


@dataclass(frozen=True, slots=True)
class GpsSettings:
    gpsd: tuple[str, int] | None = None
    device: Path | None = None
    baud: int = 9600
    file: Path | None = None
    repeat_file: bool = False

    @classmethod
    def read(cls, section: Section) -> GpsSettings:
        match section.exactly_one("gpsd", "device", "file"):
            case "gpsd":
                return cls(gpsd=section.host_port("gpsd"))
            case "device":
                return cls(
                    device=section.path("device"),
                    baud=section.whole("baud", 9600, low=1200, high=921_600),
                )
            case "file":
                return cls(
                    file=section.path("file", must_exist=True),
                    repeat_file=section.flag("repeat", default=False),
                )
        return cls()
