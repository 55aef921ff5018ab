"""The vehicle's cameras against a real hub: seen by number, ended with the mission."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import cast

import av
import pytest
from django.utils import timezone

from ambulance_agent.config import ConfigMistakes, read_vehicles
from ambulance_agent.drivers.camera.capture import Capture, Coded, Wishes
from ambulance_agent.drivers.camera.driver import CameraDriver
from ambulance_agent.drivers.camera.parse import Source, cells
from ambulance_agent.drivers.camera.settings import Camera, CameraSettings
from ambulance_agent.protocol import MissionState, Order, Point, StandDown
from ambulance_agent.protocol.media import CameraRole, Consent, Flag, Kind, Recording, Step
from config.env import ROOT
from dispatch.fleet.actions import issue_token
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.recording.models import Recording as StoredRecording
from ehr_prehospital.recording.models import RecordingPiece
from ehr_prehospital.recording.store import film_of
from ehr_prehospital.video.models import Stream
from tests.fake_camera import write_film
from tests.live_platform import beside, hub_on
from tests.media import viewer_of
from tests.recorded import number_on
from tests.running import free_port
from tests.waiting import wait_until


def camera(source: Source, **more: object) -> Camera:
    known = {
        "name": "cabin", "source": source, "role": CameraRole.CABIN, "label": "Cabin",
        "start": "at_patient", "width": 320, "fps": 25, "kbps": 800,
        "recording": Recording.OFF, "consent": Consent.NOT_ASKED,
    }  # fmt: skip
    return Camera(**{**known, **more})  # type: ignore[arg-type]


TEST = Source("test", "picture")


def decoded(payloads: list[bytes]) -> list[int | None]:
    codec = av.CodecContext.create("h264", "r")
    frames = [frame for raw in payloads for frame in codec.decode(av.Packet(raw))]
    frames += codec.decode(None)
    return [number_on(frame.to_ndarray(format="gray")) for frame in frames]


def taken(
    one: Camera, wishes: Wishes, *, until: int, change: dict[int, dict[str, object]] | None = None
) -> list[Coded]:
    """What a camera gives until so many have come; wishes change at some of them."""
    given: list[Coded] = []
    enough = threading.Event()

    def give(coded: Coded) -> None:
        given.append(coded)
        for name, value in (change or {}).get(len(given), {}).items():
            setattr(wishes, name, value)
        if len(given) >= until:
            enough.set()

    capture = Capture(one, wishes, give, None)
    capture.start()
    assert enough.wait(30)
    capture.stop()
    capture.join(10)
    return given


def test_the_test_picture_carries_its_number_through_the_encoder() -> None:
    given = taken(camera(TEST), Wishes(full=True, low=False), until=30)

    numbers = decoded([coded.payload for coded in given])

    assert numbers[:25] == [*range(25)]
    assert [coded.seq for coded in given][:5] == [1, 2, 3, 4, 5]
    assert given[0].flags == Flag.KEY
    assert all(len(coded.payload) < 64_000 for coded in given)


def test_a_film_is_played_in_its_own_time_and_the_small_picture_is_small(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.y4m", width=640, height=480, count=40)

    given = taken(camera(Source("file", str(film))), Wishes(full=True, low=True), until=40)

    whole = [coded for coded in given if not coded.flags & Flag.LOW]
    small = [coded for coded in given if coded.flags & Flag.LOW]
    assert decoded([coded.payload for coded in whole])[:15] == [*range(15)]
    assert decoded([coded.payload for coded in small])[:5] == [1, 3, 5, 7, 9]
    assert whole[20].capture_ms - whole[0].capture_ms > 500


@contextmanager
def rtsp_recorder(*, cut_after: int) -> Iterator[int]:
    """In a process of its own; yields its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.agent.rtsp_peer", str(cut_after)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as child:  # fmt: skip
        try:
            assert child.stdout
            yield int(child.stdout.readline())
        finally:
            child.kill()


def test_a_recorder_over_rtsp_gives_every_picture_and_is_opened_again_after_a_cut() -> None:
    with rtsp_recorder(cut_after=30) as port:
        worn = Source("rtsp", f"rtsp://crew:north@127.0.0.1:{port}/live")
        given = taken(camera(worn), Wishes(full=True, low=False), until=50)

    numbers = decoded([coded.payload for coded in given])
    # From the first picture to the last before the cut, and on from there.
    assert numbers[:50] == [*range(50)]
    assert given[30].capture_ms - given[29].capture_ms > 400  # it waits before it tries again


def test_a_camera_steps_down_to_stills_and_back_with_a_key_picture() -> None:
    wishes = Wishes(full=True, low=False)

    given = taken(
        camera(TEST, fps=30), wishes, until=14,
        change={5: {"step": Step.STILL}, 6: {"step": Step.SD}},
    )  # fmt: skip

    stills = [coded for coded in given if coded.kind is Kind.STILL]
    assert len(stills) == 1
    assert av.open(io.BytesIO(stills[0].payload)).streams.video[0].width == 320
    after = given[given.index(stills[0]) + 1]
    assert after.flags & Flag.KEY
    with av.open(io.BytesIO(b"".join(c.payload for c in given[6:])), format="h264") as sd:
        assert sd.streams.video[0].width == 160


