"""The labels of what a transfer sheet says: printed with the record, shown at the door."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONDITIONS: Mapping[str, Promise] = {
    "improved": _("improved"),
    "stable": _("stable"),
    "unstable": _("unstable"),
    "worse": _("worse"),
    "arrest": _("in cardiac arrest"),
    "dead": _("dead"),
}
KEEPERS: Mapping[str, Promise] = {
    "hospital": _("to the hospital"),
    "patient": _("with the patient"),
    "relative": _("to a relative"),
    "police": _("to the police"),
}
