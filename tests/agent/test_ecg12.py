"""A 12-lead ECG that lies in a folder leaves the vehicle whole, once, in small pieces."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from ambulance_agent.agent import Vehicle
from ambulance_agent.config import read_vehicles
from ambulance_agent.drivers.ecg12.driver import Ecg12Driver
from ambulance_agent.drivers.ecg12.settings import Ecg12Settings
from ambulance_agent.protocol import MAX_FILE_BYTES, DeviceStateCode, FilePiece
from tests.agent.centre import TOKEN, Centre
from tests.agent.wfdb_files import write_record

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ECG = Random(7).randbytes(123_456)


class Watched:
    """A folder, its driver and a clock that a test moves by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        self.driver = Ecg12Driver(Ecg12Settings(folder), lambda: self.now)

    def put(self, name: str, content: bytes = ECG) -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def seconds(self, count: int) -> list[FilePiece]:
        found: list[FilePiece] = []
        for _ in range(count):
            self.driver.look()
            found += self.driver.sample(self.now).pieces
            self.now += timedelta(seconds=1)
        return found

    def names(self, folder: str = "") -> list[str]:
        place = self.folder / folder
        return sorted(p.name for p in place.iterdir() if p.is_file()) if place.exists() else []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_file_leaves_whole_and_is_moved_aside(watched: Watched) -> None:
    watched.put("rest.dcm")
    pieces = watched.seconds(6)

    assert b"".join(piece.content for piece in pieces) == ECG
    assert [piece.part for piece in pieces] == [0, 1, 2, 3]
    assert {(p.parts, p.size, p.sha256) for p in pieces} == {
        (4, len(ECG), sha256(ECG).digest())
    }  # fmt: skip
    assert pieces[0].found_at == NOW
    assert watched.names("sent") == ["rest.dcm"]
    assert watched.seconds(5) == []


def test_at_most_two_pieces_a_second_leave(watched: Watched) -> None:
    watched.put("rest.dcm")
    watched.driver.look()
    watched.driver.look()

    assert len(watched.driver.sample(NOW).pieces) == 2


def test_a_file_that_is_still_being_written_waits(watched: Watched) -> None:
    file = watched.put("rest.xml", b"<half")
    watched.driver.look()
    with file.open("ab") as more:
        more.write(b" of it/>")
    watched.driver.look()
    early = watched.driver.sample(NOW).pieces
    pieces = watched.seconds(2)

    assert early == []
    assert pieces[0].content == b"<half of it/>"


def test_a_wfdb_record_leaves_as_one_file_when_all_of_it_is_there(
    watched: Watched, tmp_path: Path
) -> None:
    write_record(tmp_path, "rest", {"I": [1, 2, 3], "II": [4, 5, 6]})
    signals = (tmp_path / "rest.dat").read_bytes()
    (tmp_path / "rest.dat").unlink()
    early = watched.seconds(3)
    watched.put("rest.dat", signals)
    pieces = watched.seconds(4)

    assert early == []
    with zipfile.ZipFile(io.BytesIO(b"".join(p.content for p in pieces))) as bundle:
        assert bundle.namelist() == ["rest.hea", "rest.dat"]
        assert bundle.read("rest.dat") == signals
    assert pieces[0].name == "rest.zip"
    assert watched.names("sent") == ["rest.dat", "rest.hea"]


def test_the_same_file_has_the_same_name_on_the_wire(watched: Watched) -> None:
    watched.put("rest.dcm")
    first = watched.seconds(6)
    watched.put("again.dcm")
    second = watched.seconds(6)

    assert {p.file_id for p in first} == {p.file_id for p in second}
    assert watched.names("sent") == ["again.dcm", "rest.dcm"]


def test_a_driver_that_ended_in_the_middle_sends_the_file_again(watched: Watched) -> None:
    watched.put("rest.dcm")
    watched.driver.look()
    watched.driver.look()
    begun = watched.driver.sample(NOW).pieces
    after = Watched(watched.folder).seconds(6)

    assert len(begun) == 2
    assert len(after) == 4
    assert after[0].file_id == begun[0].file_id


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.txt", b"x", "unknown_kind"),
        ("rest.dcm", b"", "empty"),
        ("rest.dcm", bytes(MAX_FILE_BYTES + 1), "too_large"),
        ("lonely.dat", b"x", "no_header"),
        ("rest.hea", b"rest 1 500 10\nrest.dat 16\n", "incomplete"),
    ],
)
def test_what_cannot_be_sent_is_moved_aside_and_counted(
    watched: Watched, name: str, content: bytes, reason: str
) -> None:
    watched.put(name, content)

    assert watched.seconds(70) == []
    assert watched.names("refused") == [name]
    assert watched.driver.counts == {reason: 1}


def test_a_damaged_header_is_sent_for_the_centre_to_judge(watched: Watched) -> None:
    watched.put("rest.hea", b"not a header")

    assert len(watched.seconds(3)) == 1


async def test_a_folder_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    driver = Ecg12Driver(Ecg12Settings(tmp_path / "file" / "ecg"))
    task = asyncio.create_task(driver.run())
    async with asyncio.timeout(5):
        await driver.looked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert driver.sample(NOW).devices[0].state is DeviceStateCode.FAULT


async def test_pieces_travel_in_frames_of_their_own(tmp_path: Path, centre: Centre) -> None:
    (tmp_path / "ecg").mkdir()
    (tmp_path / "ecg" / "rest.dcm").write_bytes(ECG)
    file = tmp_path / "vehicle.toml"
    file.write_text(
        '[vehicle]\nid="6f1c2f4e-9d1b-4d5a-8f0e-0a7c3f5d1e07"\ncall_sign="A07"\n'
        f'token="{TOKEN}"\n[uplink]\nurl="{centre.url}"\n[outbox]\n[drivers.ecg12]\nfolder="ecg"\n'
    )
    vehicle = Vehicle(read_vehicles([file])[0])
    task = asyncio.create_task(vehicle.run())
    try:
        await centre.until(lambda: len(sent(centre)) == 4, timeout_s=15)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert b"".join(p.content for p in sorted(sent(centre), key=lambda p: p.part)) == ECG
    assert any(not telemetry.pieces for telemetry in centre.telemetry)


def sent(centre: Centre) -> list[FilePiece]:
    return [piece for t in centre.telemetry if t.pieces for piece in t.pieces]
