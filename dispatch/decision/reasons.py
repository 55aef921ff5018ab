"""The reasons as sentences, in the language of the request."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dispatch.decision.rules.reasons import Reason, Why
from dispatch.terms import Label, label

TEXTS: dict[Why, Label] = {
    Why.ROAD_TIME: _("%(eta_s)s by road"),
    Why.TURN_OUT: _("%(takes_s)s to turn out"),
    Why.CLEARS_UP: _("%(takes_s)s to clear up at the hospital"),
    Why.ON_ROAD: _("already on the road"),
    Why.SLOWER_BY: _("%(more_s)s slower than the fastest"),
    Why.LATE: _("%(late_s)s over the target"),
    Why.FIX_AGE: _("position %(age_s)s old"),
    Why.SHIFT_ENDS: _("shift ends in %(in_s)s"),
    Why.MEETS_NEED: _("crew level fits: %(has)s"),
    Why.CREW_LEVEL: _("crew level %(has)s, needs %(needs)s"),
    Why.SPARED: _("%(has)s kept for the more urgent"),
    Why.POSTED: _("leaves its waiting point"),
    Why.TAKEN_FROM: _("taken from %(number)s, priority %(priority)s"),
    Why.GAINS_LITTLE: _("taking it gains only %(gain_s)s"),
    Why.LESS_URGENT: _("its incident has priority %(priority)s"),
    Why.SHORT_CREW: _("crew of %(has)s, needs %(needs)s"),
    Why.RESERVED: _("reserved: %(hold)s"),
    Why.RESTING: _("rest: %(hold)s"),
    Why.EQUIPMENT: _("out of order: %(equipment)s"),
    Why.OUT_OF_SERVICE: _("out of service"),
    Why.OFF_SHIFT: _("no crew on shift"),
    Why.ON_MISSION: _("on a mission: %(state)s"),
    Why.NO_FIX: _("no position known"),
    Why.STALE_FIX: _("position too old: %(age_s)s"),
    Why.UNREACHABLE: _("no way by road"),
    Why.OFFERS: _("has %(capability)s"),
    Why.LACKS: _("no %(capability)s"),
    Why.BYPASS: _("past nearer doors for %(capability)s, %(more_s)s more"),
    Why.TOO_FAR: _("too far for %(capability)s: %(longest_s)s at most"),
    Why.ON_DIVERT: _("on divert"),
    Why.NO_BED: _("no bed free: %(bed)s"),
    Why.OLD_WORD: _("beds declared %(age_s)s ago"),
}
# Parameters that are codes, and the table of their labels.
CODES = {
    "has": "capability",
    "needs": "capability",
    "state": "mission_state",
    "capability": "hospital_capability",
    "hold": "hold",
    "equipment": "hold",
    "bed": "bed",
}


def _inbound(count: int) -> str:
    return ngettext(
        "%(count)d ambulance on the way there", "%(count)d ambulances on the way there", count
    )


def _offloading(count: int) -> str:
    return ngettext(
        "%(count)d ambulance waits at its door", "%(count)d ambulances wait at its door", count
    )


def _beds(count: int) -> str:
    return ngettext("%(count)d bed free: %(bed)s", "%(count)d beds free: %(bed)s", count)


COUNTED = {Why.INBOUND: _inbound, Why.OFFLOADING: _offloading, Why.BEDS_FREE: _beds}

# A shortfall counts units by what shuts them out, without the detail of each.
TALLIES: dict[Why, Label] = {
    Why.SHORT_CREW: _("crew incomplete"),
    Why.RESERVED: _("reserved"),
    Why.RESTING: _("resting"),
    Why.EQUIPMENT: _("equipment out of order"),
    Why.OUT_OF_SERVICE: _("out of service"),
    Why.OFF_SHIFT: _("no crew on shift"),
    Why.ON_MISSION: _("on a mission"),
    Why.GAINS_LITTLE: _("on the way elsewhere"),
    Why.SHIFT_ENDS: _("shift ends"),
    Why.NO_FIX: _("no position known"),
    Why.STALE_FIX: _("position too old"),
    Why.UNREACHABLE: _("no way by road"),
    Why.CREW_LEVEL: _("lower crew"),
}


def tally(because: Mapping[Why, int]) -> str:
    """“on a mission 3 · no crew on shift 2”; empty when the centre has no such unit."""
    return " · ".join(f"{TALLIES[Why(code)]} {count}" for code, count in because.items())


def sentence(reason: Reason) -> str:
    """One short clause, as a dispatcher would say it; durations as minutes:seconds."""
    if reason.code in COUNTED:
        count = int(reason.params["count"])
        params = {name: shown(name, value) for name, value in reason.params.items()}
        return COUNTED[reason.code](count) % {**params, "count": count}
    return str(TEXTS[reason.code]) % {
        name: shown(name, value) for name, value in reason.params.items()
    }


def shown(name: str, value: str | int) -> str:
    if name.endswith("_s"):
        seconds = int(value)
        return f"{seconds // 60}:{seconds % 60:02d}"
    return label(CODES[name], str(value)) if name in CODES else str(value)
