"""The record as it stands: what was written, what fills itself, what is in doubt or missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation

from dispatch.people.models import User
from ehr_prehospital.record.catalogue import From, Level, elements
from ehr_prehospital.record.filled import Filled, filled_of
from ehr_prehospital.record.models import PatientMerge, Record
from ehr_prehospital.record.proposals import proposals_of
from ehr_prehospital.record.queries import entries_of, merge_of
from ehr_prehospital.record.rulebook import OURS
from ehr_prehospital.record.rules.completeness import Finding, Kind, facing, findings
from ehr_prehospital.record.rules.first import in_catalogue
from ehr_prehospital.record.rules.judging import Problem
from ehr_prehospital.record.rules.merging import Entry, Merged, Standing, merge
from ehr_prehospital.record.sentences import sentence


@dataclass(frozen=True, slots=True)
class RecordNow:
    """`canonical` is what stands, in the catalogue's words only."""

    record: Record
    merge: PatientMerge | None
    entries: Sequence[Entry]
    authors: Mapping[UUID, User]
    merged: Merged
    canonical: Sequence[Standing]
    filled: Sequence[Filled]
    proposals: Sequence[Filled]
    findings: Sequence[Finding]


def record_now(record: Record, *, now: datetime, more: Sequence[Filled] = ()) -> RecordNow:
    """Read a record whole. `more` is what those above the record know (the handover's)."""
    entries = entries_of(record)
    merged = merge(entries)
    canonical = in_catalogue(merged.standing)
    written = {one.element for one in canonical if one.group is None}
    known = [*filled_of(record), *more]
    filled = [one for one in known if not one.proposal]
    likely = [one for one in known if one.proposal and one.element not in written]
    measured = proposals_of(
        mission_id=record.mission_id,
        now=now,
        confirmed={one.reading_id for one in entries if one.reading_id is not None},
    )
    seen = facing(
        canonical,
        filled=[(one.element, one.group, one.value) for one in filled],
        likely=[(one.element, one.value) for one in likely if one.source is From.CLOCK],
    )
    return RecordNow(
        record=record,
        merge=merge_of(record.encounter.patient),
        entries=entries,
        authors=User.objects.in_bulk({one.author_id for one in entries if one.author_id}),
        merged=merged,
        canonical=canonical,
        filled=filled,
        proposals=[*likely, *measured],
        findings=[*flagged(entries, merged), *findings(seen, now=now)],
    )


def flagged(entries: Sequence[Entry], merged: Merged) -> list[Finding]:
    """What stands although it makes no sense."""
    return [
        problem_finding(entry, problem)
        for entry in entries
        if entry.problems and entry.id not in merged.replaced
        for problem in entry.problems
    ]


def problem_finding(entry: Entry, problem: Problem) -> Finding:
    known = elements().get(entry.element)
    with translation.override("en"):
        en = sentence(problem.code, problem.params)
    with translation.override("zh-hans"):
        zh = sentence(problem.code, problem.params)
    return Finding(
        element=entry.element,
        group=entry.group,
        level=known.level if known else Level.OPTIONAL,
        kind=Kind.ILLEGAL,
        rule=f"problem:{problem.code}",
        source=OURS,
        official=False,
        en=en,
        zh=zh,
    )
