"""When an alarm is due: delays, artefacts, extremes, rhythm, and a signal nobody can trust."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ehr_prehospital.vitals.alarms.rules.conditions import (
    Bedside,
    Condition,
    Ecg,
    Sample,
    believed,
    change_over,
    conditions,
    poor,
)
from ehr_prehospital.vitals.alarms.rules.life import TRANSITIONS, Standing, State, Step, due
from ehr_prehospital.vitals.alarms.rules.rhythm import (
    RATE_HZ,
    beats,
    persistent,
    silent_for_s,
    window,
)
from ehr_prehospital.vitals.alarms.rules.settings import Limit, Priority
from ehr_prehospital.vitals.alarms.settings import BadAlarmFile, alarm_settings, check
from ehr_prehospital.vitals.scores.inputs import Findings, score_inputs
from ehr_prehospital.vitals.scores.rules import Age, age_in_months, age_in_years

SETTINGS = alarm_settings()
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def steady(value: float, seconds: int = 60, *, good: bool = True) -> list[Sample]:
    return [Sample(float(second), value, good) for second in range(seconds + 1)]


def then(first: float, for_s: int, second: float, for_more_s: int) -> list[Sample]:
    return steady(first, for_s) + [
        Sample(float(for_s + 1 + more), second, good=True) for more in range(for_more_s + 1)
    ]


def bedside(
    series: Mapping[str, Sequence[Sample]] | None = None,
    *,
    ecg: Ecg | None = None,
    devices: Mapping[str, str] | None = None,
    was_on: Sequence[str] | None = None,
    silent_for_s: float = 0,
    findings: Findings | None = None,
) -> Bedside:
    return Bedside(
        series=series or {},
        ecg=ecg,
        devices=devices or {},
        was_on=frozenset({"ecg", *(series or {})} if was_on is None else was_on),
        silent_for_s=silent_for_s,
        findings=findings or Findings(age=age_in_years(60)),
    )


def codes(of: Bedside) -> set[str]:
    return {one.code for one in conditions(of, SETTINGS)}


def one(code: str, of: Bedside) -> Condition:
    (found,) = [condition for condition in conditions(of, SETTINGS) if condition.code == code]
    return found


def test_a_well_patient_has_no_alarm() -> None:
    well = {
        "heart_rate": steady(76),
        "pulse_rate": steady(76),
        "spo2": steady(97),
        "respiratory_rate": steady(14),
        "temperature": steady(36.8),
        "nibp_systolic": [Sample(30, 124, good=True)],
    }

    assert codes(bedside(well)) == set()


@pytest.mark.parametrize(
    ("code", "value", "delay_s", "alarm"),
    [
        ("spo2", 88, 15, "spo2_low"),
        ("heart_rate", 135, 10, "heart_rate_high"),
        ("heart_rate", 45, 10, "heart_rate_low"),
        ("respiratory_rate", 30, 10, "respiratory_rate_high"),
        ("respiratory_rate", 6, 10, "respiratory_rate_low"),
    ],
)
def test_a_limit_alarms_after_its_delay_and_not_before(
    code: str, value: float, delay_s: int, alarm: str
) -> None:
    usual = {"spo2": 91.0, "heart_rate": 80.0, "respiratory_rate": 14.0}[code]

    early = bedside({code: then(usual, 60, value, delay_s - 1)})
    late = bedside({code: then(usual, 60, value, delay_s)})

    assert alarm not in codes(early)
    assert one(alarm, late).priority is Priority.MEDIUM
    assert one(alarm, late).since_s == 61


def test_the_last_value_inside_the_limits_alarms_nothing_and_the_next_does() -> None:
    for value, alarmed in ((90, False), (89, True)):
        assert ("spo2_low" in codes(bedside({"spo2": steady(value)}))) == alarmed
    for value, alarmed in ((130, False), (131, True)):
        assert ("heart_rate_high" in codes(bedside({"heart_rate": steady(value)}))) == alarmed


def test_a_value_back_inside_the_limits_starts_the_delay_anew() -> None:
    rows = [*then(95, 20, 88, 10), Sample(32.0, 92, good=True)]
    rows += [Sample(33.0 + more, 88, good=True) for more in range(10)]

    assert "spo2_low" not in codes(bedside({"spo2": rows}))


def test_below_eighty_per_cent_and_no_breath_wait_for_nothing() -> None:
    falling = [Sample(float(second), 96 - 2 * second, good=True) for second in range(10)]

    assert one("spo2_very_low", bedside({"spo2": falling})).priority is Priority.HIGH
    assert one("apnoea", bedside({"respiratory_rate": then(14, 9, 0, 0)})).priority is Priority.HIGH


def test_one_cuff_pressure_alarms_at_once_and_is_old_after_ten_minutes() -> None:
    low = {"nibp_systolic": [Sample(0, 84, good=True)], "heart_rate": steady(80, 5)}
    old = {"nibp_systolic": [Sample(0, 84, good=True)], "heart_rate": steady(80, 700)}

    assert "nibp_systolic_low" in codes(bedside(low))
    assert "nibp_systolic_low" not in codes(bedside(old))


def test_extremes_take_five_slow_beats_or_seventeen_fast_ones() -> None:
    assert "extreme_bradycardia" not in codes(bedside({"heart_rate": then(60, 20, 35, 6)}))
    assert "extreme_bradycardia" in codes(bedside({"heart_rate": then(60, 20, 35, 8)}))
    assert "extreme_tachycardia" not in codes(bedside({"heart_rate": then(90, 20, 150, 6)}))
    assert "extreme_tachycardia" in codes(bedside({"heart_rate": then(90, 20, 150, 8)}))


def test_a_child_has_the_limits_of_its_age_and_scale_two_is_a_choice() -> None:
    fast = {"heart_rate": steady(145)}
    toddler = Findings(age=age_in_years(2))
    chosen = Findings(age=age_in_years(70), observations={"spo2_target": "scale_2"})

    assert "extreme_tachycardia" in codes(bedside(fast))
    assert codes(bedside(fast, findings=toddler)) == set()
    assert "spo2_low" not in codes(bedside({"spo2": steady(88)}, findings=chosen))
    assert "spo2_low" in codes(bedside({"spo2": steady(83)}, findings=chosen))


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (None, "adult"),
        (age_in_years(16), "adult"),
        (age_in_years(15), "adolescent"),
        (age_in_years(4), "child"),
        (age_in_years(1), "toddler"),
        (age_in_years(0), "infant"),
        (age_in_months(2), "newborn"),
    ],
)
def test_every_age_has_one_group(age: Age | None, group: str) -> None:
    assert SETTINGS.group_of(age).id == group


# --- what cannot be believed ---------------------------------------------------------


def weak_perfusion() -> dict[str, list[Sample]]:
    return {"spo2": steady(85), "perfusion_index": steady(0.2)}


def finger_and_heart_differ() -> dict[str, list[Sample]]:
    return {
        "spo2": steady(85),
        "pulse_rate": then(80, 20, 60, 39),
        "heart_rate": steady(80),
    }


def jumping() -> dict[str, list[Sample]]:
    rows = [Sample(float(second), 95.0 if second % 2 else 85.0, good=True) for second in range(61)]
    return {"spo2": rows}


def doubted_by_the_device() -> dict[str, list[Sample]]:
    return {"spo2": steady(85, good=False)}


@pytest.mark.parametrize(
    "series", [weak_perfusion, finger_and_heart_differ, jumping, doubted_by_the_device]
)
def test_an_artefact_is_no_desaturation_but_a_message(
    series: Callable[[], dict[str, list[Sample]]],
) -> None:
    patient = bedside(series())

    assert not {"spo2_low", "spo2_very_low"} & codes(patient)
    assert one("spo2_poor_signal", patient).priority is Priority.LOW
    assert poor(patient, SETTINGS)["spo2"] == "poor_signal"


def test_finger_and_heart_may_differ_for_eight_seconds() -> None:
    rows = {"spo2": steady(95, 29), "heart_rate": steady(80, 29)}

    short = bedside({**rows, "pulse_rate": then(80, 21, 60, 7)})
    long = bedside({**rows, "pulse_rate": then(80, 20, 60, 8)})

    assert believed(short, "spo2", SETTINGS)[-1].at_s == 29
    assert believed(long, "spo2", SETTINGS)[-1].at_s < 29


def test_a_probe_that_is_off_never_shows_its_last_value() -> None:
    patient = bedside({"spo2": steady(85)}, devices={"spo2": "probe_off"})

    assert codes(patient) == {"spo2_probe_off"}
    assert poor(patient, SETTINGS) == {"spo2": "probe_off", "pulse_rate": "probe_off"}


def test_a_sensor_that_was_never_on_is_not_missed() -> None:
    waiting = bedside({}, devices={"ecg": "leads_off", "spo2": "probe_off"}, was_on=())

    assert codes(waiting) == set()


def test_leads_off_are_no_asystole() -> None:
    flat = Ecg(silent_s=8, until_s=60)

    assert codes(bedside(ecg=flat)) == {"asystole"}
    assert codes(bedside(ecg=flat, devices={"ecg": "leads_off"})) == {"ecg_leads_off"}


def test_silence_is_a_message_of_its_own() -> None:
    patient = {"spo2": steady(85), "heart_rate": steady(80)}

    assert codes(bedside(patient, silent_for_s=9)) == {"spo2_low"}
    assert codes(bedside(patient, silent_for_s=10)) == {"no_data"}
    assert codes(bedside(was_on=(), silent_for_s=100)) == set()


def test_noise_is_told_and_silences_nothing() -> None:
    noise = Ecg(noisy=True, fibrillates=True, until_s=60)

    assert codes(bedside(ecg=noise)) == {"vf", "ecg_poor_signal"}


# --- rhythm ----------------------------------------------------------------------------


def test_fibrillation_and_standstill_are_high_a_doubt_is_medium() -> None:
    assert one("vf", bedside(ecg=Ecg(fibrillates=True, crosses=True))).priority is Priority.HIGH
    assert one("asystole", bedside(ecg=Ecg(silent_s=4))).priority is Priority.HIGH
    assert codes(bedside(ecg=Ecg(silent_s=3.9))) == set()
    assert one("rhythm_check", bedside(ecg=Ecg(crosses=True))).priority is Priority.MEDIUM


def pulsing(pulse: float) -> dict[str, list[Sample]]:
    return {"heart_rate": steady(82), "pulse_rate": steady(pulse), "spo2": steady(97)}


def test_a_finger_that_pulses_at_the_hearts_rate_says_check_leads() -> None:
    alarm = Ecg(fibrillates=True, crosses=True, until_s=60)

    assert codes(bedside(pulsing(84), ecg=alarm)) == {"check_leads"}
    assert "vf" in codes(bedside(pulsing(84) | {"spo2": steady(97, good=False)}, ecg=alarm))


def test_compressions_in_the_finger_prove_nothing() -> None:
    alarm = Ecg(fibrillates=True, crosses=True, until_s=60)
    cpr = Findings(treatments=frozenset({"cpr"}), age=age_in_years(60))

    assert "vf" in codes(bedside(pulsing(84), ecg=alarm, findings=cpr))
    assert "vf" in codes(bedside(pulsing(110), ecg=alarm))


def test_hardly_any_carbon_dioxide_through_a_tube_is_critical_after_twenty_seconds() -> None:
    tube = Findings(treatments=frozenset({"intubation"}), age=age_in_years(60))

    assert "tube_or_arrest" not in codes(bedside({"etco2": then(35, 9, 6, 19)}, findings=tube))
    assert "tube_or_arrest" in codes(bedside({"etco2": then(35, 9, 6, 20)}, findings=tube))
    assert "tube_or_arrest" not in codes(bedside({"etco2": then(35, 9, 6, 20)}))


def beating(rate: float, seconds: float = 8, *, noise: float = 0.01) -> np.ndarray:
    """A narrow complex and a T wave at this rate, one millivolt high."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    wave = np.random.default_rng(7).normal(0, noise, len(t))
    for beat in np.arange(0.3, seconds, 60 / rate):
        wave += np.exp(-(((t - beat) / 0.012) ** 2)) + 0.2 * np.exp(
            -(((t - beat - 0.28) / 0.05) ** 2)
        )
    return wave


