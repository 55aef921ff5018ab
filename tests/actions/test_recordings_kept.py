"""What was recorded is kept as its class says, longer where held, and can be taken out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from django.core.management import CommandError, call_command
from django.test import Client

from config.recordings import tend
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import Role, User
from ehr_prehospital.recording.actions.arriving import end_recording, open_recording, store_pieces
from ehr_prehospital.recording.actions.clips import verify
from ehr_prehospital.recording.actions.keeping import drop_overdue, lift_hold, place_hold
from ehr_prehospital.recording.models import Clip, Recording
from ehr_prehospital.recording.queries import began_at, retention
from ehr_prehospital.recording.store import film_of, storage
from ehr_prehospital.video.models import Stream
from tests.actions.care import kinds, newest
from tests.actions.test_attachments import signed_in
from tests.films import Device, film, numbers_in
from tests.recordings import arrived, cabin_camera, room_enough  # noqa: F401  (fixtures)
from tests.town import NOW, person

pytestmark = pytest.mark.usefixtures("room_enough")

# Ten seconds, five pictures a second, a key frame each second.
FILM = film(range(50), fps=5, keys_every=5)


@pytest.fixture
def device() -> Device:
    return Device(FILM, started_ms=NOW.timestamp() * 1000)


@pytest.fixture
def supervisor(mission: Mission) -> User:
    return person("sun", Role.SUPERVISOR, mission.incident.centre)


def over(mission: Mission) -> None:
    """As if it had ended at once."""
    Mission.objects.filter(pk=mission.pk).update(
        ended_at=NOW, open=False, state="cancelled", end_reason="tests"
    )


def years(number: float) -> timedelta:
    return timedelta(days=365.25 * number)


def test_a_film_is_dropped_when_its_class_says_so_and_not_before(
    stream: Stream, device: Device, medic_wang: User, mission: Mission
) -> None:
    recording = arrived(stream, device, medic_wang)
    over(mission)

    early = drop_overdue(now=NOW + years(14.9))
    kept = film_of(recording).size
    late = drop_overdue(now=NOW + years(15.1))
    recording.refresh_from_db()

    assert (early, kept, late) == (0, len(FILM), 1)
    assert recording.state == "dropped"
    assert film_of(recording).size == 0
    assert newest("recording.dropped").detail["class"] == "clinical"
    assert drop_overdue(now=NOW + years(16)) == 0
    assert recording.pieces.exists(), "what was known of it stays provable"


def test_a_camera_without_patients_is_kept_for_a_shorter_time(
    stream: Stream, device: Device, medic_wang: User, mission: Mission
) -> None:
    Stream.objects.filter(pk=stream.pk).update(role="road")
    arrived(stream, device, medic_wang)
    over(mission)
    days = retention()["operational"].keep.days

    assert drop_overdue(now=NOW + timedelta(days=days - 1)) == 0
    assert drop_overdue(now=NOW + timedelta(days=days + 1)) == 1


def test_a_hold_keeps_a_film_until_it_is_lifted(
    stream: Stream, device: Device, medic_wang: User, mission: Mission, supervisor: User
) -> None:
    arrived(stream, device, medic_wang)
    over(mission)
    mission.refresh_from_db()
    held = place_hold(
        mission=mission, hold_id=uuid4(), reason="Complaint", actor=supervisor, now=NOW
    )
    again = place_hold(mission=mission, hold_id=uuid4(), reason="x", actor=supervisor, now=NOW)

    while_held = drop_overdue(now=NOW + years(20))
    lift_hold(hold=held, actor=supervisor, now=NOW)
    lift_hold(hold=held, actor=supervisor, now=NOW)

    assert again.pk == held.pk
    assert while_held == 0
    assert drop_overdue(now=NOW + years(20)) == 1
    assert kinds()[-3:] == ["recording.held", "recording.released", "recording.dropped"]
    assert "Complaint" not in str(newest("recording.held").detail)


def test_only_a_supervisor_or_reviewer_of_the_centre_holds(
    mission: Mission, medic_wang: User, stranger: User
) -> None:
    for somebody in (medic_wang, stranger):
        with pytest.raises(NotAllowed):
            place_hold(mission=mission, hold_id=uuid4(), reason="x", actor=somebody, now=NOW)


def test_the_background_seals_what_has_ended_and_makes_its_small_pictures(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = open_recording(stream=stream, hello=device.hello(), source=medic_wang, now=NOW)
    store_pieces([(recording.pk, piece) for piece in device.pieces()], now=NOW)
    end_recording(recording=recording, end=device.end(), source=medic_wang, now=NOW)

    tend(None)
    recording.refresh_from_db()
    client = signed_in(medic_wang)
    sheet = client.get(f"/api/recordings/{recording.pk}/strip/")

    assert recording.state == "complete"
    assert recording.strip["count"] == 2
    assert sheet.content.startswith(b"\xff\xd8\xff")
    assert sheet["Content-Type"] == "image/jpeg"


def test_recordings_are_proven_anew_from_where_they_lie(
    stream: Stream, device: Device, medic_wang: User, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = arrived(stream, device, medic_wang)

    call_command("verify_recordings")
    assert "proven" in capsys.readouterr().out
    path = storage().path(recording.file)
    with open(path, "r+b") as file:  # noqa: PTH123
        file.seek(200)
        file.write(b"?")
    with pytest.raises(CommandError, match="1 recordings"):
        call_command("verify_recordings", "--recording", str(recording.pk))
    assert "content" in capsys.readouterr().out


def test_a_range_of_the_film_comes_to_those_who_see_the_patient_and_to_nobody_else(
    stream: Stream, device: Device, medic_wang: User, nurse_chen: User
) -> None:
    recording = arrived(stream, device, medic_wang)
    address = f"/api/recordings/{recording.pk}/media/"

    part = signed_in(medic_wang).get(address, headers={"Range": "bytes=100-299"})
    beyond = signed_in(medic_wang).get(address, headers={"Range": f"bytes={len(FILM)}-"})
    refused = signed_in(nurse_chen).get(address, headers={"Range": "bytes=0-9"})
    unknown = signed_in(nurse_chen).get(f"/api/recordings/{uuid4()}/media/")

    assert part.status_code == HTTPStatus.PARTIAL_CONTENT
    assert part.content == FILM[100:300]
    assert part["Content-Range"] == f"bytes 100-299/{len(FILM)}"
    assert beyond.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert (refused.status_code, unknown.status_code) == (403, 403)
    assert kinds().count("patient.refused") == 2


# --- clips ------------------------------------------------------------------------


def asked(
    client: Client, recording: Recording, since: float, until: float, **more: object
) -> Any:  # the test client's response has no type of its own
    began = began_at(recording)
    return client.post(
        f"/api/missions/{recording.stream.mission_id}/clips/",
        {
            "id": str(uuid4()),
            "from_at": (began + timedelta(seconds=since)).isoformat(),
            "until_at": (began + timedelta(seconds=until)).isoformat(),
            "recordings": [str(recording.pk)],
            "reason": "Case review",
            **more,
        },
        content_type="application/json",
    )


def test_a_clip_holds_the_pictures_of_its_stretch_and_a_manifest_that_is_signed(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = arrived(stream, device, medic_wang)
    client = signed_in(medic_wang)

    made = asked(client, recording, 3.4, 6.1).json()
    raw = client.get(made["link"]).content
    packed = zipfile.ZipFile(io.BytesIO(raw))
    manifest = json.loads(packed.read("manifest.json"))

    assert hashlib.sha256(raw).hexdigest() == made["sha256"]
    assert numbers_in(packed.read("01-cabin.mp4")) == list(range(15, 35))
    assert manifest["files"][0]["sha256"] == hashlib.sha256(packed.read("01-cabin.mp4")).hexdigest()
    assert (manifest["reason"], manifest["made_by"]["name"]) == ("Case review", "Wang")
    assert manifest["files"][0]["begins"].startswith("2026-11-22T06:00:03.000")
    verify(packed.read("manifest.json").decode(), packed.read("manifest.sig"))
    with pytest.raises(InvalidSignature):
        verify(made["manifest"].replace("Case", "Base"), packed.read("manifest.sig"))
    assert newest("recording.exported").detail["sha256"] == made["sha256"]
    assert "Case review" not in str(newest("recording.exported").detail)


def test_a_clip_that_makes_no_sense_leaves_nothing_behind(
    stream: Stream, device: Device, medic_wang: User, nurse_chen: User
) -> None:
    recording = arrived(stream, device, medic_wang)
    client = signed_in(medic_wang)

    answers = [
        asked(client, recording, 5, 5),
        asked(client, recording, 0, 31 * 60),
        asked(client, recording, 500, 600),
        asked(client, recording, 0, 5, recordings=[str(uuid4())]),
        asked(client, recording, 0, 5, reason=""),
    ]
    refused = asked(signed_in(nurse_chen), recording, 0, 5)

    assert [one.status_code for one in answers] == [400] * 5
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert [one.json()["code"] for one in answers[:4]] == [
        "clip_length",
        "clip_length",
        "nothing_recorded",
        "other_mission",
    ]
    assert not Clip.objects.exists()


def test_the_same_clip_asked_for_twice_is_made_once(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = arrived(stream, device, medic_wang)
    client, key = signed_in(medic_wang), str(uuid4())

    first = asked(client, recording, 0, 5, id=key).json()
    second = asked(client, recording, 0, 5, id=key).json()

    assert first == second
    assert kinds().count("recording.exported") == 1
