"""The live picture over a socket: who gets one, what comes first, how the look is logged."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session
from django.db import connections
from django.urls import path
from django.utils import timezone

from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.vitals.actions import take_telemetry
from ehr_prehospital.vitals.consumers import VitalsConsumer
from tests.actions.care import newest
from tests.actions.test_vitals import frame
from tests.signed_in import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

SOCKETS = URLRouter(
    # Channels takes a consumer where Django has a view.
    [path("live/missions/<uuid:mission_id>/vitals/", VitalsConsumer.as_asgi())]  # type: ignore[arg-type, list-item]
)


class Viewer:
    """A person's screen."""

    def __init__(self, user: User | None, mission_id: UUID) -> None:
        self.user = user
        self.socket = WebsocketCommunicator(SOCKETS, f"/live/missions/{mission_id}/vitals/")

    async def __aenter__(self) -> Self:
        self.socket.scope.update(await database_sync_to_async(signed_in)(self.user))  # type: ignore[typeddict-item]
        connected, _protocol = await self.socket.connect()
        assert connected
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.socket.disconnect()

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next message of this kind."""
        while True:
            message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
            if message["t"] == kind:
                return message

    async def is_sent_away_after_beats(self) -> int:
        while (message := await self.socket.receive_output(timeout=5))["type"] == "websocket.send":
            pass
        return int(message["code"])

    async def is_sent_away(self) -> int:
        message = await self.socket.receive_output(timeout=5)
        assert message["type"] == "websocket.close"
        return int(message["code"])


def measure(unit: Ambulance, sequence: int) -> None:
    now = timezone.now()
    take_telemetry([frame(unit, sequence, at=now)], now)


@pytest.fixture(autouse=True)
def began_a_moment_ago(mission: Mission) -> None:
    """The sockets live by the real clock, so the mission must, too."""
    Mission.objects.update(assigned_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture(autouse=True)
async def tidy() -> AsyncIterator[None]:
    """Close what the loop and its thread have opened.

    The communicator keeps connections from being closed while it waits, so the
    thread's one may be left over.
    """
    yield
    for layer in channel_layers.backends.values():
        await layer.close_pools()  # type: ignore[attr-defined]
    channel_layers.backends.clear()
    await database_sync_to_async(connections.close_all)()


async def test_a_viewer_gets_history_then_numbers_waves_and_a_beat(
    mission: Mission, a1: Ambulance, dispatcher_li: User
) -> None:
    await database_sync_to_async(measure)(a1, 1)

    async with Viewer(dispatcher_li, mission.pk) as viewer:
        history = await viewer.hears("history")
        await database_sync_to_async(measure)(a1, 2)
        numbers = await viewer.hears("numbers")
        wave = await viewer.hears("wave")
        beat = await viewer.hears("beat")

    assert {row["code"] for row in history["readings"]} == {"heart_rate", "spo2"}
    assert set(history["readings"][0]) >= {"code", "value", "unit", "measured_at", "quality"}
    assert history["waves"][0]["samples"][:2] == [1, -1]
    assert [row["code"] for row in numbers["readings"]] == ["heart_rate", "spo2"]
    assert (wave["lead"], wave["rate_hz"], len(wave["samples"])) == ("ecg_ii", 250, 250)
    assert "now" in beat
    entry = await database_sync_to_async(newest)("patient.viewed")
    assert (entry.actor_id, entry.detail["purpose"]) == (dispatcher_li.pk, "vitals")


async def test_those_who_may_not_watch_are_sent_away_and_logged(
    mission: Mission, medic_other: User, nurse_chen: User, stranger: User
) -> None:
    for user in (medic_other, nurse_chen, stranger):
        async with Viewer(user, mission.pk) as viewer:
            assert await viewer.is_sent_away() == 4403
        entry = await database_sync_to_async(newest)("patient.refused")
        assert entry.actor_id == user.pk
    async with Viewer(None, mission.pk) as viewer:
        assert await viewer.is_sent_away() == 4401
    async with Viewer(medic_other, uuid4()) as viewer:
        assert await viewer.is_sent_away() == 4403


async def test_two_viewers_see_the_same_and_one_leaving_harms_nobody(
    mission: Mission, a1: Ambulance, dispatcher_li: User, medic_wang: User
) -> None:
    async with Viewer(dispatcher_li, mission.pk) as stays:
        await stays.hears("history")
        async with Viewer(medic_wang, mission.pk) as leaves:
            await leaves.hears("history")
            await database_sync_to_async(measure)(a1, 1)
            same = await asyncio.gather(stays.hears("numbers"), leaves.hears("numbers"))
        await database_sync_to_async(measure)(a1, 2)
        assert await stays.hears("numbers")

    assert same[0] == same[1]


async def test_whoever_signs_out_loses_the_picture(
    mission: Mission, a1: Ambulance, dispatcher_li: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ehr_prehospital.vitals.consumers.BEAT_S", 0.05)
    monkeypatch.setattr("dispatch.live.doorkeeper.EVERY_S", 0.1)

    async with Viewer(dispatcher_li, mission.pk) as viewer:
        await viewer.hears("history")
        await Session.objects.all().adelete()

        assert await viewer.is_sent_away_after_beats() == 4401


async def test_whoever_changes_their_work_loses_the_picture_at_once(
    mission: Mission, a1: Ambulance, dispatcher_li: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ehr_prehospital.vitals.consumers.BEAT_S", 0.05)
    monkeypatch.setattr("dispatch.live.doorkeeper.EVERY_S", 0.1)

    async with Viewer(dispatcher_li, mission.pk) as viewer:
        await viewer.hears("history")
        await User.objects.filter(pk=dispatcher_li.pk).aupdate(role="quality_reviewer")

        assert await viewer.is_sent_away_after_beats() == 4403
