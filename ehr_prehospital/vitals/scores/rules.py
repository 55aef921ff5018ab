"""The one engine of all scores. It is given a table and inputs, and knows no score by name.

A number is judged as the screen shows it, rounded to the table's step, so that the bands
of a chart leave no gap between 8 and 9. What is missing is named, never counted as 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MONTHS = 12
AGE_MISSING = "age"
# "Not testable" is no response to a test: it makes the sum unknown, it is not 1.
NOT_TESTABLE = "nt"

Value = float | str


@dataclass(frozen=True, slots=True)
class Age:
    """Known to lie in from_months <= age < to_months; a whole year when only years are known."""

    from_months: int
    to_months: int

    def within(self, low: int, high: int | None) -> bool:
        return self.from_months >= low and (high is None or self.to_months <= high)

    def outside(self, low: int, high: int | None) -> bool:
        return self.to_months <= low or (high is not None and self.from_months >= high)


def age_in_years(years: int) -> Age:
    return Age(years * MONTHS, (years + 1) * MONTHS)


def age_in_months(months: int) -> Age:
    return Age(months, months + 1)


@dataclass(frozen=True, slots=True)
class Band:
    """Both ends belong to the band; None is open."""

    low: Decimal | None
    high: Decimal | None
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a chart. Of several with the same id, `when` and the age choose one.

    Items of one `group` count once, with the highest of their points.
    """

    id: str
    input: str
    step: Decimal = Decimal(1)
    bands: tuple[Band, ...] = ()
    choices: Mapping[str, int] = field(default_factory=dict)
    when: Mapping[str, str] = field(default_factory=dict)
    from_months: int = 0
    to_months: int | None = None
    weight: Decimal = Decimal(1)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """What a value means, from `low` on, for ages from_months <= age < to_months."""

    code: str
    low: Decimal
    from_months: int = 0
    to_months: int | None = None


@dataclass(frozen=True, slots=True)
class Single:
    """One item with so many points gives this grade where the sum stays below `below`."""

    points: int
    grade: str
    below: Decimal


@dataclass(frozen=True, slots=True)
class Case:
    """A published or derived example: inputs and what must come out."""

    source: str
    inputs: Mapping[str, Value]
    age_years: int | None
    value: Decimal | None
    grade: str


@dataclass(frozen=True, slots=True)
class Score:
    """One table as its file gives it. `ratio` names numerator and denominator instead of items."""

    id: str
    version: str
    source: str
    en: str
    zh: str
    from_months: int
    to_months: int | None
    step: Decimal
    items: tuple[Item, ...]
    ratio: tuple[str, str] | None
    grades: tuple[Grade, ...]
    single: Single | None
    refused_when: Mapping[str, str]
    cases: tuple[Case, ...]


