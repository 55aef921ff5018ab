"""WFDB records (formats 212 and 16, MIT annotations), as far as measuring a detector needs them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RHYTHM = 28  # annotation code "+": a change of rhythm, named in its text
NOTE = 22
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    rate_hz: float
    millivolts: NDArray[np.float64]  # (samples, leads)
    rhythms: tuple[tuple[int, str], ...]  # from which sample on, which rhythm

    def rhythm_between(self, first: int, last: int) -> str | None:
        """The rhythm that holds throughout, None where it changes or is not known."""
        held = [name for at, name in self.rhythms if at <= first]
        if not held or any(first < at < last for at, _name in self.rhythms):
            return None
        return held[-1]


def read(path: Path) -> Recording:
    """`path` without extension; its .hea, .dat and .atr lie side by side."""
    lines = [
        line.split()
        for line in path.with_suffix(".hea").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    leads, rate_hz = int(lines[0][1]), float(lines[0][2].split("/")[0])
    kind = lines[1][1]
    raw = np.frombuffer(path.with_suffix(".dat").read_bytes(), dtype=np.uint8)
    digits = _format_212(raw) if kind == "212" else raw.view("<i2").astype(np.int32)
    table = digits[: len(digits) // leads * leads].reshape(-1, leads)
    gains = [float(line[2].split("(")[0].split("/")[0]) or 200.0 for line in lines[1 : 1 + leads]]
    zeros = [int(line[4]) for line in lines[1 : 1 + leads]]
    return Recording(
        path.name, rate_hz, (table - np.array(zeros)) / np.array(gains), _rhythms(path)
    )


def _format_212(raw: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Two 12-bit samples in three bytes."""
    triples = raw[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int32)
    first = triples[:, 0] | (triples[:, 1] & 0x0F) << 8
    second = triples[:, 2] | (triples[:, 1] & 0xF0) << 4
    both = np.stack([first, second], axis=1).reshape(-1)
    return np.where(both > 2047, both - 4096, both).astype(np.int32)


def _rhythms(path: Path) -> tuple[tuple[int, str], ...]:
    words = np.frombuffer(path.with_suffix(".atr").read_bytes(), dtype="<u2")
    found: list[tuple[int, str]] = []
    at = place = 0
    kind = 0
    while place < len(words):
        code, value = int(words[place]) >> 10, int(words[place]) & 0x3FF
        place += 1
        if code == 0 and value == 0:
            break
        if code == SKIP:
            at += (int(words[place]) << 16) + int(words[place + 1])
            place += 2
        elif code == AUX:
            text = words[place : place + (value + 1) // 2].tobytes()[:value]
            place += (value + 1) // 2
            name = text.rstrip(b"\0").decode("latin-1")
            if kind in (RHYTHM, NOTE) and name.startswith("("):
                found.append((at, name[1:]))
        elif code not in (NUM, SUB, CHN):
            at += value
            kind = code
    return tuple(found)
