"""The sockets of a consult: who is let in, whose name is on a message, what a late page draws."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.urls import path
from django.utils import timezone

from ambulance_agent.protocol.media import Flag, Kind, pack
from config.env import RelaySetting
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.consult import actions
from ehr_prehospital.consult.consumers import DrawingConsumer, SignallingConsumer
from ehr_prehospital.consult.hub import VoiceConsumer
from ehr_prehospital.consult.models import Consult, Drawing
from ehr_prehospital.video.models import Stream
from tests.actions.consults import at_desk, call, physician
from tests.signed_in import signed_in
from tests.town import Town, on_shift, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Channels takes a consumer where Django has a view.
SOCKETS = URLRouter(
    [
        path("live/consults/<uuid:consult_id>/", SignallingConsumer.as_asgi()),  # type: ignore[arg-type, list-item]
        path("live/missions/<uuid:mission_id>/drawing/", DrawingConsumer.as_asgi()),  # type: ignore[arg-type, list-item]
        path(
            "media/<uuid:incident_id>/consults/<uuid:consult_id>/voice/",
            VoiceConsumer.as_asgi(),  # type: ignore[arg-type]
        ),  # type: ignore[list-item]
    ]
)
Socket = WebsocketCommunicator


@pytest.fixture
def sun(town: Town) -> User:
    user = physician(town, "sun")
    at_desk(user, timezone.now())
    return user


@pytest.fixture
def colleague(mission: Mission) -> User:
    """On the same ambulance, with a tablet of her own."""
    return on_shift(
        person("qian", "paramedic", mission.ambulance.station), mission.ambulance, "driver"
    )


@pytest.fixture
def talking(mission: Mission, medic_wang: User, sun: User) -> Consult:
    consult = call(mission, medic_wang, at=timezone.now())
    actions.accept(consult=consult, actor=sun, now=timezone.now())
    return consult


async def opened(user: User, address: str) -> Socket:
    socket = Socket(SOCKETS, address)
    socket.scope.update(await database_sync_to_async(signed_in)(user))  # type: ignore[typeddict-item]
    await socket.connect()
    return socket


# Any: JSON from the server.
async def hears(socket: Socket, kind: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = await socket.receive_json_from(timeout=5)
        if message["t"] == kind:
            return message


async def closing_code(socket: Socket) -> int:
    while (message := await socket.receive_output(timeout=5))["type"] != "websocket.close":
        pass
    return int(message["code"])


async def test_two_parties_find_each_other_by_names_that_the_server_gives(
    talking: Consult, medic_wang: User, sun: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = RelaySetting(("turn:127.0.0.1:3478",), "north", only=True)
    monkeypatch.setattr(settings, "RELAY", relay)
    crew = await opened(medic_wang, f"/live/consults/{talking.pk}/")
    doctor = await opened(sun, f"/live/consults/{talking.pk}/")

    mine, theirs = await hears(crew, "welcome"), await hears(doctor, "welcome")
    await doctor.send_json_to({"t": "hello", "from": "the dispatcher", "nonce": "n"})
    hello = await hears(crew, "hello")
    await crew.send_json_to({"t": "offer", "to": hello["from"], "sdp": "v=0"})
    offer = await hears(doctor, "offer")
    await crew.disconnect()
    bye = await hears(doctor, "bye")
    await doctor.disconnect()

    assert hello["from"] == theirs["you"] != mine["you"] == offer["from"] == bye["from"]
    assert theirs["relay_only"] is True
    (server,) = theirs["ice_servers"]
    assert server["urls"] == ["turn:127.0.0.1:3478"]
    assert server["username"].endswith(f":{sun.pk}")


async def test_whoever_is_not_in_the_call_hears_nothing_of_it(
    talking: Consult, mission: Mission, medic_other: User, nurse_chen: User, sun: User
) -> None:
    for user in (medic_other, nurse_chen):
        for address in (
            f"/live/consults/{talking.pk}/",
            f"/live/missions/{mission.pk}/drawing/",
            f"/media/{mission.incident_id}/consults/{talking.pk}/voice/",
        ):
            assert await closing_code(await opened(user, address)) == 4403
    inside = await opened(sun, f"/live/consults/{talking.pk}/")
    await hears(inside, "welcome")
    await database_sync_to_async(actions.leave)(consult=talking, actor=sun, now=timezone.now())

    assert await closing_code(inside) == 4403


async def test_what_is_drawn_is_passed_on_kept_and_shown_to_who_comes_later(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    address = f"/live/missions/{mission.pk}/drawing/"
    crew, doctor = await opened(medic_wang, address), await opened(sun, address)
    stream, stroke = str(uuid4()), str(uuid4())
    for socket in (crew, doctor):
        await hears(socket, "state")

    await doctor.send_json_to({"v": 1, "t": "freeze", "stream": stream, "seq": 41})
    assert (await hears(crew, "freeze"))["seq"] == 41
    await crew.send_json_to({"v": 1, "t": "seen", "stream": stream, "seq": 41, "author": "x"})
    seen = await hears(doctor, "seen")
    await crew.send_json_to({"v": 1, "t": "clear"})  # not the crew's to say
    await doctor.send_json_to(
        {
            "v": 1, "t": "stroke", "id": stroke, "stream": stream, "seq": 41, "tool": "arrow",
            "color": "red", "w": 0.01, "pts": [[0.1, 0.2]], "phase": "begin", "ttl": None,
        }
    )  # fmt: skip
    drawn = await hears(crew, "stroke")
    for socket in (crew, doctor):
        await socket.disconnect()
    late = await opened(sun, address)
    state = await hears(late, "state")
    await late.disconnect()

    assert (seen["author"], drawn["author"]) == (str(medic_wang.pk), str(sun.pk))
    assert [one["t"] for one in state["drawn"]] == ["freeze", "seen", "stroke"]
    assert state["drawn"][2]["pts"] == [[0.1, 0.2]]
    kept = await database_sync_to_async(
        lambda: list(Drawing.objects.order_by("occurred_at").values_list("t", flat=True))
    )()
    assert kept == ["freeze", "seen", "stroke"]


async def test_only_the_screen_that_a_picture_is_meant_for_proves_that_it_was_seen(
    talking: Consult, mission: Mission, medic_wang: User, colleague: User, sun: User
) -> None:
    address = f"/live/missions/{mission.pk}/drawing/"
    crew, other, doctor = [await opened(user, address) for user in (medic_wang, colleague, sun)]
    stream = str(uuid4())
    for socket in (crew, other, doctor):
        await hears(socket, "state")
    seen = {"v": 1, "t": "seen", "stream": stream, "seq": 41}

    await crew.send_json_to(seen)  # nothing stands yet
    await doctor.send_json_to({"v": 1, "t": "freeze", "stream": stream, "seq": 41})
    for socket in (crew, other):
        await hears(socket, "freeze")
    await other.send_json_to(seen)  # in the driver's cab
    await crew.send_json_to({**seen, "seq": 40})  # another picture
    await crew.send_json_to(seen)
    proof = await hears(doctor, "seen")
    for socket in (crew, other, doctor):
        await socket.disconnect()

    assert (proof["author"], proof["seq"]) == (str(medic_wang.pk), 41)
    kept = await database_sync_to_async(
        lambda: list(Drawing.objects.filter(t="seen").values_list("author", "seq"))
    )()
    assert kept == [(medic_wang.pk, 41)]


async def test_whose_camera_it_is_proves_it_also_where_a_colleague_carries_the_call(
    talking: Consult, mission: Mission, colleague: User, sun: User
) -> None:
    now = timezone.now()
    camera = await Stream.objects.acreate(
        mission=mission, role="body", user=colleague, mode="wc", codec="avc1.42001f",
        recording="own", consent="given", started_at=now, recorded_at=now,
    )  # fmt: skip
    address = f"/live/missions/{mission.pk}/drawing/"
    other, doctor = await opened(colleague, address), await opened(sun, address)
    for socket in (other, doctor):
        await hears(socket, "state")
    named = {"v": 1, "stream": str(camera.pk), "seq": 7}

    await doctor.send_json_to({**named, "t": "freeze"})
    await hears(other, "freeze")
    await other.send_json_to({**named, "t": "seen"})
    proof = await hears(doctor, "seen")
    for socket in (other, doctor):
        await socket.disconnect()

    assert proof["author"] == str(colleague.pk)


async def test_a_voice_goes_over_the_hub_with_its_speaker_before_it(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    address = f"/media/{mission.incident_id}/consults/{talking.pk}/voice/"
    crew, doctor = await opened(medic_wang, address), await opened(sun, address)
    for socket in (crew, doctor):
        await hears(socket, "welcome")
    packet = pack(Kind.SOUND, 1, 1000.0, Flag.LIVE_ONLY, b"opus")

    await crew.send_to(bytes_data=packet)
    heard = await doctor.receive_from(timeout=5)
    assert isinstance(heard, bytes)
    party = await database_sync_to_async(talking.parties.get)(user=medic_wang)
    await doctor.send_to(bytes_data=pack(Kind.CHUNK, 1, 1000.0, Flag.KEY, b"video"))
    code = await closing_code(doctor)
    await crew.disconnect()

    assert (UUID(bytes=heard[:16]), heard[16:]) == (party.pk, packet)
    assert code == 4400
