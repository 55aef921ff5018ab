"""The vehicle's socket against the real uplink process: nothing forged, lost or doubled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from ambulance_agent.protocol import (
    Ack,
    Fact,
    Frame,
    FromServer,
    Hello,
    Numeric,
    Order,
    Position,
    RefusalCode,
    Refused,
    Report,
    StandDown,
    Status,
    Telemetry,
    Unit,
    VitalCode,
    Welcome,
    decode_from_server,
    encode,
)
from dispatch.calls.models import Incident
from dispatch.fleet.actions import assign, issue_token
from dispatch.fleet.models import Ambulance, Fix, Mission, MissionFact, Track
from dispatch.people.models import User
from dispatch.uplink.models import Frame as StoredFrame
from dispatch.uplink.models import ParkedFrame, VehicleLink
from ehr_prehospital.vitals.models import Reading
from tests.protocol.samples import golden
from tests.running import process, served, vehicle_file
from tests.town import at
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    with served("uplink", module="tests.live.impatient") as ports:
        yield ports["uplink"]


Heard = TypeVar("Heard", bound=msgspec.Struct)


class Vehicle:
    """A vehicle's end of the socket, frame by frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.epoch = uuid4()
        self.heard: list[FromServer] = []

    def hello(self) -> Welcome:
        self.say(
            Hello(epoch=self.epoch, agent_version="test", sent_at=timezone.now(), next_sequence=0)
        )
        return self.hear(Welcome)

    def say(self, message: Hello | Frame | Report) -> None:
        self.socket.send(encode(message))

    def hear(self, kind: type[Heard], *, timeout_s: float = 15) -> Heard:
        """The next message of this kind; others are kept in `heard`."""
        while True:
            raw = self.socket.recv(timeout=timeout_s)
            assert isinstance(raw, bytes)
            message = decode_from_server(raw)
            self.heard.append(message)
            if isinstance(message, kind):
                return message

    def frame(self, sequence: int, body: Telemetry | Status) -> Frame:
        return Frame(epoch=self.epoch, sequence=sequence, made_at=timezone.now(), body=body)


Open = Callable[[UUID, str], Vehicle]


@pytest.fixture
def open_vehicle(port: int) -> Iterator[Open]:
    """Opens sockets with a credential; closes them after the test."""
    with ExitStack() as stack:

        def opened(vehicle_id: UUID, token: str) -> Vehicle:
            return Vehicle(
                stack.enter_context(
                    connect(
                        f"ws://127.0.0.1:{port}/uplink/",
                        additional_headers={"Authorization": f"Vehicle {vehicle_id}:{token}"},
                    )
                )
            )

        yield opened


def second(now: datetime, heart_rate: float, *, lat: float, lon: float) -> Telemetry:
    return Telemetry(
        position=Position(fix_at=now, lat=lat, lon=lon, heading_deg=90.0, speed_mps=3.0),
        numerics=[
            Numeric(
                code=VitalCode.HEART_RATE,
                value=heart_rate,
                unit=Unit.PER_MINUTE,
                measured_at=now,
                source="monitor",
            )
        ],
    )


def test_frames_are_acknowledged_stored_once_and_handed_on(
    open_vehicle: Open, mission: Mission, a1: Ambulance
) -> None:
    Fix.objects.all().delete()
    now = timezone.now()
    Mission.objects.update(assigned_at=now - timedelta(minutes=1))
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    assert vehicle.hello().vehicle == "A1"
    lat, lon = at(1, 0)
    frame = vehicle.frame(0, second(now, 92, lat=lat, lon=lon))

    for _ in range(3):
        vehicle.say(frame)
        acknowledged = vehicle.hear(Ack)
        assert (acknowledged.sequences, acknowledged.parked) == ([0], [])

    assert StoredFrame.objects.count() == 1
    assert [(row.value, row.mission_id) for row in Reading.objects.all()] == [(92.0, mission.pk)]
    assert Fix.objects.get().lat == lat


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_forged_token_is_refused_and_leaves_nothing(
    open_vehicle: Open, a1: Ambulance, token: str
) -> None:
    issue_token(a1)
    vehicle = open_vehicle(a1.pk, token)

    refused = vehicle.hear(Refused)

    assert refused.code is RefusalCode.BAD_CREDENTIAL
    with pytest.raises(ConnectionClosed):
        vehicle.hear(Ack)
    assert not StoredFrame.objects.exists()


def test_a_frame_with_an_unknown_field_is_parked_and_the_next_one_passes(
    open_vehicle: Open, a1: Ambulance
) -> None:
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    vehicle.hello()
    good = vehicle.frame(1, Telemetry())
    bad = msgspec.msgpack.decode(encode(vehicle.frame(0, Telemetry())))
    bad["renamed"] = 1

    vehicle.socket.send(msgspec.msgpack.encode(bad))
    parked = vehicle.hear(Ack)
    vehicle.say(good)
    passed = vehicle.hear(Ack)

    assert (parked.parked, passed.sequences) == ([0], [1])
    stored = ParkedFrame.objects.get(sequence=0)
    assert "unknown_field" in stored.reason
    assert stored.raw


def test_noise_is_refused_with_a_reason(open_vehicle: Open, a1: Ambulance) -> None:
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    vehicle.hello()

    vehicle.socket.send(b"\xc1 not a frame")

    refused = vehicle.hear(Refused)
    assert refused.code is RefusalCode.MALFORMED


