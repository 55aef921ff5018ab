"""Checklists, what stands of them, their clocks, and what of a record is a suspicion. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """Proposed by the record and waiting for a person; open; closed; or no such suspicion."""

    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"


class Suspicion(StrEnum):
    """Who had it first."""

    CREW = "crew"
    DISPATCHER = "dispatcher"
    HOSPITAL = "hospital"
    RECORD = "record"


class Answer(StrEnum):
    DONE = "done"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "not_applicable"
    # A slip: as if nobody had ever said anything of this item.
    TAKEN_BACK = "taken_back"


class Side(StrEnum):
    """Whose business an item is. Both sides see it, and either may tick what it has done."""

    CREW = "crew"
    HOSPITAL = "hospital"
    BOTH = "both"


# What a clock may start and end with, besides the items and the moments of its own file.
MISSION_MOMENTS = (
    "assigned",
    "at_patient",
    "on_board",
    "left_scene",
    "at_destination",
    "handed_over",
)
RECORD_TIMES: Mapping[str, str] = {
    "onset": "situation.onset",
    "last_known_well": "situation.last_known_well",
}
OWN_MOMENTS = ("opened", "ecg", "team_activated", "team_accepted")


@dataclass(frozen=True, slots=True)
class Item:
    """`filled_by` names a moment that ticks it by itself; `operational`: a dispatcher sees it."""

    code: str
    side: Side
    en: str
    zh: str
    filled_by: str = ""
    operational: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """From one moment to another; target 0: it is shown and no published limit is known."""

    code: str
    en: str
    zh: str
    starts: str
    ends: str
    target_s: int
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """What of a record is a suspicion. `certain`: a person has said it, so it opens at once.

    One of: an impression's pathway, a score from a value on, an element's value or number,
    an age below so many years.
    """

    reason: str
    en: str
    zh: str
    certain: bool = False
    impression: bool = False
    score: str = ""
    element: str = ""
    values: tuple[str, ...] = ()
    at_least: Decimal | None = None
    age_below: int | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    kind: str
    version: str
    source: str
    checked: str
    en: str
    zh: str
    team: str
    direct: tuple[str, ...]
    items: tuple[Item, ...]
    clocks: tuple[Clock, ...]
    suspects: tuple[Suspect, ...] = ()
    # Moment → (element, value): the first standing statement of these is the moment.
    moments: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def item_codes(self) -> frozenset[str]:
        return frozenset(one.code for one in self.items)


@dataclass(frozen=True, slots=True)
class Tick:
    item: str
    answer: Answer
    at: datetime
    recorded_at: datetime
    by: object = None


@dataclass(frozen=True, slots=True)
class Stands:
    """One item as it stands. `by` is None where the record or a device said it."""

    item: str
    answer: Answer
    at: datetime
    by: object = None


@dataclass(frozen=True, slots=True)
class Running:
    clock: Clock
    started_at: datetime
    ended_at: datetime | None


def standing(
    checklist: Checklist, ticks: Iterable[Tick], moments: Mapping[str, datetime]
) -> dict[str, Stands]:
    """Item → what stands of it. The newest word of a person counts; else what fills it by itself.

    Of two people who said something of the same moment, the word that reached us last.
    """
    newest: dict[str, Tick] = {}
    for tick in sorted(ticks, key=lambda one: (one.at, one.recorded_at)):
        newest[tick.item] = tick
    found: dict[str, Stands] = {}
    for item in checklist.items:
        said = newest.get(item.code)
        if said is not None and said.answer is not Answer.TAKEN_BACK:
            found[item.code] = Stands(item.code, said.answer, said.at, said.by)
        elif said is None and (at := moments.get(item.filled_by)):
            found[item.code] = Stands(item.code, Answer.DONE, at)
    return found


def running(
    checklist: Checklist, stands: Mapping[str, Stands], moments: Mapping[str, datetime]
) -> list[Running]:
    """The clocks that have started, in the order of the file. A moment before the start is none."""
    known = {
        **moments,
        **{code: one.at for code, one in stands.items() if one.answer is Answer.DONE},
    }
    found = []
    for clock in checklist.clocks:
        started = known.get(clock.starts)
        if started is None:
            continue
        ended = known.get(clock.ends)
        found.append(Running(clock, started, ended if ended and ended >= started else None))
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says now, as far as suspicions go."""

    impressions: frozenset[str] = frozenset()  # their pathways
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    elements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    age_years: int | None = None


@dataclass(frozen=True, slots=True)
class Suspected:
    kind: str
    reasons: tuple[str, ...]
    certain: bool


def suspected(checklists: Sequence[Checklist], said: Said) -> list[Suspected]:
    """Every pathway that the record speaks for, with all its reasons."""
    found = []
    for checklist in checklists:
        hits = [one for one in checklist.suspects if _speaks(one, checklist.kind, said)]
        if hits:
            reasons = tuple(one.reason for one in hits)
            found.append(Suspected(checklist.kind, reasons, any(one.certain for one in hits)))
    return found


def _speaks(one: Suspect, kind: str, said: Said) -> bool:
    if one.impression:
        return kind in said.impressions
    if one.score:
        value = said.scores.get(one.score)
        return value is not None and one.at_least is not None and value >= one.at_least
    if one.age_below is not None:
        return said.age_years is not None and said.age_years < one.age_below
    values = said.elements.get(one.element, frozenset())
    if one.at_least is not None:
        return any(_number(value) >= one.at_least for value in values)
    return bool(values & set(one.values))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal("-Infinity")
