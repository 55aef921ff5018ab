"""A recording reaches the hub whole, whatever dies on the way; over real sockets and processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from ambulance_agent.protocol.recording import (
    EndReason,
    encode_message,
    encode_piece,
)
from ambulance_agent.recording import RecordSender, RecordSpool, SpoolFull
from ambulance_agent.recording.sealing import OtherToken
from dispatch.fleet.actions import issue_token
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.recording.actions.sealing import seal
from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.store import film_of
from tests.films import Device, film, numbers_in
from tests.media import Side, begin, cookie, media_socket
from tests.running import answers, free_port, process
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FILM = film(range(300), keys_every=25)
TOKEN = "the token of this vehicle"


@pytest.fixture(scope="module")
def hub_port(django_db_setup: None) -> Iterator[int]:
    """The hub that outlives the tests; those that kill theirs start one of their own."""
    port = free_port()
    with hub(port):
        wait_until(lambda: answers(port), timeout_s=60, what="the hub answers")
        yield port


@pytest.fixture
def under_way(mission: Mission) -> Mission:
    Mission.objects.update(assigned_at=timezone.now())
    mission.refresh_from_db()
    return mission


@pytest.fixture
def device() -> Device:
    return Device(FILM, piece_bytes=300, started_ms=time.time() * 1000)


def opened(side: Side, mission: Mission, device: Device) -> dict[str, Any]:
    side.say(begin(mission))
    side.socket.send(encode_message(device.hello()))
    return side.hear("have")


def sealed_numbers(recording_id: UUID) -> list[int]:
    recording = Recording.objects.select_related("stream__mission").get(pk=recording_id)
    sealed = seal(recording=recording, now=timezone.now())
    assert sealed is not None
    assert sealed.state == "complete"
    kept = film_of(sealed)
    return numbers_in(kept.read(0, kept.size))


def test_a_browser_brings_its_recording_and_hears_what_is_durable(
    under_way: Mission, medic_wang: User, device: Device, hub_port: int
) -> None:
    path = f"{under_way.incident_id}/record/{uuid4()}/"
    pieces = device.pieces()
    with media_socket(hub_port, path, cookie(medic_wang)) as side:
        assert opened(side, under_way, device)["next"] == 0
        told: set[int] = set()
        for piece in pieces[:40]:
            side.socket.send(encode_piece(piece.seq, piece.captured_ms, piece.payload))
        while len(told) < 40:
            told |= set(side.hear("ack")["seqs"])
        side.socket.send(b"\x02 no piece at all")
        refused = side.hear("refused")
        broken = encode_piece(41, 1.0, b"abc")[:-1] + b"?"
        side.socket.send(broken)
        damaged = side.hear("refused")
        side.socket.send(encode_message(device.end()))
        ended = side.hear("ended")

        assert (refused["code"], damaged["code"], damaged["seq"]) == ("malformed", "hash", 41)
        assert ended["missing"] == [[40, len(pieces) - 1]]
        for piece in pieces[40:]:
            side.socket.send(encode_piece(piece.seq, piece.captured_ms, piece.payload))
        while len(told) < len(pieces):
            told |= set(side.hear("ack")["seqs"])

    assert sealed_numbers(device.recording) == list(range(300))


def test_a_stranger_and_a_person_without_a_name_bring_nothing(
    under_way: Mission, nurse_chen: User, hub_port: int
) -> None:
    path = f"{under_way.incident_id}/record/{uuid4()}/"
    with media_socket(hub_port, path, cookie(nurse_chen)) as side:
        side.say(begin(under_way))
        assert side.hear("refused")["code"] == "no_access"
    with (
        media_socket(hub_port, path, {}) as side,
        pytest.raises(ConnectionClosed, match="4401"),
    ):
        side.hear("have")

    assert not Recording.objects.exists()


@pytest.fixture
def vehicle(under_way: Mission) -> tuple[Ambulance, str]:
    ambulance = under_way.ambulance
    return ambulance, issue_token(ambulance)


def spooled(spool: RecordSpool, mission: Mission, *, end: bool = True) -> UUID:
    recording = spool.begin(
        stream=uuid4(),
        begin=begin(mission),
        mime="video/mp4;codecs=avc1.42E01E",
        started_ms=time.time() * 1000,
    )
    for at in range(0, len(FILM), 5000):
        recording.write(FILM[at : at + 5000], captured_ms=time.time() * 1000)
    if end:
        recording.end()
    return recording.id


def bring(sender: RecordSender, until: Callable[[], bool]) -> None:
    """Run the sender until something is true, at most for a while."""

    async def run() -> None:
        task = asyncio.create_task(sender.run())
        await asyncio.to_thread(wait_until, until, what="the sender is done")
        sender.stop()
        await task

    asyncio.run(run())


def sender_to(port: int, vehicle: tuple[Ambulance, str], spool: RecordSpool, **more: Any) -> Any:
    return RecordSender(
        hub=f"ws://127.0.0.1:{port}",
        vehicle_id=vehicle[0].pk,
        token=vehicle[1],
        spool=spool,
        **more,
    )


def hub(port: int) -> Any:
    return process(
        *("-m", "daphne", "--bind", "127.0.0.1", "--port", str(port), "--verbosity", "0"),
        "config.asgi:media",
        ONBOARD_MEDIA_PORT=str(port),
    )


def test_nothing_is_missing_after_the_hub_was_killed(
    under_way: Mission, vehicle: tuple[Ambulance, str], tmp_path: Path
) -> None:
    spool = RecordSpool(tmp_path / "record.spool", max_bytes=50_000_000, token=TOKEN)
    recording = spooled(spool, under_way)
    whole = spool.bytes
    port = free_port()
    gate = iter([True] * 3)

    with hub(port) as first:
        sender = sender_to(port, vehicle, spool, may_send=lambda: next(gate, False))
        bring(sender, lambda: spool.bytes < whole)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    between = spool.bytes
    with hub(port):
        bring(sender_to(port, vehicle, spool), lambda: not spool.waiting())

    assert 0 < between < whole
    assert spool.waiting() == []
    assert sealed_numbers(recording) == list(range(300))


def test_what_a_killed_agent_had_on_its_disk_arrives_and_says_that_it_was_interrupted(
    under_way: Mission, vehicle: tuple[Ambulance, str], hub_port: int, tmp_path: Path
) -> None:
    spool = RecordSpool(tmp_path / "record.spool", max_bytes=50_000_000, token=TOKEN)
    recording = spooled(spool, under_way, end=False)
    # The process dies here: nothing is closed, a new one opens the same file.
    again = RecordSpool(tmp_path / "record.spool", max_bytes=50_000_000, token=TOKEN)

    bring(sender_to(hub_port, vehicle, again), lambda: not again.waiting())
    spool.close()

    assert Recording.objects.get().end_reason == "interrupted"
    assert sealed_numbers(recording) == list(range(300))


def test_while_the_live_picture_is_late_nothing_is_sent(
    under_way: Mission, vehicle: tuple[Ambulance, str], hub_port: int, tmp_path: Path
) -> None:
    spool = RecordSpool(tmp_path / "record.spool", max_bytes=50_000_000, token=TOKEN)
    spooled(spool, under_way)
    whole, late = spool.bytes, [True]
    asked: list[bool] = []

    def may_send() -> bool:
        asked.append(not late[0])
        return not late[0]

    sender = sender_to(hub_port, vehicle, spool, may_send=may_send)
    bring(sender, lambda: len(asked) > 5)
    held = spool.bytes
    late[0] = False
    bring(sender, lambda: not spool.waiting())

    assert held == whole
    assert spool.waiting() == []


def test_a_full_spool_ends_the_recording_and_says_so(under_way: Mission, tmp_path: Path) -> None:
    spool = RecordSpool(tmp_path / "record.spool", max_bytes=40_000, token=TOKEN)
    recording = spool.begin(
        stream=uuid4(), begin=begin(under_way), mime="video/mp4", started_ms=1.0
    )
    recording.write(bytes(39_000), captured_ms=1.0)

    with pytest.raises(SpoolFull):
        recording.write(bytes(2_000), captured_ms=2.0)

    (kept,) = spool.waiting()
    assert (kept.next, kept.reason) == (3, EndReason.FULL)


def test_the_disk_of_a_stolen_vehicle_shows_nothing_of_a_patient(
    under_way: Mission, vehicle: tuple[Ambulance, str], tmp_path: Path
) -> None:
    path = tmp_path / "record.spool"
    spool = RecordSpool(path, max_bytes=50_000_000, token=TOKEN)
    recording = spooled(spool, under_way)
    spool.close()
    disk = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    stranger = RecordSpool(path, max_bytes=50_000_000, token="another token")
    port = free_port()

    assert len(disk) > len(FILM)
    assert not any(FILM[at : at + 64] in disk for at in range(0, len(FILM) - 64, 1000))
    assert stranger.waiting() == []
    with pytest.raises(OtherToken):
        stranger.pieces(recording, after=-1, limit=1)
    stranger.close()
    spool = RecordSpool(path, max_bytes=50_000_000, token=TOKEN)  # nothing of it was lost
    with hub(port):
        bring(sender_to(port, vehicle, spool), lambda: not spool.waiting())
    assert sealed_numbers(recording) == list(range(300))


def test_what_lay_unsealed_in_a_spool_of_before_is_brought(
    under_way: Mission, vehicle: tuple[Ambulance, str], tmp_path: Path
) -> None:
    path = tmp_path / "record.spool"
    spool = RecordSpool(path, max_bytes=50_000_000, token=TOKEN)
    recording = spooled(spool, under_way)
    plain = spool.pieces(recording, after=-1, limit=10_000)
    spool.close()
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("ALTER TABLE recording DROP COLUMN key")
        old.executemany(
            "UPDATE piece SET payload = ? WHERE seq = ?", [(one.payload, one.seq) for one in plain]
        )
    again = RecordSpool(path, max_bytes=50_000_000, token=TOKEN)
    port = free_port()

    with hub(port):
        bring(sender_to(port, vehicle, again), lambda: not again.waiting())

    assert sealed_numbers(recording) == list(range(300))
