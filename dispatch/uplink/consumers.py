"""One socket per vehicle: who are you, what do you send, what are your orders."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.utils import timezone
from redis.exceptions import RedisError

from ambulance_agent.protocol import (
    Ack,
    Frame,
    FromServer,
    Hello,
    MalformedFrame,
    MalformedReason,
    RefusalCode,
    Refused,
    Report,
    Welcome,
    decode_from_vehicle,
    encode,
)
from dispatch.fleet.models import Ambulance
from dispatch.per_loop import PerLoop
from dispatch.uplink.actions import Arrived
from dispatch.uplink.batch import Batcher, Waiting
from dispatch.uplink.links import Link
from dispatch.uplink.orders import OrderDesk, desk
from dispatch.uplink.queries import Standing, vehicle_with
from dispatch.uplink.takers import Takers

log = logging.getLogger(__name__)

# Closing codes of our own range (RFC 6455, 7.4.2).
CLOSE_REFUSED = 4401
CLOSE_REPLACED = 4409

_batchers = PerLoop[Batcher]()


def batcher_of(takers: Takers) -> Batcher:
    """The batcher of the running loop."""
    return _batchers.get(lambda: Batcher(takers))


def credential(headers: Iterable[tuple[bytes, bytes]]) -> tuple[UUID, str] | None:
    """`Authorization: Vehicle <id>:<token>`, or None when it is not of that form."""
    value = next((text for name, text in headers if name.lower() == b"authorization"), b"")
    scheme, _, pair = value.decode("latin-1").partition(" ")
    vehicle, _, token = pair.strip().partition(":")
    try:
        return (UUID(vehicle), token) if scheme.lower() == "vehicle" and token else None
    except ValueError:
        return None


def vehicle_group(unit: Ambulance) -> str:
    return f"vehicle.{unit.pk}"


class UplinkConsumer(AsyncWebsocketConsumer):
    """Takes frames in any order and any number of times; acknowledges what is durable."""

    takers: Takers

    def __init__(self, *, takers: Takers) -> None:
        super().__init__()
        self.takers = takers
        self.unit: Ambulance | None = None
        self._stored: list[tuple[UUID, int, bool]] = []
        # The loop itself keeps no task alive.
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._orders: OrderDesk | None = None
        self._batcher = batcher_of(takers)
        self._link: Link | None = None
        self._beside: asyncio.Task[None] | None = None
        # What the vehicle was told last; nothing yet.
        self.shown: Standing | None = None

    async def connect(self) -> None:
        await self.accept()
        given = credential(self.scope["headers"])
        unit = (
            await database_sync_to_async(vehicle_with)(ambulance_id=given[0], token=given[1])
            if given
            else None
        )
        if unit is None:
            log.warning("refused a vehicle's credential from %s", self.scope.get("client"))
            await self._refuse(RefusalCode.BAD_CREDENTIAL, "unknown vehicle or wrong token")
            return
        self.unit = unit
        self._link = self._batcher.links.open(unit.pk)
        self._beside = asyncio.create_task(self._be_the_only_one(unit))

    # Any: scope, receive and send of ASGI.
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Wait for the vehicle alone, and for the rare words of other processes beside it.

        The way of Channels, two new tasks and a wait for each message, costs as much as decoding.
        """
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            if self._beside:
                self._beside.cancel()

    async def _be_the_only_one(self, unit: Ambulance) -> None:
        """A link that was cut may still look open elsewhere: the newest socket is the vehicle.

        Without the channel layer the vehicle's frames are taken all the same.
        """
        layer, group = get_channel_layer(self.channel_layer_alias), vehicle_group(unit)
        if layer is None:
            return
        channel = await layer.new_channel()
        try:
            while True:
                with suppress(OSError, RedisError):
                    await layer.group_send(group, {"type": "uplink.replaced", "by": channel})
                    await layer.group_add(group, channel)
                    while (await layer.receive(channel))["by"] == channel:
                        pass
                    await self.close(code=CLOSE_REPLACED)
                    return
                await asyncio.sleep(1)
        finally:
            with suppress(OSError, RedisError):
                await layer.group_discard(group, channel)

    # Any: a message of ASGI.
    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the look at old database connections that Channels takes at every message: a
        frame touches none, and whoever stores it looks for himself.
        """
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"no handler for {message['type']}")
        await handler(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        link = self._link
        if self.unit is None or link is None:
            return
        raw = bytes_data if bytes_data is not None else (text_data or "").encode()
        try:
            message = decode_from_vehicle(raw)
        except MalformedFrame as fault:
            await self._park(raw, fault)
            return
        match message:
            case Frame():
                link.take(message, timezone.now())
                self._keep(
                    Arrived(
                        self.unit.pk, message.epoch, message.sequence, raw, message,
                        clock_offset_ms=link.clock.offset_ms,
                    )
                )  # fmt: skip
            case Hello():
                link.greet(message, timezone.now())
                await self._welcome(self.unit)
            case Report():
                link.report = message

    async def disconnect(self, code: int) -> None:
        unit, self.unit = self.unit, None
        if unit and self._orders:
            self._orders.remove(unit.pk, self)
        if self._link:
            self._batcher.links.close(self._link)

    async def _welcome(self, unit: Ambulance) -> None:
        await self.say(Welcome(server_time=timezone.now(), vehicle=unit.call_sign))
        if self._orders is None:
            self._orders = desk()
            self._orders.add(unit.pk, self)

    async def _park(self, raw: bytes, fault: MalformedFrame) -> None:
        """Keep what cannot be read, as long as it says which frame it is."""
        if self.unit and fault.epoch is not None and fault.sequence is not None:
            log.warning("parked a frame of %s: %s", self.unit.call_sign, fault.reason)
            self._keep(
                Arrived(self.unit.pk, fault.epoch, fault.sequence, raw, None, str(fault)[:200])
            )
            return
        wrong_version = fault.reason is MalformedReason.WRONG_VERSION
        code = RefusalCode.WRONG_VERSION if wrong_version else RefusalCode.MALFORMED
        await self._refuse(code, str(fault))

    def _keep(self, arrived: Arrived) -> None:
        self._batcher.put(
            Waiting(arrived, lambda parked: self._acknowledge(arrived, parked=parked))
        )

    def _acknowledge(self, arrived: Arrived, *, parked: bool) -> None:
        """Gather what one commit made safe, and send it as one message.

        A vehicle that has gone meanwhile sends its frames again and is told then.
        """
        if self.unit is None:
            return
        if not self._stored:
            task = asyncio.create_task(self._send_acknowledgements())
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
        self._stored.append((arrived.epoch, arrived.sequence, parked))

    async def _send_acknowledgements(self) -> None:
        stored, self._stored = self._stored, []
        for epoch in {epoch for epoch, _, _ in stored}:
            of_epoch = [(number, parked) for other, number, parked in stored if other == epoch]
            await self.say(
                Ack(
                    epoch=epoch,
                    sequences=[number for number, parked in of_epoch if not parked],
                    parked=[number for number, parked in of_epoch if parked],
                )
            )

    async def say(self, message: FromServer) -> None:
        await self.send(bytes_data=encode(message))

    async def _refuse(self, code: RefusalCode, message: str) -> None:
        await self.say(Refused(code=code, message=message[:400]))
        await self.close(code=CLOSE_REFUSED)
