"""The office's page of recordings: how long each class is kept, and the holds of missions."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.recording.actions.keeping import MAY_HOLD, lift_hold, place_hold
from ehr_prehospital.recording.held import SHOWN, kept_missions
from ehr_prehospital.recording.models import LegalHold
from ehr_prehospital.recording.queries import retention

# An administrator reads what is kept; who holds a case answers for cases.
READERS = MAY_HOLD | {Role.ADMINISTRATOR}


def reader(request: HttpRequest) -> tuple[User, Organisation]:
    user = request.user
    if not isinstance(user, User) or user.role not in READERS or user.centre is None:
        raise PermissionDenied
    return user, user.centre


@login_required
@require_http_methods(["GET", "POST"])
def held_recordings(request: HttpRequest) -> HttpResponse:
    """Missions with what is kept of each and until when; a hold is placed and released here."""
    user, centre = reader(request)
    if request.method == "POST":
        try:
            change(request, user)
        except Refused as refused:
            messages.warning(request, str(refused.detail))
        return redirect(request.get_full_path())
    number, held = request.GET.get("mission", "").strip(), request.GET.get("show") == "held"
    rows = kept_missions(centre, number=number, held=held)
    return render(
        request,
        "shared/held_recordings.html",
        {
            "rows": rows,
            "classes": retention().values(),
            "number": number,
            "held": held,
            "holds": user.role in MAY_HOLD,
            "most": SHOWN if len(rows) == SHOWN else 0,
            "now": timezone.now(),
        },
    )


def change(request: HttpRequest, user: User) -> None:
    """Raises Refused, Http404."""
    now = timezone.now()
    mission = get_object_or_404(
        Mission.objects.select_related("incident", "ambulance"), pk=sent_id(request, "mission")
    )
    if request.POST.get("what") == "release":
        hold = LegalHold.objects.select_related("mission__incident").filter(
            mission=mission, lifted_at__isnull=True
        )
        lift_hold(hold=get_object_or_404(hold), actor=user, now=now)
        messages.success(request, _("%(mission)s is released.") % {"mission": mission.number})
        return
    place_hold(
        mission=mission,
        hold_id=sent_id(request, "hold"),
        reason=request.POST.get("reason", ""),
        actor=user,
        now=now,
    )
    messages.success(request, _("%(mission)s is held.") % {"mission": mission.number})


def sent_id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None
