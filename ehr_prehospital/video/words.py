"""The words for the codes of a camera stream."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: Mapping[str, Promise] = {
    "cabin": _("Patient cabin"),
    "road": _("Road ahead"),
    "body": _("Body-worn camera"),
    "ultrasound": _("Ultrasound screen"),
    "consult": _("Consultation"),
}
MODES: Mapping[str, Promise] = {"wc": _("single pictures"), "mse": _("fragments")}
RECORDINGS: Mapping[str, Promise] = {
    "own": _("recorded at the camera"),
    "tap": _("live pictures recorded"),
    "off": _("not recorded"),
}
CONSENTS: Mapping[str, Promise] = {
    "not_needed": _("no consent needed"),
    "not_asked": _("not asked yet"),
    "given": _("patient agrees"),
    "representative": _("relative agrees"),
    "emergency": _("emergency, cannot be asked"),
    "refused": _("refused"),
}
STEPS: Mapping[str, Promise] = {
    "hd": _("full picture"),
    "sd": _("smaller picture"),
    "still": _("a still every 2 s"),
    "voice": _("voice only"),
}
