"""Alarms on the boards: whole for the crew and the receiving hospital, bare for the dispatcher."""

from collections.abc import Collection
from uuid import UUID

from dispatch.live.board import Items, Viewer
from dispatch.live.projections import when, within
from ehr_prehospital.handover.boards import seen_missions
from ehr_prehospital.vitals.alarms.items import alarm_item
from ehr_prehospital.vitals.alarms.models import Alarm
from ehr_prehospital.vitals.alarms.queries import TO_SHOW
from ehr_prehospital.vitals.alarms.rules.life import State

Ids = Collection[UUID] | None


def at_bedside(viewer: Viewer, ids: Ids) -> Items:
    """Of the open missions whose patients this person's board shows."""
    rows = Alarm.objects.filter(
        within(ids), TO_SHOW, mission__in=seen_missions(viewer), mission__open=True
    ).select_related("acknowledged_by")
    return {str(row.pk): {**alarm_item(row)} for row in rows}


def unanswered(viewer: Viewer, ids: Ids) -> Items:
    """For the control room: that an alarm waits and where, never what it is about."""
    rows = Alarm.objects.filter(
        within(ids),
        state=State.ESCALATED,
        mission__incident__centre=viewer.user.centre,
        mission__incident__closed_at__isnull=True,
    ).select_related("mission__ambulance")
    return {
        str(row.pk): {
            "id": str(row.pk),
            "mission_id": str(row.mission_id),
            "incident_id": str(row.mission.incident_id),
            "call_sign": row.mission.ambulance.call_sign,
            "since": when(row.sounding_since),
            "escalated_at": when(row.escalated_at),
        }
        for row in rows
    }


def alarms_of_incidents(ids: set[UUID]) -> set[UUID]:
    return set(Alarm.objects.filter(mission__incident__in=ids).values_list("pk", flat=True))


def alarms_of_missions(ids: set[UUID]) -> set[UUID]:
    """A mission that ends, or is sent elsewhere, takes its alarms from the board."""
    return set(Alarm.objects.filter(TO_SHOW, mission__in=ids).values_list("pk", flat=True))
