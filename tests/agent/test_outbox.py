"""A frame that `append` returned is there until the centre has it."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from ambulance_agent.outbox import Outbox
from ambulance_agent.parcel import LASTING, NUMBERS, WAVES, Parcel, kind_of
from ambulance_agent.protocol import (
    Fact,
    FileKind,
    FilePiece,
    Frame,
    Status,
    Telemetry,
    decode_from_vehicle,
    encode,
)
from ambulance_agent.salvage import OutboxInUse
from ambulance_agent.spill import Spill
from tests.agent.conftest import START, telemetry

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
from ambulance_agent.outbox import Outbox
from tests.agent.conftest import START, telemetry
outbox = Outbox(Path(sys.argv[1]), max_bytes=50_000_000, every_frame_flushed=False)
for second in range(100_000):
    parcel = outbox.append(telemetry(second), made_at=START)
    sys.stdout.write(f"{parcel.epoch} {parcel.sequence}\\n")
    sys.stdout.flush()
"""
REPOSITORY = Path(__file__).resolve().parents[2]


def opened(path: Path, max_bytes: int = 50_000_000) -> Outbox:
    return Outbox(path, max_bytes=max_bytes, every_frame_flushed=False)


def waiting(outbox: Outbox) -> list[Frame]:
    tickets = sorted([*outbox.urgent(), *outbox.newest_before(outbox.end, limit=100_000)])
    parcels = [outbox.parcel(ticket) for ticket in tickets]
    frames = [decode_from_vehicle(parcel.raw) for parcel in parcels if parcel is not None]
    return [frame for frame in frames if isinstance(frame, Frame)]


def status() -> Status:
    return Status(fact_id=uuid4(), mission_id=uuid4(), fact=Fact.ON_BOARD, occurred_at=START)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "box"
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_numbers_go_on_after_a_clean_end(path: Path) -> None:
    first = opened(path)
    for second in range(3):
        first.append(telemetry(second), made_at=START)
    first.acknowledge(first.epoch, [0, 1, 2])
    first.close()

    again = opened(path)

    assert (again.epoch, again.next_sequence) == (first.epoch, 3)
    assert again.stock().frames == 0
    again.close()


def test_kill_9_in_the_middle_of_writes_loses_no_frame_that_append_returned(path: Path) -> None:
    promised: list[str] = []
    for writes in (300, 1, 40, 150):  # one start after the other on the same file
        promised += killed_after(writes, path)

    outbox = opened(path)

    kept = [f"{frame.epoch} {frame.sequence}\n" for frame in waiting(outbox)]
    assert set(promised) <= set(kept)
    assert len(kept) == len(set(kept))
    # Of each start one frame at most was in the file and not yet told of.
    assert len(kept) - len(promised) <= 4
    # The centre may hold later frames than this disk: their numbers are not given out again.
    assert str(outbox.epoch) not in {line.split()[0] for line in promised}
    outbox.close()


