"""[drivers.camera]: the hub, and one sub-table for each camera of the vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ambulance_agent.drivers.camera.parse import KINDS, Source
from ambulance_agent.protocol.media import CameraRole, Consent, Recording
from ambulance_agent.sections import Section

# From which of the mission's states on a camera sends: the road from the start, a patient's
# picture only where there is a patient.
STARTS = ("order", "on_scene", "at_patient")


@dataclass(frozen=True, slots=True)
class Camera:
    name: str
    source: Source
    role: CameraRole
    label: str
    start: str
    width: int
    fps: int
    kbps: int
    recording: Recording
    consent: Consent


@dataclass(frozen=True, slots=True)
class CameraSettings:
    hub: str
    cameras: tuple[Camera, ...]
    spool: Path | None
    spool_bytes: int

    @classmethod
    def read(cls, section: Section) -> CameraSettings:
        hub = section.text("hub").rstrip("/")
        if hub and not hub.startswith(("ws://", "wss://")):
            section.mistake("hub", "must start with ws:// or wss://")
        spool = section.path("spool") if section.has("spool") else None
        size = int(section.number("spool_max_mb", 4000, low=1, high=1_000_000) * 1_000_000)
        cameras = tuple(_camera(name, table) for name, table in section.tables())
        if not cameras:
            section.mistake("cameras", "are missing: write a table [drivers.camera.NAME] for each")
        return cls(hub, cameras, spool, size)


def _camera(name: str, table: Section) -> Camera:
    role = _role(table)
    sees_patient = role in {CameraRole.CABIN, CameraRole.BODY}
    kind = table.exactly_one(*KINDS) or "test"
    camera = Camera(
        name=name,
        source=Source(kind, _target(table, kind)),
        role=role,
        label=table.text("label", name)[:60],
        start=table.choice("start", STARTS, "order" if role is CameraRole.ROAD else "at_patient"),
        width=table.whole("width", 640, low=160, high=1920) // 2 * 2,
        fps=table.whole("fps", 25, low=1, high=30),
        kbps=table.whole("kbps", 1500, low=150, high=8000),
        recording=_recording(table),
        consent=Consent.NOT_ASKED if sees_patient else Consent.NOT_NEEDED,
    )
    table.done()
    return camera


def _recording(table: Section) -> Recording:
    off = table.choice("recording", ("own", "off"), "own") == "off"
    return Recording.OFF if off else Recording.OWN


def _role(table: Section) -> CameraRole:
    named = table.choice("role", [*CameraRole], "cabin")
    return CameraRole(named) if named in [*CameraRole] else CameraRole.CABIN


def _target(table: Section, kind: str) -> str:
    if kind == "test":
        return table.text("test", "picture") if table.has("test") else "picture"
    if kind == "file":
        return str(table.path("file", must_exist=True))
    target = table.text(kind)
    if kind == "rtsp" and target and not target.startswith(("rtsp://", "rtsps://")):
        table.mistake("rtsp", "must start with rtsp:// or rtsps://")
    return target
