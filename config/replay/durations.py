"""How long people take: distributions with where they come from, and one incident's draw.

Every incident has a random stream of its own, named by seed and line: neither the order
of events nor the number of units changes what is drawn, so runs can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import exp, log
from random import Random
from typing import Protocol

# The 90th percentile of the standard normal distribution.
Z90 = 1.2815515655446004


class Duration(Protocol):
    """A length of time in seconds, drawn; its text is for the report."""

    def draw(self, random: Random) -> float: ...


@dataclass(frozen=True, slots=True)
class Always:
    seconds: float

    def draw(self, random: Random) -> float:
        return self.seconds

    def __str__(self) -> str:
        return f"always {clock(self.seconds)}"


@dataclass(frozen=True, slots=True)
class Exponential:
    mean_s: float

    def draw(self, random: Random) -> float:
        return random.expovariate(1 / self.mean_s)

    def __str__(self) -> str:
        return f"exponential, mean {clock(self.mean_s)}"


@dataclass(frozen=True, slots=True)
class Normal:
    """Cut off at zero: nothing takes less than no time."""

    mean_s: float
    deviation_s: float

    def draw(self, random: Random) -> float:
        return max(0.0, random.gauss(self.mean_s, self.deviation_s))

    def __str__(self) -> str:
        return f"normal, mean {clock(self.mean_s)}, deviation {clock(self.deviation_s)}"


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Skewed to the right, as human work is; named by what reports state of it."""

    median_s: float
    p90_s: float

    def draw(self, random: Random) -> float:
        sigma = log(self.p90_s / self.median_s) / Z90
        return exp(random.gauss(log(self.median_s), sigma))

    def __str__(self) -> str:
        return f"log-normal, median {clock(self.median_s)}, P90 {clock(self.p90_s)}"


def clock(seconds: float) -> str:
    """Minutes and seconds, 9:05; hours too once there are any."""
    whole = round(seconds)
    minutes, second = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{second:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"


ASSUMED = "assumption"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is not in a log of incidents. Each field's source is in SOURCES or in `sources`."""

    answer: Duration = Exponential(6.5)
    interview: Duration = LogNormal(60, 100)
    decide: Duration = Always(15)
    turn_out: Duration = LogNormal(40, 60)
    turn_out_on_road: Duration = Always(10)
    to_patient: Duration = LogNormal(126, 300)
    at_patient: Duration = LogNormal(9 * 60, 18 * 60)
    to_leave: Duration = Always(30)
    hand_over: Duration = LogNormal(12 * 60, 25 * 60)
    turn_around: Duration = LogNormal(12 * 60, 20 * 60)
    transported: float = 0.85
    # Up to this priority the crew drives to the scene with blue light, beyond it with traffic.
    blue_light_up_to: int = 3
    # The same for the way to the hospital.
    blue_light_to_hospital_up_to: int = 1
    sources: tuple[tuple[str, str], ...] = ()

    def with_sources(self, source: str, **known: object) -> "Assumptions":
        """These with some values from elsewhere, each marked with its source."""
        sources = {**dict(self.sources), **dict.fromkeys(known, source)}
        # The values come by name from a reader that has built them itself.
        return replace(self, **known, sources=tuple(sources.items()))  # type: ignore[arg-type]

    def stated(self) -> list["Stated"]:
        """Every assumption as a row of the report."""
        known = {**SOURCES, **dict(self.sources)}
        return [
            Stated(one.name, MEANINGS[one.name], str(getattr(self, one.name)), known[one.name])
            for one in fields(self)
            if one.name != "sources"
        ]


@dataclass(frozen=True, slots=True)
class Stated:
    name: str
    meaning: str
    value: str
    source: str


MEANINGS: Mapping[str, str] = {
    "answer": "ring to answer",
    "interview": "answer to incident opened (place, complaint, priority)",
    "decide": "incident opened to unit chosen, when one is free",
    "turn_out": "assigned to en route, from the station",
    "turn_out_on_road": "assigned to en route, when already driving",
    "to_patient": "on scene to at the patient",
    "at_patient": "at the patient to on board, or to the end without transport",
    "to_leave": "on board to left scene",
    "hand_over": "at the hospital to handed over",
    "turn_around": "handed over to available",
    "transported": "share of patients taken to a hospital",
    "blue_light_up_to": "blue light to the scene up to priority",
    "blue_light_to_hospital_up_to": "blue light to the hospital up to priority",
}
SOURCES: Mapping[str, str] = {
    "answer": "set so that 90 % are answered within 15 s (NENA-STA-020)",
    "interview": ASSUMED,
    "decide": ASSUMED,
    "turn_out": "set so that 90 % leave within 60 s (NFPA 1710, objective for medical calls)",
    "turn_out_on_road": ASSUMED,
    "to_patient": "median of Silverman 2007 (New York, 449 calls); P90 is an assumption",
    "at_patient": "set so that mean time on scene is 13.4 min (Carr 2006, urban; injured patients)",
    "to_leave": ASSUMED,
    "hand_over": ASSUMED,
    "turn_around": ASSUMED,
    "transported": "JEMSS, model of Manhattan",
    "blue_light_up_to": ASSUMED,
    "blue_light_to_hospital_up_to": ASSUMED,
}


@dataclass(frozen=True, slots=True)
class Course:
    """How long everything takes in one incident, drawn before it happens; seconds."""

    answer_s: float
    interview_s: float
    decide_s: float
    turn_out_s: float
    turn_out_on_road_s: float
    to_patient_s: float
    at_patient_s: float
    to_leave_s: float
    hand_over_s: float
    turn_around_s: float
    transported: bool


def stream(seed: int, line: int, what: str) -> Random:
    """The random stream of one line of the log for one purpose."""
    return Random(f"{seed}/{line}/{what}")  # noqa: S311 - a seeded simulation is no secret


def course(assumed: Assumptions, *, seed: int, line: int) -> Course:
    random = stream(seed, line, "course")
    return Course(
        answer_s=assumed.answer.draw(random),
        interview_s=assumed.interview.draw(random),
        decide_s=assumed.decide.draw(random),
        turn_out_s=assumed.turn_out.draw(random),
        turn_out_on_road_s=assumed.turn_out_on_road.draw(random),
        to_patient_s=assumed.to_patient.draw(random),
        at_patient_s=assumed.at_patient.draw(random),
        to_leave_s=assumed.to_leave.draw(random),
        hand_over_s=assumed.hand_over.draw(random),
        turn_around_s=assumed.turn_around.draw(random),
        transported=random.random() < assumed.transported,
    )