def killed_after(writes: int, path: Path) -> list[str]:
    """What the writer told of before it was killed in full run."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=REPOSITORY, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(writes)]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
    return [line for line in told if line.endswith("\n")]


def test_a_log_cut_at_any_byte_keeps_every_frame_that_was_whole_before_the_cut(
    path: Path, tmp_path: Path
) -> None:
    outbox = opened(path)
    log = path.with_name(path.name + "-wal")
    ends = []
    for second in range(12):
        outbox.append(telemetry(second), made_at=START)
        ends.append(log.stat().st_size)
    whole, copy = log.read_bytes(), tmp_path / "cut"

    near = {end + byte for end in ends[3:5] for byte in range(-12, 12)}
    for length in sorted({*near, *range(0, len(whole), 2_999), len(whole)}):
        shutil.copy(path, copy)
        copy.with_name("cut-wal").write_bytes(whole[:length])
        cut = opened(copy)
        kept = [frame.sequence for frame in waiting(cut)]

        assert kept == list(range(sum(end <= length for end in ends)))
        cut.close()
    outbox.close()


@pytest.mark.parametrize("part", ["", "-wal"])
def test_a_file_cut_at_any_byte_still_opens_and_keeps_what_can_be_read(
    path: Path, tmp_path: Path, part: str
) -> None:
    outbox = opened(path)
    for second in range(40):
        outbox.append(telemetry(second), made_at=START)
    if not part:
        outbox.close()  # everything is in the main file
    whole = path.with_name(path.name + part).read_bytes()
    size = len(whole)

    for length in sorted({0, 1, 50, 99, 4096, 4100, size // 3, size // 2, size - 4096, size - 1}):
        copy = tmp_path / f"cut-{length}"
        shutil.copy(path, copy)
        copy.with_name(copy.name + part).write_bytes(whole[:length])
        cut = opened(copy)
        kept = waiting(cut)
        parcel = cut.append(telemetry(99), made_at=START)

        assert all(frame.body == telemetry(frame.sequence) for frame in kept)
        assert (parcel.epoch, parcel.sequence) not in {(f.epoch, f.sequence) for f in kept}
        assert len(waiting(cut)) == len(kept) + 1
        cut.close()
    if part:
        outbox.close()


def test_damage_in_the_middle_costs_only_what_it_hit(path: Path) -> None:
    outbox = opened(path)
    for second in range(200):
        outbox.append(telemetry(second), made_at=START)
    outbox.close()
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 300] = b"\xff" * 300
    path.write_bytes(bytes(damaged))

    again = opened(path)
    kept = waiting(again)

    assert len(kept) >= 150
    assert all(frame.body == telemetry(frame.sequence) for frame in kept)
    again.close()


def test_a_file_that_is_no_database_is_put_aside(path: Path) -> None:
    path.write_bytes(b"this is a photograph" * 1000)

    outbox = opened(path)
    outbox.append(telemetry(0), made_at=START)

    assert outbox.stock().frames == 1
    assert path.with_name(path.name + ".salvaged").read_bytes().startswith(b"this is a photo")
    outbox.close()


def test_a_salvage_that_was_interrupted_is_done_again(path: Path) -> None:
    outbox = opened(path)
    for second in range(5):
        outbox.append(telemetry(second), made_at=START)
    outbox.close()
    path.rename(path.with_name(path.name + ".damaged"))

    again = opened(path)

    assert len(waiting(again)) == 5
    assert again.epoch != outbox.epoch
    again.close()


def test_without_a_place_for_the_file_frames_are_kept_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "not-a-folder").write_text("")
    outbox = opened(tmp_path / "not-a-folder" / "box")
    outbox.append(telemetry(0), made_at=START)

    assert len(waiting(outbox)) == 1
    assert "in memory only" in caplog.text
    outbox.close()


def test_a_second_process_is_told_that_the_outbox_is_taken(path: Path) -> None:
    outbox = opened(path)

    with pytest.raises(OutboxInUse, match="another process"):
        opened(path)

    outbox.close()


def test_a_full_outbox_gives_up_waves_first_then_numbers_never_statuses(path: Path) -> None:
    outbox = opened(path, max_bytes=30_000)
    first = outbox.append(status(), made_at=START, urgent=True)
    for second in range(60):
        outbox.append(telemetry(second), made_at=START)
    thinned = waiting(outbox)
    for second in range(60, 900):
        outbox.append(telemetry(second), made_at=START)
    full = waiting(outbox)

    # At first every second is still there, the oldest without their waves.
    bodies = [frame.body for frame in thinned if isinstance(frame.body, Telemetry)]
    assert len(bodies) == 60
    assert bodies[0] == telemetry(0, wave_bytes=0)
    assert bodies[-1].waves
    # Later the oldest seconds go as a whole; the status stays.
    assert full[0].sequence == first.sequence
    assert full[1].sequence > 100
    assert full[-1].sequence == 900
    stock = outbox.stock()
    assert stock.bytes <= 30_000
    assert min(stock.thinned, stock.dropped) > 0
    assert stock.frames + stock.dropped == 901
    outbox.close()


def test_a_full_outbox_keeps_the_files_of_devices(path: Path) -> None:
    outbox = opened(path, max_bytes=30_000)
    pieces = [outbox.append(a_piece(part), made_at=START) for part in range(2)]
    for second in range(200):
        outbox.append(telemetry(second), made_at=START)

    assert all(outbox.parcel(piece.ticket) == piece for piece in pieces)
    assert outbox.stock().dropped > 0
    outbox.close()


def a_piece(part: int) -> Telemetry:
    piece = FilePiece(
        file_id=uuid4(), kind=FileKind.ECG12, name="ecg.xml", found_at=START, sha256=bytes(32),
        size=8_000, part=part, parts=2, content=bytes(4_000),
    )  # fmt: skip
    return Telemetry(pieces=[piece])


def test_a_full_outbox_gets_rid_of_a_damaged_frame_and_goes_on(path: Path) -> None:
    outbox = opened(path, max_bytes=30_000)
    damaged = outbox.append(telemetry(0), made_at=START)
    outbox._db.execute("UPDATE parcel SET raw = ?", (b"\x00" * len(damaged.raw),))
    for second in range(1, 60):
        outbox.append(telemetry(second), made_at=START)

    assert [frame.sequence for frame in waiting(outbox)] == list(range(1, 60))
    assert outbox.stock().dropped == 1
    outbox.close()


def test_statuses_alone_may_outgrow_the_bound(path: Path) -> None:
    outbox = opened(path, max_bytes=2_000)
    for _ in range(50):
        outbox.append(status(), made_at=START, urgent=True)

    assert len(outbox.urgent()) == 50
    outbox.close()


def test_a_full_disk_keeps_frames_in_memory_until_there_is_room(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = opened(path)
    outbox._db.execute("PRAGMA max_page_count = 20")
    parcels = [outbox.append(telemetry(second), made_at=START) for second in range(200)]
    full = outbox.stock()
    every = waiting(outbox)
    outbox._db.execute("PRAGMA max_page_count = 100000")
    outbox.append(telemetry(200), made_at=START)
    relieved = outbox.stock()

    assert full.in_memory > 100
    assert [frame.sequence for frame in every] == list(range(200))
    assert (relieved.in_memory, relieved.frames) == (0, 201)
    assert caplog.text.count("the disk refuses") == 1
    outbox.acknowledge(parcels[0].epoch, [p.sequence for p in parcels])
    assert outbox.stock().frames == 1
    outbox.close()


def test_memory_is_bounded_like_the_disk_waves_first_then_numbers_never_statuses() -> None:
    spill = Spill(30_000)
    spill.put(held(0, status()))
    for ticket in range(1, 50):
        spill.put(held(ticket, telemetry(ticket)))
    thinned = {parcel.kind for parcel in spill}
    every = len(spill)
    for ticket in range(50, 900):
        spill.put(held(ticket, telemetry(ticket)))
    kinds = [parcel.kind for parcel in spill]

    assert (every, thinned) == (50, {LASTING, NUMBERS, WAVES})
    assert (kinds[0], kinds[1], kinds[-1]) == (LASTING, NUMBERS, WAVES)
    assert spill.bytes == sum(len(parcel.raw) for parcel in spill) <= 30_000
    assert len(spill) + spill.dropped == 900


def test_what_must_never_go_is_the_first_to_leave_the_memory_for_the_disk() -> None:
    spill = Spill(1_000_000)
    for ticket in range(5):
        spill.put(held(ticket, telemetry(ticket)))
    spill.put(held(5, status()))

    assert [parcel.ticket for parcel in spill.first(3)] == [5, 0, 1]


def held(ticket: int, body: Telemetry | Status) -> Parcel:
    epoch = uuid4()
    raw = encode(Frame(epoch=epoch, sequence=ticket, made_at=START, body=body))
    return Parcel(ticket, epoch, ticket, isinstance(body, Status), kind_of(body), raw)


def test_after_an_end_on_a_full_disk_a_new_epoch_begins(path: Path) -> None:
    outbox = opened(path)
    outbox._db.execute("PRAGMA max_page_count = 10")
    for second in range(50):
        outbox.append(telemetry(second), made_at=START)
    outbox.close()

    again = opened(path)

    assert again.epoch != outbox.epoch
    again.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from ambulance_agent.outbox import Outbox
from tests.agent.conftest import START, telemetry
outbox = Outbox(Path(sys.argv[1]), max_bytes=50_000_000, every_frame_flushed=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
for second in range(250):
    outbox.append(telemetry(second), made_at=START)
held = outbox.stock()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
outbox.append(telemetry(250), made_at=START)
outbox.append(telemetry(251), made_at=START)
print(held.in_memory > 0, outbox.stock().in_memory, outbox.stock().frames)
outbox.close()
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit of the file size")
def test_writes_that_the_system_refuses_are_survived(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip

    assert run.stdout.split() == ["True", "0", "252"], run.stderr
    again = opened(path)
    assert len(waiting(again)) == 252
    again.close()


def test_a_frame_damaged_on_the_disk_is_not_sent(path: Path) -> None:
    outbox = opened(path)
    parcel = outbox.append(telemetry(0), made_at=START)
    outbox._db.execute("UPDATE parcel SET raw = ?", (b"\x00" * 20,))

    assert outbox.parcel(parcel.ticket) is None
    assert outbox.stock().frames == 0
    outbox.close()


def test_the_file_does_not_grow_when_frames_come_and_go(path: Path) -> None:
    outbox = opened(path)
    for second in range(1500):
        parcel = outbox.append(telemetry(second), made_at=START)
        outbox.acknowledge(parcel.epoch, [parcel.sequence])
    outbox.close()

    assert path.stat().st_size < 200_000
    assert sqlite3.connect(path).execute("SELECT count(*) FROM parcel").fetchone() == (0,)
