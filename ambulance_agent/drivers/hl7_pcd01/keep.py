"""What was not understood, kept on the vehicle's disk with its bytes, within a bound."""

from __future__ import annotations

import base64
import json
import logging
from datetime import datetime
from pathlib import Path

from ambulance_agent.drivers.hl7_pcd01.parse import SetAside

log = logging.getLogger(__name__)


class NotUnderstood:
    """Two files of half the bound: when one is full the older one goes."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._half = max_bytes // 2
        self._refused = False

    def keep(self, things: list[SetAside], arrived_at: datetime) -> None:
        lines = "".join(
            json.dumps(
                {
                    "arrived_at": arrived_at.isoformat(),
                    "reason": thing.reason,
                    "what": thing.what,
                    "raw": base64.b64encode(thing.raw).decode(),
                }
            )
            + "\n"
            for thing in things
        )
        try:
            if self._path.exists() and self._path.stat().st_size + len(lines) > self._half:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            with self._path.open("a", encoding="ascii") as file:
                file.write(lines)
            self._refused = False
        except OSError as error:
            # Counted all the same; a full disk must not stop the vital signs.
            if not self._refused:
                log.warning("hl7: what was not understood cannot be kept: %s", error.strerror)
            self._refused = True
