"""The labels of the codes at and after the door, and between hospitals."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ehr_prehospital.handover.department.models import Bay
from ehr_prehospital.record.transfer_words import CONDITIONS, KEEPERS

PACES: Mapping[str, Promise] = {
    "in_time": _("in time"),
    "over_target": _("over target"),
    "late": _("late"),
}
BAY_STATES: Mapping[str, Promise] = {
    "free": _("free"),
    "awaited": _("awaited"),
    "occupied": _("occupied"),
    "cleaning": _("being cleaned"),
    "closed": _("out of use"),
}
SCALES: Mapping[str, Promise] = {
    "four": _("four levels, I to IV"),
    "five": _("five levels, 1 to 5"),
}
ARRIVAL_KINDS: Mapping[str, Promise] = {
    "heart": _("Heart"),
    "brain": _("Brain"),
    "injury": _("Injury"),
    "breathing": _("Breathing"),
    "childbirth": _("Childbirth"),
    "child": _("Child"),
    "poisoning": _("Poisoning"),
    "other": _("Other"),
}
AGE_BANDS: Mapping[str, Promise] = {
    "infant": _("under 1 year"),
    "child": _("1–13 years"),
    "youth": _("14–17 years"),
    "adult": _("18–39 years"),
    "middle": _("40–64 years"),
    "old": _("65 and older"),
}
INTERVENTIONS: Mapping[str, Promise] = {
    "ct": _("CT scan"),
    "needle": _("Needle (thrombolysis)"),
    "balloon": _("Balloon (coronary)"),
    "groin": _("Groin puncture (thrombectomy)"),
    "theatre": _("Operating theatre"),
    "antibiotic": _("First antibiotic"),
    "birth": _("Birth"),
}
VERDICTS: Mapping[str, Promise] = {
    "right": _("right"),
    "over": _("too high"),
    "under": _("too low"),
    "not_needed": _("not needed"),
}
TRANSFER_STATES: Mapping[str, Promise] = {
    "requested": _("requested"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "withdrawn": _("withdrawn"),
}
TRANSFER_REASONS: Mapping[str, Promise] = {
    "higher_care": _("higher level of care"),
    "procedure": _("procedure not offered here"),
    "no_bed": _("no bed"),
    "back_home": _("back to the hospital near home"),
    "isolation": _("isolation"),
    "wish": _("wish of the patient or family"),
    "other": _("other"),
}
TRANSFER_DECLINED: Mapping[str, Promise] = {
    "no_bed": _("no bed"),
    "no_team": _("no team"),
    "not_our_field": _("not our field"),
    "unstable": _("not fit to travel"),
    "other": _("other"),
}
CONSENTS: Mapping[str, Promise] = {
    "patient": _("the patient"),
    "relative": _("a relative"),
    "guardian": _("a guardian"),
    "emergency": _("emergency, nobody could be asked"),
}
URGENCIES: Mapping[str, Promise] = {
    "now": _("now"),
    "soon": _("within the hour"),
    "today": _("today"),
    "planned": _("planned"),
}
ESCORTS: Mapping[str, Promise] = {
    "doctor": _("doctor"),
    "nurse": _("nurse"),
    "ventilator": _("ventilator"),
    "infusion_pump": _("infusion pump"),
    "incubator": _("incubator"),
    "monitor": _("monitor"),
    "isolation": _("isolation"),
}


def door_tables() -> dict[str, Mapping[str, str | Promise]]:
    """Every table of these, by the name that the pages use."""
    return {
        "handover_condition": CONDITIONS,
        "keeper": KEEPERS,
        "pace": PACES,
        "bay_state": BAY_STATES,
        "bay_kind": {str(code): str(text) for code, text in Bay.Kind.choices},
        "triage_scale": SCALES,
        "arrival_kind": ARRIVAL_KINDS,
        "age_band": AGE_BANDS,
        "intervention": INTERVENTIONS,
        "verdict": VERDICTS,
        "transfer_state": TRANSFER_STATES,
        "transfer_reason": TRANSFER_REASONS,
        "transfer_declined": TRANSFER_DECLINED,
        "transfer_consent": CONSENTS,
        "transfer_urgency": URGENCIES,
        "escort": ESCORTS,
    }
