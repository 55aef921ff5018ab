"""What a bay's state is, how old a person roughly is, what a corridor may know. No database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ehr_prehospital.handover.rules import WITHDRAWN, State

# Bays as they are called until a department names its own.
FIRST_BAYS = ("R1", "R2", "R3", "R4", "R5", "R6")


class BayState(StrEnum):
    FREE = "free"
    AWAITED = "awaited"
    OCCUPIED = "occupied"
    CLEANING = "cleaning"
    CLOSED = "closed"


# Of a handover's states: the patient is in the building.
HERE = frozenset({State.ARRIVED, State.OFFLOADING, State.HANDED_OVER})


def bay_state(*, closed: bool, cleaning_since: datetime | None, holds: str | None) -> BayState:
    """`holds` is the state of the handover that the bay was given to, None for nobody.

    A patient lies in a bay that is out of use, too: whoever is in there is shown first.
    """
    if holds is not None and holds not in WITHDRAWN:
        return BayState.OCCUPIED if holds in HERE else BayState.AWAITED
    if closed:
        return BayState.CLOSED
    return BayState.CLEANING if cleaning_since else BayState.FREE


# Ages as a corridor may read them: wide enough that nobody in it is found by them.
BANDS = ((1, "infant"), (14, "child"), (18, "youth"), (40, "adult"), (65, "middle"), (200, "old"))


def age_band(age_years: int | None) -> str:
    """The band's code; empty when the age is not known."""
    if age_years is None:
        return ""
    return next(code for limit, code in BANDS if age_years < limit)


# What a corridor is told of why somebody comes: the field, never the finding.
KINDS = ("heart", "brain", "injury", "breathing", "childbirth", "child", "poisoning", "other")
KIND_OF_COMPLAINT = {
    "arrest": "heart",
    "chest_pain": "heart",
    "stroke": "brain",
    "unconscious": "brain",
    "seizure": "brain",
    "trauma": "injury",
    "traffic": "injury",
    "bleeding": "injury",
    "burns": "injury",
    "breathing": "breathing",
    "choking": "breathing",
    "drowning": "breathing",
    "birth": "childbirth",
    "child_ill": "child",
    "poisoning": "poisoning",
}


def kind_of(complaint: str) -> str:
    return KIND_OF_COMPLAINT.get(complaint, "other")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One line of the corridor's board. There is no field for a name, a number or an address."""

    colour: str
    kind: str
    band: str
    bay: str
    state: str
    due_at: datetime | None
    since: datetime | None


ORDER = {"red": 0, "yellow": 1, "green": 2}


def in_order(arrivals: list[Arrival], *, now: datetime) -> list[Arrival]:
    """Who is here first, then the soonest; those without an estimate last, the worst first."""
    last = float("inf")

    def place(one: Arrival) -> tuple[bool, float, int]:
        due = (one.due_at - now).total_seconds() if one.due_at else last
        return (one.since is None, due if one.since is None else 0.0, ORDER.get(one.colour, 9))

    return sorted(arrivals, key=place)
