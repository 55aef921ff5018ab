"""What the uplink hands on, and to whom. The table itself stands in config/frames.py."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ambulance_agent.protocol import Status, Telemetry


@dataclass(frozen=True, slots=True)
class TelemetryFrame:
    """One second of one vehicle, decoded and new."""

    ambulance_id: UUID
    epoch: UUID
    sequence: int
    body: Telemetry
    # The vehicle's clock minus ours, as far as it is known.
    clock_offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StatusFrame:
    """One fact of a mission as its vehicle tells it, decoded and new."""

    ambulance_id: UUID
    body: Status


@dataclass(frozen=True, slots=True)
class Takers:
    """Called inside the storing transaction. Telemetry comes in batches, a status alone."""

    telemetry: tuple[Callable[[Sequence[TelemetryFrame], datetime], None], ...]
    status: Callable[[StatusFrame, datetime], None]
    # Run beside the storing for as long as the process lives.
    beside: tuple[Callable[[], Coroutine[None, None, None]], ...] = ()
