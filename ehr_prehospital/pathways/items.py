"""A pathway as JSON: whole for crew and hospital; for the dispatcher without what is clinical.

The control room sees that there is one, who opened it, its clocks, its teams and where the crew
goes; of the checklist only the items that the file calls operational, and no reason of the record.
"""

from collections.abc import Sequence
from datetime import datetime

from dispatch.live.board import Item as BoardItem
from dispatch.people.models import User
from ehr_prehospital.pathways.files import checklists
from ehr_prehospital.pathways.models import Pathway, TeamActivation
from ehr_prehospital.pathways.queries import Entry, moments_of, ticks_of
from ehr_prehospital.pathways.rules import running, standing
from ehr_prehospital.record.items import names, when


def pathway_item(
    row: Pathway, *, entries: Sequence[Entry], ecg_at: datetime | None, clinical: bool
) -> BoardItem:
    checklist = checklists()[row.kind]
    moments = moments_of(row, entries=entries, ecg_at=ecg_at)
    stands = standing(checklist, ticks_of(row), moments)
    seen = {one.code for one in checklist.items if clinical or one.operational}
    return {
        "id": str(row.pk),
        "mission_id": str(row.mission_id),
        "kind": row.kind,
        "version": row.version,
        "state": row.state,
        "suspicion": row.suspicion,
        "reasons": list(row.reasons) if clinical else [],
        "proposed_at": when(row.proposed_at),
        "opened_at": when(row.opened_at),
        "opened_by": names(row.opened_by),
        "ended_at": when(row.ended_at),
        "ended_by": names(row.ended_by),
        "end_reason": row.end_reason,
        "direct_to": row.direct_to,
        "direct_at": when(row.direct_at),
        "direct_by": names(row.direct_by),
        "ticks": {
            one.item: {
                "answer": str(one.answer),
                "at": when(one.at),
                "by": names(one.by) if isinstance(one.by, User) else None,
            }
            for one in stands.values()
            if one.item in seen
        },
        "clocks": [
            {
                "code": one.clock.code,
                "started_at": when(one.started_at),
                "ended_at": when(one.ended_at),
            }
            for one in running(checklist, stands, moments)
        ],
        "teams": [team_item(one) for one in row.teams.all()],
    }


def team_item(row: TeamActivation) -> BoardItem:
    return {
        "id": str(row.pk),
        "hospital_id": str(row.hospital_id),
        "team": row.team,
        "activated_at": when(row.activated_at),
        "activated_by": names(row.activated_by),
        "accepted_at": when(row.accepted_at),
        "accepted_by": names(row.accepted_by),
        "stood_down_at": when(row.stood_down_at),
        "stood_down_by": names(row.stood_down_by),
    }
