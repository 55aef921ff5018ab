"""WFDB records with the rhythms that experts saw (MIT annotations), to measure a detector on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ambulance_agent.formats.wfdb import read_record

RHYTHM = 28  # annotation code "+": a change of rhythm, named in its text
NOTE = 22
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    rate_hz: float
    millivolts: NDArray[np.float64]
    rhythms: tuple[tuple[int, str], ...]  # from which sample on, which rhythm

    def rhythm_between(self, first: int, last: int) -> str | None:
        """The rhythm that holds throughout, None where it changes or is not known."""
        held = [name for at, name in self.rhythms if at <= first]
        if not held or any(first < at < last for at, _name in self.rhythms):
            return None
        return held[-1]


def read(path: Path) -> Recording:
    """The first lead of a record; `path` is that of its header, without extension."""
    lead = read_record(path.name, lambda name: (path.parent / name).read_bytes()).channels[0]
    digits = np.array(lead.samples, dtype=np.float64)
    return Recording(path.name, lead.rate_hz, (digits - lead.baseline) / lead.gain, _rhythms(path))


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
