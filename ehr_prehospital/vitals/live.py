"""Live numbers and waves by payload: at most once, to whoever watches a mission now.

The stored rows are complete; a viewer that missed a message sees a gap, draws a gap,
and gets the stretch from the history when it connects again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from ehr_prehospital.vitals.queries import Number, Strip

AUDIENCE = "vitals.audience"
# A screen says so often that it looks; after three silent times it is taken for gone.
STILL_LOOKING_S = 5.0


async def tell_audience(mission_id: UUID) -> None:
    """A screen looks at this mission; to be said every STILL_LOOKING_S."""
    layer = get_channel_layer()
    if layer is not None:
        await layer.group_send(AUDIENCE, {"type": "vitals.audience", "mission_id": str(mission_id)})


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


class Audience:
    """The missions that a screen looks at now, as the screens tell every uplink process.

    Where nobody has begun to listen (a command, a test) every mission counts as looked at.
    """

    def __init__(self) -> None:
        self._until_s: dict[UUID, float] = {}
        # Until every screen has had the time to say that it is there.
        self._all_until_s = float("inf")

    def looks_at(self, mission_id: UUID) -> bool:
        now = monotonic()
        return now < self._all_until_s or self._until_s.get(mission_id, 0.0) > now

    async def listen(self) -> None:
        """For as long as the process."""
        layer = get_channel_layer()
        if layer is None:
            return
        channel = await layer.new_channel()
        while True:
            try:
                await layer.group_add(AUDIENCE, channel)
                self._all_until_s = monotonic() + 1.2 * STILL_LOOKING_S
                while True:
                    self._heard(await layer.receive(channel))
            except (OSError, RedisError):
                self._all_until_s = float("inf")  # nobody can be heard: show to all
                await asyncio.sleep(1)

    def _heard(self, message: dict[str, str]) -> None:
        now = monotonic()
        self._until_s = {mission: until for mission, until in self._until_s.items() if until > now}
        self._until_s[UUID(message["mission_id"])] = now + 3 * STILL_LOOKING_S


audience = Audience()


def publish(fresh: Mapping[UUID, Live]) -> None:
    """Send each mission's news to its group, all groups at once."""
    publish_messages({mission_id: live.message() for mission_id, live in fresh.items()})


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


def shown_number(number: Number) -> dict[str, object]:
    """A number as the page gets it; the time keeps its offset."""
    return {
        "code": number.code,
        "value": number.value,
        "unit": number.unit,
        "measured_at": stamp(number.measured_at),
        "quality": number.quality,
        "source": number.source,
    }


def packed_wave(strip: Strip) -> dict[str, object]:
    """A wave as it travels between processes: the samples still packed."""
    return {
        "lead": strip.lead,
        "started_at": stamp(strip.started_at),
        "rate_hz": strip.rate_hz,
        "scale_uv": strip.scale_uv,
        "samples": strip.samples,
    }


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