def fibrillating(seconds: float = 8) -> np.ndarray:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    drift = np.cumsum(np.random.default_rng(3).normal(0, 0.02, len(t)))
    return 0.4 * (1 + 0.3 * np.sin(t)) * np.sin(2 * np.pi * 4.5 * t + drift)


def test_fibrillation_is_told_from_a_beating_heart() -> None:
    assert window(fibrillating()).fibrillates
    for rate in (45, 75, 110, 150):
        assert not window(beating(rate)).fibrillates
    assert not window(np.zeros(8 * RATE_HZ)).fibrillates


def test_other_sampling_rates_are_judged_alike() -> None:
    wave = fibrillating()
    double = np.repeat(wave, 2)

    assert window(double, 500).fibrillates
    assert len(beats(np.repeat(beating(75), 2), 500)) == len(beats(beating(75)))


def test_beats_are_counted_and_their_absence_is_measured() -> None:
    stopped = np.concatenate([beating(80, 4), np.random.default_rng(1).normal(0, 0.01, 1000)])

    assert len(beats(beating(75))) == 10
    assert silent_for_s(stopped) >= 4
    assert silent_for_s(beating(40)) < 2
    assert silent_for_s(np.zeros(8 * RATE_HZ)) == 8


def test_three_of_four_windows_decide() -> None:
    assert not persistent([True, True])
    assert persistent([True, True, True])
    assert persistent([False, True, True, False, True])
    assert not persistent([True, True, True, False, False])


