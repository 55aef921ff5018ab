"""Write statements into a record. Nothing is ever edited or taken away, and no fact refused."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import Told, append_all
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.rules import Level, Relation
from ehr_prehospital.record.actions.closing import amend
from ehr_prehospital.record.actions.identifying import take_over
from ehr_prehospital.record.actions.opening import locked, open_record, record_refs
from ehr_prehospital.record.followers import tell as tell_followers
from ehr_prehospital.record.models import Record, RecordEntry
from ehr_prehospital.record.rules import Problem, Statement, Wrong, judge


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as a tablet made it. The id is the tablet's, so that a repetition is harmless.

    `replaces` names all heads that its author saw. `device_at` is the device's own time, and
    `reading_id` the stored reading that a person confirmed with it.
    """

    id: UUID
    said: Statement
    occurred_at: datetime
    group: UUID | None = None
    replaces: tuple[UUID, ...] = ()
    source: str = RecordEntry.Source.CREW
    device_at: datetime | None = None
    reading_id: int | None = None


def add_entry(
    *,
    mission: Mission,
    entry_id: UUID,
    said: Statement,
    occurred_at: datetime,
    actor: User,
    now: datetime,
    replaces: Collection[UUID] | None = None,
) -> RecordEntry:
    """Write one statement that stands by itself; see `add_entries`."""
    draft = Draft(entry_id, said, occurred_at, replaces=tuple(replaces or ()))
    return add_entries(mission=mission, drafts=[draft], actor=actor, now=now)[0]


def add_entries(
    *, mission: Mission, drafts: Sequence[Draft], actor: User, now: datetime
) -> list[RecordEntry]:
    """Write statements into the mission's record, all or none. Idempotent on their ids.

    What makes no sense is stored with its problems. Raises NoAccess for anybody but the crew,
    BadInput for an id of another record. Into a closed record, they make its next version.
    """
    admit(
        user=actor,
        mission=mission,
        needed=Level.CLINICAL,
        only=Relation.CREW,
        purpose=Purpose.RECORD,
        now=now,
    )
    with transaction.atomic():
        record = locked(open_record(mission=mission, actor=actor, now=now))
        there = own(drafts, record)
        fresh = list({draft.id: draft for draft in drafts if draft.id not in there}.values())
        if not fresh:
            return [there[draft.id] for draft in drafts]
        elements = elements_of(fresh, record)
        rows = [row_of(draft, record, elements, author=actor, now=now) for draft in fresh]
        RecordEntry.objects.bulk_create(rows)
        take_over(record, rows)
        tell_followers(record, frozenset(row.element for row in rows), actor, now)
        tell(rows, record=record, mission=mission, known=elements, actor=actor, now=now)
        amend(record=record, mission=mission, actor=actor, now=now)
    written = there | {row.pk: row for row in rows}
    return [written[draft.id] for draft in drafts]


def own(drafts: Sequence[Draft], record: Record) -> dict[UUID, RecordEntry]:
    """The entries that are already there, unless an id belongs to another record."""
    found = RecordEntry.objects.select_related("author").in_bulk([draft.id for draft in drafts])
    if any(row.record_id != record.pk for row in found.values()):
        raise BadInput(_("This identifier is already used."), code="id_in_use")
    return found


def elements_of(drafts: Sequence[Draft], record: Record) -> dict[UUID, str]:
    """Entry → element, of those sent and of their parents in this record."""
    named = {parent for draft in drafts for parent in draft.replaces}
    stored = record.entries.filter(pk__in=named).values_list("pk", "element")
    return {**dict(stored), **{draft.id: draft.said.element for draft in drafts}}


def row_of(
    draft: Draft, record: Record, elements: dict[UUID, str], *, author: User | None, now: datetime
) -> RecordEntry:
    judged = judge(draft.said, group=draft.group, occurred_at=draft.occurred_at, now=now)
    problems = [*judged.problems, *problems_of_parents(draft, elements)]
    return RecordEntry(
        id=draft.id,
        record=record,
        **asdict(judged.said),
        group=draft.group,
        replaces=list(draft.replaces),
        occurred_at=draft.occurred_at,
        entered_at=now,
        device_at=draft.device_at,
        reading_id=draft.reading_id,
        author=author,
        source=draft.source,
        problems=[
            {"code": str(problem.code), "params": dict(problem.params)} for problem in problems
        ],
    )


def problems_of_parents(draft: Draft, elements: dict[UUID, str]) -> list[Problem]:
    """A parent that is not in this record, or is about something else."""
    return [
        Problem(Wrong.UNKNOWN_PARENT)
        if parent not in elements or parent == draft.id
        else Problem(Wrong.OTHER_ELEMENT, {"element": elements[parent]})
        for parent in draft.replaces
        if elements.get(parent) != draft.said.element or parent == draft.id
    ]


def tell(
    rows: Sequence[RecordEntry],
    *,
    record: Record,
    mission: Mission,
    known: dict[UUID, str],
    actor: User,
    now: datetime,
) -> None:
    """A row of the journal for each item of a board that changes; never what was said."""
    refs = record_refs(record, mission)
    written = [
        Told(
            "record.entry_added",
            {**refs, "entry": row.pk},
            occurred_at=row.occurred_at,
            detail={"problems": ",".join(one["code"] for one in row.problems)}
            if row.problems
            else None,
        )
        for row in rows
    ]
    replaced = [
        Told(
            "record.entry_replaced",
            {"record": record.pk, "mission": mission.pk, "entry": parent},
        )
        for parent in sorted({parent for row in rows for parent in row.replaces} & known.keys())
    ]
    append_all([*written, *replaced], actor=actor, now=now)
