"""Pictures from a camera to whoever may watch, over real sockets to a real media process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ambulance_agent.protocol.media import (
    MAX_PAYLOAD_BYTES,
    CameraRole,
    Consent,
    End,
    Flag,
    Kind,
    Level,
    Ping,
    Policy,
    Recording,
    Step,
    Want,
)
from dispatch.fleet.actions import issue_token
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.people.models import User
from ehr_prehospital.video.models import Stream
from tests.media import begin, camera_of, cookie, media_socket, viewer_of
from tests.running import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """One hub for all of them: each test has streams of its own."""
    with served("media") as ports:
        yield ports["media"]


@pytest.fixture
def under_way(mission: Mission) -> Mission:
    """The mission, lately assigned by the clock of the real processes."""
    now = timezone.now()
    Mission.objects.update(assigned_at=now)
    mission.refresh_from_db()
    return mission


def test_a_newcomer_sees_the_newest_key_picture_at_once_and_all_after_it(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with camera_of(port, under_way, medic_wang) as (stream_id, camera):
        camera.picture(1, b"old", flags=Flag.KEY)
        camera.picture(2, b"key", flags=Flag.KEY)
        camera.picture(3)
        assert camera.hear("ack")["seq"] == 1
        while camera.hear("ack")["seq"] < 3:
            pass
        with viewer_of(port, under_way, dispatcher_li, stream_id) as viewer:
            told = viewer.hear("stream")
            opening = [viewer.frame().seq, viewer.frame().seq]
            camera.picture(4)
            fresh = viewer.frame()
            watched = camera.hear("watching")["people"]

            assert (told["role"], told["live"], told["mode"]) == ("cabin", True, "wc")
            assert opening == [2, 3]
            assert (fresh.seq, bytes(fresh.payload)) == (4, b"picture")
            assert [person["name_en"] for person in watched] == ["Li"]
        assert camera.hear("watching")["people"] == []
    viewed = Entry.objects.filter(kind="patient.viewed", actor_id=dispatcher_li.pk).get()
    assert viewed.detail == {"purpose": "video", "level": "operational", "through": "own_centre"}
    assert Entry.objects.get(kind="video.began").refs["stream"] == str(stream_id)


def test_a_large_picture_arrives_whole_and_the_same_one_twice_only_once(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    large = os.urandom(2 * MAX_PAYLOAD_BYTES + 1)
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as viewer,
    ):
        viewer.hear("stream")
        camera.picture(1, large, flags=Flag.KEY)
        camera.picture(1, large, flags=Flag.KEY)
        camera.picture(2, flags=Flag.BACKLOG)
        camera.picture(3)
        frames = [viewer.frame() for _ in range(4)]

    assert b"".join(bytes(frame.payload) for frame in frames[:3]) == large
    assert [frame.seq for frame in frames] == [1, 1, 1, 3]


def test_a_tile_gets_the_small_picture_and_the_camera_knows_what_is_wanted(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as viewer,
    ):
        assert camera.hear("wanted") == {"t": "wanted", "full": False, "low": False}
        assert camera.hear("wanted")["full"] is True
        camera.picture(1, b"small", flags=Flag.KEY | Flag.LOW)
        assert viewer.frame().low  # better than nothing until the whole picture comes
        camera.picture(2, b"whole", flags=Flag.KEY)
        assert not viewer.frame().low
        viewer.say(Want(picture="low"))
        assert camera.hear("wanted") == {"t": "wanted", "full": False, "low": True}
        assert bytes(viewer.frame().payload) == b"small"  # its opening
        camera.picture(3, b"whole")
        camera.picture(3, b"small", flags=Flag.LOW)
        assert (frame := viewer.frame()).low
        assert frame.seq == 3


def test_steps_policy_clock_and_end_are_told_to_whoever_watches(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as viewer,
    ):
        viewer.hear("stream")
        camera.say(Level(step=Step.STILL, reason="link"))
        assert viewer.hear("stream")["step"] == "still"
        camera.picture(1, b"\xff\xd8\xff", kind=Kind.STILL, flags=Flag.KEY)
        assert viewer.frame().kind is Kind.STILL
        camera.say(Policy(recording=Recording.OWN, consent=Consent.REFUSED))
        assert viewer.hear("stream")["recording"] == "off"
        camera.say(Ping(at=1000, offset_ms=250))
        assert camera.hear("pong")["at"] == 1000
        assert viewer.hear("stream")["offset_ms"] == 250
        camera.say(End(at=timezone.now()))
        assert viewer.hear("stream")["ended"] is True

    stream = Stream.objects.get()
    assert (stream.consent, stream.recording) == ("refused", "off")
    assert stream.ended_at is not None
    told = Entry.objects.filter(kind__startswith="video.").order_by("pk")
    assert [row.kind for row in told] == ["video.began", "video.policy_changed", "video.ended"]


def test_a_silent_camera_is_told_as_lost_and_its_new_socket_goes_on(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as viewer,
    ):
        camera.picture(7, flags=Flag.KEY)
        viewer.frame()
        while viewer.hear("stream")["live"]:
            pass  # neither picture nor ping for 1.5 s
        path = f"{under_way.incident_id}/publish/{stream_id}/"
        with media_socket(port, path, cookie(medic_wang)) as again:
            again.say(begin(under_way))
            assert again.hear("welcome")["have"] == 7
            assert viewer.hear("stream")["live"] is True
            with pytest.raises(ConnectionClosed):
                camera.hear("never")
    assert Stream.objects.count() == 1
    assert Entry.objects.filter(kind="video.began").count() == 1


def test_a_vehicle_sends_by_its_credential_and_is_told_where_its_hub_is(
    port: int, under_way: Mission, a1: Ambulance, dispatcher_li: User
) -> None:
    stream_id = uuid4()
    vehicle = {"Authorization": f"Vehicle {a1.pk}:{issue_token(a1)}"}
    hello = begin(under_way, CameraRole.ROAD)
    with media_socket(port, f"{under_way.pk}/publish/{stream_id}/", vehicle, origin=False) as lost:
        lost.say(hello)
        moved = lost.hear("moved")["url"]
    assert moved.endswith(f"/media/{under_way.incident_id}/publish/{stream_id}/")
    path = moved.partition("/media/")[2]
    with media_socket(port, path, vehicle, origin=False) as camera:
        camera.say(hello)
        camera.hear("welcome")
        camera.picture(1, flags=Flag.KEY)
        camera.hear("ack")
        with viewer_of(port, under_way, dispatcher_li, stream_id) as viewer:
            assert viewer.frame().seq == 1
    assert Stream.objects.get().vehicle_id == a1.pk


def test_nobody_sends_or_watches_whom_the_mission_does_not_concern(
    port: int, under_way: Mission, a2: Ambulance, medic_wang: User, medic_other: User,
    nurse_chen: User, dispatcher_li: User, stranger: User,
) -> None:  # fmt: skip
    with camera_of(port, under_way, medic_wang, role=CameraRole.ULTRASOUND) as (stream_id, _):
        for person in (nurse_chen, dispatcher_li, stranger, medic_other):
            with viewer_of(port, under_way, person, stream_id) as viewer:
                assert viewer.hear("refused")["code"] == "no_access"
        taken = f"{under_way.incident_id}/publish/{stream_id}/"
        other = f"{under_way.incident_id}/publish/{uuid4()}/"
        vehicle = {"Authorization": f"Vehicle {a2.pk}:{issue_token(a2)}"}
        for path, headers in ((other, cookie(medic_other)), (taken, vehicle)):
            with media_socket(port, path, headers, origin="Cookie" in headers) as camera:
                camera.say(begin(under_way))
                assert camera.hear("refused")["code"] == "no_access"
    with media_socket(port, other, {"Authorization": f"Vehicle {a2.pk}:x"}, origin=False) as camera:
        assert camera.hear("refused")["code"] == "not_signed_in"
    with media_socket(port, other, {}) as camera:
        assert camera.hear("refused")["code"] == "not_signed_in"
    with (
        pytest.raises(InvalidStatus),
        media_socket(port, other, cookie(medic_wang), origin=False),
    ):
        pass  # a page of another site has an origin of its own, or none
    refused = Entry.objects.filter(kind="patient.refused")
    assert {entry.actor_id for entry in refused} == {
        nurse_chen.pk, dispatcher_li.pk, stranger.pk, medic_other.pk,
    }  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    [b"", b"\x01", b"\x09" + bytes(13), bytes(14 + MAX_PAYLOAD_BYTES + 1), "{", '{"t":"ping"}'],
    ids=["nothing", "half a header", "an unknown kind", "too much", "no JSON", "no words"],
)
def test_a_hostile_camera_is_cut_off_and_nobody_else(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User, hostile: bytes | str
) -> None:
    with (
        camera_of(port, under_way, medic_wang, role=CameraRole.ROAD) as (good_id, good),
        viewer_of(port, under_way, dispatcher_li, good_id) as viewer,
        camera_of(port, under_way, medic_wang) as (_, bad),
    ):
        bad.socket.send(hostile)
        if hostile != b"":  # an empty message says nothing and is nothing
            assert bad.hear("refused")["code"] == "malformed"
        good.picture(1, flags=Flag.KEY)
        assert viewer.frame().seq == 1


def test_a_viewer_that_does_not_read_costs_no_memory_and_no_other_viewer_a_picture(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    pid = next(
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdecimal() and f"\0{port}\0".encode() in _command(folder)
    )
    large, rounds = b"x" * MAX_PAYLOAD_BYTES, 800
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as reader,
        viewer_of(port, under_way, dispatcher_li, stream_id, reads=False) as asleep,
    ):
        asleep.hear("stream")
        begun_kb = _resident_kb(pid)
        for seq in range(rounds):  # 50 MB
            camera.picture(seq, large, flags=Flag.KEY if seq % 50 == 0 else Flag.NONE)
            assert reader.frame().seq == seq
            reader.got(seq)

        assert _resident_kb(pid) - begun_kb < 20_000


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def _resident_kb(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0])


def test_viewers_that_vanish_while_they_are_sent_to_harm_neither_camera_nor_others(
    port: int, under_way: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with (
        camera_of(port, under_way, medic_wang) as (stream_id, camera),
        viewer_of(port, under_way, dispatcher_li, stream_id) as stays,
    ):
        seq = 0
        for _ in range(15):
            with viewer_of(port, under_way, dispatcher_li, stream_id) as goes:
                goes.hear("stream")
                goes.socket.close_socket()  # no farewell: in the midst of the pictures
            for _ in range(20):
                seq += 1
                camera.picture(seq, bytes(40_000), flags=Flag.KEY)
                assert stays.frame().seq == seq
                stays.got(seq)
