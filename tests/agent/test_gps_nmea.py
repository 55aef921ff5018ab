"""A position is what a receiver measured, once, or nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from ambulance_agent.drivers.gps_nmea.driver import GpsDriver
from ambulance_agent.drivers.gps_nmea.parse import GpsdReader, NmeaReader
from ambulance_agent.drivers.gps_nmea.settings import GpsSettings
from ambulance_agent.protocol import DeviceStateCode, Position

TRACK = Path(__file__).resolve().parents[3] / "shared" / "standards" / "gnss" / "track-60s.nmea"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def sentence(body: str) -> str:
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}"


def rmc(
    second: int, *, status: str = "A", mode: str = "A", lat: str = "3113.8000", hundredths: int = 0
) -> str:
    time = f"1015{second:02d}.{hundredths:02d}"
    return sentence(f"GPRMC,{time},{status},{lat},N,12128.2000,E,25.0,45.0,221126,,,{mode}")


def gga(second: int, *, quality: int = 1) -> str:
    return sentence(
        f"GPGGA,1015{second:02d}.00,3113.8000,N,12128.2000,E,{quality},08,0.9,10.0,M,0.0,M,,"
    )


def fed(*lines: str) -> tuple[list[Position], NmeaReader]:
    reader = NmeaReader()
    return [p for p in map(reader.feed, lines) if p is not None], reader


def test_rmc_and_gga_of_one_second_make_one_position() -> None:
    positions, _ = fed(gga(0), rmc(0))

    (position,) = positions
    assert position.fix_at == datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
    assert position.lat == pytest.approx(31.23)
    assert position.lon == pytest.approx(121.47)
    assert position.heading_deg == 45
    assert position.speed_mps == pytest.approx(12.861, abs=0.001)
    assert position.satellites == 8
    assert position.accuracy_m == pytest.approx(2.7)


def test_the_quality_of_another_second_is_not_borrowed() -> None:
    positions, _ = fed(gga(0), rmc(1))

    assert positions[0].satellites is None
    assert positions[0].accuracy_m is None


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        (rmc(0).replace("3113.8", "3114.8"), "checksum"),
        (rmc(0)[:-3] + "*ZZ", "garbage"),
        ("\x00\xff\x10 noise", "garbage"),
        ("$GPRMC", "garbage"),
        (sentence("GPRMC,101500.00,A,not,N,a,E,place,,221126,,,A"), "garbage"),
        (sentence("GPRMC,101500.00,A,9913.8000,N,12128.2000,E,25.0,45.0,221126,,,A"), "garbage"),
        (rmc(0, status="V"), "no_fix"),
        (rmc(0, mode="E"), "no_fix"),
        (sentence("GPRMC,101500.00,A,,,,,,,221126,,,A"), "no_fix"),
        (sentence("GPRMC,101500.00,A,3113.8000,N,12128.2000,E,25.0,45.0,,,,A"), "no_time"),
    ],
)
def test_what_is_no_fix_is_counted_and_gives_no_position(line: str, counted: str) -> None:
    positions, reader = fed(line)

    assert positions == []
    assert reader.counts == {counted: 1}


def test_dead_reckoning_of_the_receiver_is_not_a_fix() -> None:
    positions, reader = fed(gga(0, quality=6), rmc(0))

    assert positions == []
    assert reader.counts["no_fix"] == 1


def test_a_receiver_without_a_mode_is_believed_by_its_last_quality() -> None:
    old = sentence("GPRMC,101501.00,A,3113.8000,N,12128.2000,E,25.0,45.0,221126,,")
    positions, reader = fed(gga(0, quality=6), old, gga(1), old)

    assert len(positions) == 1
    assert reader.counts["no_fix"] == 1


def test_a_fix_that_is_lost_leaves_no_position_until_the_next_fix() -> None:
    in_the_tunnel = [rmc(second, status="V", mode="N") for second in range(2, 5)]
    reader = NmeaReader()
    found = [reader.feed(line) for line in (rmc(0), rmc(1), *in_the_tunnel, rmc(5))]

    # Nothing in between: no last place repeated, none drawn on from speed and heading.
    assert [p.fix_at.second if p else None for p in found] == [0, 1, None, None, None, 5]
    assert reader.counts["no_fix"] == 3


def test_gpsd_that_loses_its_fix_gives_no_position() -> None:
    report = b'{"class":"TPV","mode":%d,"time":"2026-03-01T08:00:0%dZ","lat":31.23,"lon":121.47}'
    reader = GpsdReader()
    found = [reader.feed(report % (mode, second)) for second, mode in enumerate((3, 1, 0, 3))]

    assert [position is not None for position in found] == [True, False, False, True]


def test_damage_in_a_recorded_track_costs_only_the_damaged_seconds() -> None:
    if not TRACK.is_file():
        pytest.skip("the recorded GNSS track is not beside this repository")
    lines = TRACK.read_text(encoding="ascii").splitlines()
    damaged = [line[:-1] + "0" if number % 20 == 0 else line for number, line in enumerate(lines)]

    whole, _ = fed(*lines)
    left, reader = fed(*damaged)

    assert len(whole) == 60
    lost = sum(a != b for a, b in zip(lines, damaged, strict=True))
    assert reader.counts["checksum"] == lost > 3
    assert len(left) == 60 - lost  # every twentieth line is an RMC


def test_gpsd_reports_become_positions() -> None:
    reader = GpsdReader()
    reader.feed(b'{"class":"SKY","uSat":11,"satellites":[]}')
    position = reader.feed(
        b'{"class":"TPV","mode":3,"time":"2026-03-01T08:00:00.000Z","lat":31.23,"lon":121.47,'
        b'"speed":12.5,"track":359.9,"eph":3.1,"epx":2.0}'
    )

    assert position == Position(
        fix_at=datetime(2026, 3, 1, 8, tzinfo=UTC), lat=31.23, lon=121.47, heading_deg=359.9,
        speed_mps=12.5, accuracy_m=3.1, satellites=11,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        (b'{"class":"TPV","mode":1}', "no_fix"),
        (b'{"class":"TPV","mode":3,"status":5,"lat":1.0,"lon":2.0}', "no_fix"),
        (b'{"class":"TPV","mode":3,"lat":1.0,"lon":2.0}', "no_time"),
        (
            b'{"class":"TPV","mode":3,"time":"2026-03-01T08:00:00Z","lat":91.0,"lon":2.0}',
            "garbage",
        ),
        (b'{"class":"TPV",', "garbage"),
    ],
)
def test_gpsd_reports_without_a_fix_are_counted(line: bytes, counted: str) -> None:
    reader = GpsdReader()

    assert reader.feed(line) is None
    assert reader.counts == {counted: 1}


async def test_gpsd_that_goes_away_is_a_fault_and_is_found_again() -> None:
    report = '{"class":"TPV","mode":3,"time":"2026-03-01T08:00:%02dZ","lat":31.23,"lon":121.47}\n'
    seconds = count()

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readline()
        assert asked.startswith(b"?WATCH=")
        writer.write(b'{"class":"VERSION","release":"3.22"}\nnonsense\n')
        writer.write((report % next(seconds)).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, running(GpsDriver(GpsSettings(gpsd=("127.0.0.1", port)))) as driver:
        first = await fix(driver)
        await seen(driver, lambda: state(driver) is DeviceStateCode.FAULT)
        second = await fix(driver)

    assert first.lat == second.lat == 31.23
    assert driver.counts["garbage"] >= 1
    # Handed out once: a receiver that falls silent leaves no position behind.
    assert driver.sample(NOW).position is None


async def test_a_real_gpsd_gives_the_positions_of_a_real_track(tmp_path: Path) -> None:
    if shutil.which("gpsfake") is None or shutil.which("gpsd") is None:
        pytest.skip("gpsd and gpsfake are not installed (Debian: gpsd, gpsd-clients)")
    if not TRACK.is_file():
        pytest.skip("the recorded GNSS track is not beside this repository")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "TMPDIR": str(tmp_path)}
    with (tmp_path / "gpsfake.log").open("w") as output:
        peer = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            ["gpsfake", "-P", str(port), "-c", "0.05", str(TRACK)],
            stdout=output, stderr=output, env=environment, start_new_session=True,
        )  # fmt: skip
    try:
        async with running(GpsDriver(GpsSettings(gpsd=("127.0.0.1", port)))) as driver:
            positions = [await fix(driver, timeout_s=15) for _ in range(5)]
    finally:
        os.killpg(peer.pid, 15)
        peer.wait(10)

    assert all(31.2 < position.lat < 31.3 for position in positions)
    assert len({position.fix_at for position in positions}) == 5


async def test_a_serial_receiver_is_read_line_by_line() -> None:
    ours, theirs = os.openpty()
    try:
        settings = GpsSettings(device=Path(os.ttyname(theirs)), baud=9600)
        async with running(GpsDriver(settings)) as driver:
            talking = asyncio.create_task(talk(ours))
            position = await fix(driver)
            talking.cancel()

            assert position.fix_at.second == 7
            assert state(driver) is DeviceStateCode.ON
    finally:
        os.close(ours)
        os.close(theirs)


async def test_an_absent_receiver_is_a_fault_and_no_position(tmp_path: Path) -> None:
    async with running(GpsDriver(GpsSettings(device=tmp_path / "ttyNone"))) as driver:
        await seen(driver, lambda: state(driver) is DeviceStateCode.FAULT)

        assert driver.sample(NOW).position is None


async def test_a_played_file_has_the_times_of_now_and_then_ends(tmp_path: Path) -> None:
    file = tmp_path / "drive.nmea"
    file.write_text("\n".join([gga(0), rmc(0), "broken", rmc(0, hundredths=20, lat="3113.9000")]))
    before = datetime.now(UTC)
    driver = GpsDriver(GpsSettings(file=file))
    async with asyncio.timeout(5):
        await driver.run()
    sample = driver.sample(NOW)

    assert sample.position is not None
    assert before <= sample.position.fix_at <= datetime.now(UTC)
    assert sample.position.lat == pytest.approx(31.231667, abs=1e-6)
    assert state(driver) is DeviceStateCode.OFF
    assert driver.counts["garbage"] == 1


async def talk(port: int) -> None:
    """A receiver talks whether somebody listens or not; opening the line drops what was said."""
    while True:
        os.write(port, f"{gga(7)}\r\n{rmc(7)}\r\n".encode())
        await asyncio.sleep(0.05)


def state(driver: GpsDriver) -> DeviceStateCode:
    return driver._state


async def seen(driver: GpsDriver, true: Callable[[], bool], timeout_s: float = 5) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():
            driver.news.clear()
            await driver.news.wait()


async def fix(driver: GpsDriver, timeout_s: float = 5) -> Position:
    await seen(driver, lambda: driver._latest is not None, timeout_s)
    position = driver.sample(NOW).position
    assert position is not None
    return position


@asynccontextmanager
async def running(driver: GpsDriver) -> AsyncIterator[GpsDriver]:
    task = asyncio.create_task(driver.run())
    try:
        yield driver
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
