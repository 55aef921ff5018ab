"""What the record says that scores and alarms need: the newest standing word on each thing."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.timezone import localdate

from dispatch.fleet.models import Mission
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.vitals.scores.inputs import Findings
from ehr_prehospital.vitals.scores.rules import MONTHS, Age, age_in_months, age_in_years

# The same codes, in the first elements and in the catalogue.
OBSERVED = frozenset({"observation", "vital"})
IMPRESSIONS = frozenset(
    {"impression", "situation.primary_impression", "situation.secondary_impression"}
)
PREGNANT = frozenset({"delivery", "pregnancy_related"})
OXYGEN_BY_TREATMENT = frozenset({"oxygen_mask", "oxygen_cannula"})
OXYGEN_BY_PRESSURE = frozenset({"bag_mask", "ventilator", "cpap"})
HIGH_FLOW_L_MIN = Decimal(4)


def findings_of(mission_ids: Collection[UUID], *, now: datetime) -> dict[UUID, Findings]:
    """For every mission, also for one in whose record nobody has written yet."""
    rows = list(
        RecordEntry.objects.filter(record__mission__in=mission_ids)
        .exclude(element__startswith="identity.")
        .order_by("occurred_at", "entered_at")
        .values_list(
            "pk",
            "replaces",
            "parent_id",
            "record__mission",
            "element",
            "value",
            "unit",
            "pertinent_negative",
            "not_value",
        )
    )
    gone = {parent for _pk, many, one, *_said in rows for parent in (*many, one)}
    said: dict[UUID, dict[str, str]] = {mission_id: {} for mission_id in mission_ids}
    done: dict[UUID, set[str]] = {mission_id: set() for mission_id in mission_ids}
    pregnant: set[UUID] = set()
    for entry_id, _many, _one, mission_id, element, value, unit, negative, not_value in rows:
        table, _dot, code = element.partition(".")
        if negative or not_value or entry_id in gone:
            continue
        if table in OBSERVED and value:
            said[mission_id][code] = value
        elif table == "treatment":
            done[mission_id].add(code)
            if oxygen := oxygen_by(code, value, unit):
                said[mission_id]["oxygen"] = oxygen
        elif element == "procedure.kind":
            done[mission_id].add(value)
        elif element in IMPRESSIONS and value in PREGNANT:
            pregnant.add(mission_id)
    ages = ages_of(mission_ids, today=localdate(now))
    return {
        mission_id: Findings(
            observations=said[mission_id],
            treatments=frozenset(done[mission_id]),
            pregnant=mission_id in pregnant,
            age=ages.get(mission_id),
        )
        for mission_id in mission_ids
    }


def oxygen_by(treatment: str, value: str, unit: str) -> str:
    """Oxygen as the scores ask for it, when a treatment says so."""
    if treatment in OXYGEN_BY_PRESSURE:
        return "high"
    if treatment not in OXYGEN_BY_TREATMENT:
        return ""
    try:
        flow = Decimal(value) if unit == "L/min" else None
    except InvalidOperation:
        flow = None
    return "high" if flow is not None and flow >= HIGH_FLOW_L_MIN else "low"


def ages_of(mission_ids: Collection[UUID], *, today: date) -> dict[UUID, Age]:
    """By date of birth, else by the crew's years, else by what the caller said."""
    rows = Mission.objects.filter(pk__in=mission_ids).values_list(
        "pk",
        "encounter__patient__birth_date",
        "encounter__patient__age_years",
        "incident__patient_age_years",
    )
    found: dict[UUID, Age] = {}
    for mission_id, born, years, told in rows:
        if born:
            months = (today.year - born.year) * MONTHS + today.month - born.month
            found[mission_id] = age_in_months(max(0, months - (today.day < born.day)))
        elif (age := told if years is None else years) is not None:
            found[mission_id] = age_in_years(age)
    return found
