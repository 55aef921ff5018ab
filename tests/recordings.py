"""A camera of a mission, a place for its recordings, and a film that has arrived."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from ambulance_agent.protocol.recording import EndReason
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.recording.actions.arriving import (
    end_recording,
    open_recording,
    store_pieces,
)
from ehr_prehospital.recording.actions.sealing import seal
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.video.models import Stream
from tests.films import Device
from tests.town import NOW


@pytest.fixture(name="stream")
def cabin_camera(mission: Mission, medic_wang: User) -> Stream:
    return Stream.objects.create(
        id=uuid4(),
        mission=mission,
        role="cabin",
        user=medic_wang,
        mode="wc",
        codec="avc1.42001f",
        recording="own",
        consent="given",
        started_at=NOW,
        recorded_at=NOW,
    )


@pytest.fixture
def room_enough(settings: Settings, tmp_path: Path) -> None:
    settings.RECORDINGS_DIR = tmp_path / "recordings"
    settings.RECORDINGS_RESERVE_BYTES = 0
    settings.STORAGES = {
        **settings.STORAGES,
        "recordings": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "recordings/kept"},
        },
    }


def arrived(stream: Stream, device: Device, user: User) -> Recording:
    """All of it, signed and sealed."""
    recording = open_recording(stream=stream, hello=device.hello(), source=user, now=NOW)
    store_pieces([(recording.pk, piece) for piece in device.pieces()], now=NOW)
    end = device.end(reason=EndReason.STOPPED)
    ended = end_recording(recording=recording, end=end, source=user, now=NOW)
    sealed = seal(recording=ended, now=NOW)
    assert sealed is not None
    return Recording.objects.select_related("stream__mission__incident").get(pk=sealed.pk)
