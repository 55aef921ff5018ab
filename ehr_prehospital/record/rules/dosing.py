"""How much of a drug, and what speaks against it. Pure; twin: static/tablet/dosing_rules.js.

A dose never exceeds its maximum: what can be drawn up is rounded down. Without a weight a dose
by weight is refused, never guessed; a weight by age is marked as such by whoever asks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

ADULT_YEARS = 18
FINE_mL = Decimal("0.01")
COARSE_mL = Decimal("0.1")
FINE_BELOW_mL = 1
FIGURES = Decimal("0.001")
MONTHS = 12


class Refused(StrEnum):
    """Why there is no dose."""

    NO_WEIGHT = "no_weight"
    NOT_FOR_AGE = "not_for_age"
    NO_AGE = "no_age"


class Caution(StrEnum):
    """What a person has to weigh before giving."""

    TOO_SOON = "too_soon"
    TOO_MUCH = "too_much"
    TOO_OFTEN = "too_often"
    ALLERGY = "allergy"
    NEVER_WITH = "never_with"
    OUT_OF_BOUNDS = "out_of_bounds"


@dataclass(frozen=True, slots=True)
class Amounts:
    """The first, second… dose, in the drug's unit or by the kilogram; the last one repeats.

    They hold from an age on; `total_per_kg` is the most of all doses together, by the kilogram.
    """

    fixed: tuple[Decimal, ...] = ()
    per_kg: tuple[Decimal, ...] = ()
    most: tuple[Decimal, ...] = ()
    total_per_kg: Decimal | None = None
    from_years: Decimal = Decimal()


@dataclass(frozen=True, slots=True)
class Use:
    """One indication: `repeat_s` is the least interval, `total` the most of all doses together.

    A child's amounts stand youngest first.
    """

    id: str
    routes: tuple[str, ...]
    adult: Amounts | None = None
    child: tuple[Amounts, ...] = ()
    repeat_s: int = 0
    doses: int = 0
    total: Decimal | None = None
    # The vial it is drawn from, by its place among the drug's.
    vial: int = 0
    en: str = ""
    zh: str = ""
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    element: str
    below: Decimal | None = None
    over: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Drug:
    """`per_mL`: what a millilitre of each vial holds; empty where nothing is drawn up.

    `source` and `checked` are those of the bounds and of what it is never given with.
    """

    code: str
    unit: str
    uses: tuple[Use, ...]
    per_mL: tuple[Decimal, ...] = ()  # noqa: N815 - a millilitre is mL
    allergies: tuple[str, ...] = ()
    never_with: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    high_alert: bool = False
    controlled: bool = False
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """`volume_mL` is None where nothing is drawn up; `total` is the most of all doses together."""

    value: Decimal
    unit: str
    volume_mL: Decimal | None  # noqa: N815
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An earlier dose: seconds ago, and how much in the drug's unit."""

    ago_s: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Situation:
    """What the record knows: allergies and own drugs in small letters, newest vital signs."""

    given: Sequence[Given] = ()
    allergies: Collection[str] = ()
    own_drugs: Collection[str] = ()
    vitals: Mapping[str, Decimal] = field(default_factory=dict)


def dose(
    drug: Drug, use: Use, *, age_years: float | None, weight_kg: Decimal | None, before: int
) -> Dose | Refused:
    """The next dose after `before` earlier ones."""
    if age_years is None:
        return Refused.NO_AGE
    amounts = amounts_for(use, age_years)
    if amounts is None:
        return Refused.NOT_FOR_AGE
    if amounts.per_kg:
        if weight_kg is None or weight_kg <= 0:
            return Refused.NO_WEIGHT
        wanted = nth(amounts.per_kg, before) * weight_kg
    else:
        wanted = nth(amounts.fixed, before)
    if amounts.most:
        wanted = min(wanted, nth(amounts.most, before))
    return replace(drawn_up(drug, use, wanted), total=total(use, amounts, weight_kg))


def amounts_for(use: Use, age_years: float) -> Amounts | None:
    """An adult's, or those of the oldest children that this child is old enough for."""
    if age_years >= ADULT_YEARS:
        return use.adult
    return next((one for one in reversed(use.child) if age_years >= one.from_years), None)


def total(use: Use, amounts: Amounts, weight_kg: Decimal | None) -> Decimal | None:
    """The most of all doses together for this patient: a child's goes by its weight, too."""
    by_weight = amounts.total_per_kg * weight_kg if amounts.total_per_kg and weight_kg else None
    return min((most for most in (use.total, by_weight) if most is not None), default=None)


def nth(amounts: tuple[Decimal, ...], before: int) -> Decimal:
    return amounts[min(before, len(amounts) - 1)]


def drawn_up(drug: Drug, use: Use, wanted: Decimal) -> Dose:
    """What a syringe can show, never more than wanted."""
    if not drug.per_mL:
        return Dose(wanted.quantize(FIGURES, ROUND_FLOOR).normalize(), drug.unit, None)
    per_mL = drug.per_mL[use.vial]  # noqa: N806
    volume = wanted / per_mL
    step = FINE_mL if volume < FINE_BELOW_mL else COARSE_mL
    volume = (volume / step).to_integral_value(ROUND_FLOOR) * step
    return Dose((volume * per_mL).normalize(), drug.unit, volume)


def cautions(drug: Drug, use: Use, next_dose: Dose, now: Situation) -> list[Caution]:
    """In the order of Caution; empty when nothing speaks against the dose."""
    found = []
    last_s = min((one.ago_s for one in now.given), default=None)
    if last_s is not None and last_s < use.repeat_s:
        found.append(Caution.TOO_SOON)
    sum_ = sum((one.value for one in now.given), Decimal()) + next_dose.value
    if next_dose.total is not None and sum_ > next_dose.total:
        found.append(Caution.TOO_MUCH)
    if use.doses and len(now.given) >= use.doses:
        found.append(Caution.TOO_OFTEN)
    if names(drug.allergies, now.allergies):
        found.append(Caution.ALLERGY)
    if names(drug.never_with, now.own_drugs):
        found.append(Caution.NEVER_WITH)
    if any(outside(bound, now.vitals) for bound in drug.bounds):
        found.append(Caution.OUT_OF_BOUNDS)
    return found


def names(words: Collection[str], said: Collection[str]) -> bool:
    return any(word in one for word in words for one in said)


def outside(bound: Bound, vitals: Mapping[str, Decimal]) -> bool:
    value = vitals.get(bound.element)
    if value is None:
        return False
    return (bound.below is not None and value < bound.below) or (
        bound.over is not None and value > bound.over
    )


def needs_second_person(drug: Drug, *, age_years: float | None) -> bool:
    """High alert, controlled, and every child: read back and checked by another."""
    return drug.high_alert or drug.controlled or (age_years is not None and age_years < ADULT_YEARS)


@dataclass(frozen=True, slots=True)
class WeightBand:
    below_years: int
    plus: Decimal
    per_month: Decimal = Decimal()
    per_year: Decimal = Decimal()


def weight_by_age(bands: Sequence[WeightBand], age_years: float) -> Decimal | None:
    """Kilograms, or None beyond the last band. Whole years count, under one whole months."""
    for band in bands:
        if age_years < band.below_years:
            months = int(age_years * MONTHS)
            return band.plus + band.per_month * months + band.per_year * int(age_years)
    return None
