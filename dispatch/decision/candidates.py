"""The fleet as a decision sees it: one question to the database, answered as it is decoded.

A thousand units through the mapper's objects cost three times as much as the whole of the choice.
"""

from datetime import datetime
from typing import cast

import msgspec
from django.db import connection

from dispatch.calls.models import Incident
from dispatch.city.roads.router import METRES_PER_DEGREE
from dispatch.decision.rules.policy import LEVELS
from dispatch.decision.rules.units import Candidate
from dispatch.people.models import Organisation

# So far from its station, or so fast, a crew sits in its vehicle.
ON_ROAD_M = 200.0
ON_ROAD_MPS = 2.0

_CANDIDATES = """
WITH crew AS (
    SELECT shift.ambulance_id, count(*) AS size, min(shift.ends_at) AS ends_at,
           max(array_position(
               %(levels)s::text[], coalesce(nullif(shift.level, ''), unit.capability)::text
           )) AS level
    FROM dispatch_shift shift JOIN dispatch_ambulance unit ON unit.id = shift.ambulance_id
    WHERE shift.starts_at <= %(now)s AND shift.ends_at > %(now)s
    GROUP BY shift.ambulance_id
), held AS (
    SELECT ambulance_id, json_agg(json_build_object('kind', kind, 'what', what) ORDER BY since)
               AS holds
    FROM dispatch_hold
    WHERE ended_at IS NULL AND (until IS NULL OR until > %(now)s)
    GROUP BY ambulance_id
), candidate AS (
    SELECT unit.id AS unit_id, unit.call_sign, unit.capability, unit.in_service,
           coalesce(crew.size, 0) AS crew, crew.ends_at AS shift_ends_at,
           coalesce((%(levels)s::text[])[crew.level], '') AS crew_level,
           mission.state AS mission_state, incident.priority AS mission_priority,
           coalesce(incident.number, '') AS mission_number,
           coalesce(incident.kind <> %(emergency)s, false) AS posted,
           coalesce(held.holds, '[]') AS holds,
           fix.lon, fix.lat, fix.heading_deg, fix.fix_at,
           coalesce(fix.speed_mps > %(mps)s OR %(degree_m)s * sqrt(
               power((fix.lon - station.lon) * cos(radians(station.lat)), 2)
               + power(fix.lat - station.lat, 2)) > %(metres)s, false) AS on_road
    FROM dispatch_ambulance unit
    JOIN dispatch_organisation station ON station.id = unit.station_id
    LEFT JOIN dispatch_fix fix ON fix.ambulance_id = unit.id
    LEFT JOIN crew ON crew.ambulance_id = unit.id
    LEFT JOIN held ON held.ambulance_id = unit.id
    LEFT JOIN dispatch_mission mission ON mission.ambulance_id = unit.id AND mission.open
    LEFT JOIN dispatch_incident incident ON incident.id = mission.incident_id
    WHERE station.parent_id = %(centre)s
)
SELECT coalesce(json_agg(candidate ORDER BY call_sign), '[]')::text FROM candidate
"""


def unit_candidates(*, centre: Organisation, now: datetime) -> list[Candidate]:
    """Every unit of the centre with its last believed position; road times are added later."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "centre": centre.pk,
                "now": now,
                "levels": list(LEVELS),
                "emergency": Incident.Kind.EMERGENCY.value,
                "degree_m": METRES_PER_DEGREE,
                "metres": ON_ROAD_M,
                "mps": ON_ROAD_MPS,
            },
        )
        (found,) = cast(tuple[str], cursor.fetchone())
    return msgspec.json.decode(found, type=list[Candidate])
