"""What devices and scores propose: derived, never stored, until a person confirms it.

A confirmation is an entry with source `device`, the device's time and the reading's id.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection

from ehr_prehospital.record.catalogue import From, elements
from ehr_prehospital.record.filled import Filled
from ehr_prehospital.record.findings import findings_of
from ehr_prehospital.vitals.rules import is_stale
from ehr_prehospital.vitals.scores.inputs import gcs_of, score_inputs
from ehr_prehospital.vitals.scores.rules import State, evaluate
from ehr_prehospital.vitals.scores.tables import scores

PROPOSED_FOR = timedelta(minutes=10)
# Any constant will do; it makes the id of the set that a confirmation opens.
SETS = UUID("b2f4a0de-5b2f-4f8d-8a38-8e2a1ce6f0d7")
SCORES: Mapping[str, str] = {
    "news2": "vital.news2",
    "phi": "vital.phi",
    "shock_index": "vital.shock_index",
    "t_rts": "vital.revised_trauma_score",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest good reading of a code."""

    id: int
    code: str
    value: float
    unit: str
    measured_at: datetime
    quality: str


def proposals_of(
    *, mission_id: UUID, now: datetime, confirmed: Collection[int] = ()
) -> list[Filled]:
    """The numbers of the last minutes as one set of vital signs, and the scores they give.

    `confirmed` are readings that stand in the record already: they are not proposed again.
    """
    newest = readings_now(mission_id=mission_id, now=now)
    if not newest:
        return []
    group = uuid5(SETS, ",".join(str(one.id) for one in newest))
    by_reading = {one.reading: code for code, one in elements().items() if one.reading}
    measured = [
        Filled(
            by_reading[one.code],
            f"{one.value:g}",
            source=From.DEVICE,
            unit=one.unit,
            group=group,
            at=one.measured_at,
            proposal=True,
            reading_id=one.id,
            quality=one.quality,
        )
        for one in newest
        if one.code in by_reading and one.id not in confirmed
    ]
    if not measured:
        return []
    return [*measured, *scored(newest, mission_id=mission_id, group=group, now=now)]


def scored(
    newest: Collection[Reading], *, mission_id: UUID, group: UUID, now: datetime
) -> list[Filled]:
    """Scores of fresh numbers and the crew's findings; an incomplete one is none."""
    found = findings_of([mission_id], now=now)[mission_id]
    numbers = {
        one.code: one.value
        for one in newest
        if not is_stale(code=one.code, measured_at=one.measured_at, now=now)
    }
    inputs = score_inputs(numbers, found)
    at = max(one.measured_at for one in newest)
    results = [
        (SCORES[score.id], evaluate(score, inputs=inputs, age=found.age))
        for score in scores().values()
        if score.id in SCORES
    ]
    values = [
        (element, f"{result.value:f}")
        for element, result in results
        if result.state is State.COMPLETE and result.value is not None
    ]
    total = gcs_of(found.observations)
    if isinstance(total, int | float):
        values.append(("vital.gcs_total", f"{total:g}"))
    return [
        Filled(element, value, source=From.SCORE, unit="1", group=group, at=at, proposal=True)
        for element, value in values
    ]


def readings_now(*, mission_id: UUID, now: datetime) -> list[Reading]:
    """The newest reading of each code that is not known to be wrong, by code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (code) id, code, value, unit, measured_at, quality"
            " FROM ehr_prehospital_reading"
            " WHERE mission_id = %s AND measured_at > %s AND measured_at <= %s"
            "  AND quality <> 'invalid'"
            " ORDER BY code, measured_at DESC, id DESC",
            [mission_id, now - PROPOSED_FOR, now + timedelta(seconds=30)],
        )
        return [Reading(*row) for row in cursor.fetchall()]
