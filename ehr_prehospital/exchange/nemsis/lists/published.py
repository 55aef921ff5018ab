"""The official codes for our own elements as one JSON text, for tablets."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import Max

from ehr_prehospital.exchange.nemsis.lists.models import OfficialCode, OfficialList
from ehr_prehospital.exchange.nemsis.mapping import Row, codes_of, table, terms_by
from ehr_prehospital.record.catalogue import Kind, code_lists

Published = tuple[str, str, str, str, str]


def published() -> tuple[bytes, str]:
    """The text and its ETag; made anew only after lists were loaded."""
    loaded_at = OfficialList.objects.aggregate(at=Max("loaded_at"))["at"]
    return _text(loaded_at)


@lru_cache(maxsize=1)
def _text(_loaded_at: datetime | None) -> tuple[bytes, str]:
    said = {
        "versions": dict(
            OfficialList.objects.exclude(version="").order_by("name").values_list("name", "version")
        ),
        "elements": by_our_elements(),
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def by_our_elements() -> dict[str, list[Published]]:
    """Our element → its official codes as (value, English, Chinese, category, own).

    A value is as the record keeps it: `icd10:I21.3`. `own` is the term of ours that is written
    as exactly this code: it is what a record says, for doses, allergies, alerts and choices of a
    hospital know our terms. Chinese is there where a term of ours has the code.
    """
    by_name: dict[str, list[OfficialCode]] = {}
    for one in OfficialCode.objects.select_related("list").order_by("list__name", "place"):
        for element in one.list.elements:
            by_name.setdefault(element, []).append(one)
    return {
        row.ours.code: [
            (
                f"{one.system}:{one.code}",
                one.name,
                chinese(row.ours.table).get(f"{one.system}:{one.code}", ""),
                one.category,
                own(row, one),
            )
            for one in by_name[name]
        ]
        for name, rows in table().rows.items()
        if name in by_name
        for row in rows
        if row.ours.type is Kind.CODE
    }


def own(row: Row, one: OfficialCode) -> str:
    """Our term for a code, if it is written as this code and no other."""
    term = terms_by(row.ours.table, one.system).get(one.code, "")
    return term if term and row.code_of(term) == (one.code, one.system) else ""


def chinese(name: str) -> Mapping[str, str]:
    """Code with its system → the Chinese word of our term that has it."""
    terms = code_lists().get(name, {})
    return {
        f"{system}:{code}": terms[term].zh
        for term, codes in codes_of(name).items()
        for system, code in codes.items()
        if term in terms
    }
