"""Is this call about an event that is already known? Judged by place, time and words.

Callers of one event stand some way apart, ring within minutes and describe it each in
their own way; so no single sign decides, and a person does in the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapidfuzz.fuzz import token_set_ratio

# Certain within the first, impossible beyond the second.
SAME_PLACE_M, FARTHEST_M = 50.0, 600.0
SAME_TIME_S, LONGEST_S = 300.0, 2700.0
# Two sides of one road may be a long drive apart: so near as the crow flies is one place.
ACROSS_THE_ROAD_M = 40.0
PLACE_WEIGHT, TIME_WEIGHT, TEXT_WEIGHT = 0.5, 0.2, 0.3
PROPOSED_FROM = 0.45
# Nothing said, or something else said: two callers rarely describe one event alike.
UNKNOWN_TEXT, OTHER_TEXT, LIKE_TEXT = 0.5, 0.2, 0.7
WORDS_ALIKE = 0.6

# Complaints under which one event may come in twice.
ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"traffic", "trauma", "bleeding", "unconscious"}),
    frozenset({"arrest", "unconscious", "breathing", "choking", "drowning", "chest_pain"}),
    frozenset({"stroke", "seizure", "unconscious", "diabetic"}),
    frozenset({"burns", "breathing", "poisoning", "trauma"}),
    frozenset({"poisoning", "psychiatric", "unconscious"}),
    frozenset({"birth", "abdominal", "bleeding"}),
    frozenset({"child_ill", "fever", "seizure", "allergy", "breathing"}),
)


class Sign(StrEnum):
    """What speaks for one event; the texts are in calls/reasons.py."""

    SAME_PLACE = "same_place"
    AWAY_BY_ROAD = "away_by_road"
    AGO = "ago"
    SAME_COMPLAINT = "same_complaint"
    LIKE_COMPLAINT = "like_complaint"
    SAME_WORDS = "same_words"


@dataclass(frozen=True, slots=True)
class Reason:
    sign: Sign
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An event that is known; `words` are its place and what was noted."""

    id: UUID
    number: str
    complaint: str
    lat: float
    lon: float
    opened_at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """An open incident with its distance by road, or as the crow flies where that is unknown."""

    incident: OpenIncident
    distance_m: float
    straight_m: float


@dataclass(frozen=True, slots=True)
class Duplicate:
    incident: OpenIncident
    distance_m: float
    age_s: float
    score: float
    reasons: tuple[Reason, ...]


def possible_duplicates(
    near: Iterable[Near], *, complaint: str = "", words: str = "", now: datetime
) -> list[Duplicate]:
    """The incidents that a call may be about, the likeliest first."""
    found = [judge(one, complaint=complaint, words=words, now=now) for one in near]
    likely = [one for one in found if one is not None and one.score >= PROPOSED_FROM]
    return sorted(likely, key=lambda one: (-one.score, one.distance_m))


def judge(near: Near, *, complaint: str, words: str, now: datetime) -> Duplicate | None:
    """None where place or time alone rule it out."""
    metres = 0.0 if near.straight_m <= ACROSS_THE_ROAD_M else near.distance_m
    age_s = abs((now - near.incident.opened_at).total_seconds())
    place, time = fading(metres, SAME_PLACE_M, FARTHEST_M), fading(age_s, SAME_TIME_S, LONGEST_S)
    if not place or not time:
        return None
    text, said = _text(near.incident, complaint, words)
    where = (
        Reason(Sign.SAME_PLACE)
        if place == 1
        else Reason(Sign.AWAY_BY_ROAD, {"metres": int(round(metres, -1))})
    )
    return Duplicate(
        near.incident,
        near.distance_m,
        age_s,
        PLACE_WEIGHT * place + TIME_WEIGHT * time + TEXT_WEIGHT * text,
        (where, Reason(Sign.AGO, {"ago_s": int(age_s)}), *said),
    )


def fading(value: float, full: float, none: float) -> float:
    """1 up to `full`, falling evenly to 0 at `none`."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


def _text(incident: OpenIncident, complaint: str, words: str) -> tuple[float, list[Reason]]:
    alike = token_set_ratio(incident.words, words) / 100 if incident.words and words else 0.0
    said = [Reason(Sign.SAME_WORDS)] if alike >= WORDS_ALIKE else []
    if not complaint:
        return max(UNKNOWN_TEXT, alike), said
    if complaint == incident.complaint:
        return 1.0, [Reason(Sign.SAME_COMPLAINT), *said]
    if any({complaint, incident.complaint} <= group for group in ALIKE):
        return max(LIKE_TEXT, alike), [Reason(Sign.LIKE_COMPLAINT), *said]
    return max(OTHER_TEXT, alike if alike >= WORDS_ALIKE else 0.0), said
