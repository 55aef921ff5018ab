"""Samples of any rate → samples of another, without gaps turning into lines."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from ambulance_agent.formats.wfdb import MISSING


def resampled(
    samples: Sequence[int], *, rate_hz: float, wanted_hz: float, start: int, count: int
) -> array[float] | None:
    """`count` samples from `start` on, counted at the wanted rate; None where any is missing.

    Upwards by straight lines. Downwards each sample is the mean of the stretch that it stands
    for, which keeps what is faster than half the new rate from folding into the wave.
    """
    ratio = rate_hz / wanted_hz
    half = max(ratio, 1.0) / 2
    first = max(int(start * ratio - half), 0)
    last = min(int((start + count) * ratio + half) + 2, len(samples))
    piece = samples[first:last]
    if not piece or MISSING in piece or (start + count - 1) * ratio > len(samples) - 1 + 1e-9:
        return None
    if ratio == 1.0:
        return array("d", samples[start : start + count])
    at = ((start + step) * ratio - first for step in range(count))
    if ratio < 1.0:
        return array("d", (_between(piece, place) for place in at))
    sums = array("d", [0.0])
    for sample in piece:
        sums.append(sums[-1] + sample)
    return array("d", (_mean(sums, place + 0.5 - half, place + 0.5 + half) for place in at))


def _between(piece: Sequence[int], place: float) -> float:
    low = min(int(place), len(piece) - 1)
    high = min(low + 1, len(piece) - 1)
    return piece[low] + (piece[high] - piece[low]) * (place - low)


def _mean(sums: Sequence[float], begin: float, end: float) -> float:
    """Of the samples as steps of width one, from `begin` to `end`; cut off at the edges."""
    begin, end = max(begin, 0.0), min(end, float(len(sums) - 1))
    return (_total(sums, end) - _total(sums, begin)) / (end - begin)


def _total(sums: Sequence[float], place: float) -> float:
    low = min(int(place), len(sums) - 2)
    return sums[low] + (sums[low + 1] - sums[low]) * (place - low)