def test_the_newest_socket_is_the_vehicle(open_vehicle: Open, a1: Ambulance) -> None:
    token = issue_token(a1)
    old = open_vehicle(a1.pk, token)
    old.hello()
    new = open_vehicle(a1.pk, token)
    new.hello()

    with pytest.raises(ConnectionClosed) as closed:
        old.hear(StandDown)
    new.say(new.frame(0, Telemetry()))

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4409
    assert new.hear(Ack).sequences == [0]


def test_a_fact_of_a_mission_that_is_not_the_vehicles_is_parked(
    open_vehicle: Open, mission: Mission, a2: Ambulance
) -> None:
    vehicle = open_vehicle(a2.pk, issue_token(a2))
    vehicle.hello()
    foreign = Status(
        fact_id=uuid4(),
        mission_id=mission.pk,
        fact=Fact.EN_ROUTE,
        occurred_at=timezone.now(),
    )

    vehicle.say(vehicle.frame(0, foreign))
    answer = vehicle.hear(Ack)

    assert answer.parked == [0]
    assert not MissionFact.objects.exists()
    assert ParkedFrame.objects.get().reason == "unknown_mission"


def test_future_and_jumping_fixes_are_quarantined_not_drawn(
    open_vehicle: Open, a1: Ambulance
) -> None:
    Fix.objects.all().delete()
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    vehicle.hello()
    now = timezone.now()
    lat, lon = at(0, 0)
    places = [
        (now - timedelta(seconds=2), lat),
        (now - timedelta(seconds=1), lat + 0.5),
        (now + timedelta(hours=1), lat),
        (now - timedelta(hours=1), lat),
    ]

    for sequence, (when, where) in enumerate(places):
        vehicle.say(vehicle.frame(sequence, second(when, 80, lat=where, lon=lon)))
    acknowledged: set[int] = set()
    while len(acknowledged) < len(places):
        answer = vehicle.hear(Ack)
        acknowledged.update(answer.sequences)

    assert Fix.objects.get().lat == lat
    reasons = set(Track.objects.values_list("doubt", flat=True))
    assert {"jump", "future"} <= reasons
    assert Reading.objects.count() == len(places)


def test_the_link_of_a_vehicle_is_written_down(open_vehicle: Open, a1: Ambulance) -> None:
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    vehicle.hello()
    vehicle.say(vehicle.frame(0, Telemetry()))
    vehicle.say(Report(sent_at=timezone.now(), waiting=7, waiting_bytes=900, dropped=1))
    vehicle.hear(Ack)

    wait_until(
        lambda: VehicleLink.objects.filter(ambulance=a1, frames=1).exists(),
        timeout_s=60,
        what="a link row",
    )
    link = VehicleLink.objects.get(ambulance=a1)
    assert (link.agent_version, link.protocol, link.disconnected_at) == ("test", 2, None)
    assert (link.waiting_frames, link.waiting_bytes, link.dropped_frames) == (7, 900, 1)
    assert link.lag_ms is not None
    assert link.clock_offset_ms is not None
    assert abs(link.clock_offset_ms) < 5000

    vehicle.socket.close()
    wait_until(
        lambda: VehicleLink.objects.filter(ambulance=a1, disconnected_at__isnull=False).exists(),
        timeout_s=60,
        what="the end of the link",
    )


def test_an_older_agent_is_served_as_ever(open_vehicle: Open, a1: Ambulance) -> None:
    """The bytes that version 1 writes, as they were recorded."""
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    old = {name: bytes.fromhex(raw) for name, raw in json.loads(golden(1).read_text()).items()}

    vehicle.socket.send(old["hello"])
    vehicle.hear(Welcome)
    vehicle.socket.send(old["telemetry"])

    assert vehicle.hear(Ack).sequences == [40]
    assert Reading.objects.count() == 3


def test_an_order_comes_with_the_road_and_ends_with_a_stand_down(
    open_vehicle: Open, chest_pain: Incident, a1: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    vehicle = open_vehicle(a1.pk, issue_token(a1))
    vehicle.hello()

    mission = assign(
        incident=chest_pain,
        ambulance=a1,
        actor=dispatcher_li,
        now=timezone.now(),
        mission_id=uuid4(),
    )
    order = vehicle.hear(Order)
    vehicle.say(
        vehicle.frame(
            0,
            Status(
                fact_id=uuid4(),
                mission_id=mission.pk,
                fact=Fact.NO_PATIENT,
                occurred_at=timezone.now(),
            ),
        )
    )
    stand_down = vehicle.hear(StandDown)

    assert order.mission_id == mission.pk
    assert len(order.route) == len(order.route_s) > 2
    assert order.route_s[-1] > 60
    assert stand_down.mission_id == mission.pk


def test_a_real_agent_drives_to_the_scene_and_streams_the_patient(
    port: int,
    mission: Mission,
    a1: Ambulance,
    tmp_path: Path,
) -> None:
    Fix.objects.all().delete()
    Mission.objects.update(assigned_at=timezone.now())
    lat, lon = at(4, 3)
    settings = vehicle_file(
        tmp_path / "a1.toml",
        vehicle_id=a1.pk,
        token=issue_token(a1),
        port=port,
        call_sign="A1",
        drivers=f"""[drivers.simulated]
seed = 7
crew = "simulated"
home = [{lon}, {lat}]
speed_factor = 100
""",
    )

    with process("-m", "ambulance_agent", str(settings)):
        wait_until(
            lambda: Mission.objects.filter(at_patient_at__isnull=False).exists(),
            timeout_s=90,
            what="the agent reaches the patient",
        )
        wait_until(
            lambda: Reading.objects.filter(mission=mission, code="heart_rate").exists(),
            timeout_s=60,
            what="vital signs",
        )

    assert not ParkedFrame.objects.exists()
