"""The labels of the vital signs, their units and their quality."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ambulance_agent.protocol import Quality, Unit, VitalCode

VITALS: Mapping[str, Promise] = {
    VitalCode.HEART_RATE: _("heart rate"),
    VitalCode.PULSE_RATE: _("pulse rate"),
    VitalCode.SPO2: _("oxygen saturation"),
    VitalCode.RESPIRATORY_RATE: _("respiratory rate"),
    VitalCode.ETCO2: _("end-tidal CO₂"),
    VitalCode.NIBP_SYSTOLIC: _("systolic pressure"),
    VitalCode.NIBP_DIASTOLIC: _("diastolic pressure"),
    VitalCode.NIBP_MEAN: _("mean pressure"),
    VitalCode.TEMPERATURE: _("temperature"),
    VitalCode.GLUCOSE: _("blood glucose"),
}
# UCUM is for machines; people read these.
UNITS: Mapping[str, str] = {
    Unit.PER_MINUTE: "/min",
    Unit.PERCENT: "%",
    Unit.MM_HG: "mmHg",
    Unit.CELSIUS: "°C",
    Unit.MMOL_PER_L: "mmol/L",
}
QUALITIES: Mapping[str, Promise] = {
    Quality.GOOD: pgettext_lazy("quality of a value", "good"),
    Quality.QUESTIONABLE: pgettext_lazy("quality of a value", "questionable"),
    Quality.INVALID: pgettext_lazy("quality of a value", "invalid"),
}
