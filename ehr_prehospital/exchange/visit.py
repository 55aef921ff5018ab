"""A patient on the way to one hospital, as that hospital's own system is told of them.

The pure middle between handovers and the messages: no database, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Document:
    """`kind` is a value of `identity.id_type`."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """`number` is the number that stands now: after a merge the known patient's.

    `own_number` is the number that this patient was given on the mission; where it differs, the
    two are one person.
    """

    number: str
    own_number: str
    name: str = ""
    family: str = ""
    given: str = ""
    sex: str = "unknown"
    birth_date: date | None = None
    age_years: int | None = None
    documents: Sequence[Document] = ()
    phone: str = ""
    address: str = ""

    @property
    def known(self) -> bool:
        return bool(self.name or self.family)


@dataclass(frozen=True, slots=True)
class Visit:
    """One handover. `visit_number` is the hospital's own, "" until it has given it back.

    Times are aware; they are written in the zone that they carry.
    """

    person: Person
    preadmission_number: str
    centre: str
    hospital: str
    mission: str
    unit: str
    reason: str
    visit_number: str = ""
    bay: str = ""
    priority: int = 3
    pathway: str = ""
    allergies: Sequence[str] = field(default_factory=tuple)
    expected_at: datetime | None = None
    on_board_at: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Something ordered for the visit, by whom and when it was released or withdrawn."""

    number: str
    kind: str
    kind_name: str
    what: str
    stat: bool
    by: str
    by_name: str
    at: datetime
    withdrawn: bool = False
