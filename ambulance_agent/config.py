"""vehicle.toml → frozen settings, or one error that names every mistake."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from ambulance_agent.drivers import DriverSettings, read_driver_settings
from ambulance_agent.sections import Section


class ConfigMistakes(Exception):
    """All that is wrong with the settings files, one line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class OutboxConfig:
    path: Path
    max_bytes: int
    every_frame_flushed: bool = True


@dataclass(frozen=True, slots=True)
class VehicleConfig:
    vehicle_id: UUID
    call_sign: str
    token: str = field(repr=False)
    uplink_url: str
    outbox: OutboxConfig
    drivers: tuple[DriverSettings, ...]


def read_vehicles(paths: list[Path]) -> list[VehicleConfig]:
    """Raises ConfigMistakes with the mistakes of all files."""
    mistakes: list[str] = []
    vehicles: list[VehicleConfig] = []
    for path in paths:
        found: list[str] = []
        vehicles.append(_read_vehicle(path, found))
        mistakes += [f"{path}: {line}" for line in found]
    mistakes += _shared_between(paths, vehicles)
    if mistakes:
        raise ConfigMistakes(mistakes)
    return vehicles


def _read_vehicle(path: Path, mistakes: list[str]) -> VehicleConfig:
    table: dict[str, object] = {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        mistakes.append(f"cannot be read: {error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"is not TOML: {error}")
    if mistakes:
        return VehicleConfig(UUID(int=0), "", "", "", OutboxConfig(path, 0), ())
    config = _read_tables(table, mistakes, path.resolve().parent)
    unknown = sorted(table.keys() - {"vehicle", "uplink", "outbox", "drivers"})
    mistakes += [f"[{name}] is not a section that exists" for name in unknown]
    return config


def _read_tables(table: dict[str, object], mistakes: list[str], folder: Path) -> VehicleConfig:
    vehicle = Section("vehicle", table.get("vehicle"), mistakes, folder)
    vehicle_id = vehicle.identifier("id")
    call_sign = vehicle.text("call_sign")
    token = _read_token(vehicle)
    vehicle.done()
    uplink = Section("uplink", table.get("uplink"), mistakes, folder)
    url = uplink.text("url")
    if url and not url.startswith(("ws://", "wss://")):
        uplink.mistake("url", "must start with ws:// or wss://")
    uplink.done()
    outbox = Section("outbox", table.get("outbox"), mistakes, folder)
    outbox_config = OutboxConfig(
        path=outbox.path("path", f"{vehicle_id}.outbox"),
        max_bytes=int(outbox.number("max_mb", 64, low=0.1, high=100_000) * 1_000_000),
        every_frame_flushed=outbox.choice("flush", ("every_frame", "urgent"), "every_frame")
        == "every_frame",
    )
    outbox.done()
    drivers = read_driver_settings(table.get("drivers"), mistakes, folder)
    return VehicleConfig(vehicle_id, call_sign, token, url, outbox_config, drivers)


def _read_token(vehicle: Section) -> str:
    if vehicle.exactly_one("token", "token_file") != "token_file":
        return vehicle.text("token") if vehicle.has("token") else ""
    path = vehicle.path("token_file")
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        vehicle.mistake("token_file", f"names {path}, which cannot be read")
        return ""
    if not token:
        vehicle.mistake("token_file", f"names {path}, which is empty")
    return token


def _shared_between(paths: list[Path], vehicles: list[VehicleConfig]) -> list[str]:
    """Two vehicles with one identity or one outbox would overwrite each other."""
    mistakes: list[str] = []
    seen: dict[object, Path] = {}
    for path, vehicle in zip(paths, vehicles, strict=True):
        for what, value in (("id", vehicle.vehicle_id), ("outbox", vehicle.outbox.path.resolve())):
            if value == UUID(int=0):
                continue
            if (first := seen.setdefault(value, path)) is not path:
                mistakes.append(f"{path}: has the same {what} as {first}")
    return mistakes
