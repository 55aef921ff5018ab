"""The words of the time line, for the page and for what is drawn on it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LANES: Mapping[str, Promise] = {
    "status": _("Statuses"),
    "care": _("Care"),
    "finding": _("Findings"),
    "consult": _("Consultation"),
}
KINDS: Mapping[str, Promise] = {
    "ecg": _("12-lead ECG"),
    "photo": _("Photograph"),
    "voice": _("Voice note"),
    "document": _("Document"),
}
