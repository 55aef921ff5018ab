"""The record as it stands, as JSON: GET /api/missions/{id}/record/."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dispatch.people.models import User
from ehr_prehospital.record.filled import Filled
from ehr_prehospital.record.items import merge_item, names, patient_item, problem_items, when
from ehr_prehospital.record.rules.completeness import Finding, Kind
from ehr_prehospital.record.rules.merging import Standing
from ehr_prehospital.record.standing import RecordNow


# Any: JSON; the shape is RecordNowOut of handover/record_views.py.
def record_item(now: RecordNow) -> dict[str, Any]:
    record = now.record
    written_as = {one.id: one.element for one in now.entries}
    return {
        "record_id": str(record.pk),
        "mission_id": str(record.mission_id),
        "state": record.state,
        "version": record.version,
        "patient": patient_item(record.encounter.patient, mission_id=record.mission_id),
        "merge": merge_item(now.merge) if now.merge else None,
        "elements": [
            standing_item(one, written_as[one.entry.id], now.authors) for one in now.canonical
        ],
        "filled": [filled_item(one) for one in now.filled],
        "proposals": [filled_item(one) for one in now.proposals],
        "conflicts": [
            {
                "element": one.element,
                "group": str(one.group) if one.group else None,
                "heads": [str(head.id) for head in one.heads],
            }
            for one in now.merged.conflicts
        ],
        "missing": [finding_item(one) for one in now.findings if one.kind is Kind.MISSING],
        "illegal": [finding_item(one) for one in now.findings if one.kind is Kind.ILLEGAL],
    }


def standing_item(one: Standing, written_as: str, authors: Mapping[UUID, User]) -> dict[str, Any]:
    """What stands, with the entry that says it (whose own element may be a first one)."""
    head = one.entry
    return {
        "element": one.element,
        "group": str(one.group) if one.group else None,
        "entry": str(head.id),
        "written_as": written_as,
        "value": head.value,
        "unit": head.unit,
        "route": head.route,
        "not_value": head.not_value,
        "pertinent_negative": head.pertinent_negative,
        "occurred_at": when(head.occurred_at),
        "entered_at": when(head.entered_at),
        "device_at": when(head.device_at),
        "source": head.source,
        "author": names(authors.get(head.author_id) if head.author_id else None),
        "conflict": one.conflict,
        "problems": problem_items(head.problems),
    }


def filled_item(one: Filled) -> dict[str, Any]:
    return {
        "element": one.element,
        "group": str(one.group) if one.group else None,
        "value": one.value,
        "unit": one.unit,
        "en": one.en,
        "zh": one.zh,
        "source": one.source,
        "at": when(one.at),
        "reading_id": one.reading_id,
        "quality": one.quality,
    }


def finding_item(one: Finding) -> dict[str, Any]:
    """`element` and `group` are where to jump to mend it."""
    return {
        "element": one.element,
        "group": str(one.group) if one.group else None,
        "level": one.level,
        "rule": one.rule,
        "source": one.source,
        "official": one.official,
        "en": one.en,
        "zh": one.zh,
    }
