"""The vehicle's cameras: on while a mission needs them, live and on the disk, ended with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from ambulance_agent.drivers.camera.capture import Capture, Wishes
from ambulance_agent.drivers.camera.line import LiveLine
from ambulance_agent.drivers.camera.settings import Camera, CameraSettings
from ambulance_agent.drivers.contract import Sample
from ambulance_agent.protocol import DeviceState, DeviceStateCode, MissionState, Order, StandDown
from ambulance_agent.protocol.media import Begin, Recording
from ambulance_agent.recording import RecordSender, RecordSpool, SpooledRecording, SpoolFull

log = logging.getLogger(__name__)

CODEC = "avc1.42001f"
MIME = 'video/mp4;codecs="avc1.42c01f"'
CALM_MS = 60.0
LOOK_S = 0.2
# From which states on a camera is on, by its `start`; every later state of the mission counts.
_AFTER_ARRIVAL = (
    "on_scene",
    "at_patient",
    "on_board",
    "left_scene",
    "at_destination",
    "handed_over",
)
ON: Mapping[str, frozenset[str]] = {
    "order": frozenset({"acknowledged", "en_route", *_AFTER_ARRIVAL}),
    "on_scene": frozenset(_AFTER_ARRIVAL),
    "at_patient": frozenset(_AFTER_ARRIVAL[1:]),
}


@dataclass(slots=True)
class Running:
    mission: UUID
    capture: Capture
    line: LiveLine
    task: asyncio.Task[None]


class Kept:
    """What a camera's recorder writes to: begun with its first bytes, ended when it closes."""

    def __init__(self, spool: RecordSpool, stream: UUID, begin: Begin) -> None:
        self._spool, self._stream, self._begin = spool, stream, begin
        self._recording: SpooledRecording | None = None
        self._full = False

    def write(self, content: bytes, capture_ms: float) -> None:
        if self._full:
            return
        if self._recording is None:
            self._recording = self._spool.begin(
                stream=self._stream, begin=self._begin, mime=MIME, started_ms=capture_ms
            )
        try:
            self._recording.write(content, captured_ms=capture_ms)
        except SpoolFull:
            self._full = True
            log.warning("camera %s: no room for its recording", self._begin.device)

    def close(self) -> None:
        if self._recording and not self._full:
            self._recording.end()


class CameraDriver:
    def __init__(self, settings: CameraSettings, *, vehicle_id: UUID, token: str) -> None:
        self._settings = settings
        self._credential = {"Authorization": f"Vehicle {vehicle_id}:{token}"}
        self._spool: RecordSpool | None = None
        self._sender: RecordSender | None = None
        if settings.spool:
            self._spool = RecordSpool(settings.spool, max_bytes=settings.spool_bytes, token=token)
            self._sender = RecordSender(
                hub=settings.hub, vehicle_id=vehicle_id, token=token, spool=self._spool,
                may_send=self._live_is_calm,
            )  # fmt: skip
        self._order: Order | None = None
        self._running: dict[str, Running] = {}
        self._states: dict[str, tuple[DeviceStateCode, datetime]] = {}

    async def run(self) -> None:
        sending = asyncio.create_task(self._sender.run()) if self._sender else None
        try:
            while True:
                for camera in self._settings.cameras:
                    await self._follow(camera)
                await asyncio.sleep(LOOK_S)
        finally:
            for running in self._running.values():
                running.capture.stop()
                running.task.cancel()
            if sending:
                sending.cancel()
            for running in self._running.values():
                await asyncio.to_thread(running.capture.join, 5)

    def sample(self, now: datetime) -> Sample:
        return Sample(devices=[self._state(camera, now) for camera in self._settings.cameras])

    def take(self, word: Order | StandDown) -> None:
        self._order = word if isinstance(word, Order) else None

    async def _follow(self, camera: Camera) -> None:
        wanted = self._wanted(camera)
        running = self._running.get(camera.name)
        if running and running.mission != wanted:
            del self._running[camera.name]
            running.capture.stop()
            running.task.cancel()
            await running.line.end()
        if wanted and camera.name not in self._running:
            self._running[camera.name] = self._start(camera, wanted)

    def _wanted(self, camera: Camera) -> UUID | None:
        """The mission that this camera shows now."""
        order = self._order
        if order is None or MissionState(order.state).value not in ON[camera.start]:
            return None
        return order.mission_id

    def _start(self, camera: Camera, mission: UUID) -> Running:
        stream = uuid4()
        # What is not kept is not called recorded.
        recording = camera.recording if self._spool else Recording.OFF
        begin = Begin(
            mission=mission, role=camera.role, label=camera.label, device=camera.name,
            codec=CODEC, recording=recording, consent=camera.consent,
            started_at=datetime.now(UTC),
        )  # fmt: skip
        wishes = Wishes()
        line = LiveLine(
            hub=self._settings.hub, stream=stream, begin=begin, credential=self._credential,
            wishes=wishes, most_kbps=camera.kbps,
        )  # fmt: skip
        kept = None
        if self._spool and recording is Recording.OWN:
            kept = Kept(self._spool, stream, begin)
        capture = Capture(camera, wishes, line.give, kept)
        capture.start()
        return Running(mission, capture, line, asyncio.create_task(line.run()))

    def _live_is_calm(self) -> bool:
        """The back-log waits while the live pictures need the link."""
        return all(one.line.late_ms < CALM_MS for one in self._running.values())

    def _state(self, camera: Camera, now: datetime) -> DeviceState:
        running = self._running.get(camera.name)
        code = DeviceStateCode.OFF
        if running:
            code = DeviceStateCode.ON if running.capture.sees else DeviceStateCode.FAULT
        known = self._states.get(camera.name)
        if known is None or known[0] is not code:
            known = self._states[camera.name] = (code, now)
        return DeviceState(device=f"camera.{camera.name}"[:64], state=code, since=known[1])
