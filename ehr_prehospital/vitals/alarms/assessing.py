"""What the monitors show beside the numbers: limits, what must not be shown, scores."""

from collections.abc import Mapping
from dataclasses import dataclass

from ehr_prehospital.vitals.alarms.rules.conditions import Bedside, fresh, limit_for, poor
from ehr_prehospital.vitals.alarms.rules.settings import Limit, Settings
from ehr_prehospital.vitals.scores.inputs import score_inputs
from ehr_prehospital.vitals.scores.rules import Result, State, evaluate
from ehr_prehospital.vitals.scores.tables import scores

SCORED = (
    "heart_rate",
    "pulse_rate",
    "spo2",
    "respiratory_rate",
    "nibp_systolic",
    "nibp_diastolic",
    "nibp_mean",
    "temperature",
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One patient now. `limits` and `poor` belong to the numbers, `scores` to the record."""

    group: str
    age_known: bool
    limits: Mapping[str, Limit]
    poor: Mapping[str, str]
    scores: tuple[Result, ...]


def assess(bedside: Bedside, settings: Settings) -> Assessment:
    group = settings.group_of(bedside.findings.age)
    numbers = {code: sample.value for code in SCORED if (sample := fresh(bedside, code, settings))}
    inputs = score_inputs(numbers, bedside.findings)
    results = [
        evaluate(score, inputs=inputs, age=bedside.findings.age) for score in scores().values()
    ]
    return Assessment(
        group=group.id,
        age_known=bedside.findings.age is not None,
        limits={code: limit_for(code, group, settings, bedside.findings) for code in group.limits},
        poor=poor(bedside, settings),
        scores=tuple(
            result
            for result in results
            if result.state not in (State.NOT_FOR_AGE, State.NOT_FOR_PATIENT)
        ),
    )
