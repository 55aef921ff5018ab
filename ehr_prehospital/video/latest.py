"""What a newcomer to a stream is sent at once: the opening, and all since the newest key frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from ambulance_agent.protocol.media import Kind, MediaFrame
from ehr_prehospital.video.credit import Picture

# A camera that gives no key frame for so long has nothing for a newcomer until the next one.
MOST_BYTES = 8 * 1024**2
MOST_FRAMES = 1500
MOST_OPENINGS = 16


@dataclass(slots=True)
class _Line:
    """The whole picture or the small one: where it stands, and its frames since the key frame."""

    newest: int = -1
    goes_on: bool = False
    frames: list[bytes] = field(default_factory=list)
    size: int = 0

    def clear(self) -> None:
        self.frames, self.size = [], 0

    def add(self, frame: MediaFrame, raw: bytes) -> None:
        if frame.key and not self.begun_by(frame):
            self.clear()
        elif not self.frames:
            return
        self.frames.append(raw)
        self.size += len(raw)
        if self.size > MOST_BYTES or len(self.frames) > MOST_FRAMES:
            self.clear()

    def begun_by(self, frame: MediaFrame) -> bool:
        """Whether the frames kept are the first pieces of this very picture."""
        return bool(self.frames) and self.key_seq == frame.seq

    @property
    def key_seq(self) -> int:
        return int.from_bytes(self.frames[0][1:5])


class Latest:
    """Of one stream. Ask `takes` of every frame in order, then `keep` those that it takes."""

    def __init__(self) -> None:
        self._openings: list[bytes] = []
        self._still: list[bytes] = []
        self._lines = {False: _Line(), True: _Line()}

    @property
    def has_low(self) -> bool:
        return bool(self._lines[True].frames)

    def takes(self, frame: MediaFrame) -> bool:
        """In order, each once; a piece goes on with its picture. An opening may come again."""
        if frame.kind in {Kind.INIT, Kind.SOUND}:
            return True
        line = self._lines[frame.low]
        if frame.seq < line.newest or (frame.seq == line.newest and not line.goes_on):
            return False
        line.newest, line.goes_on = frame.seq, frame.more
        return True

    def keep(self, frame: MediaFrame, raw: bytes) -> None:
        if frame.kind is Kind.INIT:
            if frame.key or len(self._openings) >= MOST_OPENINGS:
                self._openings = []
            self._openings.append(raw)
        elif frame.kind is Kind.STILL:
            if not self._still or int.from_bytes(self._still[0][1:5]) != frame.seq:
                self._still = []
            self._still.append(raw)
        elif frame.kind is Kind.CHUNK:
            if frame.key:
                self._still = []  # moving pictures again
            self._lines[frame.low].add(frame, raw)

    def begin_anew(self) -> None:
        """A camera's new socket sends its opening and a key frame again."""
        self._openings, self._still = [], []
        for line in self._lines.values():
            line.clear()

    def opening(self, picture: Picture) -> list[bytes]:
        if picture is Picture.NONE:
            return []
        whole, small = self._lines[False].frames, self._lines[True].frames
        best = (small or whole) if picture is Picture.LOW else (whole or small)
        return [*self._openings, *(self._still or best)]
