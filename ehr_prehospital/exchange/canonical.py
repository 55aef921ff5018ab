"""One record as every exporter takes it and every importer gives it. No database, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Statement:
    """One element with its value, or with the reason why there is none.

    `element` is a code of the catalogue; a code with a colon (`nemsis:eOther.03`) is an
    element of another standard that our catalogue has no word for, kept so that nothing is
    lost on the way through. `value` is as an entry stores it: a code of the element's table,
    a number as text, an ISO time with its offset. `en` and `zh` name what has a name of its
    own (a hospital, a person). `source` is a value of `catalogue.From` for what filled
    itself, of `RecordEntry.Source` for what was entered; `author` is a username.
    """

    element: str
    value: str = ""
    unit: str = ""
    route: str = ""
    not_value: str = ""
    pertinent_negative: str = ""
    group: UUID | None = None
    occurred_at: datetime | None = None
    device_at: datetime | None = None
    source: str = ""
    author: str = ""
    en: str = ""
    zh: str = ""
    id: UUID | None = None

    @property
    def head(self) -> str:
        """The group of elements: `vital` of `vital.heart_rate`."""
        return self.element.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of the record (an ECG, a photograph): its hash, and its bytes where wanted."""

    id: UUID
    name: str
    media_type: str
    sha256: str
    occurred_at: datetime
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One lead of a wave: signed steps of `scale_uv` microvolts, None where a sample is missing."""

    lead: str
    rate_hz: float
    scale_uv: float
    samples: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Waves:
    """Leads that were recorded together: a 12-lead ECG, or a strip of the monitor."""

    id: UUID
    started_at: datetime
    traces: Sequence[Trace]
    twelve_lead: bool = False


@dataclass(frozen=True)
class CanonicalRecord:
    """Everything that stands in a record, conflicts settled by the newest head.

    `version` is 0 for a draft. `of_standards` keeps what belongs to a document and to no
    element (a header, an agency's own definitions), by the standard's name; only that
    standard reads it. `waves` are there only where they were asked for: they are large.
    """

    id: UUID
    version: int
    written_at: datetime
    statements: Sequence[Statement]
    enclosures: Sequence[Enclosure] = ()
    waves: Sequence[Waves] = ()
    of_standards: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def by_element(self) -> Mapping[str, tuple[Statement, ...]]:
        found: dict[str, list[Statement]] = {}
        for one in self.statements:
            found.setdefault(one.element, []).append(one)
        return {element: tuple(rows) for element, rows in found.items()}

    def every(self, element: str) -> tuple[Statement, ...]:
        """All that is said of an element, whichever group it is in."""
        return self.by_element.get(element, ())

    def one(self, element: str) -> Statement | None:
        """What is said of an element that stands once."""
        return next(iter(self.every(element)), None)

    def value(self, element: str) -> str:
        """Its value; "" where there is none."""
        said = self.one(element)
        return said.value if said else ""

    def groups(self, head: str) -> Iterator[Mapping[str, tuple[Statement, ...]]]:
        """The repeating groups of a head (`medication`), each as element → statements.

        In the order in which they first occur.
        """
        found: dict[UUID, dict[str, tuple[Statement, ...]]] = {}
        for one in self.statements:
            if one.group is not None and one.head == head:
                group = found.setdefault(one.group, {})
                group[one.element] = (*group.get(one.element, ()), one)
        yield from found.values()
