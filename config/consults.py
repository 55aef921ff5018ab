"""The pages of the consult: the desk's roster, and the picture with its drawing for glasses."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.modules import modules_of
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import Role, User
from ehr_prehospital.consult.actions import end_on_call, plan_on_call
from ehr_prehospital.consult.actions.duty import PLANNERS
from ehr_prehospital.consult.models import PhysicianDuty
from ehr_prehospital.consult.words import SPECIALTIES

SHIFT = timedelta(hours=12)
READERS = (*PLANNERS, Role.REMOTE_PHYSICIAN)
LOOKERS = (Role.REMOTE_PHYSICIAN, Role.ED_STAFF, Role.PARAMEDIC)


@login_required
def glasses(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    """What is drawn on the mission's picture, whole screen. The sockets ask who may see it."""
    if not isinstance(request.user, User) or request.user.role not in LOOKERS:
        raise PermissionDenied
    return render(
        request,
        "consult/glasses.html",
        {"mission_id": mission_id, "modules": modules_of("consult/glasses.js")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on call and who will be; a supervisor plans and ends it here."""
    user = request.user
    if not isinstance(user, User) or user.role not in READERS:
        raise PermissionDenied
    fault = ""
    if request.method == "POST":
        try:
            change(request, user)
        except Refused as refused:
            fault = str(refused.detail)
        else:
            return redirect("consult_roster")
    now = timezone.now()
    rows = PhysicianDuty.objects.filter(centre=user.centre, ends_at__gt=now).select_related("user")
    return render(
        request,
        "consult/roster.html",
        {
            "rows": rows.order_by("starts_at", "rank"),
            "plans": user.role in PLANNERS,
            "physicians": User.objects.filter(
                role=Role.REMOTE_PHYSICIAN, is_active=True, organisation=user.centre
            ),
            "specialties": SPECIALTIES,
            "fault": fault,
            "now": now,
            "later": now + SHIFT,
        },
        status=400 if fault else 200,
    )


def change(request: HttpRequest, user: User) -> None:
    now, sent = timezone.now(), request.POST
    if sent.get("end"):
        planned = get_object_or_404(PhysicianDuty, pk=sent["end"])
        end_on_call(planned=planned, actor=user, now=now)
        return
    begins, ends = (parse_datetime(sent.get(name, "")) for name in ("starts_at", "ends_at"))
    if begins is None or ends is None or not sent.get("rank", "").isdigit():
        raise BadInput(_("Say from when until when, and in which place."))
    plan_on_call(
        physician=get_object_or_404(User, pk=sent.get("physician")),
        specialties=sent.getlist("specialties"),
        rank=int(sent["rank"]),
        starts_at=timezone.make_aware(begins),
        ends_at=timezone.make_aware(ends),
        actor=user,
        now=now,
    )
