"""Offload clock, triage scales and what a signature is made over. No database, no clock."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

# Arrival to transfer of care. 15 min is the target of NHS England and of this centre's clocks;
# 30 min is where NHS England counts a delay and California's standard lies (90 % within it).
OFFLOAD_TARGET = timedelta(minutes=15)
OFFLOAD_LATE = timedelta(minutes=30)


class Pace(StrEnum):
    """How an offload stands against its target; said in words, coloured beside them."""

    IN_TIME = "in_time"
    OVER_TARGET = "over_target"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Offload:
    seconds: float
    pace: Pace
    over: bool  # the clock has stopped


def offload(
    *,
    arrived_at: datetime | None,
    handed_over_at: datetime | None,
    now: datetime,
    target: timedelta = OFFLOAD_TARGET,
) -> Offload | None:
    """The offload clock; None before anybody has arrived.

    A transfer that was told earlier than the arrival counts as none at all: 0 s.
    """
    if arrived_at is None:
        return None
    took = max(timedelta(), (handed_over_at or now) - arrived_at)
    return Offload(took.total_seconds(), pace(took, target), handed_over_at is not None)


def pace(took: timedelta, target: timedelta = OFFLOAD_TARGET) -> Pace:
    if took <= target:
        return Pace.IN_TIME
    return Pace.LATE if took > max(OFFLOAD_LATE, target) else Pace.OVER_TARGET


class Scale(StrEnum):
    """How a hospital counts urgency at its door: I to IV (China), or 1 to 5 (ESI, CTAS, MTS)."""

    FOUR = "four"
    FIVE = "five"


LEVELS: Mapping[Scale, tuple[str, ...]] = MappingProxyType(
    {Scale.FOUR: ("I", "II", "III", "IV"), Scale.FIVE: ("1", "2", "3", "4", "5")}
)
# Which colour of a major incident a level is counted under. Unchecked: the four Chinese levels are
# treated in a red (I, II), a yellow (III) and a green zone (IV) by common practice.
COLOUR_OF_LEVEL: Mapping[Scale, Mapping[str, str]] = MappingProxyType(
    {
        Scale.FOUR: {"I": "red", "II": "red", "III": "yellow", "IV": "green"},
        Scale.FIVE: {"1": "red", "2": "red", "3": "yellow", "4": "green", "5": "green"},
    }
)
# Before anybody has triaged at the door: by the dispatcher's priority.
COLOUR_OF_PRIORITY: Mapping[int, str] = MappingProxyType(
    {1: "red", 2: "yellow", 3: "green", 4: "green", 5: "green"}
)


# The scene's tags that a hospital has a capacity for; grey needs what red needs.
COLOUR_OF_TAG: Mapping[str, str] = MappingProxyType(
    {"red": "red", "grey": "red", "yellow": "yellow", "green": "green"}
)


def colour(*, scale: str, level: str, priority: int, tag: str = "") -> tuple[str, str]:
    """Red, yellow or green, and by whose word: the door, the crew's tag, or the telephone."""
    if level:
        return COLOUR_OF_LEVEL[Scale(scale)][level], "door"
    if tag in COLOUR_OF_TAG:
        return COLOUR_OF_TAG[tag], "scene"
    return COLOUR_OF_PRIORITY.get(priority, "green"), "priority"


class Side(StrEnum):
    CREW = "crew"
    HOSPITAL = "hospital"


class Method(StrEnum):
    """How somebody signed: with a finger, or with the password of their own account."""

    DRAWN = "drawn"
    PASSWORD = "password"  # noqa: S105  (a word, no password)


# How the patient was when the care changed hands.
CONDITIONS = ("improved", "stable", "unstable", "worse", "arrest", "dead")
# To whom things went that came with the patient.
KEEPERS = ("hospital", "patient", "relative", "police")
MOST_THINGS = 40
# Of a drawn signature, in characters of its path.
LONGEST_STROKES = 100_000
# The words that both sides sign under, and their version.
STATEMENT = "transfer_of_care"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that came along: an item, or a valuable that is counted and signed for."""

    what: str
    count: int
    keeper: str
    valuable: bool = False


@dataclass(frozen=True, slots=True)
class SheetContent:
    """What the two sides sign: the condition, the things, and who is responsible from then on."""

    condition: str
    condition_note: str
    things: tuple[Thing, ...]
    note: str


class WrongSheet(ValueError):
    """`field` says which part is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def checked_sheet(content: SheetContent) -> SheetContent:
    """The content, tidied; raises WrongSheet for what nobody could sign."""
    if content.condition not in CONDITIONS:
        raise WrongSheet("condition")
    if len(content.things) > MOST_THINGS:
        raise WrongSheet("things")
    for thing in content.things:
        if not thing.what.strip() or thing.keeper not in KEEPERS or not 1 <= thing.count <= 999:
            raise WrongSheet("things")
    return content


def sheet_hash(content: SheetContent) -> str:
    """What a signature is bound to: a later change of the sheet shows."""
    text = json.dumps(asdict(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def things_of(rows: Sequence[Mapping[str, object]]) -> tuple[Thing, ...]:
    return tuple(
        Thing(
            what=str(row.get("what", "")).strip()[:80],
            count=int(str(row.get("count", 1))),
            keeper=str(row.get("keeper", "hospital")),
            valuable=bool(row.get("valuable", False)),
        )
        for row in rows
    )


# How often a password may be wrong for one handover before its door stays shut for a while.
WRONG_PASSWORDS = 5
SHUT_FOR = timedelta(minutes=15)


def shut(failures: Sequence[datetime], now: datetime) -> bool:
    """Somebody tries passwords: five wrong ones within a quarter of an hour."""
    return sum(now - at < SHUT_FOR for at in failures) >= WRONG_PASSWORDS
