"""An ECG as JSON: the same on the boards and in the answers of the API."""

from base64 import b64encode

from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.ecg.rules import LEADS

EcgItem = dict[str, "str | int | float | list[str] | dict[str, str] | None"]


def ecg_item(row: Ecg) -> EcgItem:
    author = row.author
    return {
        "id": str(row.pk),
        "mission_id": str(row.mission_id) if row.mission_id else None,
        "state": row.state,
        "fault": row.fault,
        "notes": row.notes.split(),
        "format": row.format,
        "name": row.name,
        "source": row.source,
        "author": {"name_en": author.name_en, "name_zh": author.name_zh} if author else None,
        "occurred_at": row.occurred_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "told_at": row.told_at,
        "rate_hz": row.rate_hz,
        "count": row.count,
    }


def drawn_item(row: Ecg) -> EcgItem:
    """With the samples: twelve leads one after the other, int16 little-endian microvolts."""
    samples = b64encode(bytes(row.samples)).decode() if row.samples else ""
    return {**ecg_item(row), "leads": list(LEADS), "samples": samples}
