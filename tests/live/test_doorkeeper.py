"""A board belongs to a person who is signed in: nobody keeps one beyond that."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Self

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session
from django.db import connections
from django.urls import path
from django.utils import timezone

from config.boards import BOARDS
from dispatch.live.consumers import BoardConsumer
from dispatch.live.doorkeeper import doorkeeper
from dispatch.people.models import Organisation, User
from tests.signed_in import signed_in
from tests.town import Town

pytestmark = pytest.mark.django_db(transaction=True)

SOCKETS = URLRouter(
    # Channels takes a consumer where Django has a view.
    [path("live/<str:board>/", BoardConsumer.as_asgi(boards=BOARDS))]  # type: ignore[arg-type, list-item]
)
Change = Callable[[User], Awaitable[object]]


class Screen:
    """A person's open board; `session` is its browser's."""

    def __init__(self, user: User | None, board: str = "console") -> None:
        self.user = user
        self.socket = WebsocketCommunicator(SOCKETS, f"/live/{board}/")
        self.session: Any = None  # a session store, which Django types by its engine

    async def __aenter__(self) -> Self:
        scope = await database_sync_to_async(signed_in)(self.user)
        self.session = scope["session"]
        self.socket.scope.update(scope)  # type: ignore[typeddict-item]
        connected, _protocol = await self.socket.connect()
        assert connected
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.socket.disconnect()

    async def hears(self, kind: str) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
            if message["t"] == kind:
                return message

    async def opens(self) -> None:
        await self.socket.send_json_to({"t": "hello", "since": None})
        await self.hears("snapshot")

    async def is_sent_away(self) -> int:
        while (message := await self.socket.receive_output(timeout=5))["type"] == "websocket.send":
            pass
        return int(message["code"])


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.live.consumers.HEARTBEAT_S", 0.05)
    monkeypatch.setattr("dispatch.live.doorkeeper.EVERY_S", 0.1)


@pytest.fixture(autouse=True)
async def tidy() -> AsyncIterator[None]:
    """Close what the loop and its thread have opened."""
    yield
    for layer in channel_layers.backends.values():
        await layer.close_pools()  # type: ignore[attr-defined]
    channel_layers.backends.clear()
    await database_sync_to_async(connections.close_all)()


async def is_deactivated(user: User) -> None:
    await User.objects.filter(pk=user.pk).aupdate(is_active=False)


async def gets_another_password(user: User) -> None:
    user.set_password("a new password")
    await user.asave()


async def loses_the_role(user: User) -> None:
    await User.objects.filter(pk=user.pk).aupdate(role="quality_reviewer")


async def moves_to_another_centre(user: User) -> None:
    kind = Organisation.Kind.DISPATCH_CENTRE
    next_town = await Organisation.objects.acreate(kind=kind, code="C2", name_en="Next")
    await User.objects.filter(pk=user.pk).aupdate(organisation=next_town)


async def is_away_for_too_long(user: User) -> None:
    await Session.objects.aupdate(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (is_deactivated, 4401),
        (gets_another_password, 4401),
        (is_away_for_too_long, 4401),
        (loses_the_role, 4403),
        (moves_to_another_centre, 4403),
    ],
)
async def test_an_open_board_is_lost_when_its_person(
    change: Change, code: int, dispatcher_li: User
) -> None:
    async with Screen(dispatcher_li) as screen:
        await screen.opens()
        await change(dispatcher_li)

        assert await screen.is_sent_away() == code


async def test_signing_out_ends_the_boards_of_that_browser_only(dispatcher_li: User) -> None:
    async with Screen(dispatcher_li) as leaves, Screen(dispatcher_li) as stays:
        await leaves.opens()
        await stays.opens()
        await database_sync_to_async(leaves.session.flush)()

        assert await leaves.is_sent_away() == 4401
        assert await stays.hears("beat")


async def test_who_signs_out_before_the_board_is_asked_for_gets_none(dispatcher_li: User) -> None:
    async with Screen(dispatcher_li) as screen:
        await database_sync_to_async(screen.session.flush)()
        await asyncio.sleep(0.15)
        await screen.socket.send_json_to({"t": "hello", "since": None})

        assert await screen.is_sent_away() == 4401


async def test_strangers_and_other_roles_are_sent_away_at_the_door(
    nurse_chen: User, dispatcher_li: User
) -> None:
    async with Screen(None) as screen:
        assert await screen.is_sent_away() == 4401
    async with Screen(nurse_chen) as screen:
        assert await screen.is_sent_away() == 4403
    async with Screen(dispatcher_li, board="kitchen") as screen:
        assert await screen.is_sent_away() == 4404


async def test_any_number_of_sockets_is_asked_about_at_once(
    town: Town, dispatcher_li: User, nurse_chen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [dispatcher_li, nurse_chen] * 10
    known = [
        await doorkeeper().let_in(await database_sync_to_async(signed_in)(person))
        for person in people
    ]
    asked: list[int] = []
    ask = doorkeeper()._ask

    async def counted(sign_ins: Any) -> Any:
        asked.append(len(sign_ins))
        return await ask(sign_ins)

    monkeypatch.setattr(doorkeeper(), "_ask", counted)
    await asyncio.sleep(0.15)
    found = await asyncio.gather(*(doorkeeper().person(one[0]) for one in known if one))

    assert [one.pk for one in found if one] == [person.pk for person in people]
    assert asked == [20]
    for one in known:
        assert one
        doorkeeper().see_out(one[0])
    assert not doorkeeper()._people
