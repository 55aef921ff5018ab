"""The whole process: started with files, stopped with a signal, killed and started again."""

from __future__ import annotations

import asyncio
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ambulance_agent.protocol import Fact, MissionState, Order, Point, VitalCode
from tests.agent.centre import TOKEN, Centre

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]


def settings(folder: Path, centre: Centre, number: int, *, token: str = TOKEN) -> Path:
    file = folder / f"vehicle-{number}.toml"
    file.write_text(
        f"""
        [vehicle]
        id = "{UUID(int=number, version=4)}"
        call_sign = "A{number:02d}"
        token = "{token}"
        [uplink]
        url = "{centre.url}"
        [outbox]
        path = "{number}.outbox"
        [drivers.simulated]
        seed = {number}
        home = [121.47, 31.23]
        crew = "simulated"
        speed_factor = 100
        """
    )
    return file


@asynccontextmanager
async def agent(*files: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ambulance_agent", *map(str, files),
        cwd=REPOSITORY, stderr=asyncio.subprocess.PIPE, umask=0o022,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """`communicate` also closes the pipe, which an open warning would report."""
    _, errors = await asyncio.wait_for(process.communicate(), 8)
    assert process.returncode is not None
    return process.returncode, errors.decode()


async def test_vehicles_run_a_mission_and_stop_cleanly(tmp_path: Path, centre: Centre) -> None:
    mission = uuid4()
    centre.orders = [
        Order(
            mission_id=mission, number="M-1", state=MissionState.ASSIGNED, priority=1,
            complaint="chest_pain", scene=Point(lat=31.231, lon=121.471),
        )
    ]  # fmt: skip
    async with agent(*(settings(tmp_path, centre, number) for number in range(2))) as process:
        await centre.until(
            lambda: {s.fact for s in centre.statuses} >= {Fact.ON_SCENE}, timeout_s=15
        )
        process.send_signal(signal.SIGTERM)
        code, errors = await ended(process)

    assert code == 0, errors
    assert "Traceback" not in errors
    facts = [status.fact for status in centre.statuses]
    assert facts.index(Fact.ACKNOWLEDGED) < facts.index(Fact.EN_ROUTE)
    assert facts.index(Fact.EN_ROUTE) < facts.index(Fact.ON_SCENE)
    assert all(frame.urgent == (frame.body in centre.statuses) for frame in centre.stored.values())
    assert len({hello.epoch for hello in centre.hellos}) == 2
    assert all(telemetry.position is not None for telemetry in centre.telemetry)


async def test_a_killed_agent_goes_on_with_nothing_lost(tmp_path: Path, centre: Centre) -> None:
    file = settings(tmp_path, centre, 1)
    centre.acknowledging = False
    async with agent(file) as process:
        await centre.until(lambda: len(centre.arrivals) >= 2, timeout_s=15)
        process.kill()
        await ended(process)
    sent = set(centre.arrivals)
    centre.acknowledging = True
    async with agent(file) as process:
        await centre.until(lambda: sent <= set(centre.stored) and len(centre.hellos) == 2, 15)
        process.send_signal(signal.SIGINT)
        code, errors = await ended(process)

    assert code == 0, errors
    first, second = (hello.epoch for hello in centre.hellos)
    assert first != second
    assert {epoch for epoch, _ in sent} == {first}


async def test_what_waits_in_the_vehicle_is_for_the_agent_alone(
    tmp_path: Path, centre: Centre
) -> None:
    file = settings(tmp_path, centre, 1)
    async with agent(file) as process:
        await centre.until(lambda: len(centre.arrivals) >= 1, timeout_s=15)
        while_running = modes(tmp_path, but=file)
        process.send_signal(signal.SIGTERM)
        await ended(process)

    assert "1.outbox-wal" in while_running
    assert "1.outbox.memory" in modes(tmp_path, but=file)
    assert {*while_running.values(), *modes(tmp_path, but=file).values()} == {0o600}


def modes(folder: Path, *, but: Path) -> dict[str, int]:
    """The permissions of what the agent has made."""
    made = [path for path in folder.iterdir() if path != but]
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in made}


async def test_mistakes_in_the_settings_are_told_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "vehicle.toml"
    file.write_text('[vehicle]\nid = "x"\n')
    async with agent(file) as process:
        code, errors = await ended(process)

    assert code == 2
    assert "[vehicle] id must be a UUID" in errors
    assert "[vehicle] call_sign is missing" in errors
    assert "Traceback" not in errors


async def test_vital_signs_stream_while_a_patient_is_there(tmp_path: Path, centre: Centre) -> None:
    centre.orders = [
        Order(
            mission_id=uuid4(), number="M-1", state=MissionState.AT_PATIENT, priority=1,
            complaint="chest_pain", scene=Point(lat=31.231, lon=121.471),
        )
    ]  # fmt: skip
    case = REPOSITORY / "ambulance_agent/drivers/replay/cases/stemi-60s.jsonl"
    file = settings(tmp_path, centre, 1)
    text = file.read_text()
    file.write_text(text[: text.index("[drivers.")] + f'[drivers.replay]\ncase = "{case}"\n')
    async with agent(file) as process:
        await centre.until(lambda: len(centre.telemetry) >= 2, timeout_s=15)
        process.send_signal(signal.SIGTERM)
        await ended(process)

    assert centre.telemetry[0].position is not None
    assert all(n.code in VitalCode for t in centre.telemetry for n in t.numerics)
