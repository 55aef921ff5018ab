"""The reasons as sentences, in the language of the request."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dispatch.decision.rules import Reason, Why
from dispatch.terms import Label, label

TEXTS: dict[Why, Label] = {
    Why.ROAD_TIME: _("%(eta_s)s by road"),
    Why.SLOWER_BY: _("%(more_s)s slower than the first"),
    Why.FIX_AGE: _("position %(age_s)s old"),
    Why.SHIFT_ENDS: _("shift ends in %(in_s)s"),
    Why.MEETS_NEED: _("crew level fits: %(has)s"),
    Why.CREW_LEVEL: _("crew level %(has)s, needs %(needs)s"),
    Why.OUT_OF_SERVICE: _("out of service"),
    Why.OFF_SHIFT: _("no crew on shift"),
    Why.ON_MISSION: _("on a mission: %(state)s"),
    Why.NO_FIX: _("no position known"),
    Why.STALE_FIX: _("position too old: %(age_s)s"),
    Why.UNREACHABLE: _("no way by road"),
    Why.OFFERS: _("has %(capability)s"),
    Why.LACKS: _("no %(capability)s"),
    Why.ON_DIVERT: _("on divert"),
}
# Parameters that are codes, and the table of their labels.
CODES = {
    "has": "capability",
    "needs": "capability",
    "state": "mission_state",
    "capability": "hospital_capability",
}


def sentence(reason: Reason) -> str:
    """One short clause, as a dispatcher would say it; durations as minutes:seconds."""
    if reason.code is Why.INBOUND:
        count = int(reason.params["count"])
        text = ngettext(
            "%(count)d ambulance on the way there",
            "%(count)d ambulances on the way there",
            count,
        )
        return text % {"count": count}
    return str(TEXTS[reason.code]) % {
        name: shown(name, value) for name, value in reason.params.items()
    }


def shown(name: str, value: str | int) -> str:
    if name.endswith("_s"):
        seconds = int(value)
        return f"{seconds // 60}:{seconds % 60:02d}"
    return label(CODES[name], str(value)) if name in CODES else str(value)
