"""Live numbers and waves by payload: at most once, to whoever watches a mission now.

The stored rows are complete; a viewer that missed a message sees a gap, draws a gap,
and gets the stretch from the history when it connects again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from ehr_prehospital.vitals.queries import Number, Strip


def group_of(mission_id: UUID) -> str:
    """The channel group of everybody who watches this mission's patient."""
    return f"vitals.{mission_id}"


@dataclass(slots=True)
class Live:
    """What one commit brought for one mission: one message, however many frames it had."""

    numbers: list[Number] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)

    def add(self, what: Number | Strip) -> None:
        if isinstance(what, Number):
            self.numbers.append(what)
        else:
            self.strips.append(what)

    def message(self) -> dict[str, object]:
        return {
            "type": "vitals.live",
            "numbers": [shown_number(number) for number in self.numbers],
            "waves": [packed_wave(strip) for strip in self.strips],
        }


def publish(fresh: Mapping[UUID, Live]) -> None:
    """Send each mission's news to its group, all groups at once."""
    if fresh:
        async_to_sync(publish_all)(fresh)


def publish_devices(changed: Mapping[UUID, Sequence[Mapping[str, str]]]) -> None:
    """Tell whoever watches that a lead or a probe came off, or is on again."""
    publish_messages(
        {
            mission_id: {"type": "vitals.devices", "devices": [*devices]}
            for mission_id, devices in changed.items()
        }
    )


def publish_assessments(assessed: Mapping[UUID, Mapping[str, object]]) -> None:
    """Limits, signals and scores, already as the page gets them."""
    publish_messages(
        {
            mission_id: {"type": "vitals.assessed", "assessed": assessment}
            for mission_id, assessment in assessed.items()
        }
    )


def publish_messages(messages: Mapping[UUID, Mapping[str, object]]) -> None:
    """Send one message to each mission's group, all groups at once."""
    if messages:
        async_to_sync(_send_each)(messages)


async def _send_each(messages: Mapping[UUID, Mapping[str, object]]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    await asyncio.gather(
        *(
            layer.group_send(group_of(mission_id), dict(message))
            for mission_id, message in messages.items()
        )
    )


async def publish_all(fresh: Mapping[UUID, Live]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    await asyncio.gather(
        *(
            layer.group_send(group_of(mission_id), live.message())
            for mission_id, live in fresh.items()
        )
    )


def shown_number(number: Number) -> dict[str, object]:
    """A number as the page gets it; the time keeps its offset."""
    return {**asdict(number), "measured_at": stamp(number.measured_at)}


def packed_wave(strip: Strip) -> dict[str, object]:
    """A wave as it travels between processes: the samples still packed."""
    return {**asdict(strip), "started_at": stamp(strip.started_at)}


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