# --- trends, settings, inputs, life -----------------------------------------------------


def test_a_trend_is_robust_and_needs_five_values() -> None:
    falling = [Sample(120.0 * step, 140 - 6.0 * step, good=True) for step in range(5)]
    wild = [*falling[:2], Sample(240, 20, good=True), *falling[3:]]

    assert change_over(falling, 600, 5) == -24
    assert change_over(falling[:4], 600, 5) is None
    assert change_over(wild, 600, 5) == pytest.approx(-24, abs=6)
    assert "systolic_falling" in codes(bedside({"nibp_systolic": falling}))


def test_an_alarm_file_with_a_hole_is_refused() -> None:
    adult, *children = SETTINGS.groups

    with pytest.raises(BadAlarmFile):
        check(replace(SETTINGS, groups=(adult, *children[1:])))
    with pytest.raises(BadAlarmFile):
        check(replace(SETTINGS, rearm_s=300))
    with pytest.raises(BadAlarmFile):
        check(replace(SETTINGS, groups=(replace(adult, from_months=190), *children)))
    inside = {"heart_rate": Limit(60, 120)}
    with pytest.raises(BadAlarmFile):
        check(replace(SETTINGS, groups=(replace(adult, extreme=inside), *children)))


def test_inputs_come_from_fresh_numbers_and_from_what_was_said() -> None:
    said = Findings(
        observations={
            "avpu": "confused",
            "gcs_eye": "4",
            "gcs_verbal": "4",
            "gcs_motor": "6",
            "oxygen": "low",
        },
        age=age_in_years(71),
    )

    inputs = score_inputs(
        {"heart_rate": 92, "pulse_rate": 60, "nibp_systolic": 120, "nibp_diastolic": 75}, said
    )

    assert inputs == {
        "pulse": 92,
        "systolic": 120,
        "mean_pressure": 90,
        "consciousness": "confused",
        "gcs_eye": "4",
        "gcs_verbal": "4",
        "gcs_motor": "6",
        "gcs": 14,
        "oxygen": "low",
        "spo2_scale": "1",
        "age_years": 71,
    }


