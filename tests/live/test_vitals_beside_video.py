"""Vital signs win: sockets and processes of their own, which a full hub does not slow."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from config.env import ROOT
from tests.benchmarks.videos.people import make_people
from tests.benchmarks.videos.vitals import vitals_beside
from tests.live_platform import live_platform, session_of
from tests.running import environment, served

if TYPE_CHECKING:
    from tests.benchmarks.videos.people import People

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]

STREAMS, VIEWERS, SECONDS = 10, 10, 6


def load(people: People, hub: int, origin: str, session: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.videos.load"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
    )  # fmt: skip
    streams = [
        {
            "incident": str(mission.incident_id), "mission": str(mission.pk),
            "credential": people.tokens[str(mission.pk)],
        }
        for mission in people.missions[1:]
    ]  # fmt: skip
    assert child.stdin
    child.stdin.write(
        json.dumps(
            {
                "hub": f"ws://127.0.0.1:{hub}", "session": session, "origin": origin,
                "seconds": SECONDS + 8, "viewers": VIEWERS, "streams": streams,
            }
        )
    )  # fmt: skip
    child.stdin.close()
    child.stdin = None  # communicate() would flush it
    return child


def test_vital_signs_are_as_quick_beside_ten_cameras_with_ten_viewers_each() -> None:
    people = make_people(1 + STREAMS)
    session = session_of(people.dispatcher)
    with live_platform() as platform, served("uplink") as ports:
        hub = load(people, platform.media, platform.url, session)
        try:
            late = vitals_beside(
                uplink=ports["uplink"], web=platform.web, people=people, session=session,
                seconds=SECONDS,
            )  # fmt: skip
            told = json.loads(hub.communicate(timeout=60)[0].splitlines()[-1])
        finally:
            hub.kill()
            hub.wait()

    assert late[int(0.99 * len(late))] < 250
    assert told["received"] > 0.5 * STREAMS * VIEWERS * SECONDS * 25  # the hub was full indeed
