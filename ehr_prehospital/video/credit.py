"""What one viewer may be sent now: nothing that they cannot keep up with. Pure, given the clock.

The server never waits for a socket and cannot see how full it is, so the viewer says every
100 ms which picture was the last to arrive. By a timer, not by count: a viewer who is skipped
would never reach the count.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum

from ambulance_agent.protocol.media import Kind, MediaFrame

BEHIND_S = 0.6
# Several seconds of the whole picture: whoever has so much on the way is not reading.
BEHIND_BYTES = 2 * 1024**2


class Picture(StrEnum):
    """Which picture of a camera: the whole one, the small one for tiles, or none."""

    FULL = "full"
    LOW = "low"
    NONE = "none"


class Credit:
    def __init__(self) -> None:
        self.wants = Picture.FULL
        self.left_out = 0
        self._sent: deque[tuple[int, float, int]] = deque()
        self._on_the_way = 0
        self._skipping = False
        # until the whole picture comes, the small one is better than none
        self._has_full = False
        # a picture in pieces goes as a whole or not at all
        self._goes_on: tuple[int, bool] | None = None
        self._goes_along = False

    def want(self, picture: Picture) -> None:
        """Begin anew: the opening of the other picture follows."""
        self.wants = picture
        self._skipping = self._has_full = False
        self._goes_on = None

    def admits(self, frame: MediaFrame, *, now: float, has_low: bool) -> bool:
        """Whether this frame goes to this viewer; to be asked of every frame in order."""
        if frame.kind is Kind.INIT:
            return self.wants is not Picture.NONE
        if frame.kind is Kind.SOUND:
            return self.wants is Picture.FULL
        if not self._chosen(frame, has_low=has_low):
            return False
        picture = (frame.seq, frame.low)
        if self._goes_on != picture:
            self._goes_along = self._keeps_up(frame, now)
        if self._goes_along:
            self._sent.append((frame.seq, now, len(frame.payload)))
            self._on_the_way += len(frame.payload)
        self._goes_on = picture if frame.more else None
        return self._goes_along

    def got(self, seq: int, *, now: float) -> bool:
        """The viewer has this picture. True when one who was skipped has caught up."""
        while self._sent and self._sent[0][0] <= seq:
            self._on_the_way -= self._sent.popleft()[2]
        return self._skipping and not self._behind(now)

    def _chosen(self, frame: MediaFrame, *, has_low: bool) -> bool:
        if self.wants is Picture.NONE:
            return False
        if self.wants is Picture.LOW:
            return frame.low or not has_low or frame.kind is Kind.STILL
        if not frame.low and frame.key:
            self._has_full = True
        return not frame.low or not self._has_full

    def _keeps_up(self, frame: MediaFrame, now: float) -> bool:
        behind = self._behind(now)
        if behind or (self._skipping and not frame.key):
            self._skipping = True
            self.left_out += 1
            return False
        self._skipping = False
        return True

    def _behind(self, now: float) -> bool:
        late = bool(self._sent) and now - self._sent[0][1] > BEHIND_S
        return late or self._on_the_way > BEHIND_BYTES
