"""A patient on the monitor: numbers and a wave, from first contact to handover."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from ambulance_agent.drivers.simulated.cases import (
    CASES,
    CO2,
    DIA,
    GLUCOSE,
    HR,
    RR,
    SPO2,
    SYS,
    TEMP,
    Course,
    Phase,
)
from ambulance_agent.drivers.simulated.ecg import RATE_HZ, SCALE_UV, EcgStream
from ambulance_agent.protocol import (
    DeviceState,
    DeviceStateCode,
    Lead,
    Numeric,
    VitalCode,
    Wave,
    reading,
)

SOURCE = "simulated_monitor"
# Seconds from first contact until each sensor sits, and between two inflations of the cuff.
SPO2_ON_S, ECG_ON_S, NIBP_ON_S, CO2_ON_S, TEMP_ON_S, GLUCOSE_AT_S = 8, 20, 40, 60, 75, 90
NIBP_EVERY_S = 180
MEMORY = 0.9  # of the scatter from one second to the next
DECIMALS = {TEMP: 1, GLUCOSE: 1}
GAP_S = 5  # after a longer silence the wave starts afresh: a gap is a gap


class Monitor:
    """One patient. `speed_factor` hurries illness and crew; heart beats stay real."""

    def __init__(self, case: str, seed: str, attached_at: datetime, speed_factor: float) -> None:
        self._phases = CASES[case]
        self._random = Random(seed)
        self._attached_at = attached_at
        self._factor = speed_factor
        self._ecg = EcgStream(self._random)
        self._scatter: dict[VitalCode, float] = {}
        self._cuff_due_s = self._on_after(NIBP_ON_S)
        self._glucose_done = False
        self._wave_until: datetime | None = None

    def _on_after(self, usual_s: float) -> float:
        return usual_s / self._factor

    def numerics(self, now: datetime) -> list[Numeric]:
        worn = (now - self._attached_at).total_seconds()
        values: dict[VitalCode, float | None] = {}
        if worn >= self._on_after(SPO2_ON_S):
            values[SPO2] = self._value(SPO2, now)
            values[VitalCode.PULSE_RATE] = self._value(HR, now) if values[SPO2] else None
        if worn >= self._on_after(ECG_ON_S):
            values[HR] = self._value(HR, now)
            values[RR] = self._value(RR, now)
        if worn >= self._on_after(CO2_ON_S):
            values[CO2] = self._value(CO2, now)
        if worn >= self._on_after(TEMP_ON_S):
            values[TEMP] = self._value(TEMP, now)
        if worn >= self._on_after(GLUCOSE_AT_S) and not self._glucose_done:
            values[GLUCOSE] = self._value(GLUCOSE, now)
            self._glucose_done = values[GLUCOSE] is not None
        if worn >= self._cuff_due_s:
            values |= self._inflate(now, worn)
        return [
            reading(code, round(value, DECIMALS.get(code, 0)), measured_at=now, source=SOURCE)
            for code, value in values.items()
            if value is not None
        ]

    def waves(self, now: datetime) -> list[Wave]:
        """All samples since the last call."""
        starts = self._attached_at + timedelta(seconds=self._on_after(ECG_ON_S))
        if now <= starts:
            return []
        since = self._wave_until or starts
        if (now - since).total_seconds() > GAP_S:
            since = now - timedelta(seconds=1)
        count = int((now - since).total_seconds() * RATE_HZ + 1e-6)
        if count <= 0:
            return []
        self._wave_until = since + timedelta(seconds=count / RATE_HZ)
        phase, elapsed = self._phase(now)
        heart, breath = phase.courses.get(HR), phase.courses[RR]
        rate = heart.at(elapsed) + self._scatter.get(HR, 0.0) if heart else 0.0
        samples = self._ecg.take(count, phase.rhythm, rate, breath.at(elapsed))
        return [
            Wave(
                lead=Lead.ECG_II,
                started_at=since,
                rate_hz=RATE_HZ,
                scale_uv=SCALE_UV,
                samples=samples,
            )
        ]

    def devices(self, now: datetime) -> list[DeviceState]:
        worn = (now - self._attached_at).total_seconds()
        return [
            self._device("monitor_ecg", worn, ECG_ON_S, DeviceStateCode.LEADS_OFF),
            self._device("monitor_spo2", worn, SPO2_ON_S, DeviceStateCode.PROBE_OFF),
            self._device("monitor_nibp", worn, NIBP_ON_S, DeviceStateCode.OFF),
            self._device("monitor_temperature", worn, TEMP_ON_S, DeviceStateCode.PROBE_OFF),
        ]

    def _device(self, name: str, worn: float, on_s: float, before: DeviceStateCode) -> DeviceState:
        on_s = self._on_after(on_s)
        on = worn >= on_s
        return DeviceState(
            device=name,
            state=DeviceStateCode.ON if on else before,
            since=self._attached_at + timedelta(seconds=on_s if on else 0),
        )

    def _inflate(self, now: datetime, worn: float) -> dict[VitalCode, float | None]:
        self._cuff_due_s = worn + NIBP_EVERY_S
        systolic, diastolic = self._value(SYS, now), self._value(DIA, now)
        if systolic is None or diastolic is None:
            return {}
        return {
            SYS: systolic,
            DIA: diastolic,
            VitalCode.NIBP_MEAN: diastolic + (systolic - diastolic) / 3,
        }

    def _phase(self, now: datetime) -> tuple[Phase, float]:
        """The phase of the illness and the seconds since it began."""
        elapsed = (now - self._attached_at).total_seconds() * self._factor
        phase = [phase for phase in self._phases if phase.starts_s <= max(elapsed, 0.0)][-1]
        return phase, elapsed - phase.starts_s

    def _value(self, code: VitalCode, now: datetime) -> float | None:
        phase, elapsed = self._phase(now)
        course: Course | None = phase.courses.get(code)
        if course is None:
            return None
        fresh = course.sd * (1 - MEMORY**2) ** 0.5
        scatter = MEMORY * self._scatter.get(code, 0.0) + self._random.gauss(0, fresh)
        self._scatter[code] = scatter
        value = course.at(elapsed) + scatter
        return min(value, 100.0) if code is SPO2 else max(value, 0.0)
