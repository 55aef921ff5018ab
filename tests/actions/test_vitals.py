"""Numbers and waves from vehicles: stored once, on the right mission, and shown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from ambulance_agent.protocol import Lead, Quality, Telemetry, VitalCode, Wave, reading
from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from dispatch.uplink.takers import TelemetryFrame
from ehr_prehospital.record.queries import vitals_part
from ehr_prehospital.vitals import actions
from ehr_prehospital.vitals.actions import take_telemetry
from ehr_prehospital.vitals.live import Live
from ehr_prehospital.vitals.models import Reading
from ehr_prehospital.vitals.models import Wave as WaveRow
from ehr_prehospital.vitals.queries import recent_numbers, recent_waves
from tests.actions.care import later, say
from tests.town import NOW

EPOCH = uuid4()
SAMPLES = b"\x01\x00\xff\xff" * 125


def frame(
    unit: Ambulance,
    sequence: int,
    *,
    at: datetime,
    heart_rate: float = 72,
    waves: int = 1,
    epoch: UUID = EPOCH,
) -> TelemetryFrame:
    """One second of a monitor: two numbers and an ECG lead."""
    return TelemetryFrame(
        unit.pk,
        epoch,
        sequence,
        Telemetry(
            numerics=[
                reading(VitalCode.HEART_RATE, heart_rate, measured_at=at, source="monitor"),
                reading(VitalCode.SPO2, 97, measured_at=at, source="monitor"),
            ],
            waves=[
                Wave(lead=Lead.ECG_II, started_at=at, rate_hz=250, scale_uv=2.5, samples=SAMPLES)
            ]
            * waves,
        ),
    )


def test_a_batch_of_many_vehicles_is_stored_with_value_unit_time_and_quality(
    mission: Mission, a1: Ambulance, a2: Ambulance
) -> None:
    take_telemetry([frame(a1, 1, at=later(10)), frame(a2, 1, at=later(10))], later(11))

    row = Reading.objects.get(ambulance=a1, code="heart_rate")
    assert (row.value, row.unit, row.quality, row.source) == (72, "/min", "good", "monitor")
    assert (row.measured_at, row.recorded_at) == (later(10), later(11))
    assert (Reading.objects.count(), WaveRow.objects.count()) == (4, 2)
    wave = WaveRow.objects.get(ambulance=a1)
    assert (wave.lead, wave.rate_hz, wave.scale_uv, bytes(wave.samples)) == (
        "ecg_ii",
        250,
        2.5,
        SAMPLES,
    )


def test_a_value_belongs_to_the_mission_that_was_open_when_it_was_measured(
    mission: Mission, a1: Ambulance, a2: Ambulance, medic_wang: User
) -> None:
    say(mission, "no_patient", later(100), medic_wang)

    take_telemetry(
        [
            frame(a1, 1, at=later(-10)),
            frame(a1, 2, at=later(50)),
            frame(a1, 3, at=later(150)),
            frame(a2, 1, at=later(50)),
        ],
        later(200),
    )

    placed = Reading.objects.filter(code="spo2").order_by("ambulance__call_sign", "measured_at")
    assert [row.mission_id for row in placed] == [None, mission.pk, None, None]


def test_another_epoch_is_another_stream(mission: Mission, a1: Ambulance) -> None:
    take_telemetry([frame(a1, 1, at=later(1))], later(2))
    take_telemetry([frame(a1, 1, at=later(3), epoch=uuid4())], later(4))

    assert Reading.objects.filter(code="spo2").count() == 2


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[UUID, Live]]:
    """What would go to the screens."""
    told: list[Mapping[UUID, Live]] = []
    monkeypatch.setattr(actions, "publish", told.append)
    return told


def test_the_screens_are_told_after_the_commit_once_a_mission(
    mission: Mission,
    a1: Ambulance,
    shown: list[Mapping[UUID, Live]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    frames = [frame(a1, number, at=later(number)) for number in (1, 2)]

    with django_capture_on_commit_callbacks() as waiting:
        take_telemetry(frames, later(3))
        assert shown == []
    for callback in waiting:
        callback()

    (told,) = shown
    assert list(told) == [mission.pk]
    assert len(told[mission.pk].numbers) == 4
    assert len(told[mission.pk].strips) == 2


def test_what_no_body_has_is_kept_and_marked(mission: Mission, a1: Ambulance) -> None:
    take_telemetry([frame(a1, 1, at=later(1), heart_rate=999)], later(2))
    take_telemetry([frame(a1, 2, at=later(600))], later(2))

    assert Reading.objects.get(value=999).quality == Quality.INVALID
    ahead = Reading.objects.filter(measured_at=later(600))
    assert {row.quality for row in ahead} == {Quality.QUESTIONABLE}


def test_the_history_is_ten_minutes_of_numbers_and_ten_seconds_of_waves(
    mission: Mission, a1: Ambulance
) -> None:
    take_telemetry(
        [frame(a1, number, at=later(number), heart_rate=60 + number % 60) for number in range(900)],
        later(900),
    )

    numbers = recent_numbers(mission_id=mission.pk, now=later(900))
    strips = recent_waves(mission_id=mission.pk, now=later(900))

    assert {number.code for number in numbers} == {"heart_rate", "spo2"}
    assert len(numbers) <= 2 * (600 / 5 + 1)
    assert min(number.measured_at for number in numbers) > later(300)
    assert max(number.measured_at for number in numbers) == later(899)
    assert [strip.started_at for strip in strips] == [later(number) for number in range(891, 900)]


def test_a_good_value_stands_for_its_stretch_before_a_doubtful_one(
    mission: Mission, a1: Ambulance
) -> None:
    take_telemetry(
        [
            frame(a1, 1, at=later(1), heart_rate=80),
            frame(a1, 2, at=later(2), heart_rate=999),
        ],
        later(3),
    )

    numbers = recent_numbers(mission_id=mission.pk, now=later(3))

    assert [number.value for number in numbers if number.code == "heart_rate"] == [80]


def test_the_record_prints_one_value_each_five_minutes(mission: Mission, a1: Ambulance) -> None:
    say(mission, "at_patient", later(0.5))
    mission.refresh_from_db()
    take_telemetry(
        [frame(a1, number, at=NOW + timedelta(seconds=10 * number)) for number in range(91)],
        later(1000),
    )

    parts = [part for part in vitals_part(mission) if part.code == "spo2"]

    assert len(parts) == 4
    assert all(part.unit == "%" and not part.measured_at.endswith("Z") for part in parts)
