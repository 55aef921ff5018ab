"""The score files, read and checked once. A table with a gap or an overlap is refused."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from dispatch import sources
from ehr_prehospital.vitals.scores.rules import MONTHS, Band, Case, Grade, Item, Score, Single

FOLDER = Path(__file__).parent


class BadTable(ValueError):
    """A score file that must not be used; says which and why."""


@cache
def scores(folder: Path = FOLDER) -> Mapping[str, Score]:
    """Every score by id, in the order of their `place`."""
    rows = sorted(map(sources.read, folder.glob("*.toml")), key=lambda row: int(row["place"]))
    return {row["id"]: score_of(row) for row in rows}


def score_of(row: Mapping[str, Any]) -> Score:
    low, high = months(row.get("age", {}))
    ratio, single = row.get("ratio"), row.get("single")
    score = Score(
        id=row["id"],
        version=row["version"],
        source=row["source"],
        en=row["en"],
        zh=row["zh"],
        from_months=low,
        to_months=high,
        step=Decimal(row.get("step", 1)),
        items=tuple(map(_item, row.get("item", ()))),
        ratio=(ratio[0], ratio[1]) if ratio else None,
        grades=tuple(map(_grade, row.get("grade", ()))),
        single=Single(single["points"], single["grade"], Decimal(single["below"]))
        if single
        else None,
        refused_when=row.get("refused_when", {}),
        cases=tuple(map(_case, row.get("case", ()))),
    )
    for item in score.items:
        check_bands(item.bands, step=item.step, of=f"{score.id}.{item.id}")
        if bool(item.bands) == bool(item.choices):
            raise BadTable(f"{score.id}.{item.id} needs bands or choices")
    if not score.cases:
        raise BadTable(f"{score.id} has no case to check it by")
    return score


def months(age: Mapping[str, int]) -> tuple[int, int | None]:
    """An age range of a file in months; the upper end does not belong to it."""
    low = age.get("from_months", age.get("from_years", 0) * MONTHS)
    if "below_months" in age:
        return low, age["below_months"]
    return low, age["below_years"] * MONTHS if "below_years" in age else None


def _item(row: Mapping[str, Any]) -> Item:
    low, high = months(row.get("age", {}))
    return Item(
        id=row["id"],
        input=row.get("input", row["id"]),
        step=Decimal(row.get("step", 1)),
        bands=tuple(
            Band(_decimal(band.get("from")), _decimal(band.get("to")), band["points"])
            for band in row.get("bands", ())
        ),
        choices=row.get("choices", {}),
        when=row.get("when", {}),
        from_months=low,
        to_months=high,
        weight=Decimal(row.get("weight", 1)),
        group=row.get("group", ""),
    )


def _grade(row: Mapping[str, Any]) -> Grade:
    low, high = months(row.get("age", {}))
    return Grade(row["code"], Decimal(row["from"]), low, high)


def _case(row: Mapping[str, Any]) -> Case:
    inputs = {
        name: value if isinstance(value, str) else float(value)
        for name, value in row["inputs"].items()
    }
    return Case(
        row["source"],
        inputs,
        row.get("age_years"),
        _decimal(row.get("value")),
        row.get("grade", ""),
    )


def _decimal(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def check_bands(bands: Sequence[Band], *, step: Decimal, of: str) -> None:
    """From open to open, each band beginning one step after the one before."""
    if not bands:
        return
    if bands[0].low is not None or bands[-1].high is not None:
        raise BadTable(f"{of}: the first and the last band must be open")
    for before, after in pairwise(bands):
        if before.high is None or after.low is None or after.low != before.high + step:
            raise BadTable(f"{of}: gap or overlap between {before.high} and {after.low}")
        if after.high is not None and after.high < after.low:
            raise BadTable(f"{of}: the band from {after.low} ends before it begins")
