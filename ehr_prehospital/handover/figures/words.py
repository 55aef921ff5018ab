"""What each figure is called, how it is counted, and what it leaves out: read on the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Said:
    name: Promise
    formula: Promise
    left_out: Promise


NOTHING = _("Nothing is left out.")
SAID: Mapping[str, Said] = {
    "alerts": Said(
        _("Alerts"), _("Alerts that were sent to this hospital, by the time of sending."), NOTHING
    ),
    "withdrawn": Said(_("Taken back"), _("Alerts redirected or cancelled ÷ alerts."), NOTHING),
    "alert_rate": Said(
        _("Alert rate"),
        _("Patients with a pathway ÷ patients brought or on the way."),
        _("Alerts that were taken back."),
    ),
    "confirm": Said(
        _("Sent to confirmed"),
        _("From the sending of the alert to a named person’s confirmation. Target 2 min."),
        _("Alerts that were taken back. Never confirmed counts as missing."),
    ),
    "offload": Said(
        _("Offload"),
        _("From arrival at the hospital to the transfer of care, against the hospital’s target."),
        _("Alerts taken back, patients not arrived. Not handed over counts as missing."),
    ),
    "both_signed": Said(
        _("Signed by both sides"),
        _("Handovers with two signatures ÷ patients handed over."),
        _("Patients not handed over."),
    ),
    "judged": Said(_("Alerts judged"), _("Alerts with a judgement ÷ alerts."), NOTHING),
    "right": Said(
        _("Right level"), _("Judged “right” ÷ alerts judged."), _("Alerts nobody judged.")
    ),
    "over": Said(
        _("Too high"), _("Judged “too high” ÷ alerts judged."), _("Alerts nobody judged.")
    ),
    "under": Said(_("Too low"), _("Judged “too low” ÷ alerts judged."), _("Alerts nobody judged.")),
    "not_needed": Said(
        _("Not needed"), _("Judged “not needed” ÷ alerts judged."), _("Alerts nobody judged.")
    ),
    "outcome": Said(
        _("Outcome returned"),
        _("Patients whose outcome was returned ÷ patients handed over."),
        _("Patients not handed over."),
    ),
    "outcome_time": Said(
        _("Handover to outcome"),
        _("From the transfer of care to the newest outcome returned."),
        _("Patients not handed over. No outcome counts as missing."),
    ),
    "door_to_needle": Said(
        _("Door to needle"),
        _("From arrival to the needle that the hospital returned. Target 60 min."),
        _("All but the stroke pathway. No needle counts as missing, also where none was due."),
    ),
    "door_to_balloon": Said(
        _("Door to balloon"),
        _("From arrival to the balloon that the hospital returned. Target 90 min."),
        _("All but the STEMI pathway. No balloon counts as missing, also where none was due."),
    ),
}
