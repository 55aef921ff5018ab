"""What a camera's setting opens, and the test picture that needs no camera: pure but for numpy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

# v4l2: a device; rtsp: a recorder or a screen's encoder in the vehicle's network; file: a film,
# again and again; test: a drawn picture.
KINDS = ("v4l2", "rtsp", "file", "test")
CHECK_BITS, NUMBER_BITS = 8, 16
CELLS = NUMBER_BITS + CHECK_BITS
# Seven segments a digit: top, upper left, upper right, middle, lower left, lower right, bottom.
_SEGMENTS = {
    "0": "1110111", "1": "0010010", "2": "1011101", "3": "1011011", "4": "0111010",
    "5": "1101011", "6": "1101111", "7": "1010010", "8": "1111111", "9": "1111011",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    kind: str
    target: str = field(repr=False)  # an RTSP address may hold a password

    @property
    def is_live(self) -> bool:
        return self.kind in {"v4l2", "rtsp"}

    # Any: PyAV takes options of several types.
    def opening(self, *, width: int, fps: int) -> dict[str, Any]:
        """The arguments for av.open."""
        if self.kind == "v4l2":
            size = f"{width}x{width * 3 // 4}"
            return {
                "file": self.target,
                "format": "v4l2",
                "options": {"framerate": str(fps), "video_size": size},
            }
        if self.kind == "rtsp":
            # Over TCP: a lost packet would cost a picture, and the cable is short. What FFmpeg
            # looks at to know the stream it throws away with "nobuffer": measured, two seconds of
            # pictures. Without it, and without looking at more than the opening, none.
            options = {
                "rtsp_transport": "tcp", "flags": "low_delay",
                "analyzeduration": "0", "fpsprobesize": "0",
            }  # fmt: skip
            return {"file": self.target, "options": options, "timeout": (5.0, 5.0)}
        return {"file": self.target}


def cells(number: int) -> list[int]:
    """The number and its checksum as black and white: whoever sees it knows which picture."""
    number &= (1 << NUMBER_BITS) - 1
    value = (number << CHECK_BITS) | ((number * 37 + 11) & 0xFF)
    return [(value >> (CELLS - 1 - place)) & 1 for place in range(CELLS)]


def drawn_picture(
    number: int, moment: datetime, *, width: int, height: int, tone: int = 0
) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Grey values: the number in cells, a clock in UTC, and a slope that moves."""
    across, down = np.arange(width), np.arange(height)[:, None]
    picture = ((across + down + 3 * number) % 120 + 60 + tone).astype(np.uint8)
    edges = np.linspace(width // 16, width - width // 16, CELLS + 1).astype(int)
    picture[: height // 4] = 128
    for bit, left, right in zip(cells(number), edges[:-1], edges[1:], strict=True):
        picture[height // 24 : height * 5 // 24, left:right] = 235 if bit else 16
    _write(picture, f"{moment.astimezone(UTC):%H%M%S}{moment.microsecond // 100_000}")
    return picture


def _write(picture: np.ndarray[Any, np.dtype[np.uint8]], digits: str) -> None:
    height, width = picture.shape
    wide, high, line = width // 12, height // 5, max(2, width // 100)
    top, left = height // 2, (width - len(digits) * (wide + line * 2)) // 2
    picture[top - 3 * line : top + high + 3 * line, left - 3 * line : width - left + line] = 16
    for place, digit in enumerate(digits):
        box = picture[top : top + high, left + place * (wide + 2 * line) :][:, :wide]
        middle = (high - line) // 2
        areas = (
            (slice(0, line), slice(None)),
            (slice(0, middle), slice(0, line)),
            (slice(0, middle), slice(-line, None)),
            (slice(middle, middle + line), slice(None)),
            (slice(middle, None), slice(0, line)),
            (slice(middle, None), slice(-line, None)),
            (slice(-line, None), slice(None)),
        )
        for lit, area in zip(_SEGMENTS[digit], areas, strict=True):
            if lit == "1":
                box[area] = 235
