"""The live picture of one mission's patient. One socket per viewer, each on its own.

A message that a viewer misses is a gap in its picture; the history has it. Between
two processes the channel layer keeps a bounded queue per viewer, so a slow one
loses its own messages and nobody else's.
"""

import array
import asyncio
import sys
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.utils import timezone

from ambulance_agent.protocol import Quality
from dispatch.live.doorkeeper import CLOSE_NOT_ALLOWED, CLOSE_NOT_SIGNED_IN, doorkeeper
from dispatch.people.models import User
from dispatch.people.queries import SignIn
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.access.rules import Level
from ehr_prehospital.vitals.live import (
    STILL_LOOKING_S,
    group_of,
    shown_number,
    stamp,
    tell_audience,
)
from ehr_prehospital.vitals.queries import Number
from ehr_prehospital.vitals.watching import begin_watching, history, still_watching

BEAT_S = 1.0
# Access ends with the mission, the grant or the incident: looked at again so often.
ASK_AGAIN_S = 15.0


def samples_of(packed: bytes) -> list[int]:
    """Little-endian int16 as numbers."""
    samples = array.array("h", packed)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tolist()


def shown_wave(wave: dict[str, Any]) -> dict[str, Any]:
    return {**wave, "samples": samples_of(wave["samples"])}


def compact(numbers: list[Number]) -> dict[str, list[list[float]]]:
    """Code → [[milliseconds, value], …]: a whole mission in a few kilobytes."""
    found: dict[str, list[list[float]]] = {}
    for number in numbers:
        if number.quality != Quality.INVALID:
            at_ms = round(number.measured_at.timestamp() * 1000)
            found.setdefault(number.code, []).append([at_ms, number.value])
    return found


class VitalsConsumer(AsyncJsonWebsocketConsumer):
    """`/live/missions/<uuid>/vitals/`: history, then numbers, waves and a beat each second."""

    async def connect(self) -> None:
        self._beating: asyncio.Task[None] | None = None
        self._group: str | None = None
        self._sign_in: SignIn | None = None
        self._level = Level.NONE
        await self.accept()
        known = await doorkeeper().let_in(self.scope)
        if known is None:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self._sign_in, self._user = known
        self._mission_id: UUID = self.scope["url_route"]["kwargs"]["mission_id"]
        try:
            self._level = await database_sync_to_async(begin_watching)(
                user=self._user, mission_id=self._mission_id, now=timezone.now()
            )
        except NoAccess:
            await self.close(code=CLOSE_NOT_ALLOWED)
            return
        # Listen before reading: what arrives in between is shown twice, never lost.
        self._group = group_of(self._mission_id)
        await self.channel_layer.group_add(self._group, self.channel_name)
        await tell_audience(self._mission_id)
        await self._send_history()
        self._beating = asyncio.create_task(self._beat())

    async def disconnect(self, code: int) -> None:
        if self._beating:
            self._beating.cancel()
        if self._sign_in:
            doorkeeper().see_out(self._sign_in)
        if self._group:
            await self.channel_layer.group_discard(self._group, self.channel_name)

    # Any: a message of the channel layer, made by vitals.live.
    async def vitals_live(self, event: dict[str, Any]) -> None:
        if event["numbers"]:
            await self.send_json({"t": "numbers", "readings": event["numbers"]})
        for wave in event["waves"]:
            await self.send_json({"t": "wave", **shown_wave(wave)})

    async def vitals_devices(self, event: dict[str, Any]) -> None:
        await self.send_json({"t": "devices", "devices": event["devices"]})

    async def vitals_assessed(self, event: dict[str, Any]) -> None:
        """Scores rest on the record: only who may see the record gets them."""
        assessed = event["assessed"]
        if not self._level.covers(Level.CLINICAL):
            assessed = {name: assessed[name] for name in ("limits", "poor")}
        await self.send_json({"t": "assessed", **assessed})

    async def _send_history(self) -> None:
        past = await database_sync_to_async(history)(
            mission_id=self._mission_id, now=timezone.now()
        )
        await self.send_json(
            {
                "t": "history",
                "now": stamp(timezone.now()),
                "readings": [shown_number(number) for number in past.numbers],
                "waves": [
                    {
                        "lead": strip.lead,
                        "started_at": stamp(strip.started_at),
                        "rate_hz": strip.rate_hz,
                        "scale_uv": strip.scale_uv,
                        "samples": samples_of(strip.samples),
                    }
                    for strip in past.strips
                ],
                "trend": compact(past.trend),
                "devices": past.devices,
            }
        )

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        asked_at = told_at = loop.time()
        while True:
            await asyncio.sleep(BEAT_S)
            if loop.time() - told_at >= STILL_LOOKING_S:
                told_at = loop.time()
                await tell_audience(self._mission_id)
            user = await doorkeeper().person(self._sign_in) if self._sign_in else None
            if user is None:
                await self.close(code=CLOSE_NOT_SIGNED_IN)
                return
            if loop.time() - asked_at >= ASK_AGAIN_S or _place(user) != _place(self._user):
                asked_at, self._user = loop.time(), user
                allowed = await database_sync_to_async(still_watching)(
                    user=user, mission_id=self._mission_id, now=timezone.now()
                )
                if not allowed:
                    await self.close(code=CLOSE_NOT_ALLOWED)
                    return
            await self.send_json({"t": "beat", "now": stamp(timezone.now())})


def _place(user: User) -> tuple[str, UUID | None]:
    """What decides about access, of the person themselves."""
    return user.role, user.organisation_id
