"""The catalogue as one JSON text: elements, tables and rules as they are, for tablets."""

import hashlib
import json
from functools import cache
from typing import Any

from ehr_prehospital.record.catalogue import Element, code_lists, elements, groups
from ehr_prehospital.record.rulebook import Condition, Rule, cases, rules, texts


# Any: JSON.
@cache
def catalogue_item() -> dict[str, Any]:
    used = {"not_value", "pertinent_negative", "unit"} | {
        one.table for one in elements().values() if one.table
    }
    return {
        "groups": {
            group.code: {"en": group.en, "zh": group.zh, "repeats": group.repeats}
            for group in groups().values()
        },
        "elements": {code: element_item(one) for code, one in elements().items()},
        "tables": {
            name: {
                code: {"en": term.en, "zh": term.zh} for code, term in code_lists()[name].items()
            }
            for name in sorted(used)
        },
        "cases": {
            name: [[condition_item(one) for one in every] for every in case]
            for name, case in cases().items()
        },
        "rules": [rule_item(one) for one in rules()],
    }


def condition_item(one: Condition) -> dict[str, Any]:
    if one.recorded:
        return {"element": one.element, "recorded": True}
    if one.among:
        return {"element": one.element, "in": list(one.among)}
    return {"element": one.element, "not_in": list(one.not_among)}


def rule_item(one: Rule) -> dict[str, Any]:
    en, zh = texts(one)
    return {
        "id": one.id,
        "source": one.source,
        "official": one.official,
        "level": one.level,
        "element": one.element,
        "must": one.must,
        "when": one.when,
        "values": list(one.values),
        "against": list(one.against),
        "other": one.other,
        "en": en,
        "zh": zh,
    }


def element_item(one: Element) -> dict[str, Any]:
    return {
        "group": one.group,
        "en": one.en,
        "zh": one.zh,
        "type": one.type,
        "occurs": one.occurs,
        "many": one.many,
        "table": one.table,
        "open": one.open,
        "units": {unit: list(bounds) for unit, bounds in one.units.items()},
        "longest": one.longest,
        "level": one.level,
        "when": one.when,
        "nv": list(one.nv),
        "pn": list(one.pn),
        "nemsis": one.nemsis,
        "from": list(one.filled_from),
        "reading": one.reading,
    }


@cache
def catalogue_bytes() -> bytes:
    return json.dumps(catalogue_item(), ensure_ascii=False, separators=(",", ":")).encode()


@cache
def catalogue_etag() -> str:
    """Changes exactly when the text does."""
    return f'"{hashlib.sha256(catalogue_bytes()).hexdigest()[:32]}"'
