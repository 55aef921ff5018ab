"""The simulated vehicle: deterministic, on the road, on time, and medically plausible."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from ambulance_agent.drivers import Sample
from ambulance_agent.drivers.simulated.cases import CASES, case_for
from ambulance_agent.drivers.simulated.driver import SimulatedDriver
from ambulance_agent.drivers.simulated.memory import Memory
from ambulance_agent.drivers.simulated.parse import metres_between
from ambulance_agent.drivers.simulated.settings import SimulatedSettings
from ambulance_agent.protocol import (
    Fact,
    Frame,
    MissionState,
    Order,
    Point,
    StandDown,
    Telemetry,
    VitalCode,
    decode_from_vehicle,
    encode,
)
from tests.agent.conftest import START

HOME = (121.4700, 31.2300)
MISSION = UUID("11111111-2222-4333-8444-555555555555")
SCENE = Point(lat=31.2400, lon=121.4800, label="Lane 3")
HOSPITAL = Point(lat=31.2500, lon=121.4600, label="General")
TO_SCENE = [(121.4700, 31.2300), (121.4750, 31.2300), (121.4750, 31.2360), (121.4800, 31.2400)]
TO_SCENE_S = [0.0, 40.0, 95.0, 150.0]
TO_HOSPITAL = [(121.4800, 31.2400), (121.4700, 31.2450), (121.4600, 31.2500)]
TO_HOSPITAL_S = [0.0, 80.0, 170.0]
SETTINGS = SimulatedSettings(seed=7, home=HOME)


def order(state: MissionState, **changes: object) -> Order:
    plain = Order(
        mission_id=MISSION, number="M-1", state=state, priority=1, complaint="chest_pain",
        scene=SCENE, route=TO_SCENE, route_s=TO_SCENE_S,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def bound_for_hospital(state: MissionState) -> Order:
    return order(state, destination=HOSPITAL, route=TO_HOSPITAL, route_s=TO_HOSPITAL_S)


def seconds(driver: SimulatedDriver, count: int, first: int = 0) -> Iterator[Sample]:
    for second in range(first, first + count):
        yield driver.sample(START + timedelta(seconds=second))


def measured(samples: list[Sample]) -> bool:
    return any(sample.numerics or sample.waves for sample in samples)


def off_m(sample: Sample, lon_lat: tuple[float, float]) -> float:
    assert sample.position is not None
    return metres_between((sample.position.lon, sample.position.lat), lon_lat)


def frames(settings: SimulatedSettings) -> list[bytes]:
    driver = SimulatedDriver(settings)
    encoded = []
    for second in range(400):
        if second == 5:
            driver.take(order(MissionState.EN_ROUTE))
        if second == 200:
            driver.take(order(MissionState.AT_PATIENT))
        sample = driver.sample(START + timedelta(seconds=second))
        body = Telemetry(
            position=sample.position,
            numerics=list(sample.numerics),
            waves=list(sample.waves),
            devices=list(sample.devices),
        )
        encoded.append(encode(Frame(epoch=UUID(int=1), sequence=second, made_at=START, body=body)))
    return encoded


def test_the_same_seed_makes_the_same_frames_and_another_seed_others() -> None:
    assert frames(SETTINGS) == frames(SETTINGS)
    assert frames(SETTINGS) != frames(replace(SETTINGS, seed=8))


def test_without_order_it_stands_at_home_within_metres() -> None:
    for sample in seconds(SimulatedDriver(SETTINGS), 120):
        assert off_m(sample, HOME) < 15
        assert sample.position is not None
        assert sample.position.heading_deg is None
        assert not measured([sample])


def test_a_drive_follows_the_road_and_arrives_when_the_route_says() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.EN_ROUTE))
    drive = list(seconds(driver, 160))

    assert off_m(drive[40], TO_SCENE[1]) < 40
    assert off_m(drive[145], TO_SCENE[3]) > 20
    assert off_m(drive[150], TO_SCENE[3]) < 15
    headings = [s.position.heading_deg for s in drive[10:35] if s.position]
    assert all(heading is not None and 80 < heading < 100 for heading in headings)
    for before, after in pairwise(drive[:150]):
        assert before.position is not None
        assert after.position is not None
        assert after.position.speed_mps is not None
        step = metres_between(
            (before.position.lon, before.position.lat), (after.position.lon, after.position.lat)
        )
        assert step < 30
        assert abs(step - after.position.speed_mps) < 9


def test_a_faster_clock_shortens_the_drive() -> None:
    driver = SimulatedDriver(replace(SETTINGS, speed_factor=10))
    driver.take(order(MissionState.EN_ROUTE))
    drive = list(seconds(driver, 17))

    assert off_m(drive[13], TO_SCENE[3]) > 20
    assert off_m(drive[16], TO_SCENE[3]) < 15


def test_a_recomputed_route_does_not_start_the_drive_again() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.EN_ROUTE))
    list(seconds(driver, 100))
    driver.take(order(MissionState.EN_ROUTE, route=TO_SCENE[2:], route_s=[0.0, 55.0]))
    drive = list(seconds(driver, 60, first=100))

    assert off_m(drive[51], TO_SCENE[3]) < 15


def test_without_a_route_it_goes_as_the_crow_flies() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.EN_ROUTE, route=[], route_s=[]))
    drive = list(seconds(driver, 300))

    assert off_m(drive[-1], (SCENE.lon, SCENE.lat)) < 15


def test_a_stand_down_sends_it_home_the_way_it_came() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.EN_ROUTE))
    list(seconds(driver, 100))
    driver.take(StandDown(mission_id=MISSION, reason="cancelled"))
    back = list(seconds(driver, 110, first=100))

    assert off_m(back[60], TO_SCENE[1]) < 40
    assert off_m(back[-1], HOME) < 15


def test_an_agent_started_again_in_a_mission_is_where_the_mission_is() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.AT_PATIENT, route=[], route_s=[]))
    (sample,) = seconds(driver, 1)

    assert off_m(sample, (SCENE.lon, SCENE.lat)) < 15


def started_again(memory: Path, driver: SimulatedDriver) -> SimulatedDriver:
    """What the next process finds after a clean end of this one."""
    driver._keep_place()
    return SimulatedDriver(SETTINGS, Memory(memory))


def test_an_agent_started_again_without_mission_is_where_it_was_and_drives_on_home(
    tmp_path: Path,
) -> None:
    memory = tmp_path / "a07.memory"
    driver = SimulatedDriver(SETTINGS, Memory(memory))
    driver.take(order(MissionState.EN_ROUTE))
    list(seconds(driver, 151))
    driver.take(StandDown(mission_id=MISSION, reason="cancelled"))
    *_, last = seconds(driver, 40, first=151)

    again = started_again(memory, driver)
    drive = list(seconds(again, 150, first=200))

    assert last.position is not None
    assert off_m(drive[0], (last.position.lon, last.position.lat)) < 25
    assert off_m(drive[0], HOME) > 500
    assert off_m(drive[-1], HOME) < 15
    assert all(
        off_m(after, (before.position.lon, before.position.lat)) < 30
        for before, after in pairwise(drive)
        if before.position
    )


def test_an_agent_started_again_on_its_way_goes_on_from_there(tmp_path: Path) -> None:
    memory = tmp_path / "a07.memory"
    driver = SimulatedDriver(SETTINGS, Memory(memory))
    driver.take(order(MissionState.EN_ROUTE))
    *_, last = seconds(driver, 60)

    again = started_again(memory, driver)
    (first,) = seconds(again, 1, first=62)
    again.take(order(MissionState.EN_ROUTE, route=TO_SCENE[1:], route_s=[0.0, 55.0, 110.0]))
    *_, arrived = seconds(again, 240, first=63)

    assert last.position is not None
    assert off_m(first, (last.position.lon, last.position.lat)) < 25
    assert off_m(arrived, (SCENE.lon, SCENE.lat)) < 15


@pytest.mark.parametrize("left", ["", "{}", '{"home": [0, 0], "here": [1, 1], "trail": []}'])
def test_what_cannot_be_remembered_or_was_elsewhere_starts_at_home(
    left: str, tmp_path: Path
) -> None:
    memory = tmp_path / "a07.memory"
    memory.write_text(left)

    (first,) = seconds(SimulatedDriver(SETTINGS, Memory(memory)), 1)

    assert off_m(first, HOME) < 15


def test_a_crew_with_a_tablet_presses_and_the_vehicle_only_follows() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.ASSIGNED))
    waiting = list(seconds(driver, 300))
    driver.take(order(MissionState.AT_PATIENT))
    treating = list(seconds(driver, 30, first=300))
    driver.take(order(MissionState.ON_SCENE))  # pressed by mistake and undone
    undone = list(seconds(driver, 5, first=330))

    assert not any(s.facts for s in (*waiting, *treating, *undone))
    assert off_m(waiting[-1], HOME) < 15
    assert any(s.waves for s in treating)
    assert not measured(undone)


def play_mission(
    settings: SimulatedSettings, *, answers: bool = True, length_s: int = 400
) -> list[tuple[int, Fact]]:
    """A centre that routes to the hospital as soon as the patient is on board."""
    driver = SimulatedDriver(settings)
    driver.take(order(MissionState.ASSIGNED))
    pressed = []
    for second in range(length_s):
        for fact in driver.sample(START + timedelta(seconds=second)).facts:
            pressed.append((second, fact.fact))
            if answers and fact.fact is Fact.ON_BOARD:
                driver.take(bound_for_hospital(MissionState.ON_BOARD))
    return pressed


def test_a_simulated_crew_presses_every_button_in_order() -> None:
    pressed = play_mission(replace(SETTINGS, crew="simulated"), length_s=3500)
    at = {fact: second for second, fact in pressed}

    assert [fact for _, fact in pressed] == list(Fact)[:9]
    assert 4 <= at[Fact.ACKNOWLEDGED] <= 16
    assert abs(at[Fact.ON_SCENE] - at[Fact.EN_ROUTE] - 150) <= 2
    assert 480 <= at[Fact.ON_BOARD] - at[Fact.AT_PATIENT] <= 961
    assert abs(at[Fact.AT_DESTINATION] - at[Fact.LEFT_SCENE] - 170) <= 2


def test_a_faster_crew_is_faster_by_the_factor() -> None:
    pressed = play_mission(replace(SETTINGS, crew="simulated", speed_factor=20))

    assert len(pressed) == 9
    assert pressed[-1][0] < 160


def test_a_simulated_crew_does_not_leave_before_it_knows_where_to() -> None:
    pressed = play_mission(replace(SETTINGS, crew="simulated", speed_factor=20), answers=False)

    assert pressed[-1][1] is Fact.ON_BOARD


def test_a_crew_that_waits_for_the_receiver_does_not_hand_over_alone() -> None:
    pressed = play_mission(replace(SETTINGS, crew="simulated", speed_factor=20, hands_over=False))

    assert pressed[-1][1] is Fact.AT_DESTINATION


def test_facts_keep_their_ids_when_the_agent_is_started_again() -> None:
    def ids() -> list[UUID]:
        driver = SimulatedDriver(replace(SETTINGS, crew="simulated"))
        driver.take(order(MissionState.ASSIGNED))
        return [fact.fact_id for sample in seconds(driver, 100) for fact in sample.facts]

    assert len(ids()) == 2
    assert ids() == ids()
    assert all(fact_id.version == 4 for fact_id in ids())


def at_patient(case: str, count: int, factor: float = 1) -> list[Sample]:
    driver = SimulatedDriver(replace(SETTINGS, patient=case, speed_factor=factor))
    driver.take(order(MissionState.AT_PATIENT))
    return list(seconds(driver, count))


def values(samples: list[Sample], code: VitalCode) -> list[float]:
    return [n.value for sample in samples for n in sample.numerics if n.code is code]


def samples_uv(samples: list[Sample]) -> list[float]:
    counts = array("h")
    for sample in samples:
        for wave in sample.waves:
            counts.frombytes(wave.samples)
    return [count * 2.5 for count in counts]


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_patient_makes_frames_that_the_wire_takes(case: str) -> None:
    for sequence, sample in enumerate(at_patient(case, 440 if case == "arrest" else 120)):
        body = Telemetry(
            position=sample.position,
            numerics=list(sample.numerics),
            waves=list(sample.waves),
            devices=list(sample.devices),
        )
        frame = Frame(epoch=UUID(int=1), sequence=sequence, made_at=START, body=body)

        assert decode_from_vehicle(encode(frame)) == frame
        assert all(numeric.quality == "good" for numeric in sample.numerics)


def test_sensors_come_on_one_after_another_and_the_cuff_every_three_minutes() -> None:
    samples = at_patient("stemi", 420)

    assert not samples[5].numerics
    assert {n.code for n in samples[10].numerics} == {VitalCode.SPO2, VitalCode.PULSE_RATE}
    cuff = [s for s, x in enumerate(samples) if values([x], VitalCode.NIBP_SYSTOLIC)]
    assert cuff == [40, 220, 400]
    assert len(values(samples, VitalCode.GLUCOSE)) == 1
    assert values(samples, VitalCode.ETCO2) == []


def test_the_wave_has_no_hole_and_no_overlap() -> None:
    samples = at_patient("stemi", 90)
    waves = [wave for sample in samples for wave in sample.waves]

    for before, after in pairwise(waves):
        length = timedelta(seconds=len(before.samples) / 2 / before.rate_hz)
        assert after.started_at == before.started_at + length
    assert len(samples_uv(samples)) == 250 * 69


def test_the_wave_beats_as_fast_as_the_number_says() -> None:
    samples = at_patient("sepsis", 80)
    wave = samples_uv(samples)
    peaks = [
        i for i in range(1, len(wave) - 1) if wave[i] > 600 and wave[i - 1] < wave[i] >= wave[i + 1]
    ]
    beats = 1 + sum(later - earlier > 40 for earlier, later in pairwise(peaks))

    said = values(samples, VitalCode.HEART_RATE)
    assert abs(beats - sum(said) / len(said) * (len(wave) / 250 / 60)) < 4


def test_an_infarction_lifts_the_st_segment() -> None:
    assert mean_after_peaks(at_patient("stemi", 60)) > 250
    assert abs(mean_after_peaks(at_patient("sepsis", 60))) < 120


def mean_after_peaks(samples: list[Sample]) -> float:
    """Microvolts 100 ms after each R peak."""
    wave = samples_uv(samples)
    peaks = [
        i
        for i in range(20, len(wave) - 30)
        if wave[i] > 700 and wave[i] == max(wave[i - 20 : i + 20])
    ]
    return sum(wave[i + 25] for i in peaks) / len(peaks)


def test_an_arrest_has_no_pulse_until_circulation_returns() -> None:
    samples = at_patient("arrest", 620)

    before, after = samples[:415], samples[425:]
    assert values(before, VitalCode.HEART_RATE) == values(before, VitalCode.SPO2) == []
    assert values(before, VitalCode.NIBP_SYSTOLIC) == []
    assert max(values(before, VitalCode.ETCO2)) < 25
    assert max(abs(uv) for uv in samples_uv(before)) > 300  # fibrillation, not a flat line
    assert min(values(after, VitalCode.ETCO2)) > 35
    assert values(after, VitalCode.HEART_RATE)
    assert values(after, VitalCode.NIBP_SYSTOLIC)


HEALTHIER: list[tuple[str, VitalCode, Callable[[float, float], bool]]] = [
    ("respiratory", VitalCode.SPO2, lambda first, last: last > first + 3),
    ("febrile_seizure", VitalCode.HEART_RATE, lambda first, last: last < first - 15),
    ("trauma", VitalCode.NIBP_SYSTOLIC, lambda first, last: last < first - 5),
]


@pytest.mark.parametrize(("case", "code", "became"), HEALTHIER)
def test_patients_develop(
    case: str, code: VitalCode, became: Callable[[float, float], bool]
) -> None:
    course = values(at_patient(case, 420, factor=2), code)

    assert became(course[0], course[-1])


def test_the_patient_fits_the_complaint() -> None:
    assert case_for("chest_pain", "1") == "stemi"
    assert case_for("cardiac_arrest", "1") == "arrest"
    assert case_for("breathing_problems", "1") == "respiratory"
    assert case_for("falls", "1") == "trauma"
    assert case_for("unlisted", "1") == case_for("unlisted", "1") != "arrest"


def test_vital_signs_end_with_the_handover() -> None:
    driver = SimulatedDriver(SETTINGS)
    driver.take(order(MissionState.AT_PATIENT))
    list(seconds(driver, 60))
    driver.take(bound_for_hospital(MissionState.HANDED_OVER))
    (sample,) = seconds(driver, 1, first=60)

    assert not measured([sample])
