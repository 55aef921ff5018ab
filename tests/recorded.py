"""What of a camera's pictures is in the record: those that it handed over, one by one, in order."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import av
import numpy as np

from tests.fake_camera import BITS, CELLS, CHECK_BITS

# A picture's number, and when it came, ms; None where the number cannot be read.
Seen = tuple[int | None, float]


@dataclass(frozen=True)
class Kept:
    """`missing`: handed over from the first recorded picture on, and not in the record.

    `after`: handed over after the last recorded one: what a killed encoder still held.
    """

    frames: int
    missing: int
    after: int
    longest_ms: float


def pictures_of(film: bytes) -> list[Seen]:
    with av.open(io.BytesIO(film), "r") as source:
        return [(number_on(_grey(one)), (one.time or 0.0) * 1000) for one in source.decode(video=0)]


def sound_of(film: bytes) -> tuple[float, float]:
    """How many seconds of sound there are, and how loud the loudest is (0…1)."""
    with av.open(io.BytesIO(film), "r") as source:
        if not source.streams.audio:
            return 0.0, 0.0
        parts = list(source.decode(audio=0))
    seconds = sum(one.samples / one.sample_rate for one in parts)
    return seconds, max(float(np.abs(one.to_ndarray()).max()) for one in parts)


def kept_of(handed_over: Sequence[int | None], film: bytes, count: int) -> Kept:
    """Compare picture by picture; the camera's film has `count` of them and begins again.

    A camera that shows a picture twice must have it twice in the record, and one that it skips is
    no loss. Numbers go on where the film begins again, so that no picture stands for another; a
    record out of order would be missing hundreds.
    """
    recorded = pictures_of(film)
    numbers = [number for number, _at in recorded]
    first = next(number for number in numbers if number is not None)
    begin = list(handed_over).index(first)
    given, kept = going_on(handed_over[begin:], count), going_on(numbers, count)
    lost = Counter(given) - Counter(kept)
    after = sum(times for number, times in lost.items() if number > kept[-1])
    # In the record and unreadable is still in the record.
    missing = max(0, lost.total() - after - numbers.count(None))
    pauses = [to_ms - from_ms for (_, from_ms), (_, to_ms) in pairwise(recorded)]
    return Kept(len(recorded), missing, after, max(pauses, default=0.0))


def going_on(numbers: Sequence[int | None], count: int) -> list[int]:
    """Readable numbers of a film that begins again, as they would be if it never did."""
    clear = [number for number in numbers if number is not None]
    steps = [(after - before) % count for before, after in pairwise(clear)]
    return list(accumulate(steps, initial=clear[0]))


def skipped_by_camera(handed_over: Sequence[int | None], count: int) -> int:
    """Numbers that never came out of the camera."""
    return sum(
        max(0, after - before - 1) for before, after in pairwise(going_on(handed_over, count))
    )


def _grey(frame: av.VideoFrame) -> np.ndarray:
    return np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def number_on(grey: np.ndarray) -> int | None:
    """Of a picture in grey values; None where the checksum does not fit."""
    height, width = grey.shape
    edges = np.linspace(width // 16, width - width // 16, CELLS + 1)
    middles = ((edges[:-1] + edges[1:]) / 2).astype(int)
    value = int("".join("1" if one > 128 else "0" for one in grey[height // 8, middles]), 2)
    number = value >> CHECK_BITS
    check = (number * 37 + 11) & ((1 << CHECK_BITS) - 1)
    return number if check == value & ((1 << CHECK_BITS) - 1) and number < 1 << BITS else None
