"""Patients of every age and weight and their doses, for the tablet's twin of the rules.

`python -m tests.rules.dosing_cases` writes the file again.
"""

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from ehr_prehospital.record.formulary import formulary, formulary_bytes, weight_bands
from ehr_prehospital.record.rules.dosing import (
    Dose,
    Drug,
    Given,
    Situation,
    Use,
    cautions,
    dose,
    needs_second_person,
    weight_by_age,
)

FILE = Path(__file__).parent / "cases" / "dosing.json"
AGES = (None, 0, 0.25, 0.5, 1, 3, 5.5, 6, 10, 12, 13, 17, 18, 40, 90)
WEIGHTS = (None, "0", "3.2", "4.75", "9", "12.5", "20", "31", "55", "80", "143.5")
AGO_S = (10, 59, 60, 119, 179, 180, 299, 300, 599, 600, 4000)


def case(drug: Drug, place: int, use: Use, random: Random) -> dict[str, Any]:  # Any: JSON
    age, kilograms = random.choice(AGES), random.choice(WEIGHTS)
    weight = None if kilograms is None else Decimal(kilograms)
    given = [
        Given(random.choice(AGO_S), Decimal(random.choice((1, 2, 5, 10))))
        for _ in range(random.choice((0, 0, 1, 2, 4)))
    ]
    allergies = random.choice(([], ["pollen"], ["allergic to aspirin"], ["青霉素", "吗啡"]))
    own = random.choice(([], ["sildenafil 50 mg"], ["metformin"]))
    vitals = random.choice(
        ({}, {"vital.systolic": 85, "vital.respiratory_rate": 9}, {"vital.glucose": 7.5})
    )
    found = dose(drug, use, age_years=age, weight_kg=weight, before=len(given))
    now = Situation(given, allergies, own, {k: Decimal(str(v)) for k, v in vitals.items()})
    return {
        "drug": drug.code,
        "use": place,
        "patient": {
            "age_years": age,
            "weight_kg": None if weight is None else float(weight),
            "before": len(given),
        },
        "now": {
            "given": [{"ago_s": one.ago_s, "value": float(one.value)} for one in given],
            "allergies": allergies,
            "own_drugs": own,
            "vitals": vitals,
        },
        "result": {
            **shown(found),
            "cautions": cautions(drug, use, found, now) if isinstance(found, Dose) else [],
            "second": needs_second_person(drug, age_years=age),
        },
    }


def shown(found: object) -> dict[str, Any]:  # Any: JSON
    if not isinstance(found, Dose):
        return {"refused": found}
    volume = None if found.volume_mL is None else float(found.volume_mL)
    total = None if found.total is None else float(found.total)
    return {
        "value": float(found.value),
        "unit": found.unit,
        "volume_mL": volume,
        "total": total,
    }


def text() -> str:
    random = Random(6)
    rows = [
        case(drug, place, use, random)
        for drug in formulary().values()
        for place, use in enumerate(drug.uses)
        for _ in range(12)
    ]
    weights = [
        {"age_years": age, "weight_kg": None if kilograms is None else float(kilograms)}
        for age in AGES
        if age is not None
        for kilograms in [weight_by_age(weight_bands(), age)]
    ]
    found = {"formulary": json.loads(formulary_bytes()), "doses": rows, "weights": weights}
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
