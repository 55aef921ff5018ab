"""When a value can be true, when it is stale, and which unit it must carry.

The hard bounds belong to the wire protocol, which vehicles judge by, too; a value
outside is kept, marked invalid. Nothing here is an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from ambulance_agent.protocol.codes import VITALS, Quality, VitalCode, VitalSpec

# A vehicle's clock may lead ours a little; a value from further ahead cannot be dated.
CLOCK_LEAD = timedelta(seconds=30)
# Continuous numbers come every second; a cuff is read every few minutes.
CONTINUOUS = timedelta(seconds=10)
SLOW = timedelta(seconds=60)
INTERMITTENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a code is shown and exported: stale after how long, and its names elsewhere."""

    stale_after: timedelta
    nemsis: str
    loinc: str


# NEMSIS elements and LOINC codes as in the core data set that the exports use.
SHOWN: Mapping[VitalCode, Shown] = {
    VitalCode.HEART_RATE: Shown(CONTINUOUS, "eVitals.10", "8867-4"),
    VitalCode.PULSE_RATE: Shown(CONTINUOUS, "eVitals.10", "8867-4"),
    VitalCode.SPO2: Shown(CONTINUOUS, "eVitals.12", "59408-5"),
    VitalCode.NIBP_SYSTOLIC: Shown(INTERMITTENT, "eVitals.06", "8480-6"),
    VitalCode.NIBP_DIASTOLIC: Shown(INTERMITTENT, "eVitals.07", "8462-4"),
    VitalCode.NIBP_MEAN: Shown(INTERMITTENT, "eVitals.09", "8478-0"),
    VitalCode.RESPIRATORY_RATE: Shown(CONTINUOUS, "eVitals.14", "9279-1"),
    VitalCode.ETCO2: Shown(CONTINUOUS, "eVitals.16", "19891-1"),
    VitalCode.TEMPERATURE: Shown(SLOW, "eVitals.24", "8310-5"),
    VitalCode.GLUCOSE: Shown(INTERMITTENT, "eVitals.18", "15074-8"),
}


# By name: what is judged here may carry a code that nobody knows.
SPECS: Mapping[str, VitalSpec] = {code.value: spec for code, spec in VITALS.items()}


@dataclass(frozen=True, slots=True)
class Judgement:
    quality: Quality
    reason: str | None = None


AS_THE_DEVICE_SAYS: Mapping[str, Judgement] = {
    quality.value: Judgement(quality) for quality in Quality
}


def judge(
    *, code: str, value: float, unit: str, quality: str, measured_at: datetime, now: datetime
) -> Judgement:
    """The device's own word on quality, lowered (never raised) by what cannot be."""
    spec = SPECS.get(code)
    if spec is None:
        return Judgement(Quality.INVALID, "unknown_code")
    if unit != spec.unit:
        return Judgement(Quality.INVALID, "wrong_unit")
    if not isfinite(value) or not spec.low <= value <= spec.high:
        return Judgement(Quality.INVALID, "out_of_bounds")
    if quality == Quality.GOOD and measured_at > now + CLOCK_LEAD:
        return Judgement(Quality.QUESTIONABLE, "clock_ahead")
    return AS_THE_DEVICE_SAYS[quality]


def is_stale(*, code: str, measured_at: datetime, now: datetime) -> bool:
    """An old value is drawn as old; an unknown code is always old."""
    return code not in SPECS or now - measured_at > SHOWN[VitalCode(code)].stale_after
