"""What stands in a record that several people write at once. No database, no clock.

Entries only replace each other; nobody waits for anybody. The same entries give the same
record, in whatever order they came: a head is an entry that no other replaces, and heads of
the same element that disagree are a conflict until an entry replaces them all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from uuid import UUID

from ehr_prehospital.record.catalogue import ENTERED_IN_ERROR, Occurs, elements
from ehr_prehospital.record.rules.judging import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement with what orders and ties it. Stored entries, and those not yet sent."""

    id: UUID
    element: str
    occurred_at: datetime
    entered_at: datetime
    value: str = ""
    unit: str = ""
    route: str = ""
    not_value: str = ""
    pertinent_negative: str = ""
    group: UUID | None = None
    replaces: frozenset[UUID] = frozenset()
    source: str = "crew"
    device_at: datetime | None = None
    reading_id: int | None = None
    author_id: UUID | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def order(self) -> tuple[datetime, datetime, UUID]:
        """Later is newer; the id settles what the clocks cannot."""
        return (self.occurred_at, self.entered_at, self.id)

    @property
    def says(self) -> tuple[str, ...]:
        """What two entries must have in common to agree."""
        return (self.value, self.unit, self.route, self.not_value, self.pertinent_negative)

    @property
    def withdrawn(self) -> bool:
        return self.not_value == ENTERED_IN_ERROR


Slot = tuple[str, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """The heads of one place in the record, newest first; more than one way said is a conflict."""

    element: str
    group: UUID | None
    heads: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        return self.heads[0]

    @property
    def conflict(self) -> bool:
        return len({head.says for head in self.heads}) > 1


@dataclass(frozen=True, slots=True)
class Merged:
    """`standing` in the order of the newest head, oldest first; `replaced` are no heads."""

    standing: tuple[Standing, ...]
    replaced: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def conflicts(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.standing if one.conflict)


def merge(entries: Iterable[Entry]) -> Merged:
    """The record as these entries leave it; their order does not matter."""
    rows = sorted(entries, key=lambda entry: entry.order)
    parents = sound({row.id: row.replaces for row in rows})
    gone = frozenset(parent for ids in parents.values() for parent in ids)
    slots: dict[Slot, list[Entry]] = {}
    families = roots(parents)
    for row in rows:
        if row.id not in gone:
            slots.setdefault(slot_of(row, families[row.id]), []).append(row)
    return Merged(
        standing=tuple(
            sorted(
                (
                    Standing(element, group, tuple(reversed(heads)))
                    for (element, group, _family), heads in slots.items()
                    if not all(head.withdrawn for head in heads)
                ),
                key=lambda one: one.entry.order,
            )
        ),
        replaced=frozenset(row.id for row in rows if row.id in gone),
    )


def slot_of(entry: Entry, family: UUID) -> Slot:
    """The place that only one statement can hold.

    An element that stands once, in a record or in a group, is such a place by itself. Of a
    list, each statement with its corrections is one.
    """
    known = elements().get(entry.element)
    if known is None or known.many or known.occurs is Occurs.MANY:
        return (entry.element, entry.group, family)
    return (entry.element, entry.group, None)


def sound(parents: Mapping[UUID, frozenset[UUID]]) -> dict[UUID, frozenset[UUID]]:
    """Without replacements in a circle, which no honest writer makes: nothing may vanish."""
    kept = {child: ids - {child} for child, ids in parents.items()}
    while True:
        try:
            TopologicalSorter(kept).prepare()
        except CycleError as circle:
            around = frozenset(circle.args[1])
            kept = {child: ids - around if child in around else ids for child, ids in kept.items()}
        else:
            return kept


def roots(parents: Mapping[UUID, frozenset[UUID]]) -> dict[UUID, UUID]:
    """Entry → the least id of everything it is tied to by replacements (union-find)."""
    leader: dict[UUID, UUID] = {one: one for one in parents}

    def find(one: UUID) -> UUID:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for child, ids in parents.items():
        for parent in ids:
            if parent in leader:
                first, second = sorted((find(child), find(parent)))
                leader[second] = first
    return {one: find(one) for one in parents}


def groups_of(standing: Sequence[Standing]) -> dict[tuple[str, UUID], dict[str, list[Standing]]]:
    """(catalogue group, its uuid) → element → what stands; e.g. one drug given."""
    found: dict[tuple[str, UUID], dict[str, list[Standing]]] = {}
    for one in standing:
        if one.group is not None:
            name = one.element.partition(".")[0]
            found.setdefault((name, one.group), {}).setdefault(one.element, []).append(one)
    return found
