"""Doses: worked examples of the guidelines, and what may never happen whatever the patient is."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_prehospital.record.formulary import formulary, weight_bands, written
from ehr_prehospital.record.rules.dosing import (
    Caution,
    Dose,
    Drug,
    Given,
    Refused,
    Situation,
    Use,
    amounts_for,
    cautions,
    dose,
    needs_second_person,
    weight_by_age,
)

USES = [(drug, use) for drug in formulary().values() for use in drug.uses]
NAMES = [f"{drug.code} {use.id}" for drug, use in USES]
ages = st.floats(min_value=0, max_value=110)
weights = st.decimals(min_value="0.5", max_value="300", places=2)
befores = st.integers(min_value=0, max_value=5)
# Of each use; there are some forty of them, and every run draws others.
EXAMPLES = 25


def of(code: str, use: str) -> tuple[Drug, Use]:
    drug = formulary()[code]
    return drug, next(one for one in drug.uses if one.id == use)


def given_to(code: str, use: str, age: float, weight: str | None, before: int = 0) -> object:
    drug, found = of(code, use)
    kilograms = None if weight is None else Decimal(weight)
    return dose(drug, found, age_years=age, weight_kg=kilograms, before=before)


@pytest.mark.parametrize(
    ("code", "use", "age", "weight", "before", "value", "volume"),
    [
        ("adrenaline", "arrest", 40, None, 0, "1", "10"),
        ("adrenaline", "arrest", 4, "16", 0, "0.16", "1.6"),
        ("adrenaline", "anaphylaxis", 40, None, 0, "0.5", "0.5"),
        ("adrenaline", "anaphylaxis", 5, "18", 0, "0.18", "0.18"),
        ("adrenaline", "anaphylaxis", 12, "45", 0, "0.3", "0.3"),
        ("amiodarone", "arrest", 60, None, 0, "300", "6"),
        ("amiodarone", "arrest", 60, None, 1, "150", "3"),
        ("amiodarone", "arrest", 4, "16", 0, "80", "1.6"),
        ("midazolam", "seizure", 3, "14", 0, "2.8", "0.56"),
        ("midazolam", "seizure", 10, "60", 0, "10", "2"),
        ("adenosine", "svt", 30, None, 2, "12", "4"),
        ("aspirin", "acs", 58, None, 0, "300", None),
        ("tranexamic_acid", "bleeding", 6, "20", 0, "300", "3"),
        ("saline", "bolus", 1, "10", 0, "100", None),
        ("salbutamol", "asthma", 5.9, None, 0, "2.5", None),
        ("salbutamol", "asthma", 6, None, 0, "5", None),
        ("lidocaine", "arrest", 16, "60", 1, "50", "2.5"),
    ],
)
def test_worked_examples(
    code: str, use: str, age: float, weight: str | None, before: int, value: str, volume: str | None
) -> None:
    found = given_to(code, use, age, weight, before)

    assert isinstance(found, Dose)
    assert found.value == Decimal(value)
    assert found.volume_mL == (None if volume is None else Decimal(volume))


def test_a_child_without_a_weight_and_anybody_without_an_age_is_refused() -> None:
    assert given_to("adrenaline", "arrest", 4, None) is Refused.NO_WEIGHT
    assert given_to("adrenaline", "arrest", 4, "0") is Refused.NO_WEIGHT
    assert given_to("aspirin", "acs", 8, "30") is Refused.NOT_FOR_AGE
    assert dose(*of("aspirin", "acs"), age_years=None, weight_kg=None, before=0) is Refused.NO_AGE


@pytest.mark.parametrize(("drug", "use"), USES, ids=NAMES)
@settings(max_examples=EXAMPLES)
@given(age=ages, weight=weights, before=befores)
def test_no_dose_is_above_its_maximum_and_none_is_negative(
    drug: Drug, use: Use, age: float, weight: Decimal, before: int
) -> None:
    found = dose(drug, use, age_years=age, weight_kg=weight, before=before)

    amounts = amounts_for(use, age)
    if amounts is None:
        assert found is Refused.NOT_FOR_AGE
        return
    assert isinstance(found, Dose)
    highest = amounts.most or amounts.fixed
    assert 0 <= found.value <= max(highest)
    if amounts.per_kg:
        assert found.value <= max(amounts.per_kg) * weight
    if found.volume_mL is not None:
        assert found.volume_mL * drug.per_mL[use.vial] == found.value


@pytest.mark.parametrize(("drug", "use"), USES, ids=NAMES)
@settings(max_examples=EXAMPLES)
@given(age=ages, lighter=weights, heavier=weights, before=befores)
def test_who_weighs_more_is_never_given_less(
    drug: Drug, use: Use, age: float, lighter: Decimal, heavier: Decimal, before: int
) -> None:
    low, high = sorted((lighter, heavier))

    first = dose(drug, use, age_years=age, weight_kg=low, before=before)
    second = dose(drug, use, age_years=age, weight_kg=high, before=before)

    if isinstance(first, Dose):
        assert isinstance(second, Dose)
        assert first.value <= second.value
    else:
        assert first is second


@pytest.mark.parametrize(("drug", "use"), USES, ids=NAMES)
def test_a_dose_by_weight_is_never_guessed(drug: Drug, use: Use) -> None:
    for age in (5, 50):
        amounts = amounts_for(use, age)
        if amounts and amounts.per_kg:
            found = dose(drug, use, age_years=age, weight_kg=None, before=0)
            assert found is Refused.NO_WEIGHT


@pytest.mark.parametrize(
    ("situation", "caution"),
    [
        (Situation(given=[Given(299, Decimal("0.5"))]), Caution.TOO_SOON),
        (Situation(given=[Given(300, Decimal("1.25"))]), Caution.TOO_MUCH),
        (Situation(allergies=["allergy to nitrates"]), Caution.ALLERGY),
        (Situation(own_drugs=["西地那非"]), Caution.NEVER_WITH),
        (Situation(vitals={"vital.systolic": Decimal(89)}), Caution.OUT_OF_BOUNDS),
    ],
)
def test_what_speaks_against_nitrate(situation: Situation, caution: Caution) -> None:
    drug, use = of("nitroglycerin", "angina")
    next_dose = dose(drug, use, age_years=60, weight_kg=None, before=0)
    assert isinstance(next_dose, Dose)

    assert cautions(drug, use, next_dose, situation) == [caution]


def test_at_the_bounds_nothing_speaks_against_it() -> None:
    drug, use = of("nitroglycerin", "angina")
    next_dose = dose(drug, use, age_years=60, weight_kg=None, before=1)
    assert isinstance(next_dose, Dose)
    now = Situation(
        given=[Given(300, Decimal(1))],
        allergies=["penicillin"],
        own_drugs=["aspirin"],
        vitals={"vital.systolic": Decimal(90), "vital.heart_rate": Decimal(50)},
    )

    assert cautions(drug, use, next_dose, now) == []


def test_a_third_dose_of_amiodarone_is_one_too_many() -> None:
    drug, use = of("amiodarone", "arrest")
    next_dose = dose(drug, use, age_years=60, weight_kg=None, before=2)
    assert isinstance(next_dose, Dose)
    earlier = [Given(900, Decimal(300)), Given(500, Decimal(150))]

    assert cautions(drug, use, next_dose, Situation(given=earlier)) == [Caution.TOO_OFTEN]


@pytest.mark.parametrize(
    ("code", "use", "weight", "doses"),
    [
        ("morphine", "pain", "10", 2),
        ("fentanyl", "pain", "20", 3),
        ("ketamine", "pain", "10", 2),
        ("atropine", "bradycardia", "10", 2),
        ("ondansetron", "nausea", "20", 2),
    ],
)
def test_all_doses_of_a_child_together_go_by_its_weight(
    code: str, use: str, weight: str, doses: int
) -> None:
    drug, found = of(code, use)
    one = dose(drug, found, age_years=4, weight_kg=Decimal(weight), before=0)
    assert isinstance(one, Dose)
    long_ago = Given(90_000, one.value)

    last = Situation(given=[long_ago] * (doses - 1))
    too_many = Situation(given=[long_ago] * doses)

    assert cautions(drug, found, one, last) == []
    assert cautions(drug, found, one, too_many) == [Caution.TOO_MUCH]


def test_no_opioid_for_an_infant_and_no_ketamine_for_a_toddler() -> None:
    for code, use, years in (
        ("morphine", "pain", 1),
        ("fentanyl", "pain_nose", 1),
        ("ketamine", "pain", 3),
    ):
        assert given_to(code, use, years - 0.1, "9") is Refused.NOT_FOR_AGE
        assert isinstance(given_to(code, use, years, "10"), Dose)


def test_controlled_drugs_high_alert_and_children_want_a_second_person() -> None:
    drugs = formulary()

    assert needs_second_person(drugs["morphine"], age_years=50)
    assert needs_second_person(drugs["heparin"], age_years=50)
    assert not needs_second_person(drugs["aspirin"], age_years=50)
    assert needs_second_person(drugs["salbutamol"], age_years=6)


@pytest.mark.parametrize(
    ("age", "weight"),
    [(0, "4"), (0.5, "7"), (1, "10"), (5, "18"), (6, "25"), (12, "43"), (13, None)],
)
def test_weight_by_age_is_the_named_formula(age: float, weight: str | None) -> None:
    found = weight_by_age(weight_bands(), age)

    assert found == (None if weight is None else Decimal(weight))


def test_every_use_names_its_source_and_nothing_is_signed_by_itself() -> None:
    assert all(use.source and use.en and use.zh for _, use in USES)
    assert written()["signed"] == {"by": "", "on": ""}
