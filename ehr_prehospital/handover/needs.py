"""What the crew has found says which hospital: impression and age, as dispatch's capabilities."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils.timezone import localdate

from dispatch.fleet.models import Mission
from ehr_prehospital.record.findings import IMPRESSIONS, ages_of
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import replaced_in
from ehr_prehospital.record.terms import tables
from ehr_prehospital.vitals.scores.rules import age_in_years

# What a pathway needs of a hospital. STEMI to a cath lab: ESC Guidelines 2023 (acute coronary
# syndromes); stroke and trauma to their centres: AHA Mission: Lifeline Stroke 2020, National
# Guideline for the Field Triage of Injured Patients 2021.
NEED_OF: Mapping[str, str] = MappingProxyType(
    {
        "stemi": "cath_lab",
        "stroke": "stroke",
        "trauma": "trauma",
        "burns": "burns",
        "poisoning": "poisoning",
        "obstetric": "obstetric",
    }
)
# Under 14 is paediatrics in China's hospitals.
CHILD_MONTHS = (0, 14 * 12)


def needs_found(mission: Mission, now: datetime) -> frozenset[str]:
    """By the newest standing impressions, and by the age in the record."""
    rows = RecordEntry.objects.filter(record__mission=mission, element__in=IMPRESSIONS)
    gone = replaced_in(rows.values_list("record", flat=True).distinct())
    impressions = [
        value
        for entry_id, value in rows.filter(pertinent_negative="", not_value="").values_list(
            "pk", "value"
        )
        if entry_id not in gone
    ]
    pathways = {pathway_of(value) for value in impressions}
    needs = {NEED_OF[pathway] for pathway in pathways if pathway in NEED_OF}
    age = ages_of([mission.pk], today=localdate(now)).get(mission.pk)
    said = mission.incident.patient_age_years
    known = age or (None if said is None else age_in_years(said))
    if known and known.within(*CHILD_MONTHS):
        needs.add("paediatric")
    return frozenset(needs)


def pathway_of(impression: str) -> str:
    known = tables()["impression"].get(impression)
    return known.pathway if known else ""
