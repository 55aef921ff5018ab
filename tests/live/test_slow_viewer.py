"""Whoever does not read loses their own picture, and nobody else's."""

from __future__ import annotations

import json
import socket
from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from ambulance_agent.protocol import Ack, Lead, Telemetry, VitalCode, Wave, reading
from dispatch.fleet.actions import issue_token
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from tests.live.test_uplink import Vehicle
from tests.running import served
from tests.signed_in import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECONDS = 120
AT_ONCE = 10  # as an agent does that has not been heard for a while
LEADS = (Lead.ECG_I, Lead.ECG_II, Lead.ECG_V2, Lead.ECG_V5)
WAVE = array("h", range(250)).tobytes()


@contextmanager
def viewer(port: int, mission_id: UUID, user: User, *, reads: bool) -> Iterator[ClientConnection]:
    """One that does not read has a small window, which is soon full, and answers no ping."""
    session = signed_in(user)["session"].session_key
    with closing(socket.socket()) as plain:
        if not reads:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.connect(("127.0.0.1", port))
        with connect(
            f"ws://127.0.0.1:{port}/live/missions/{mission_id}/vitals/",
            sock=plain,
            max_queue=None if reads else 1,
            origin=Origin(f"http://127.0.0.1:{port}"),
            additional_headers={"Cookie": f"sessionid={session}"},
            close_timeout=0.1,
        ) as page:
            yield page


def test_a_viewer_that_does_not_read_delays_nobody(
    mission: Mission, a1: Ambulance, medic_wang: User
) -> None:
    Mission.objects.update(assigned_at=timezone.now() - timedelta(minutes=10))
    with (
        served("web", "uplink") as ports,
        viewer(ports["web"], mission.pk, medic_wang, reads=False),
        viewer(ports["web"], mission.pk, medic_wang, reads=True) as page,
        connect(
            f"ws://127.0.0.1:{ports['uplink']}/uplink/",
            additional_headers={"Authorization": f"Vehicle {a1.pk}:{issue_token(a1)}"},
        ) as line,
    ):
        vehicle = Vehicle(line)
        vehicle.hello()
        begin = timezone.now() - timedelta(seconds=SECONDS)
        seen: set[float] = set()
        for first in range(0, SECONDS, AT_ONCE):
            waiting = set(range(first, first + AT_ONCE))
            for second in sorted(waiting):
                told = measured(begin + timedelta(seconds=second), second)
                vehicle.say(vehicle.frame(second, told))
            while waiting:
                waiting -= {*vehicle.hear(Ack).sequences}
        while len(seen) < SECONDS:
            message = json.loads(page.recv(timeout=15))
            if message["t"] == "numbers":
                seen |= {row["value"] for row in message["readings"]}

    assert seen == {60.0 + second for second in range(SECONDS)}


def measured(at: datetime, second: int) -> Telemetry:
    return Telemetry(
        numerics=[reading(VitalCode.HEART_RATE, 60 + second, measured_at=at, source="monitor")],
        waves=[
            Wave(lead=lead, started_at=at, rate_hz=250, scale_uv=2.5, samples=WAVE)
            for lead in LEADS
        ],
    )
