"""The allocation code of a patient: indication-age-urgency, for a glance and for the telephone."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.utils.timezone import localdate

from ehr_prehospital.handover.models import Handover
from ehr_prehospital.pathways.models import Pathway
from ehr_prehospital.pathways.rules import State as PathwayState
from ehr_prehospital.record.findings import IMPRESSIONS, ages_of
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import replaced_in

FILE = Path(__file__).with_name("allocation.toml")
OTHER = 999
NO_AGE = "--"
OLDEST = 99
TRIAGE = "scene.triage"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one patient, each "" or None where it is not."""

    pathways: Sequence[str] = ()
    impression: str = ""
    complaint: str = ""
    age_years: int | None = None
    triage: str = ""
    priority: int = 3


@cache
def table() -> Mapping[str, Mapping[str, int]]:
    return {
        name: row
        for name, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
        if isinstance(row, dict)
    }


def allocation_code(known: Known) -> str:
    """`211-76-1`. Of several pathways the one that stands first in the table counts."""
    codes = table()
    open_ones = [code for kind, code in codes["pathway"].items() if kind in known.pathways]
    indication = (
        (open_ones[0] if open_ones else None)
        or codes["impression"].get(known.impression)
        or codes["complaint"].get(known.complaint)
        or OTHER
    )
    age = NO_AGE if known.age_years is None else f"{min(known.age_years, OLDEST):02d}"
    urgency = codes["triage"].get(known.triage) or codes["priority"].get(str(known.priority), 3)
    return f"{indication:03d}-{age}-{urgency}"


def urgency_of(code: str) -> int:
    return int(code.rsplit("-", 1)[1])


def allocation_codes(rows: Sequence[Handover], *, clinical: bool, now: datetime) -> dict[UUID, str]:
    """Handover → code. Not clinical: by what the desk knows itself, never by the record."""
    missions = [row.mission_id for row in rows]
    pathways: dict[UUID, list[str]] = {}
    for mission_id, kind in Pathway.objects.filter(
        mission__in=missions, state=PathwayState.OPEN
    ).values_list("mission", "kind"):
        pathways.setdefault(mission_id, []).append(kind)
    said = newest_words(missions) if clinical else {}
    ages = ages_of(missions, today=localdate(now)) if clinical else {}
    found = {}
    for row in rows:
        incident, words = row.mission.incident, said.get(row.mission_id, {})
        age = ages.get(row.mission_id)
        found[row.pk] = allocation_code(
            Known(
                pathways=pathways.get(row.mission_id, ()),
                impression=words.get("impression", ""),
                complaint=incident.complaint,
                age_years=age.from_months // 12 if age else incident.patient_age_years,
                triage=words.get(TRIAGE, ""),
                priority=incident.priority,
            )
        )
    return found


def newest_words(missions: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Mission → the newest standing impression and triage colour."""
    rows = RecordEntry.objects.filter(
        record__mission__in=missions,
        element__in=[*IMPRESSIONS, TRIAGE],
        pertinent_negative="",
        not_value="",
    ).order_by("occurred_at", "entered_at")
    found: dict[UUID, dict[str, str]] = {}
    kept = rows.values_list("pk", "record", "record__mission", "element", "value")
    gone = replaced_in({record for _pk, record, *_rest in kept})
    for entry_id, _record, mission_id, element, value in kept:
        if entry_id not in gone and element != "situation.secondary_impression":
            name = TRIAGE if element == TRIAGE else "impression"
            found.setdefault(mission_id, {})[name] = value
    return found
