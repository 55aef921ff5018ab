"""Who may look at the drawing of a mission, and what of it stands now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess, Purpose, look, refuse
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.consult.items import drawing_message
from ehr_prehospital.consult.models import Drawing

MOST_DRAWN = 5000


def watched_mission(*, user: User, mission_id: UUID, now: datetime, log: bool) -> Mission | None:
    """The mission, for who may see its patient; None for everybody else. `log`: write the look."""
    mission = Mission.objects.filter(pk=mission_id).select_related("incident").first()
    if mission is None:
        if log:
            refuse(
                user=user,
                mission=None,
                patient_id=None,
                purpose=Purpose.CONSULT,
                reason="unknown_mission",
                now=now,
            )
        return None
    if not log:
        allowed = may_see(user=user, mission=mission, now=now).level.covers(Level.CLINICAL)
        return mission if allowed else None
    try:
        look(user=user, mission=mission, needed=Level.CLINICAL, purpose=Purpose.CONSULT, now=now)
    except NoAccess:
        return None
    return mission


# Any: JSON, as it went over the socket.
def standing_drawing(mission: Mission) -> list[dict[str, Any]]:
    """What a page that joins has to draw: from the last freeze, unfreeze or clear on."""
    rows = Drawing.objects.filter(mission=mission)
    # By the moment, not by the number: two pages' words are written a quarter of a second apart.
    order = ("occurred_at", "id")
    base = rows.filter(t__in=("freeze", "unfreeze", "clear")).order_by(*order).last()
    if base is None:
        return []
    frozen = rows.filter(t__in=("freeze", "unfreeze")).order_by(*order).last()
    later = rows.filter(occurred_at__gte=base.occurred_at).exclude(pk=base.pk).order_by(*order)
    since = [row for row in later[:MOST_DRAWN] if row.body.get("ttl") is None]
    start = [frozen] if frozen and frozen.t == "freeze" else []
    return [drawing_message(row) for row in [*start, *since]]
