"""Transfers on the boards: every step for both ends, the drive for the control room; no patient."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.fleet.models import Mission
from dispatch.live.board import Item, Items, Viewer
from dispatch.live.projections import mission_item, names, when, within
from dispatch.people.models import Role
from ehr_prehospital.transfer.models import Transfer
from ehr_prehospital.transfer.rules import State

Ids = Collection[UUID] | None
# What is over stays so long on the boards of both ends.
SHOWN_FOR = timedelta(hours=24)


def transfers(viewer: Viewer, ids: Ids) -> Items:
    rows = list(
        Transfer.objects.filter(within(ids), on_board_of(viewer))
        .select_related(
            "sender", "receiver", "requested_by", "answered_by", "withdrawn_by", "incident"
        )
        .order_by("requested_at")
    )
    drives = drives_of([row.incident_id for row in rows if row.incident_id])
    return {
        str(row.pk): transfer_item(row, drives.get(row.incident_id) if row.incident_id else None)
        for row in rows
    }


def on_board_of(viewer: Viewer) -> Q:
    user = viewer.user
    recent = viewer.now - SHOWN_FOR
    waiting = Q(state=State.REQUESTED)
    if user.role == Role.ED_STAFF:
        own = Q(sender=user.organisation_id) | Q(receiver=user.organisation_id)
        driven = Q(state=State.ACCEPTED, incident__closed_at__isnull=True)
        return own & (waiting | driven | Q(requested_at__gt=recent))
    if user.role in CONTROL_ROOM:
        return Q(sender__parent=user.centre, state=State.ACCEPTED, incident__closed_at__isnull=True)
    return Q(pk__in=[])


def transfers_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Transfer.objects.filter(incident__in=ids).values_list("pk", flat=True))


def drives_of(incidents: list[UUID]) -> dict[UUID, Mission]:
    """Incident → the mission that drives now, or the last that did."""
    rows = (
        Mission.objects.filter(incident__in=incidents)
        .select_related("ambulance", "incident")
        .prefetch_related("facts")
    )
    return {row.incident_id: row for row in rows.order_by("assigned_at")}


def transfer_item(row: Transfer, drive: Mission | None) -> Item:
    """What may stand on a wall: codes, both hospitals, who said what when; no name, no finding."""
    shown = mission_item(drive) if drive else None
    return {
        "id": str(row.pk),
        "state": row.state,
        "sender_id": str(row.sender_id),
        "receiver_id": str(row.receiver_id),
        "sender": names(row.sender),
        "receiver": names(row.receiver),
        "reason": row.reason,
        "urgency": row.urgency,
        "needs": list(row.needs),
        "escorts": list(row.escorts),
        "sex": row.sex,
        "age_years": row.age_years,
        "consent": row.consent,
        "consent_at": when(row.consent_at),
        "requested_at": when(row.requested_at),
        "requested_by": names(row.requested_by),
        "answered_at": when(row.answered_at),
        "answered_by": names(row.answered_by),
        "receiving_team": row.receiving_team,
        "decline_reason": row.decline_reason,
        "decline_note": row.decline_note,
        "withdrawn_at": when(row.withdrawn_at),
        "withdrawn_by": names(row.withdrawn_by),
        "incident_id": str(row.incident_id) if row.incident_id else None,
        "incident_number": row.incident.number if row.incident else None,
        "drive": shown
        and {
            "mission_id": shown["id"],
            "call_sign": shown["call_sign"],
            "state": shown["state"],
            "open": shown["open"],
            "times": shown["times"],
        },
    }
