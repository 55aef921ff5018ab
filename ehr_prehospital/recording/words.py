"""The words for the codes of recordings."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: Mapping[str, Promise] = {
    "receiving": pgettext_lazy("recording", "still arriving"),
    "complete": pgettext_lazy("recording", "complete"),
    "broken": pgettext_lazy("recording", "not what its device signed"),
    "dropped": pgettext_lazy("recording", "dropped after its time"),
}
END_REASONS: Mapping[str, Promise] = {
    "stopped": _("stopped by the crew"),
    "interrupted": _("interrupted, told afterwards"),
    "full": _("stopped: the device's storage was full"),
}
