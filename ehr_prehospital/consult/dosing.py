"""What speaks against a drug that is ordered: the formulary's rules over the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.timezone import localdate

from dispatch.fleet.models import Mission
from ehr_prehospital.access.queries import encounter_of
from ehr_prehospital.record.formulary import formulary
from ehr_prehospital.record.queries import entries_of, record_of
from ehr_prehospital.record.rules.dosing import (
    Dose,
    Drug,
    Given,
    Refused,
    Situation,
    Use,
    amounts_for,
    cautions,
    dose,
    total,
)
from ehr_prehospital.record.rules.merging import Standing, merge
from ehr_prehospital.record.terms import tables

# An amount in milligrams by its unit.
MASS = {"g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001")}
DAYS_A_YEAR = 365.25


def against(
    mission: Mission,
    *,
    code: str,
    use_id: str,
    value: Decimal,
    unit: str,
    route: str,
    now: datetime,
) -> list[str]:
    """Codes of words.CAUTIONS, empty when nothing speaks against the order."""
    drug = formulary().get(code)
    use = next((one for one in drug.uses if one.id == use_id), None) if drug else None
    if drug is None or use is None:
        return ["not_in_formulary"]
    if unit != drug.unit:
        return ["other_unit"]
    standing = standing_of(mission)
    given = given_of(standing, drug, now)
    age, weight = age_of(mission, standing), weight_of(standing)
    wanted = dose(drug, use, age_years=age, weight_kg=weight, before=len(given))
    found = [] if route in use.routes else ["other_route"]
    if isinstance(wanted, Refused):
        found.append(str(wanted))
    elif value > wanted.value:
        found.append("above_dose")
    measured = Dose(value, unit, None, total=total_of(use, age, weight))
    situation = Situation(
        given=given,
        allergies=texts(standing, "allergy", "history.allergy", "history.other_allergy"),
        own_drugs=texts(standing, "history.medication", "history.drug"),
        vitals=vitals_of(standing),
    )
    return [*found, *(str(one) for one in cautions(drug, use, measured, situation))]


def standing_of(mission: Mission) -> Sequence[Standing]:
    record = record_of(mission)
    return merge(entries_of(record)).standing if record else ()


def total_of(use: Use, age: float | None, weight: Decimal | None) -> Decimal | None:
    amounts = amounts_for(use, age) if age is not None else None
    return total(use, amounts, weight) if amounts else use.total


def age_of(mission: Mission, standing: Sequence[Standing]) -> float | None:
    """Of the patient as identified, else as the caller said."""
    encounter = encounter_of(mission)
    patient = encounter.patient if encounter else None
    if patient and patient.birth_date:
        return (localdate() - patient.birth_date).days / DAYS_A_YEAR
    if patient and patient.age_years is not None:
        return float(patient.age_years)
    written = newest(standing, "identity.age_years")
    if written is not None:
        return float(written)
    said = mission.incident.patient_age_years
    return None if said is None else float(said)


def weight_of(standing: Sequence[Standing]) -> Decimal | None:
    weight = newest(standing, "body.weight")
    return weight if weight is not None and weight > 0 else None


def newest(standing: Sequence[Standing], element: str) -> Decimal | None:
    rows = [one for one in standing if one.element == element]
    return decimal(rows[-1].entry.value) if rows else None


def given_of(standing: Sequence[Standing], drug: Drug, now: datetime) -> list[Given]:
    """Earlier doses of this drug, in its unit; in the first words and in the catalogue's."""
    groups: dict[UUID, dict[str, Standing]] = {}
    for one in standing:
        if one.group and one.element.startswith("medication."):
            groups.setdefault(one.group, {})[one.element] = one
    found = []
    for group in groups.values():
        named = group.get("medication.drug")
        if named and named.entry.value == drug.code and not named.entry.pertinent_negative:
            amount = group.get("medication.dose")
            found.append(given(amount or named, drug, now, counted=amount is not None))
    first = [
        given(one, drug, now, counted=True)
        for one in standing
        if one.element == f"drug.{drug.code}" and not one.entry.pertinent_negative
    ]
    return [*found, *first]


def given(one: Standing, drug: Drug, now: datetime, *, counted: bool) -> Given:
    value = in_unit(one.entry.value, one.entry.unit, drug.unit) if counted else None
    ago_s = max(0.0, (now - one.entry.occurred_at).total_seconds())
    return Given(ago_s=ago_s, value=value or Decimal())


def in_unit(value: str, unit: str, wanted: str) -> Decimal | None:
    amount = decimal(value)
    if amount is None or unit == wanted:
        return amount
    return amount * MASS[unit] / MASS[wanted] if {unit, wanted} <= MASS.keys() else None


def decimal(value: str) -> Decimal | None:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def texts(standing: Sequence[Standing], *elements: str) -> list[str]:
    """What these elements say, codes with their words in both languages, in small letters."""
    words = {code: f"{code} {term.en} {term.zh}" for code, term in tables()["drug"].items()}
    return [
        words.get(head.value, head.value).lower()
        for one in standing
        if one.element in elements
        for head in one.heads
        if not head.pertinent_negative and not head.not_value
    ]


def vitals_of(standing: Sequence[Standing]) -> Mapping[str, Decimal]:
    found = {}
    for one in standing:
        if one.element.startswith("vital."):
            value = decimal(one.entry.value)
            if value is not None and one.entry.unit != "mg/dL":
                found[one.element] = value
    return found
