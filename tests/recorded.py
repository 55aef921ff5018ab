"""Reads the numbers off the pictures of a recorded film: how many, and whether some are missing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise

import av
import numpy as np

from tests.fake_camera import BITS, CELLS, CHECK_BITS

PERIOD_MS = 40


@dataclass(frozen=True)
class Read:
    """`missing`: pictures that had their time and are not there. `longest_ms`: longest pause."""

    frames: int
    missing: int
    longest_ms: float


def read_film(film: bytes, count: int) -> Read:
    """The camera's film has `count` pictures and repeats.

    A loaded machine's camera shows a picture twice and skips the next: a number is left out,
    but no time. That is no missing picture; a lost second would be both.
    """
    with av.open(io.BytesIO(film), "r") as source:
        seen = [(_number(one), (one.time or 0.0) * 1000) for one in source.decode(video=0)]
    missing, longest = 0, 0.0
    for (before, from_ms), (after, to_ms) in pairwise(seen):
        longest = max(longest, to_ms - from_ms)
        room = round((to_ms - from_ms) / PERIOD_MS) - 1
        if before is None or after is None:
            missing += max(0, room)
        else:
            missing += max(0, min((after - before) % count - 1, room))
    return Read(len(seen), missing, longest)


def _number(frame: av.VideoFrame) -> int | None:
    grey = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    height, width = grey.shape
    edges = np.linspace(width // 16, width - width // 16, CELLS + 1)
    middles = ((edges[:-1] + edges[1:]) / 2).astype(int)
    value = int("".join("1" if one > 128 else "0" for one in grey[height // 8, middles]), 2)
    number = value >> CHECK_BITS
    check = (number * 37 + 11) & ((1 << CHECK_BITS) - 1)
    return number if check == value & ((1 << CHECK_BITS) - 1) and number < 1 << BITS else None
