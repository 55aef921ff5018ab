"""What the watch keeps in memory of each patient: the last minutes of numbers, seconds of ECG.

Nothing here is the truth: after a restart it is read again from the stored rows.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ambulance_agent.protocol import Quality
from ehr_prehospital.vitals.alarms.devices import sensor_of
from ehr_prehospital.vitals.alarms.rules.conditions import INTERMITTENT, Bedside, Ecg, Sample
from ehr_prehospital.vitals.alarms.rules.rhythm import (
    OF_WINDOWS,
    STEP_S,
    WINDOW_S,
    Window,
    persistent,
    silent_for_s,
    window,
)
from ehr_prehospital.vitals.queries import Number, Strip
from ehr_prehospital.vitals.scores.inputs import NOTHING_FOUND, Findings

KEEP_S = 120.0
# Older values are kept one in so many seconds, for the trend over ten minutes.
COARSE_S, KEEP_COARSE_S = 10.0, 660.0
KEEP_ECG_S = 12.0
JOINS_S = 0.05
MOST_STEPS = 4  # after a burst only the newest windows are judged
SENSOR_OF_CODE = {
    "heart_rate": "ecg",
    "spo2": "spo2",
    "pulse_rate": "spo2",
    "nibp_systolic": "nibp",
    "temperature": "temperature",
    "etco2": "etco2",
    "respiratory_rate": "respiratory_rate",
}


@dataclass(slots=True)
class Stream:
    """One patient's signals, fed in the order of their measuring."""

    started_at: datetime
    heard_at: datetime | None = None
    series: dict[str, deque[Sample]] = field(default_factory=dict)
    newest: dict[str, Number] = field(default_factory=dict)
    was_on: set[str] = field(default_factory=set)
    devices: dict[str, str] = field(default_factory=dict)
    findings: Findings = NOTHING_FOUND
    _ecg: "EcgStretch | None" = None
    _windows: deque[Window] = field(default_factory=lambda: deque(maxlen=OF_WINDOWS))
    _judged_to_s: float = 0.0
    _silent_s: float | None = None

    def take_number(self, number: Number, recorded_at: datetime) -> None:
        self._hear(recorded_at)
        at_s = number.measured_at.timestamp()
        rows = self.series.setdefault(number.code, deque())
        if rows and at_s <= rows[-1].at_s:
            return
        rows.append(Sample(at_s, number.value, number.quality == Quality.GOOD))
        self.newest[number.code] = number
        self.was_on.add(SENSOR_OF_CODE.get(number.code, number.code))
        if number.code not in INTERMITTENT:
            _thin(rows)

    def take_strip(self, strip: Strip, recorded_at: datetime) -> None:
        """One lead only: the first that came, until it has been silent."""
        self._hear(recorded_at)
        start_s = strip.started_at.timestamp()
        volts = np.frombuffer(strip.samples, dtype="<i2") * (strip.scale_uv / 1000)
        ecg = self._ecg
        if ecg is not None and strip.lead != ecg.lead and start_s - ecg.end_s < KEEP_ECG_S:
            return
        self.was_on.add("ecg")
        if ecg is None or not ecg.joins(strip.lead, strip.rate_hz, start_s):
            # A gap: nothing is judged across it, and four windows must follow each other.
            self._ecg = EcgStretch(strip.lead, strip.rate_hz, start_s, volts)
            self._windows.clear()
            self._judged_to_s = 0.0
            self._silent_s = None
        else:
            ecg.add(volts)
        self._judge()

    def hear_devices(self, devices: Mapping[str, str]) -> None:
        self.devices = {sensor_of(device): state for device, state in devices.items()}

    def bedside(self, *, now: datetime) -> Bedside:
        heard = self.heard_at or self.started_at
        return Bedside(
            series=self.series,
            ecg=self._judgement(),
            devices=self.devices,
            was_on=frozenset(self.was_on),
            silent_for_s=(now - heard).total_seconds(),
            findings=self.findings,
        )

    def _hear(self, recorded_at: datetime) -> None:
        if self.heard_at is None or recorded_at > self.heard_at:
            self.heard_at = recorded_at

    def _judge(self) -> None:
        """Every window that is whole and new, at steps of a second."""
        ecg = self._ecg
        if ecg is None or ecg.end_s - ecg.start_s < WINDOW_S:
            return
        due_s = self._judged_to_s + STEP_S if self._judged_to_s else ecg.start_s + WINDOW_S
        due_s = max(due_s, ecg.end_s - MOST_STEPS * STEP_S, ecg.start_s + WINDOW_S)
        while due_s <= ecg.end_s + 1e-6:
            stretch = ecg.until(due_s, WINDOW_S)
            self._windows.append(window(stretch, ecg.rate_hz))
            self._silent_s = silent_for_s(stretch, ecg.rate_hz)
            self._judged_to_s = due_s
            due_s += STEP_S

    def _judgement(self) -> Ecg | None:
        if self._ecg is None:
            return None
        windows = list(self._windows)
        return Ecg(
            fibrillates=persistent([one.fibrillates for one in windows]),
            crosses=persistent([one.crosses for one in windows]),
            noisy=bool(windows) and windows[-1].noisy,
            silent_s=self._silent_s,
            until_s=self._ecg.end_s,
        )


@dataclass(slots=True)
class EcgStretch:
    """A stretch of one lead without a gap."""

    lead: str
    rate_hz: float
    start_s: float
    millivolts: NDArray[np.float64]

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.millivolts) / self.rate_hz

    def joins(self, lead: str, rate_hz: float, start_s: float) -> bool:
        return (lead, rate_hz) == (self.lead, self.rate_hz) and abs(start_s - self.end_s) < JOINS_S

    def add(self, volts: NDArray[np.float64]) -> None:
        whole = np.concatenate([self.millivolts, volts])
        surplus = max(0, len(whole) - int(KEEP_ECG_S * self.rate_hz))
        self.start_s += surplus / self.rate_hz
        self.millivolts = whole[surplus:]

    def until(self, end_s: float, length_s: float) -> NDArray[np.float64]:
        last = min(len(self.millivolts), round((end_s - self.start_s) * self.rate_hz))
        return self.millivolts[max(0, last - round(length_s * self.rate_hz)) : last]


def _thin(rows: deque[Sample]) -> None:
    """Two minutes whole; before that one value in ten seconds, eleven minutes long."""
    newest_s = rows[-1].at_s
    while rows and newest_s - rows[0].at_s > KEEP_COARSE_S:
        rows.popleft()
    coarse = [row for row in rows if newest_s - row.at_s > KEEP_S]
    if len(coarse) < 2 * KEEP_COARSE_S / COARSE_S:
        return
    kept: list[Sample] = []
    for row in coarse:
        if not kept or row.at_s - kept[-1].at_s >= COARSE_S:
            kept.append(row)
    fine = [row for row in rows if newest_s - row.at_s <= KEEP_S]
    rows.clear()
    rows.extend([*kept, *fine])
