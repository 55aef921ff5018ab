"""What every device driver offers to the agent, and nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ambulance_agent.protocol import (
    DeviceState,
    FilePiece,
    Numeric,
    Order,
    Position,
    StandDown,
    Status,
    Wave,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a device gave since it was last asked. Nothing is ever repeated from memory."""

    position: Position | None = None
    numerics: Sequence[Numeric] = ()
    waves: Sequence[Wave] = ()
    devices: Sequence[DeviceState] = ()
    facts: Sequence[Status] = ()
    pieces: Sequence[FilePiece] = ()


class Driver(Protocol):
    async def run(self) -> None:
        """Own the device's input until cancelled; returning means there is no more input."""

    def sample(self, now: datetime) -> Sample:
        """Asked once a second. Must not block."""

    def take(self, word: Order | StandDown) -> None:
        """The centre's word, for drivers that care."""
