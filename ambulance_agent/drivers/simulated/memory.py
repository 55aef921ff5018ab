"""Where the vehicle stood when the agent ended, so that it stands there when it starts again."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from ambulance_agent.drivers.simulated.parse import LonLat

log = logging.getLogger(__name__)

# The way back: points with the seconds that each step took.
Trail = list[tuple[LonLat, float]]


class LeftOff(msgspec.Struct, frozen=True):
    """`home` is part of it: a vehicle that was moved to another city begins anew."""

    home: LonLat
    here: LonLat
    trail: Trail


class Memory:
    """One small file. Without it, or where it cannot be read, the vehicle starts at home."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: LeftOff | None = None

    def recall(self, home: LonLat) -> LeftOff | None:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=LeftOff)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s: %s; the vehicle starts at home", self._path, error)
            return None
        return kept if kept.home == home else None

    def keep(self, left_off: LeftOff) -> None:
        """Whole or not at all, and only when something changed."""
        if left_off == self._kept:
            return
        draft = self._path.with_name(self._path.name + ".new")
        try:
            draft.write_bytes(msgspec.json.encode(left_off))
            draft.replace(self._path)
        except OSError as error:
            log.warning("%s: %s; the place is not kept", self._path, error)
            return
        self._kept = left_off
