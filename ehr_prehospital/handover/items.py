"""A handover as JSON: the same on every board and in the answers of the API."""

from dispatch.live.board import Item
from dispatch.live.projections import names, when
from ehr_prehospital.handover.models import Handover, Notice
from ehr_prehospital.handover.orders.items import order_item
from ehr_prehospital.handover.rules import OPEN, WITHDRAWN, State


def handover_item(row: Handover, *, with_patient: bool) -> Item:
    """`by` names who took each step; without the patient nothing of it is clinical."""
    mission, incident = row.mission, row.mission.incident
    return {
        "id": str(row.pk),
        "mission_id": str(row.mission_id),
        "hospital_id": str(row.hospital_id),
        "state": row.state,
        "preadmission_number": row.preadmission_number,
        "visit_number": row.visit_number,
        "orders": [order_item(one) for one in row.orders.all()] if with_patient else [],
        "bay": row.bay,
        "team": row.team,
        "alarm_level": row.alarm_level,
        "end_reason": row.end_reason,
        "times": {
            str(state): when(moment) for state in State if (moment := getattr(row, f"{state}_at"))
        },
        # The newest word on each step; what a screen says of itself is nobody's.
        "by": {one.step: names(one.by) for one in row.steps.all() if one.source != "screen"},
        "confirmed_by": names(row.confirmed_by),
        "given_at": when(row.given_at),
        "given_by": names(row.given_by),
        "received_at": when(row.received_at),
        "received_by": names(row.received_by),
        "withdrawn_by": names(row.withdrawn_by),
        "withdrawal_seen_at": when(row.withdrawal_seen_at),
        "withdrawal_seen_by": names(row.withdrawal_seen_by),
        "crew_told_at": when(row.crew_told_at),
        "crew_told_by": names(row.crew_told_by),
        "notices": [notice_item(one) for one in row.notices.all()],
        "unit": {"id": str(mission.ambulance_id), "call_sign": mission.ambulance.call_sign},
        "incident": {
            "id": str(incident.pk),
            "number": incident.number,
            "priority": incident.priority,
            "complaint": incident.complaint,
            "place_label": incident.place_label,
        },
        **arrival(row),
        "patient_id": str(row.encounter.patient_id)
        if with_patient and row.state not in WITHDRAWN
        else None,
    }


def arrival(row: Handover) -> Item:
    """When it comes. Before the patient is on board the mission's estimate is for the scene."""
    mission = row.mission
    boarded = mission.on_board_at is not None
    live = row.state in OPEN and boarded
    return {
        "on_board_at": when(mission.on_board_at),
        "drive_s": None if boarded else row.drive_s,
        "near_at": when(row.near_at),
        "eta_s": mission.eta_s if live else None,
        "eta_computed_at": when(mission.eta_computed_at) if live else None,
        "eta_note": mission.eta_note if live else "",
        "eta_low_s": mission.eta_low_s if live else None,
        "eta_high_s": mission.eta_high_s if live else None,
    }


def notice_item(row: Notice) -> Item:
    """Who was told, how, and whether the other end took it; None of a state: the wall's own."""
    return {
        "id": str(row.pk),
        "subject": row.subject,
        "level": row.level,
        "channel": row.channel,
        "person": names(row.person),
        "made_at": when(row.made_at),
        "spoken_at": when(row.spoken_at),
        "state": row.delivery.state if row.delivery else None,
    }
