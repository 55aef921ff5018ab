"""A record as one JSON document of Chinese fields, each with its identifier and how sure that is.

Fields and identifiers: mapping.toml. Nothing is left out: what no row names keeps the
catalogue's Chinese name, and elements of other standards stand under their own codes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ehr_prehospital.exchange.canonical import CanonicalRecord, Statement
from ehr_prehospital.exchange.cn.mapping import Field, State, table
from ehr_prehospital.record.catalogue import Kind, code_lists, elements
from ehr_prehospital.record.rules.statements_of import words_of

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """A value as the field wants it, beside the label that people read."""

    value: str
    label: str
    unit: str = ""
    code_set: str = ""
    code_state: str = ""


def export(record: CanonicalRecord) -> bytes:
    """UTF-8 JSON; the same record gives the same bytes."""
    known = table()
    document = {
        "standards": list(known.standards),
        "mapping": known.version,
        "record": str(record.id),
        "version": record.version,
        "written_at": dt15(record.written_at),
        "fields": [row for one in record.statements for row in rows_of(one, record)],
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "at": dt15(file.occurred_at),
            }
            for file in record.enclosures
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def rows_of(one: Statement, record: CanonicalRecord) -> Iterator[Row]:
    for field in fields_of(one, record):
        told = told_in(field, one)
        if told is None:
            continue
        yield {
            "field": field.name,
            "identifier": field.id or None,
            "state": field.state,
            "value": told.value,
            "label": told.label,
            "unit": told.unit,
            "code_set": told.code_set or None,
            "code_state": told.code_state or None,
            "reason": reason(one),
            "element": one.element,
            "written": one.value,
            "group": str(one.group) if one.group else None,
            "at": dt15(one.occurred_at) if one.occurred_at else None,
        }


def fields_of(one: Statement, record: CanonicalRecord) -> tuple[Field, ...]:
    """The rows that count for a statement; one by the catalogue where there is none."""
    rows = [row for row in table().fields.get(one.element, ()) if counts(row, one, record)]
    if not rows:
        known = elements().get(one.element)
        name = known.zh if known else one.element
        return (Field(one.element, name, State.TO_BE_CONFIRMED),)
    return tuple(row for number, row in enumerate(rows) if not repeats(row, rows[:number]))


def repeats(row: Field, before: list[Field]) -> bool:
    return any(earlier.codes == row.codes for earlier in before)


def counts(row: Field, one: Statement, record: CanonicalRecord) -> bool:
    if row.units and one.unit not in row.units:
        return False
    if not row.of:
        return True
    beside = {other.value for other in record.every(row.of) if other.group == one.group}
    return bool(beside & set(row.among))


def told_in(field: Field, one: Statement) -> Told | None:
    """None where the row wants a diagnosis code that the value does not have."""
    if not one.value:
        return None if field.codes == "icd10" else Told("", "")
    known = elements().get(one.element)
    label = one.zh or (words_of(one.element, one.value, one.unit)[1] if known else one.value)
    if field.codes:
        return coded(field, one, label)
    if field.form:
        return Told(formed(field.form, one.value), label)
    if known and known.type is Kind.NUMBER:
        return measured(field, one)
    return Told(label if known and known.type is Kind.CODE else one.zh or one.value, label)


def coded(field: Field, one: Statement, label: str) -> Told | None:
    found = table().sets[field.codes]
    term = elements()[one.element].codes.get(one.value)
    code = found.codes.get(one.value, "") or (term.codes.get(field.codes, "") if term else "")
    if not code and field.codes == "icd10":
        return None
    return Told(code, label, code_set=found.name, code_state=found.state.value)


def measured(field: Field, one: Statement) -> Told:
    """A number in the unit of the form; in its own where no way leads there."""
    known = table()
    unit = known.signs.get(one.unit, one.unit)
    value = one.value
    by = known.conversions.get((unit, field.unit))
    if by:
        try:
            value = f"{float(one.value) * by.by:.{by.digits}f}"
        except ValueError:
            return Told(one.value, one.value, unit)  # flagged when written, told as written
        unit = field.unit
    term = code_lists()["unit"].get(unit)
    shown = term.zh if term else unit
    return Told(value, f"{value} {shown}".strip(), "" if unit == "1" else unit)


def formed(form: str, text: str) -> str:
    """A time as YYYYMMDDThhmmss, a date as YYYYMMDD; as written where it is neither."""
    try:
        if form == "D8":
            return f"{date.fromisoformat(text[:10]):%Y%m%d}"
        return dt15(datetime.fromisoformat(text))
    except ValueError:
        return text


def dt15(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(table().zone)) if at.tzinfo else at
    return f"{local:%Y%m%dT%H%M%S}"


def reason(one: Statement) -> str | None:
    """Why there is no value, in Chinese."""
    for name, code in (
        ("pertinent_negative", one.pertinent_negative),
        ("not_value", one.not_value),
    ):
        if code:
            term = code_lists()[name].get(code)
            return term.zh if term else code
    return None
