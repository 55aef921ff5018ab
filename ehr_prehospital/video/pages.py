"""The wall: all cameras of one mission beside vital signs and map."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dispatch.fleet.models import Mission
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import NoAccess, Purpose, look
from ehr_prehospital.access.rules import Level

# Whose board knows where the unit is; others see the pictures without a map.
BOARDS = {
    Role.DISPATCHER: "console",
    Role.SUPERVISOR: "console",
    Role.ED_STAFF: "ed",
    Role.PARAMEDIC: "tablet",
    Role.REMOTE_PHYSICIAN: "consult",
}


@login_required
def wall(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    """For whoever may see the mission; each camera asks again, and the look is logged."""
    user, now = request.user, timezone.now()
    if not isinstance(user, User):
        raise PermissionDenied
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=mission_id
    )
    try:
        judged = look(
            user=user, mission=mission, needed=Level.OPERATIONAL, purpose=Purpose.VIDEO, now=now
        )
    except NoAccess as refused:
        raise PermissionDenied(str(refused.detail)) from refused
    return render(
        request,
        "shared/video.html",
        {
            "mission": mission,
            "board": BOARDS.get(Role(user.role), ""),
            "keeps": "yes" if judged.level.covers(Level.CLINICAL) else "",
        },
    )
