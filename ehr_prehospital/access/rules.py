"""Who may see what of a mission's patient, as one table. No database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CREW_COMPLETES_RECORD = timedelta(hours=12)
HOSPITAL_AFTER_HANDOVER = timedelta(hours=24)


class Level(StrEnum):
    """How much: nothing; numbers, place and complaint; or the whole patient."""

    NONE = "none"
    OPERATIONAL = "operational"
    CLINICAL = "clinical"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    def covers(self, needed: "Level") -> bool:
        return self.rank >= needed.rank


class Relation(StrEnum):
    """What ties a person to a mission."""

    CREW = "crew"
    RECEIVING_HOSPITAL = "receiving_hospital"
    # Was called to a consult that is still open.
    CALLED = "called"
    OWN_CENTRE = "own_centre"


@dataclass(frozen=True, slots=True)
class Case:
    """The mission as the rules see it. A hospital's grant is passed only when it exists."""

    mission_ended_at: datetime | None
    incident_closed_at: datetime | None
    grant_opened_at: datetime | None = None
    grant_closes_at: datetime | None = None
    called_at: datetime | None = None
    call_closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    level: Level
    relation: Relation | None
    reason: str


# Role → the relation that lets it in → how much it then sees. What is not here sees nothing:
# remote physicians are let in by the consult that called them, reviewers by a review,
# administrators never.
TABLE: dict[tuple[str, Relation], Level] = {
    ("paramedic", Relation.CREW): Level.CLINICAL,
    ("ed_staff", Relation.RECEIVING_HOSPITAL): Level.CLINICAL,
    ("remote_physician", Relation.CALLED): Level.CLINICAL,
    ("ed_staff", Relation.CALLED): Level.CLINICAL,
    ("dispatcher", Relation.OWN_CENTRE): Level.OPERATIONAL,
    ("supervisor", Relation.OWN_CENTRE): Level.OPERATIONAL,
}


def judge(*, role: str, relations: Collection[Relation], case: Case, now: datetime) -> Judgement:
    """The highest level that role, relation and time allow, and why."""
    refusal = Judgement(Level.NONE, None, "no_relation")
    for relation in Relation:
        if relation not in relations:
            continue
        level = TABLE.get((role, relation), Level.NONE)
        if level is Level.NONE:
            refusal = Judgement(Level.NONE, relation, "role_sees_nothing")
        elif not in_time(relation, case, now):
            refusal = Judgement(Level.NONE, relation, "too_late")
        else:
            return Judgement(level, relation, relation.value)
    return refusal


def in_time(relation: Relation, case: Case, now: datetime) -> bool:
    """A crew keeps sight 12 h after its mission, others while their grant runs."""
    if relation is Relation.CREW:
        ended = case.mission_ended_at
        return ended is None or now < ended + CREW_COMPLETES_RECORD
    if relation is Relation.RECEIVING_HOSPITAL:
        opened, closes = case.grant_opened_at, case.grant_closes_at
        return opened is not None and opened <= now and (closes is None or now < closes)
    if relation is Relation.CALLED:
        called, closes = case.called_at, case.call_closes_at
        return called is not None and called <= now and (closes is None or now < closes)
    return case.incident_closed_at is None
