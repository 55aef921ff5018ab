"""The labels of alarms and scores, and of what a score still needs."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.people.models import in_language
from ehr_prehospital.vitals.scores.tables import scores

ALARMS: Mapping[str, Promise] = {
    "vf": _("possible ventricular fibrillation: look at the patient"),
    "asystole": _("asystole: no heartbeat seen"),
    "check_leads": _("ECG alarm, but the pulse goes on: check leads"),
    "rhythm_check": _("check the rhythm"),
    "extreme_bradycardia": _("extreme bradycardia"),
    "extreme_tachycardia": _("extreme tachycardia"),
    "apnoea": _("no breath"),
    "spo2_very_low": _("saturation very low"),
    "tube_or_arrest": _("almost no CO₂: tube or arrest"),
    "heart_rate_low": _("heart rate low"),
    "heart_rate_high": _("heart rate high"),
    "spo2_low": _("saturation low"),
    "respiratory_rate_low": _("breathing slow"),
    "respiratory_rate_high": _("breathing fast"),
    "nibp_systolic_low": _("systolic pressure low"),
    "nibp_systolic_high": _("systolic pressure high"),
    "etco2_low": _("CO₂ low"),
    "etco2_high": _("CO₂ high"),
    "temperature_low": _("temperature low"),
    "temperature_high": _("temperature high"),
    "glucose_low": _("blood glucose low"),
    "glucose_high": _("blood glucose high"),
    "systolic_falling": _("systolic pressure falling"),
    "heart_rate_rising": _("heart rate rising"),
    "spo2_falling": _("saturation falling"),
    "no_data": _("no data from the vehicle"),
    "ecg_leads_off": _("ECG leads off"),
    "spo2_probe_off": _("SpO₂ probe off"),
    "temperature_probe_off": _("temperature probe off"),
    "probe_off": _("probe off"),
    "ecg_poor_signal": _("ECG: poor signal"),
    "spo2_poor_signal": _("SpO₂: poor signal"),
    "device_fault": _("device fault"),
    "device_low_battery": _("device battery low"),
}
PRIORITIES: Mapping[str, Promise] = {
    "high": pgettext_lazy("alarm", "high"),
    "medium": pgettext_lazy("alarm", "medium"),
    "low": pgettext_lazy("alarm", "low"),
}
STATES: Mapping[str, Promise] = {
    "raised": pgettext_lazy("alarm", "not acknowledged"),
    "acknowledged": pgettext_lazy("alarm", "acknowledged"),
    "escalated": pgettext_lazy("alarm", "nobody reacted, dispatcher told"),
    "ended": pgettext_lazy("alarm", "ended"),
}
AGE_GROUPS: Mapping[str, Promise] = {
    "adult": _("adult"),
    "adolescent": _("adolescent"),
    "child": _("child"),
    "toddler": _("toddler"),
    "infant": _("infant"),
    "newborn": _("newborn"),
}
# What a chart asks for; the vital signs have their own table.
INPUTS: Mapping[str, Promise] = {
    "age": _("age"),
    "age_years": _("age"),
    "pulse": _("pulse"),
    "spo2": _("oxygen saturation"),
    "respiratory_rate": _("respiratory rate"),
    "temperature": _("temperature"),
    "systolic": _("systolic pressure"),
    "mean_pressure": _("mean pressure"),
    "consciousness": _("consciousness"),
    "oxygen": _("oxygen or air"),
    "spo2_scale": _("SpO₂ target"),
    "gcs": _("Glasgow coma score"),
    "gcs_eye": _("GCS eyes"),
    "gcs_verbal": _("GCS speech"),
    "gcs_motor": _("GCS movement"),
    "pupils": _("pupils"),
    "refill": _("capillary refill"),
    "effort": _("work of breathing"),
    "airway": _("work of breathing"),
    "penetrating": _("penetrating injury or not"),
}
GRADES: Mapping[str, Promise] = {
    "low": pgettext_lazy("score", "low"),
    "low_medium": pgettext_lazy("score", "one red value"),
    "medium": pgettext_lazy("score", "medium"),
    "high": pgettext_lazy("score", "high"),
    "normal": pgettext_lazy("score", "normal"),
    "alert": pgettext_lazy("score", "raised"),
    "severe": pgettext_lazy("score", "severe"),
    "moderate": pgettext_lazy("score", "moderate"),
    "mild": pgettext_lazy("score", "mild"),
    "minor": pgettext_lazy("score", "minor"),
    "trauma_centre": pgettext_lazy("score", "trauma centre"),
    "negative": pgettext_lazy("score", "negative"),
    "positive": pgettext_lazy("score", "positive"),
}


def score_names() -> dict[str, str]:
    return {score.id: in_language(score.en, score.zh) for score in scores().values()}
