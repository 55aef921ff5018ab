"""The formulary as formulary.toml gives it, read once, and as the JSON that tablets dose by."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dispatch import sources
from ehr_prehospital.record.rules.dosing import Amounts, Bound, Drug, Use, WeightBand
from ehr_prehospital.record.terms import Term, tables

FILE = Path(__file__).with_name("formulary.toml")


# Any: a file of TOML, whose shape the classes check by their names.
@cache
def written(file: Path = FILE) -> Mapping[str, Any]:
    return sources.read(file)


@cache
def formulary() -> Mapping[str, Drug]:
    """Code → drug; one that the record does not know raises here, at the first reading."""
    drugs = {code: drug_in(code, row) for code, row in written()["drug"].items()}
    if unknown := drugs.keys() - tables()["drug"].keys():
        raise ValueError(f"{FILE.name}: unknown drugs {', '.join(sorted(unknown))}")
    return drugs


def use_terms() -> Mapping[str, Term]:
    """What a drug is given for, as codes: `adrenaline.arrest`."""
    return {
        f"{drug}.{use['id']}": Term(en=use["en"], zh=use["zh"])
        for drug, row in written()["drug"].items()
        for use in row["uses"]
    }


def weight_bands() -> tuple[WeightBand, ...]:
    return tuple(WeightBand(**row) for row in written()["weight"]["bands"])


# Any: as above.
def drug_in(code: str, row: Mapping[str, Any]) -> Drug:
    return Drug(
        code=code,
        unit=row["unit"],
        uses=tuple(use_in(one) for one in row["uses"]),
        per_mL=tuple(vial["per_mL"] for vial in row["vials"]),
        allergies=tuple(row.get("allergies", ())),
        never_with=tuple(row.get("never_with", ())),
        bounds=tuple(Bound(**one) for one in row.get("bounds", ())),
        high_alert=row.get("high_alert", False),
        controlled=row.get("controlled", False),
        source=row.get("source", ""),
        checked=row.get("checked", ""),
    )


# Any: as above.
def use_in(row: Mapping[str, Any]) -> Use:
    rest = {**sources.plain(row), "checked": row["checked"], "routes": tuple(row["routes"])}
    adult = amounts(row["adult"]) if "adult" in row else None
    child = tuple(amounts(one) for one in row.get("child", ()))
    return Use(**{**rest, "adult": adult, "child": child})


# Any: as above.
def amounts(row: Mapping[str, Any]) -> Amounts:
    return Amounts(
        **{name: tuple(row.get(name, ())) for name in ("fixed", "per_kg", "most")},
        total_per_kg=row.get("total_per_kg"),
        from_years=row.get("from_years", Decimal()),
    )


@cache
def formulary_bytes() -> bytes:
    formulary()
    return json.dumps(written(), ensure_ascii=False, separators=(",", ":"), default=float).encode()


@cache
def formulary_etag() -> str:
    return f'"{hashlib.sha256(formulary_bytes()).hexdigest()[:32]}"'
