"""Why: the typed reasons of a decision. Their texts are in decision/reasons.py."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Why(StrEnum):
    """Reasons for a choice, an exclusion or a shortfall."""

    ROAD_TIME = "road_time"
    TURN_OUT = "turn_out"
    CLEARS_UP = "clears_up"
    SLOWER_BY = "slower_by"
    ON_ROAD = "on_road"
    LATE = "late"
    FIX_AGE = "fix_age"
    SHIFT_ENDS = "shift_ends"
    MEETS_NEED = "meets_need"
    CREW_LEVEL = "crew_level"
    SPARED = "spared"
    POSTED = "posted"
    TAKEN_FROM = "taken_from"
    GAINS_LITTLE = "gains_little"
    LESS_URGENT = "less_urgent"
    SHORT_CREW = "short_crew"
    RESERVED = "reserved"
    RESTING = "resting"
    EQUIPMENT = "equipment"
    OUT_OF_SERVICE = "out_of_service"
    OFF_SHIFT = "off_shift"
    ON_MISSION = "on_mission"
    NO_FIX = "no_fix"
    STALE_FIX = "stale_fix"
    UNREACHABLE = "unreachable"
    OFFERS = "offers"
    LACKS = "lacks"
    BYPASS = "bypass"
    TOO_FAR = "too_far"
    ON_DIVERT = "on_divert"
    BEDS_FREE = "beds_free"
    NO_BED = "no_bed"
    OLD_WORD = "old_word"
    INBOUND = "inbound"
    OFFLOADING = "offloading"


class Reason(Struct, frozen=True, gc=False):
    code: Why
    params: Mapping[str, str | int] = {}
