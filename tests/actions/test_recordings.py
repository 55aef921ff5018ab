"""A recording is whole or says where it is not; nothing is told to be stored that is not."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from uuid import uuid4

import pytest

from ambulance_agent.protocol.recording import EndReason, Piece, RecordRefusal
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.recording import store
from ehr_prehospital.recording.actions.arriving import (
    NotTaken,
    end_recording,
    open_recording,
    store_pieces,
)
from ehr_prehospital.recording.actions.sealing import seal
from ehr_prehospital.recording.models import Recording, RecordingPiece
from ehr_prehospital.recording.queries import held_of, missing_of
from ehr_prehospital.recording.store import film_of, growing_file
from ehr_prehospital.video.models import Stream
from tests.actions.care import kinds, newest
from tests.films import Device, film, numbers_in
from tests.recordings import cabin_camera, room_enough  # noqa: F401  (fixtures)
from tests.town import NOW

pytestmark = pytest.mark.usefixtures("room_enough")

FILM = film(range(60), keys_every=10)


@pytest.fixture
def device() -> Device:
    return Device(FILM, piece_bytes=700, started_ms=NOW.timestamp() * 1000)


def opened(stream: Stream, device: Device, user: User) -> Recording:
    return open_recording(stream=stream, hello=device.hello(), source=user, now=NOW)


def stored(recording: Recording, pieces: list[Piece]) -> list[RecordRefusal | None]:
    return store_pieces([(recording.pk, piece) for piece in pieces], now=NOW)


def content(recording: Recording) -> bytes:
    kept = film_of(recording)
    return kept.read(0, kept.size)


def test_pieces_in_any_order_and_twice_become_the_film_that_was_recorded(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = opened(stream, device, medic_wang)
    pieces = device.pieces()
    mixed = [*pieces, *pieces[3:9]]
    random.Random(4).shuffle(mixed)

    fates = [
        fate for at in range(0, len(mixed), 7) for fate in stored(recording, mixed[at : at + 7])
    ]
    end_recording(recording=recording, end=device.end(), source=medic_wang, now=NOW)
    recording.refresh_from_db()
    sealed = seal(recording=recording, now=NOW)

    assert not any(fates)
    assert RecordingPiece.objects.count() == len(pieces)
    assert sealed is not None
    assert sealed.state == "complete"
    assert content(sealed) == FILM
    assert numbers_in(content(sealed)) == list(range(60))
    assert len(sealed.fragments["at"]) == 6
    assert sealed.fragments["at"][3] == 1200
    assert not growing_file(recording.pk).exists()
    assert kinds()[-3:] == ["recording.began", "recording.ended", "recording.sealed"]
    assert newest("recording.sealed").detail["state"] == "complete"


def test_a_piece_is_on_the_disk_before_anybody_is_told_so(
    stream: Stream, device: Device, medic_wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = opened(stream, device, medic_wang)
    order: list[str] = []
    flush, create = os.fdatasync, RecordingPiece.objects.bulk_create

    def flushed(handle: int) -> None:
        order.append("flush")
        flush(handle)

    def created(_manager: object, rows: list[RecordingPiece], *, ignore_conflicts: bool) -> None:
        order.append("row")
        create(rows, ignore_conflicts=ignore_conflicts)

    monkeypatch.setattr(os, "fdatasync", flushed)
    monkeypatch.setattr(type(RecordingPiece.objects), "bulk_create", created)

    fates = stored(recording, device.pieces()[:5])

    assert fates == [None] * 5
    assert order == ["flush", "row"]
    assert growing_file(recording.pk).stat().st_size == 5 * 700


def test_a_hole_is_named_and_the_film_is_read_up_to_it(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = opened(stream, device, medic_wang)
    pieces = device.pieces()
    stored(recording, [*pieces[:3], *pieces[5:]])

    end_recording(recording=recording, end=device.end(), source=medic_wang, now=NOW)
    recording.refresh_from_db()

    assert held_of(recording).holes == [(3, 4)]
    assert missing_of(recording) == [(3, 4)]
    assert seal(recording=recording, now=NOW) is None
    assert content(recording) == FILM[: 3 * 700]
    stored(recording, pieces[3:5])
    assert seal(recording=recording, now=NOW) is not None


def test_a_number_keeps_its_first_content(stream: Stream, device: Device, medic_wang: User) -> None:
    recording = opened(stream, device, medic_wang)
    stored(recording, device.pieces()[:3])
    other = Device(FILM[::-1], piece_bytes=700).pieces()[1]

    assert stored(recording, [other]) == [RecordRefusal.DIFFERENT]
    assert content(recording) == FILM[:2100]


def test_nothing_comes_after_the_signed_end(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = opened(stream, device, medic_wang)
    pieces = device.pieces()
    stored(recording, pieces[:4])
    end = device.end(last=3, reason=EndReason.INTERRUPTED)

    end_recording(recording=recording, end=end, source=medic_wang, now=NOW)
    again = end_recording(recording=recording, end=end, source=medic_wang, now=NOW)

    assert again.last == 3
    assert kinds().count("recording.ended") == 1
    assert stored(recording, pieces[3:5]) == [None, RecordRefusal.AFTER_END]
    with pytest.raises(NotTaken, match="after_end"):
        end_recording(recording=recording, end=device.end(), source=medic_wang, now=NOW)


def test_an_end_that_its_device_did_not_sign_is_refused(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = opened(stream, device, medic_wang)
    stored(recording, device.pieces())
    forged = Device(FILM, piece_bytes=700, recording=device.recording).end()

    with pytest.raises(NotTaken, match="signature"):
        end_recording(recording=recording, end=forged, source=medic_wang, now=NOW)

    recording.refresh_from_db()
    assert recording.last is None


def test_bytes_that_changed_on_the_disk_are_found_when_it_is_sealed(
    stream: Stream, device: Device, medic_wang: User
) -> None:
    recording = opened(stream, device, medic_wang)
    stored(recording, device.pieces())
    end_recording(recording=recording, end=device.end(), source=medic_wang, now=NOW)
    recording.refresh_from_db()
    with growing_file(recording.pk).open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\xff")

    sealed = seal(recording=recording, now=NOW)

    assert sealed is not None
    assert (sealed.state, sealed.flaw) == ("broken", "content")
    assert newest("recording.sealed").detail["flaw"] == "content"


def test_a_full_disk_refuses_and_takes_the_same_piece_later(
    stream: Stream, device: Device, medic_wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = opened(stream, device, medic_wang)
    pieces = device.pieces()
    stored(recording, pieces[:2])
    write = os.write

    def half(handle: int, view: memoryview) -> int:
        if growing_file(recording.pk).stat().st_size > 1400:
            raise OSError(28, "No space left on device")
        return write(handle, view[:300])

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        refused = stored(recording, pieces[2:3])
    with monkeypatch.context() as nearly:
        nearly.setattr(store, "room", lambda _folder: 100)
        refused += stored(recording, pieces[2:3])

    assert refused == [RecordRefusal.DISK_FAULT, RecordRefusal.DISK_FULL]
    assert growing_file(recording.pk).stat().st_size == 1400
    assert stored(recording, pieces[2:]) == [None] * (len(pieces) - 2)
    assert content(recording) == FILM


def test_another_camera_or_another_key_cannot_go_on_with_a_recording(
    stream: Stream, device: Device, medic_wang: User, mission: Mission
) -> None:
    opened(stream, device, medic_wang)
    other_stream = Stream.objects.get(pk=stream.pk)
    other_stream.pk = uuid4()
    other_stream.save()
    other_key = Device(FILM, recording=device.recording)

    with pytest.raises(NotTaken, match="not_yours"):
        opened(other_stream, device, medic_wang)
    with pytest.raises(NotTaken, match="other_key"):
        opened(stream, other_key, medic_wang)
    assert Recording.objects.count() == 1


def test_a_clock_that_is_wrong_is_noted_and_put_right(stream: Stream, medic_wang: User) -> None:
    from ehr_prehospital.recording.queries import began_at

    fast = Device(FILM, started_ms=NOW.timestamp() * 1000, ahead_ms=90_000)

    recording = opened(stream, fast, medic_wang)

    assert recording.started_at == NOW + timedelta(seconds=90)
    assert recording.clock_offset_ms == 90_000
    assert began_at(recording) == NOW
