"""What is new in the stream, and which alarms stand."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from ambulance_agent.protocol import Lead, VitalCode
from dispatch.fleet.models import Mission
from dispatch.fleet.rules import State as MissionState
from ehr_prehospital.vitals.alarms.models import Alarm, DeviceStatus
from ehr_prehospital.vitals.alarms.rules.settings import Priority
from ehr_prehospital.vitals.queries import Number, Strip

WITH_PATIENT = (
    MissionState.ON_SCENE,
    MissionState.AT_PATIENT,
    MissionState.ON_BOARD,
    MissionState.LEFT_SCENE,
    MissionState.AT_DESTINATION,
)
# On a start: so much of the past is read again. Nothing from further ahead is believed: one
# value dated into next year would make every later one look old.
LOOK_BACK = timedelta(seconds=90)
AHEAD = timedelta(seconds=30)
# What was stored before that has been read, or is too old to alarm: only today's part is opened.
STORED_WITHIN = timedelta(minutes=10)
LEADS = (Lead.ECG_II, Lead.ECG_PADS, Lead.ECG_I, Lead.ECG_III)
CODES = tuple(code.value for code in VitalCode)

# (mission, code or lead) → the newest moment that has been read.
Cursors = Mapping[tuple[UUID, str], datetime]


def watched_missions() -> list[Mission]:
    """The missions that have a patient now."""
    return list(
        Mission.objects.filter(open=True, state__in=[state.value for state in WITH_PATIENT])
        .select_related("incident")
        .order_by("assigned_at")
    )


def new_numbers(
    mission_ids: Collection[UUID], cursors: Cursors, *, now: datetime
) -> list[tuple[UUID, datetime, Number]]:
    """(mission, recorded at, number) past each mission's and code's cursor, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.mission_id, r.recorded_at, r.code, r.value, r.unit, r.measured_at,"
            " r.quality, r.source"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS w(mission, code, since)"
            " JOIN ehr_prehospital_reading r ON r.mission_id = w.mission AND r.code = w.code"
            "  AND r.measured_at > w.since AND r.measured_at <= %s"
            "  AND r.recorded_at > %s"
            " ORDER BY r.measured_at",
            [*_wanted(mission_ids, CODES, cursors, now), now + AHEAD, now - STORED_WITHIN],
        )
        return [(row[0], row[1], Number(*row[2:])) for row in cursor.fetchall()]


def new_strips(
    mission_ids: Collection[UUID], cursors: Cursors, *, now: datetime
) -> list[tuple[UUID, datetime, Strip]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.mission_id, r.recorded_at, r.lead, r.started_at, r.rate_hz, r.scale_uv,"
            " r.samples"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS w(mission, lead, since)"
            " JOIN ehr_prehospital_wave r ON r.mission_id = w.mission AND r.lead = w.lead"
            "  AND r.started_at > w.since AND r.started_at <= %s"
            "  AND r.recorded_at > %s"
            " ORDER BY r.started_at",
            [*_wanted(mission_ids, LEADS, cursors, now), now + AHEAD, now - STORED_WITHIN],
        )
        return [
            (row[0], row[1], Strip(row[2], row[3], row[4], row[5], bytes(row[6])))
            for row in cursor.fetchall()
        ]


def _wanted(
    mission_ids: Collection[UUID], names: Collection[str], cursors: Cursors, now: datetime
) -> tuple[list[UUID], list[str], list[datetime]]:
    pairs = [(mission_id, str(name)) for mission_id in mission_ids for name in names]
    return (
        [mission_id for mission_id, _name in pairs],
        [name for _mission, name in pairs],
        [cursors.get(pair, now - LOOK_BACK) for pair in pairs],
    )


def device_states(ambulance_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Ambulance → device → state, as last told."""
    found: dict[UUID, dict[str, str]] = {}
    for row in DeviceStatus.objects.filter(ambulance__in=ambulance_ids):
        found.setdefault(row.ambulance_id, {})[row.device] = row.state
    return found


def statuses_of_mission(mission_id: UUID) -> list[DeviceStatus]:
    """The devices of the mission's vehicle, while it is on that mission."""
    return list(
        DeviceStatus.objects.filter(
            ambulance__missions__pk=mission_id, ambulance__missions__open=True
        ).order_by("device")
    )


def open_alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(ended_at__isnull=True)


# What stays on a screen: open ones, and high ones that ended before anybody saw them.
TO_SHOW = Q(ended_at__isnull=True) | Q(priority=Priority.HIGH, acknowledged_at__isnull=True)
