"""May this person watch a mission's patient, and what do they see first?"""

from datetime import datetime
from uuid import UUID

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess, Purpose, look
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.vitals.queries import Number, Strip, recent_numbers, recent_waves


def begin_watching(*, user: User, mission_id: UUID, now: datetime) -> None:
    """Log the look of one socket. Raises NoAccess, which is logged as well."""
    mission = mission_with(mission_id)
    if mission is None:
        raise NoAccess
    look(user=user, mission=mission, needed=Level.OPERATIONAL, purpose=Purpose.VITALS, now=now)


def still_watching(*, user: User, mission_id: UUID, now: datetime) -> bool:
    mission = mission_with(mission_id)
    return mission is not None and may_see(user=user, mission=mission, now=now).level.covers(
        Level.OPERATIONAL
    )


def history(*, mission_id: UUID, now: datetime) -> tuple[list[Number], list[Strip]]:
    return (
        recent_numbers(mission_id=mission_id, now=now),
        recent_waves(mission_id=mission_id, now=now),
    )


def mission_with(mission_id: UUID) -> Mission | None:
    return Mission.objects.filter(pk=mission_id).select_related("incident").first()
