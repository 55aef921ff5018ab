"""What a centre decides about alarms: limits by age, delays, when to escalate. Shapes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ehr_prehospital.vitals.scores.rules import Age

LONGEST_REARM_S = 120


class Priority(StrEnum):
    """After IEC 60601-1-8: red flashing, yellow, cyan."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Limit:
    """Alarms below `low` and above `high`; None is no limit on that side."""

    low: float | None
    high: float | None

    def broken_by(self, value: float) -> float | None:
        """The limit that the value is beyond."""
        if self.low is not None and value < self.low:
            return self.low
        if self.high is not None and value > self.high:
            return self.high
        return None


@dataclass(frozen=True, slots=True)
class Group:
    """The limits of one age group."""

    id: str
    from_months: int
    to_months: int | None
    limits: Mapping[str, Limit]
    extreme: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Artefact:
    perfusion_index_below: float
    pulse_differs_by: float
    pulse_differs_for_s: float
    spo2_jump: float


@dataclass(frozen=True, slots=True)
class Signal:
    poor_after_s: float
    silent_after_s: float
    clear_after_s: float


@dataclass(frozen=True, slots=True)
class Trend:
    over_s: float
    least_values: int
    systolic_fall: float
    heart_rate_rise: float
    spo2_fall: float


@dataclass(frozen=True, slots=True)
class Settings:
    version: str
    delay_s: Mapping[str, float]
    artefact: Artefact
    signal: Signal
    asystole_s: float
    pulse_agrees_within: float
    tube_etco2_below: float
    tube_for_s: float
    escalate_after_s: Mapping[Priority, float]
    rearm_s: float
    trend: Trend
    groups: tuple[Group, ...]
    spo2_scale_2: Limit

    def group_of(self, age: Age | None) -> Group:
        """The group of this age. An unknown age has the adult's limits, and the screen says so."""
        if age is None:
            return self.groups[0]
        middle = (age.from_months + age.to_months) // 2
        return next(
            group
            for group in self.groups
            if group.from_months <= middle and (group.to_months is None or middle < group.to_months)
        )
