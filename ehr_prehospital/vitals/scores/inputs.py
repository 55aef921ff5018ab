"""From fresh numbers and the crew's findings to the inputs that the score tables name.

The findings are handed in by whoever reads the record; this package does not know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ehr_prehospital.vitals.scores.rules import MONTHS, NOT_TESTABLE, Age, Value

GCS_PARTS = ("gcs_eye", "gcs_verbal", "gcs_motor")
# What the record calls it → what the charts call it.
CHOSEN = {
    "avpu": "consciousness",
    "pupils": "pupils",
    "oxygen": "oxygen",
    "capillary_refill": "refill",
    "work_of_breathing": "effort",
    "penetrating_torso": "penetrating",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the record: codes of observations, what was done, who the patient is."""

    observations: Mapping[str, str] = field(default_factory=dict)
    treatments: frozenset[str] = frozenset()
    pregnant: bool = False
    age: Age | None = None

    @property
    def tube(self) -> bool:
        return bool(self.treatments & {"intubation", "laryngeal_mask"})

    @property
    def cpr(self) -> bool:
        return bool(self.treatments & {"cpr", "mechanical_cpr"})

    @property
    def scale_2(self) -> bool:
        return self.observations.get("spo2_target") == "scale_2"


NOTHING_FOUND = Findings()


def score_inputs(numbers: Mapping[str, float], findings: Findings) -> dict[str, Value]:
    """`numbers` are fresh and believed. What nobody measured or said is simply not there."""
    said = findings.observations
    found: dict[str, Value] = {
        name: numbers[code]
        for code, name in (
            ("spo2", "spo2"),
            ("respiratory_rate", "respiratory_rate"),
            ("temperature", "temperature"),
            ("nibp_systolic", "systolic"),
            ("pulse_rate", "pulse"),
            ("heart_rate", "pulse"),  # the ECG's count goes before the finger's
        )
        if code in numbers
    }
    if (mean := mean_pressure(numbers)) is not None:
        found["mean_pressure"] = mean
    found |= {name: said[code] for code, name in CHOSEN.items() if code in said}
    found |= {code: said[code] for code in GCS_PARTS if code in said}
    if (gcs := gcs_of(said)) is not None:
        found["gcs"] = gcs
    found["spo2_scale"] = "2" if findings.scale_2 else "1"
    if findings.tube:
        found["airway"] = "tube"
    elif "effort" in found:
        found["airway"] = "own"  # whoever judged the breathing would have said that a tube is in
    if findings.pregnant:
        found["pregnancy"] = "yes"
    if (
        findings.age
        and findings.age.from_months // MONTHS == (findings.age.to_months - 1) // MONTHS
    ):
        found["age_years"] = findings.age.from_months // MONTHS
    return found


def mean_pressure(numbers: Mapping[str, float]) -> float | None:
    if "nibp_mean" in numbers:
        return numbers["nibp_mean"]
    if "nibp_systolic" in numbers and "nibp_diastolic" in numbers:
        return (
            numbers["nibp_diastolic"] + (numbers["nibp_systolic"] - numbers["nibp_diastolic"]) / 3
        )
    return None


def gcs_of(said: Mapping[str, str]) -> Value | None:
    """The sum of the parts, or the total that somebody wrote down; with NT there is no sum."""
    parts = [said.get(code) for code in GCS_PARTS]
    if NOT_TESTABLE in parts:
        return NOT_TESTABLE
    if None not in parts:
        return sum(int(part) for part in parts if part)
    total = said.get("gcs_total")
    return float(total) if total else None
