"""May this person watch a mission's patient, and what do they see first?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess, Purpose, look
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.vitals.alarms.devices import Told, shown_device
from ehr_prehospital.vitals.alarms.queries import statuses_of_mission
from ehr_prehospital.vitals.queries import (
    Number,
    Strip,
    recent_numbers,
    recent_waves,
    trend_numbers,
)


@dataclass(frozen=True, slots=True)
class Past:
    """What a viewer sees first: recent numbers and waves, the whole mission, the devices."""

    numbers: list[Number]
    strips: list[Strip]
    trend: list[Number]
    devices: list[dict[str, str]]


def begin_watching(*, user: User, mission_id: UUID, now: datetime) -> Level:
    """Log the look of one socket; returns how much it sees. Raises NoAccess, logged as well."""
    mission = mission_with(mission_id)
    if mission is None:
        raise NoAccess
    judged = look(
        user=user, mission=mission, needed=Level.OPERATIONAL, purpose=Purpose.VITALS, now=now
    )
    return judged.level


def still_watching(*, user: User, mission_id: UUID, now: datetime) -> bool:
    mission = mission_with(mission_id)
    return mission is not None and may_see(user=user, mission=mission, now=now).level.covers(
        Level.OPERATIONAL
    )


def history(*, mission_id: UUID, now: datetime) -> Past:
    return Past(
        numbers=recent_numbers(mission_id=mission_id, now=now),
        strips=recent_waves(mission_id=mission_id, now=now),
        trend=trend_numbers(mission_id=mission_id, now=now),
        devices=[
            shown_device(Told(row.device, row.state, row.since))
            for row in statuses_of_mission(mission_id)
        ],
    )


def mission_with(mission_id: UUID) -> Mission | None:
    return Mission.objects.filter(pk=mission_id).select_related("incident").first()
