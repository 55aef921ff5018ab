"""The forms and the arrest protocol as their files give them, as the JSON that tablets judge by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dispatch import sources
from ehr_prehospital.record.rules.forms import Band, Clause, Criterion, Form, Item, Option, Type

FOLDER = Path(__file__).with_name("forms")
# What else the tablet counts by: the arrest protocol, burnt surface, what is signed under.
CHARTS = ("arrest", "burns", "statements")
YES_NO = (("yes", "Yes", "是"), ("no", "No", "否"), ("unknown", "Unknown", "不详"))


@cache
def forms(folder: Path = FOLDER) -> Mapping[str, Form]:
    """Id → form; a file that names what it lacks raises here, at the first reading."""
    return {file.stem: form_in(file) for file in sorted(folder.glob("*.toml"))}


def form_in(file: Path) -> Form:
    row = sources.read(file)
    form = Form(
        id=file.stem,
        version=row["version"],
        source=row["source"],
        checked=row["checked"],
        en=row["en"],
        zh=row["zh"],
        score=row.get("score", ""),
        items=tuple(item(name, one) for name, one in row["item"].items()),
        bands=tuple(
            Band(**{**one, "proposes": tuple(one.get("proposes", {}).items())})
            for one in row["band"]
        ),
        criteria=tuple(criterion(name, one) for name, one in row.get("criterion", {}).items()),
    )
    ids = {one.id for one in form.items} | {""}
    named = {name for one in form.criteria for c in one.clauses for name in (c.item, c.other)}
    if lost := (named | {one.visible_item for one in form.items}) - ids:
        raise ValueError(f"{file.name}: no item {', '.join(sorted(lost))}")
    return form


# Any: a row of TOML, whose shape the class checks by its names.
def item(name: str, row: Mapping[str, Any]) -> Item:
    kind = Type(row["type"])
    points = row.get("points")
    options = [Option(code, **one) for code, one in row.get("options", {}).items()]
    if kind is Type.YES_NO:
        worth = {"yes": points, "no": None if points is None else 0}
        options = [Option(code, en, zh, worth.get(code)) for code, en, zh in YES_NO]
    seen = row.get("visible_if", {})
    return Item(
        id=name,
        type=kind,
        section=row.get("section", ""),
        en=row["en"],
        zh=row["zh"],
        options=tuple(options),
        origin=row.get("from", ""),
        visible_item=seen.get("item", ""),
        visible_is=seen.get("is", ""),
    )


# Any: as above.
def criterion(name: str, row: Mapping[str, Any]) -> Criterion:
    clauses = row.get("when", [{"item": name, "equals": "yes"}])
    return Criterion(
        id=name,
        band=row["band"],
        en=row["en"],
        zh=row["zh"],
        clauses=tuple(clause(one) for one in clauses),
        element=row.get("element", ""),
        code=row.get("code", ""),
    )


# Any: as above.
def clause(row: Mapping[str, Any]) -> Clause:
    numbers = {name: Decimal(row[name]) for name in ("below", "over", "times") if name in row}
    return Clause(row["item"], equals=row.get("equals", ""), other=row.get("other", ""), **numbers)


# Any: a file of TOML as it stands.
@cache
def chart(name: str) -> Mapping[str, Any]:
    return sources.read(FOLDER.with_name(f"{name}.toml"))


@cache
def forms_bytes() -> bytes:
    found = {
        "forms": {one.id: asdict(one) for one in forms().values()},
        **{name: chart(name) for name in CHARTS},
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), default=float).encode()


@cache
def forms_etag() -> str:
    return f'"{hashlib.sha256(forms_bytes()).hexdigest()[:32]}"'
