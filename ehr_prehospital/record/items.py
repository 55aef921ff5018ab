"""A patient and an entry as JSON: the same on the boards and in the answers of the API."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dispatch.people.models import User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.record.models import PatientMerge, RecordEntry
from ehr_prehospital.record.rules import Problem
from ehr_prehospital.record.sentences import sentence

Names = dict[str, str]


def when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def names(of: User | None) -> Names | None:
    return {"name_en": of.name_en, "name_zh": of.name_zh} if of else None


def patient_item(patient: Patient, *, mission_id: object) -> dict[str, str | int | None]:
    return {
        "id": str(patient.pk),
        "mission_id": str(mission_id),
        "temporary_number": patient.temporary_number,
        "name": patient.name,
        "sex": patient.sex,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "age_years": patient.age_years,
        "id_type": patient.id_type,
        "id_number": patient.id_number,
        "phone": patient.phone,
    }


def merge_item(merge: PatientMerge) -> dict[str, str | None]:
    """A merge of patients; the known one by its number, never by its name."""
    return {
        "id": str(merge.pk),
        "patient_id": str(merge.patient_id),
        "known_patient_id": str(merge.known_id),
        "known_number": merge.known.temporary_number,
        "merged_at": when(merge.merged_at),
        "parted_at": when(merge.parted_at),
    }


# Any: as JSON has it; the shape is EntryOut of views.py.
def entry_item(row: RecordEntry, *, replaced: bool) -> dict[str, Any]:
    """An entry; `replaced` when a newer one stands in its place, `problems` in words."""
    return {
        "id": str(row.pk),
        "mission_id": str(row.record.mission_id),
        "element": row.element,
        "value": row.value,
        "unit": row.unit,
        "route": row.route,
        "not_value": row.not_value,
        "pertinent_negative": row.pertinent_negative,
        "occurred_at": when(row.occurred_at),
        "entered_at": when(row.entered_at),
        "author": names(row.author),
        "source": row.source,
        "group": str(row.group) if row.group else None,
        "device_at": when(row.device_at),
        "reading_id": row.reading_id,
        "replaces": sorted(str(parent) for parent in row.parents),
        "replaced": replaced,
        "problems": problem_items(row.flaws),
    }


def problem_items(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """What is wrong with an entry: the code, and the sentence in the reader's language."""
    return [{"code": one.code, "text": sentence(one.code, one.params)} for one in problems]


def written_item(row: RecordEntry) -> dict[str, Any]:
    """How an entry was taken: nothing is refused, what makes no sense is flagged."""
    return {
        "id": str(row.pk),
        "state": "flagged" if row.problems else "stored",
        "problems": problem_items(row.flaws),
    }
