"""Eight patients: how their vital signs run from first contact to handover.

Values are textbook courses for demonstration and tests, not clinical data.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp
from random import Random

from ambulance_agent.protocol import VitalCode

HR, SPO2, RR = VitalCode.HEART_RATE, VitalCode.SPO2, VitalCode.RESPIRATORY_RATE
CO2, TEMP, GLUCOSE = VitalCode.ETCO2, VitalCode.TEMPERATURE, VitalCode.GLUCOSE
SYS, DIA = VitalCode.NIBP_SYSTOLIC, VitalCode.NIBP_DIASTOLIC


class Rhythm(StrEnum):
    SINUS = "sinus"
    ST_ELEVATION = "st_elevation"
    ST_DEPRESSION = "st_depression"
    ATRIAL_FIBRILLATION = "atrial_fibrillation"
    VENTRICULAR_FIBRILLATION = "ventricular_fibrillation"


@dataclass(frozen=True, slots=True)
class Course:
    """From `start` towards `end`, two thirds of the way after `tau_s`; `sd` is the scatter."""

    start: float
    end: float
    tau_s: float
    sd: float

    def at(self, elapsed_s: float) -> float:
        return self.end + (self.start - self.end) * exp(-max(elapsed_s, 0.0) / self.tau_s)


@dataclass(frozen=True, slots=True)
class Phase:
    """What holds from `starts_s` after first contact. A vital without course is not measurable."""

    starts_s: float
    rhythm: Rhythm
    courses: dict[VitalCode, Course]


def _adult(
    rhythm: Rhythm,
    hr: tuple[float, float],
    spo2: tuple[float, float],
    rr: tuple[float, float],
    systolic: tuple[float, float],
    diastolic: tuple[float, float],
    temperature: float,
    *,
    tau_s: float = 600,
    co2: tuple[float, float] | None = None,
    glucose: tuple[float, float] = (6.1, 6.1),
) -> tuple[Phase, ...]:
    courses = {
        HR: Course(*hr, tau_s, 1.6),
        SPO2: Course(*spo2, tau_s / 2, 0.4),
        RR: Course(*rr, tau_s, 0.8),
        SYS: Course(*systolic, tau_s, 3.0),
        DIA: Course(*diastolic, tau_s, 2.0),
        TEMP: Course(temperature, temperature, 600, 0.03),
        GLUCOSE: Course(*glucose, tau_s, 0.1),
    }
    if co2:
        courses[CO2] = Course(*co2, tau_s, 0.9)
    return (Phase(0, rhythm, courses),)


ARREST = (
    Phase(
        0,
        Rhythm.VENTRICULAR_FIBRILLATION,
        # Compressions and bagging: a breath rate and a little carbon dioxide, no pulse.
        {RR: Course(10, 10, 600, 0.3), CO2: Course(12, 19, 240, 1.2)},
    ),
    Phase(
        420,  # return of spontaneous circulation: end-tidal CO2 leaps first
        Rhythm.ST_DEPRESSION,
        {
            HR: Course(126, 98, 400, 2.0),
            SPO2: Course(84, 97, 150, 0.5),
            RR: Course(10, 12, 600, 0.3),
            CO2: Course(58, 40, 240, 1.2),
            SYS: Course(86, 112, 300, 3.5),
            DIA: Course(50, 66, 300, 2.5),
            TEMP: Course(35.6, 35.4, 900, 0.03),
            GLUCOSE: Course(10.4, 9.6, 900, 0.1),
        },
    ),
)

CASES: dict[str, tuple[Phase, ...]] = {
    "stemi": _adult(
        Rhythm.ST_ELEVATION, (106, 92), (93, 97), (22, 18), (148, 126), (92, 80), 36.4
    ),
    "stroke": _adult(
        Rhythm.ATRIAL_FIBRILLATION, (92, 86), (95, 97), (18, 17), (194, 182), (104, 98), 36.7,
        glucose=(7.4, 7.2),
    ),
    "trauma": _adult(
        Rhythm.SINUS, (118, 132), (95, 93), (24, 28), (108, 88), (66, 50), 35.8, tau_s=900,
        glucose=(8.2, 8.4),
    ),
    "respiratory": _adult(
        Rhythm.SINUS, (116, 102), (84, 91), (32, 24), (152, 140), (90, 84), 37.2,
        co2=(58, 50), tau_s=480,
    ),
    "sepsis": _adult(
        Rhythm.SINUS, (124, 114), (91, 95), (28, 24), (92, 102), (48, 54), 39.4,
        co2=(27, 31), tau_s=800, glucose=(9.1, 8.8),
    ),
    "hypoglycaemia": _adult(
        Rhythm.SINUS, (108, 84), (97, 98), (18, 15), (138, 126), (80, 76), 36.1,
        tau_s=400, glucose=(1.9, 6.8),
    ),
    "arrest": ARREST,
    "febrile_seizure": _adult(
        Rhythm.SINUS, (172, 144), (89, 98), (38, 28), (96, 94), (58, 56), 39.7,
        co2=(49, 38), tau_s=360, glucose=(6.8, 6.4),
    ),
}  # fmt: skip

# Parts of complaint codes, most specific first.
WORDS = (
    (("arrest", "cpr"), "arrest"),
    (("stroke", "neuro", "speech", "paralys"), "stroke"),
    (("chest", "cardiac", "heart"), "stemi"),
    (("breath", "resp", "asthma", "dyspn", "chok"), "respiratory"),
    (("seizure", "convuls", "fit", "child", "paed"), "febrile_seizure"),
    (("diabet", "glyc", "unconscious", "faint"), "hypoglycaemia"),
    (("fever", "infect", "sepsis", "sick"), "sepsis"),
    (("trauma", "fall", "accident", "injur", "traffic", "bleed", "assault", "burn"), "trauma"),
)


def case_for(complaint: str, seed: str) -> str:
    """The patient that fits the complaint; any but the arrest where none does."""
    for words, case in WORDS:
        if any(word in complaint.lower() for word in words):
            return case
    return Random(seed).choice([name for name in CASES if name != "arrest"])