def test_settings_name_every_mistake_and_hide_the_address(tmp_path: Path) -> None:
    good = """
[vehicle]
id = "6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07"
call_sign = "A07"
token = "x"
[uplink]
url = "ws://127.0.0.1/uplink/"
[drivers.camera]
hub = "ws://127.0.0.1:8002"
[drivers.camera.cabin]
test = "picture"
[drivers.camera.scope]
rtsp = "rtsp://user:secret@10.0.0.7/screen"
role = "ultrasound"
"""
    path = tmp_path / "a07.toml"
    path.write_text(good)

    (vehicle,) = read_vehicles([path])
    (settings,) = vehicle.drivers
    assert isinstance(settings, CameraSettings)
    assert [one.role for one in settings.cameras] == ["cabin", "ultrasound"]
    assert "secret" not in repr(settings)
    path.write_text(good.replace("rtsp://", "http://").replace('"ultrasound"', '"x-ray"') + "f = 1")
    with pytest.raises(ConfigMistakes) as wrong:
        read_vehicles([path])
    assert len(wrong.value.mistakes) == 3


# --- against a real hub -------------------------------------------------------------


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    with hub_on(port):
        yield port


def order(mission: Mission, state: MissionState) -> Order:
    return Order(
        mission_id=mission.pk, number=mission.number, state=state, priority=1,
        complaint="chest_pain", scene=Point(lat=31, lon=120),
    )  # fmt: skip


@asynccontextmanager
async def running(driver: CameraDriver) -> AsyncIterator[CameraDriver]:
    task = asyncio.create_task(driver.run())
    try:
        yield driver
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def seen_numbers(port: int, mission: Mission, user: User, count: int) -> list[int | None]:
    """What a viewer of the only stream decodes: the opening, and on."""
    stream = wait_until(lambda: Stream.objects.filter(mission=mission).first(), what="a stream")
    assert stream
    payloads: list[bytes] = []
    with viewer_of(port, mission, user, stream.pk) as viewer:
        while len(payloads) < count:
            frame = viewer.frame()
            viewer.got(frame.seq)
            if not frame.low:
                payloads.append(bytes(frame.payload))
    return decoded(payloads)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
async def test_a_vehicles_camera_is_live_with_its_patient_and_ends_with_the_mission(
    port: int, mission: Mission, a1: Ambulance, dispatcher_li: User
) -> None:
    def prepare() -> str:
        Mission.objects.update(assigned_at=timezone.now())
        return issue_token(a1)

    token = await asyncio.to_thread(beside, prepare)
    settings = CameraSettings(f"ws://127.0.0.1:{port}", (camera(TEST),), None, 0)
    driver = CameraDriver(settings, vehicle_id=a1.pk, token=token)
    async with running(driver):
        driver.take(order(mission, MissionState.EN_ROUTE))
        await asyncio.sleep(0.5)  # long enough to have begun, if it were wanted already
        assert not await asyncio.to_thread(beside, Stream.objects.exists)
        driver.take(order(mission, MissionState.AT_PATIENT))
        numbers = await asyncio.to_thread(
            beside, lambda: seen_numbers(port, mission, dispatcher_li, 30)
        )
        assert driver.sample(timezone.now()).devices[0].state == "on"
        driver.take(StandDown(mission_id=mission.pk, reason="available"))
        ended = await asyncio.to_thread(
            beside,
            lambda: wait_until(lambda: Stream.objects.filter(ended_at__isnull=False).first()),
        )

    read = [number for number in numbers if number is not None]
    assert len(read) > 20
    assert read == sorted(read)
    assert ended
    assert ended.vehicle_id == a1.pk
    assert (ended.role, ended.recording) == ("cabin", "off")


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
async def test_what_the_camera_records_is_complete_though_the_hub_is_killed(
    mission: Mission, a1: Ambulance, tmp_path: Path
) -> None:
    def prepare() -> str:
        Mission.objects.update(assigned_at=timezone.now())
        return issue_token(a1)

    token = await asyncio.to_thread(beside, prepare)
    port, spool = free_port(), tmp_path / "a1.recordings"
    own = camera(TEST, recording=Recording.OWN)
    settings = CameraSettings(f"ws://127.0.0.1:{port}", (own,), spool, 10**9)
    driver = CameraDriver(settings, vehicle_id=a1.pk, token=token)

    def arrived() -> object:
        return wait_until(RecordingPiece.objects.exists, what="a piece is at the hub")

    def ended() -> StoredRecording:
        return wait_until(
            lambda: (
                StoredRecording.objects.filter(end_told_at__isnull=False).first()
                or cast("StoredRecording", None)
            )
        )

    async with running(driver):
        driver.take(order(mission, MissionState.AT_PATIENT))
        with hub_on(port) as hub:
            await asyncio.to_thread(beside, arrived)
            hub.kill()
            hub.wait()
        before = await asyncio.to_thread(beside, RecordingPiece.objects.count)
        with hub_on(port):  # takes seconds to start, while the camera goes on
            driver.take(StandDown(mission_id=mission.pk, reason="available"))
            recording = await asyncio.to_thread(beside, ended)

    film = await asyncio.to_thread(beside, lambda: film_of(recording).read(0, 10**9))
    with av.open(io.BytesIO(film), "r") as container:
        pictures = [one.to_ndarray(format="gray") for one in container.decode(video=0)]
    after = await asyncio.to_thread(beside, RecordingPiece.objects.count)
    assert after > before  # what was taken while nobody listened came, too
    assert len(pictures) > 20
    assert [number_on(one) for one in pictures] == [*range(len(pictures))]


def test_cells_are_those_of_the_browsers_reader() -> None:
    assert cells(5) == [0] * 13 + [1, 0, 1] + [1, 1, 0, 0, 0, 1, 0, 0]
