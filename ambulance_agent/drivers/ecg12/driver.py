"""Watches the folder, takes each finished file once, and hands it out piece by piece."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ambulance_agent.drivers.contract import Sample
from ambulance_agent.drivers.ecg12.parse import (
    ALONE,
    BESIDE,
    HEADER,
    bundle,
    files_of,
    pieces_of,
)
from ambulance_agent.drivers.ecg12.settings import Ecg12Settings
from ambulance_agent.formats.wfdb import DamagedRecord
from ambulance_agent.protocol import (
    MAX_FILE_BYTES,
    DeviceState,
    DeviceStateCode,
    FilePiece,
    Order,
    StandDown,
)

log = logging.getLogger(__name__)

LOOK_S = 1.0
A_SECONDS_WORTH = 2  # pieces: 64 kB a second, a usual 12-lead ECG in two
INCOMPLETE = timedelta(seconds=60)  # a header whose signals do not come
Look = tuple[int, int]  # size and time of change


@dataclass(slots=True)
class Leaving:
    files: list[Path]
    pieces: deque[FilePiece]


class Ecg12Driver:
    def __init__(
        self, settings: Ecg12Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._folder = settings.folder
        self._now = now
        self._looks: dict[Path, Look] = {}
        self._first_seen: dict[Path, datetime] = {}
        self._leaving: deque[Leaving] = deque()
        self._gone: list[Leaving] = []
        self._state = DeviceStateCode.OFF
        self._since = now()
        self.counts: Counter[str] = Counter()
        self.looked = asyncio.Event()

    async def run(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.look)
                self._become(DeviceStateCode.ON)
            except OSError as error:
                if self._state is not DeviceStateCode.FAULT:
                    log.warning("ecg12: the folder cannot be read: %s", error.strerror)
                self._become(DeviceStateCode.FAULT)
            self.looked.set()
            await asyncio.sleep(LOOK_S)

    def sample(self, now: datetime) -> Sample:
        pieces: list[FilePiece] = []
        while self._leaving and len(pieces) < A_SECONDS_WORTH:
            pieces.append(self._leaving[0].pieces.popleft())
            if not self._leaving[0].pieces:
                # Moved at the next look: by then the agent has the last piece on its disk.
                self._gone.append(self._leaving.popleft())
        state = DeviceState(device="ecg12", state=self._state, since=self._since)
        return Sample(pieces=pieces, devices=[state])

    def take(self, word: Order | StandDown) -> None:
        """An ECG goes to the mission that its time belongs to; the centre knows which."""

    def look(self) -> None:
        """One look at the folder. A file is finished when two looks find it the same."""
        gone, self._gone = self._gone, []
        for left in gone:
            self._move(left.files, "sent")
        self._folder.mkdir(parents=True, exist_ok=True)
        found = {
            path: (stat.st_size, stat.st_mtime_ns)
            for path in sorted(self._folder.iterdir())
            if path.is_file() and not path.name.startswith(".") and (stat := path.stat())
        }
        finished = {path for path, look in found.items() if self._looks.get(path) == look}
        self._looks = found
        self._first_seen = {path: self._first_seen.get(path) or self._now() for path in found}
        under_way = {file for leaving in (*self._leaving, *self._gone) for file in leaving.files}
        for path in sorted(finished - under_way):
            self._consider(path, finished, found)

    def _consider(self, path: Path, finished: set[Path], found: dict[Path, Look]) -> None:
        suffix = path.suffix.lower()
        waited = self._now() - self._first_seen[path] > INCOMPLETE
        if suffix in BESIDE:
            if waited:
                self._refuse([path], "no_header")
            return
        if suffix not in ALONE | {HEADER}:
            self._refuse([path], "unknown_kind")
            return
        try:
            files = files_of(path) if suffix == HEADER else [path]
        except DamagedRecord:
            files = [path]  # the centre keeps it and says what is wrong
        if not set(files) <= finished:
            if waited:
                self._refuse([path], "incomplete")
            return
        if not 0 < sum(found[file][0] for file in files) <= MAX_FILE_BYTES - 4096:
            self._refuse(files, "too_large" if found[path][0] else "empty")
            return
        self._send(files)

    def _send(self, files: list[Path]) -> None:
        several = files[0].suffix.lower() == HEADER
        raw = bundle(files) if several else files[0].read_bytes()
        name = files[0].stem + ".zip" if several else files[0].name
        pieces = deque(pieces_of(raw, name=name, found_at=self._first_seen[files[0]]))
        self._leaving.append(Leaving(files, pieces))
        self.counts["sent"] += 1

    def _refuse(self, files: list[Path], reason: str) -> None:
        """Not sent and not lost: moved aside, for a person to look at."""
        self.counts[reason] += 1
        log.warning("ecg12: a file was not sent: %s", reason)
        self._move(files, "refused")

    def _move(self, files: list[Path], where: str) -> None:
        target = self._folder / where
        target.mkdir(exist_ok=True)
        for file in files:
            place, number = target / file.name, 1
            while place.exists():
                place, number = target / f"{file.stem}-{number}{file.suffix}", number + 1
            if file.exists():
                file.replace(place)
            self._first_seen.pop(file, None)
            self._looks.pop(file, None)

    def _become(self, state: DeviceStateCode) -> None:
        if state is not self._state:
            self._state, self._since = state, self._now()
