"""What a record, a form or a score says of a patient becomes a pathway, or a proposal of one.

The impression that a person wrote opens it; a score, a form or an ECG's statement only proposes,
with its reasons, and a person decides.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from ehr_prehospital.pathways.actions import suspect
from ehr_prehospital.pathways.files import checklists
from ehr_prehospital.pathways.queries import standing_entries
from ehr_prehospital.pathways.rules import Said, suspected
from ehr_prehospital.record.findings import IMPRESSIONS, findings_of
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.queries import replaced_in
from ehr_prehospital.record.terms import tables
from ehr_prehospital.vitals.alarms.assessing import SCORED
from ehr_prehospital.vitals.alarms.queries import watched_missions
from ehr_prehospital.vitals.queries import recent_numbers
from ehr_prehospital.vitals.scores.inputs import Findings, score_inputs
from ehr_prehospital.vitals.scores.rules import State as ScoreState
from ehr_prehospital.vitals.scores.rules import evaluate
from ehr_prehospital.vitals.scores.tables import scores

TOLD_BY = ("record.entry_added", "record.entry_replaced")
MOST_ROWS = 1000
FRESH_S = 120


class Watch:
    """Reads the journal on and looks at the records that were written in; at scores at times."""

    def __init__(self) -> None:
        self._since: int | None = None

    def look(self, *, now: datetime, with_scores: bool) -> int:
        """How many pathways were proposed or opened."""
        missions = {one.pk: one for one in watched_missions()} if with_scores else {}
        written = self._written_in()
        for one in Mission.objects.filter(pk__in=written - missions.keys(), open=True):
            missions[one.pk] = one
        return propose(list(missions.values()), with_scores=with_scores, now=now)

    def _written_in(self) -> set[UUID]:
        if self._since is None:  # a fresh start: whoever is under way is looked at once
            self._since = head()
            return set(Mission.objects.filter(open=True).values_list("pk", flat=True))
        rows: list[Entry] = rows_since(self._since, limit=MOST_ROWS)
        if rows:
            self._since = rows[-1].pk
        return {
            UUID(row.refs["mission"])
            for row in rows
            if row.kind in TOLD_BY and "mission" in row.refs
        }


def propose(missions: Collection[Mission], *, with_scores: bool, now: datetime) -> int:
    ids = [one.pk for one in missions]
    if not ids:
        return 0
    entries = standing_entries(ids)
    impressions = impressions_of(ids)
    found = findings_of(ids, now=now) if with_scores else {}
    told = 0
    for mission in missions:
        elements: dict[str, set[str]] = {}
        for element, value, _at in entries.get(mission.pk, ()):
            elements.setdefault(element, set()).add(value)
        numbers: dict[str, Decimal] = {}
        if mission.pk in found:
            numbers = scores_of(mission, found[mission.pk], now=now)
        said = Said(
            impressions=impressions.get(mission.pk, frozenset()),
            scores=numbers,
            elements={element: frozenset(values) for element, values in elements.items()},
        )
        for one in suspected(list(checklists().values()), said):
            made = suspect(
                mission=mission, kind=one.kind, reasons=one.reasons, certain=one.certain, now=now
            )
            told += made is not None
    return told


def impressions_of(missions: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Mission → the pathways of its standing impressions."""
    rows = list(
        RecordEntry.objects.filter(
            record__mission__in=missions,
            element__in=IMPRESSIONS,
            pertinent_negative="",
            not_value="",
        ).values_list("pk", "record", "record__mission", "value")
    )
    gone = replaced_in({record for _pk, record, *_rest in rows})
    known = tables()["impression"]
    found: dict[UUID, set[str]] = {}
    for entry_id, _record, mission_id, value in rows:
        if entry_id not in gone and value in known and known[value].pathway:
            found.setdefault(mission_id, set()).add(known[value].pathway)
    return {mission_id: frozenset(kinds) for mission_id, kinds in found.items()}


def scores_of(mission: Mission, findings: Findings, *, now: datetime) -> dict[str, Decimal]:
    """The whole scores by the newest fresh numbers; one that lacks an input is none."""
    numbers: dict[str, float] = {}
    for one in recent_numbers(mission_id=mission.pk, now=now):
        if one.code in SCORED and (now - one.measured_at).total_seconds() <= FRESH_S:
            numbers[one.code] = one.value
    inputs = score_inputs(numbers, findings)
    results = [evaluate(score, inputs=inputs, age=findings.age) for score in scores().values()]
    return {
        one.score: one.value
        for one in results
        if one.state is ScoreState.COMPLETE and one.value is not None
    }