def standing(state: State, *, waited_s: float = 0, gone_s: float | None = None) -> Standing:
    return Standing(
        state=state,
        priority=Priority.HIGH,
        sounding_since=NOW - timedelta(seconds=waited_s),
        rearm_at=NOW - timedelta(seconds=waited_s - 120),
        gone_since=None if gone_s is None else NOW - timedelta(seconds=gone_s),
    )


@pytest.mark.parametrize(
    ("alarm", "step"),
    [
        (standing(State.RAISED, waited_s=29), None),
        (standing(State.RAISED, waited_s=30), Step.ESCALATE),
        (standing(State.ESCALATED, waited_s=300), None),
        (standing(State.ACKNOWLEDGED, waited_s=119), None),
        (standing(State.ACKNOWLEDGED, waited_s=120), Step.REARM),
        (standing(State.RAISED, gone_s=4), None),
        (standing(State.RAISED, gone_s=5), Step.END),
        (standing(State.ESCALATED, waited_s=40, gone_s=5), Step.END),
    ],
)
def test_what_is_due_for_an_alarm(alarm: Standing, step: Step | None) -> None:
    assert due(alarm, SETTINGS, now=NOW) is step
    assert step is None or step in TRANSITIONS[alarm.state]


def test_a_low_alarm_is_never_escalated() -> None:
    alarm = replace(standing(State.RAISED, waited_s=10_000), priority=Priority.LOW)

    assert due(alarm, SETTINGS, now=NOW) is None