class State(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_FOR_AGE = "not_for_age"
    NOT_FOR_PATIENT = "not_for_patient"


@dataclass(frozen=True, slots=True)
class Part:
    item: str
    value: Value
    points: int


@dataclass(frozen=True, slots=True)
class Result:
    """`missing` names inputs; `not_testable` those of them that somebody tried to measure."""

    score: str
    version: str
    state: State
    value: Decimal | None = None
    grade: str = ""
    missing: tuple[str, ...] = ()
    not_testable: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def evaluate(score: Score, *, inputs: Mapping[str, Value], age: Age | None) -> Result:
    """The score of these inputs, or why there is none."""
    bounded = score.from_months > 0 or score.to_months is not None
    if age and age.outside(score.from_months, score.to_months):
        return Result(score.id, score.version, State.NOT_FOR_AGE)
    if any(inputs.get(name) == value for name, value in score.refused_when.items()):
        return Result(score.id, score.version, State.NOT_FOR_PATIENT)
    missing: list[str] = []
    if bounded and not (age and age.within(score.from_months, score.to_months)):
        missing.append(AGE_MISSING)
    if score.ratio:
        return _ratio(score, score.ratio, inputs, age, missing)
    return _sum(score, inputs, age, missing)


def _ratio(
    score: Score,
    ratio: tuple[str, str],
    inputs: Mapping[str, Value],
    age: Age | None,
    missing: list[str],
) -> Result:
    over, under = (_number(inputs.get(name)) for name in ratio)
    missing += [
        name
        for name, value in zip(ratio, (over, under), strict=True)
        if value is None or (value is under and value <= 0)
    ]
    if missing or over is None or under is None:
        return _incomplete(score, missing, inputs)
    value = _rounded(over / under, score.step)
    grade = _grade(score, value, age)
    if grade is None:
        return _incomplete(score, [AGE_MISSING], inputs)
    return Result(score.id, score.version, State.COMPLETE, value, grade)


def _sum(score: Score, inputs: Mapping[str, Value], age: Age | None, missing: list[str]) -> Result:
    parts: list[Part] = []
    total = Decimal(0)
    groups: dict[str, Decimal] = {}
    for item_id in dict.fromkeys(item.id for item in score.items):
        variants = [item for item in score.items if item.id == item_id]
        item, lacking = _variant(variants, inputs, age)
        if item is None:
            missing += lacking
            continue
        points = points_of(item, inputs.get(item.input))
        if points is None:
            missing.append(item.input)
            continue
        parts.append(Part(item.id, inputs[item.input], points))
        weighted = item.weight * points
        if item.group:
            groups[item.group] = max(groups.get(item.group, weighted), weighted)
        else:
            total += weighted
    if missing:
        return _incomplete(score, missing, inputs, parts)
    total += sum(groups.values(), Decimal(0))
    grade = _grade(score, total, age) or ""
    single = score.single
    if single and total < single.below and any(one.points >= single.points for one in parts):
        grade = single.grade
    return Result(score.id, score.version, State.COMPLETE, total, grade, parts=tuple(parts))


def points_of(item: Item, value: Value | None) -> int | None:
    """The points of one value; None when it is missing, not testable or no word of the chart."""
    if value is None:
        return None
    if item.choices:
        return item.choices.get(str(value))
    number = _number(value)
    if number is None:
        return None
    shown = _rounded(number, item.step)
    for band in item.bands:
        if (band.low is None or band.low <= shown) and (band.high is None or shown <= band.high):
            return band.points
    return None


def _variant(
    variants: Sequence[Item], inputs: Mapping[str, Value], age: Age | None
) -> tuple[Item | None, list[str]]:
    """The row of the chart that holds for this patient, or what must be known to choose it."""
    lacking: list[str] = []
    for item in variants:
        aged = item.from_months > 0 or item.to_months is not None
        if aged and age and age.outside(item.from_months, item.to_months):
            continue
        if aged and not (age and age.within(item.from_months, item.to_months)):
            lacking.append(AGE_MISSING)
            continue
        unknown = [name for name in item.when if inputs.get(name) is None]
        if any(inputs[name] != item.when[name] for name in item.when if name not in unknown):
            continue
        if not unknown:
            return item, []
        lacking += unknown
    return None, lacking or [variants[0].input]


def _grade(score: Score, value: Decimal, age: Age | None) -> str | None:
    """None when the grades depend on an age that is not known well enough."""
    for_age = [
        grade
        for grade in score.grades
        if (grade.from_months == 0 and grade.to_months is None)
        or (age and age.within(grade.from_months, grade.to_months))
    ]
    if score.grades and not for_age:
        return None
    reached = [grade for grade in for_age if grade.low <= value]
    return max(reached, key=lambda grade: grade.low).code if reached else ""


def _incomplete(
    score: Score,
    missing: Sequence[str],
    inputs: Mapping[str, Value],
    parts: Sequence[Part] = (),
) -> Result:
    names = tuple(dict.fromkeys(missing))
    return Result(
        score.id,
        score.version,
        State.INCOMPLETE,
        missing=names,
        not_testable=tuple(name for name in names if inputs.get(name) == NOT_TESTABLE),
        parts=tuple(parts),
    )


def _number(value: Value | None) -> Decimal | None:
    if value is None or value == NOT_TESTABLE:
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _rounded(number: Decimal, step: Decimal) -> Decimal:
    """Half up, as monitors round: 8.5 breaths are shown as 9."""
    return (number / step).to_integral_value(rounding=ROUND_HALF_UP) * step
