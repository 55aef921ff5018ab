"""A recorded case plays as it was, at another time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import ambulance_agent.drivers.replay
from ambulance_agent.drivers.replay.__main__ import record
from ambulance_agent.drivers.replay.driver import ReplayDriver
from ambulance_agent.drivers.replay.parse import DamagedCase, read_case
from ambulance_agent.drivers.replay.settings import ReplaySettings
from ambulance_agent.protocol import (
    DeviceStateCode,
    MissionState,
    Order,
    Point,
    StandDown,
    VitalCode,
)
from tests.agent.conftest import START

SHIPPED = Path(ambulance_agent.drivers.replay.__file__).parent / "cases" / "stemi-60s.jsonl"


def order(state: MissionState) -> Order:
    return Order(
        mission_id=uuid4(), number="M-1", state=state, priority=1, complaint="chest_pain",
        scene=Point(lat=31.2, lon=121.4),
    )  # fmt: skip


def test_the_shipped_case_is_what_the_recorder_makes() -> None:
    assert list(read_case(SHIPPED).seconds) == record("stemi", 1, 60)


def test_a_case_plays_in_its_own_rhythm_with_the_times_of_now() -> None:
    driver = ReplayDriver(ReplaySettings(case=SHIPPED))
    samples = [driver.sample(START + timedelta(seconds=second)) for second in range(60)]

    heart = [n for s in samples for n in s.numerics if n.code is VitalCode.HEART_RATE]
    assert len(heart) == 40  # leads sit after twenty seconds
    assert heart[0].measured_at == START + timedelta(seconds=20)
    assert all(len(w.samples) == 500 for s in samples for w in s.waves)
    assert samples[30].position is not None
    assert samples[30].position.fix_at == START + timedelta(seconds=30)


def test_after_the_end_nothing_is_invented() -> None:
    driver = ReplayDriver(ReplaySettings(case=SHIPPED))
    driver.sample(START)
    driver.sample(START + timedelta(seconds=70))
    ended = driver.sample(START + timedelta(seconds=71))

    assert ended.position is None
    assert not ended.numerics
    assert not ended.waves
    assert ended.devices[0].state is DeviceStateCode.OFF


def test_a_repeated_case_begins_again() -> None:
    driver = ReplayDriver(ReplaySettings(case=SHIPPED, repeat=True))
    driver.sample(START)
    driver.sample(START + timedelta(seconds=70))
    again = driver.sample(START + timedelta(seconds=71))

    assert again.position is not None
    assert again.position.fix_at == START + timedelta(seconds=71)


def test_a_case_may_wait_for_the_patient() -> None:
    driver = ReplayDriver(ReplaySettings(case=SHIPPED, starts_at_patient=True))
    waiting = driver.sample(START)
    driver.take(order(MissionState.AT_PATIENT))
    treated = driver.sample(START + timedelta(seconds=100))
    driver.take(StandDown(mission_id=uuid4(), reason="ended"))
    ended = driver.sample(START + timedelta(seconds=101))

    assert waiting.position is None
    assert treated.position is not None
    assert ended.position is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('{"format":"other","version":1,"name":"x","made_by":"y"}', 1),
        ('{"format":"onboard-case","version":1,"name":"x","made_by":"y"}\n{"at_s":0}', 2),
    ],
)
def test_a_damaged_case_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "case.jsonl"
    file.write_text(text)

    with pytest.raises(DamagedCase, match=f"line {line}"):
        ReplayDriver(ReplaySettings(case=file))
