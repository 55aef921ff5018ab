"""Plausible or not, fresh or stale: values from the body."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ambulance_agent.protocol import Quality, VitalCode
from ambulance_agent.protocol.codes import VITALS
from ehr_prehospital.vitals.rules import SHOWN, is_stale, judge

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
ORDER = [Quality.GOOD, Quality.QUESTIONABLE, Quality.INVALID]


@pytest.mark.parametrize(
    ("code", "value", "unit", "quality", "reason"),
    [
        ("heart_rate", 72, "/min", Quality.GOOD, None),
        ("heart_rate", 0, "/min", Quality.GOOD, None),  # asystole is a finding
        ("heart_rate", 351, "/min", Quality.INVALID, "out_of_bounds"),
        ("spo2", 101, "%", Quality.INVALID, "out_of_bounds"),
        ("temperature", 98.6, "Cel", Quality.INVALID, "out_of_bounds"),  # was Fahrenheit
        ("etco2", 4.7, "kPa", Quality.INVALID, "wrong_unit"),
        ("heart_rate", float("nan"), "/min", Quality.INVALID, "out_of_bounds"),
        ("mood", 1, "/min", Quality.INVALID, "unknown_code"),
    ],
)
def test_a_value_is_judged(
    code: str, value: float, unit: str, quality: Quality, reason: str | None
) -> None:
    judged = judge(code=code, value=value, unit=unit, quality="good", measured_at=NOW, now=NOW)

    assert (judged.quality, judged.reason) == (quality, reason)


def test_a_value_from_the_future_cannot_be_dated() -> None:
    judged = judge(
        code="spo2",
        value=97,
        unit="%",
        quality="good",
        measured_at=NOW + timedelta(minutes=5),
        now=NOW,
    )

    assert (judged.quality, judged.reason) == (Quality.QUESTIONABLE, "clock_ahead")


@settings(max_examples=50)
@given(
    code=st.sampled_from(list(VitalCode)),
    value=st.floats(allow_nan=True, allow_infinity=True),
    said=st.sampled_from(ORDER),
    ahead_s=st.integers(-1000, 1000),
)
def test_judging_never_raises_the_quality_and_never_passes_what_no_body_has(
    code: VitalCode, value: float, said: Quality, ahead_s: int
) -> None:
    judged = judge(
        code=code,
        value=value,
        unit=code.unit,
        quality=said,
        measured_at=NOW + timedelta(seconds=ahead_s),
        now=NOW,
    )

    assert ORDER.index(judged.quality) >= ORDER.index(said)
    if not VITALS[code].low <= value <= VITALS[code].high:
        assert judged.quality is Quality.INVALID


def test_every_code_of_the_wire_is_shown_and_has_its_names() -> None:
    assert set(SHOWN) == set(VitalCode)
    assert all(shown.nemsis.startswith("eVitals.") and shown.loinc for shown in SHOWN.values())


@settings(max_examples=50)
@given(code=st.sampled_from(list(VitalCode)), age_s=st.integers(0, 7200))
def test_a_value_goes_stale_once_and_stays_so(code: VitalCode, age_s: int) -> None:
    stale = is_stale(code=code, measured_at=NOW - timedelta(seconds=age_s), now=NOW)

    assert stale == (timedelta(seconds=age_s) > SHOWN[code].stale_after)


def test_a_cuff_reading_outlives_a_pulse() -> None:
    a_minute_ago = NOW - timedelta(seconds=60)

    assert is_stale(code="heart_rate", measured_at=a_minute_ago, now=NOW)
    assert not is_stale(code="nibp_systolic", measured_at=a_minute_ago, now=NOW)
    assert is_stale(code="unheard_of", measured_at=NOW, now=NOW)
