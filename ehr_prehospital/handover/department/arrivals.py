"""What a public corridor may read of who is coming: a colour, a field, a band, a bay, a time."""

from datetime import datetime, timedelta
from uuid import UUID

from ehr_prehospital.handover.department.rules import Arrival, age_band, in_order, kind_of
from ehr_prehospital.handover.door.queries import colour_of, scene_tags
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.rules import OPEN, State


def arrivals_at(hospital_id: UUID, now: datetime) -> list[Arrival]:
    """Those on the way and at the door. Reads no patient: the age is what the caller said."""
    rows = list(
        Handover.objects.filter(
            hospital=hospital_id, state__in=[state.value for state in OPEN]
        ).select_related("mission__incident", "reception")
    )
    tags = scene_tags([row.mission_id for row in rows])
    return in_order([arrival(row, tags.get(row.mission_id, "")) for row in rows], now=now)


def arrival(row: Handover, tag: str) -> Arrival:
    mission, incident = row.mission, row.mission.incident
    here = row.arrived_at is not None
    due = None
    if not here and mission.eta_s is not None and mission.eta_computed_at and not mission.eta_note:
        due = mission.eta_computed_at + timedelta(seconds=mission.eta_s)
    return Arrival(
        colour=colour_of(row, tag)[0],
        kind=kind_of(incident.complaint),
        band=age_band(incident.patient_age_years),
        bay=row.bay,
        state="here" if here else ("ready" if row.state == State.READY else "coming"),
        due_at=due,
        since=row.arrived_at,
    )


def arrival_items(*, hospital_id: UUID, now: datetime) -> list[dict[str, str | None]]:
    """As JSON; nothing in it leads to a person, an ambulance or a place."""
    return [
        {
            "colour": one.colour,
            "kind": one.kind,
            "band": one.band,
            "bay": one.bay,
            "state": one.state,
            "due_at": one.due_at.isoformat() if one.due_at else None,
            "since": one.since.isoformat() if one.since else None,
        }
        for one in arrivals_at(hospital_id, now)
    ]
