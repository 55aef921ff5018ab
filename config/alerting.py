"""Who is told of an alert and how soon: a hospital's page, and its centre's; what left the house.

No name of a patient can stand here: what leaves the house holds none.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.deliveries import named
from config.settings import BASE_DIR
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.alerting.actions import (
    URGENCIES,
    clear_timing,
    put_on_call,
    set_timing,
    take_off_call,
)
from ehr_prehospital.alerting.channels.outbox import newest
from ehr_prehospital.alerting.models import OnCall
from ehr_prehospital.alerting.queries import (
    Counted,
    channels_of,
    current,
    hospitals_with_own_times,
    times_at,
)
from ehr_prehospital.alerting.words import CHANNELS
from ehr_prehospital.pathways.words import TEAMS

READERS = frozenset({Role.ED_STAFF, Role.SUPERVISOR, Role.ADMINISTRATOR})
WORKER = BASE_DIR / "static" / "emergency_department" / "push_worker.js"


def reader(request: HttpRequest) -> tuple[User, Organisation | None]:
    """Who it is, and the hospital whose page it is; None: the centre's, of all its hospitals."""
    user = request.user
    if not isinstance(user, User) or user.role not in READERS or user.organisation is None:
        raise PermissionDenied
    return user, user.organisation if user.role == Role.ED_STAFF else None


@login_required
def alerting(request: HttpRequest) -> HttpResponse:
    """The list of one hospital with its times, or the times of a centre; the newest messages."""
    user, hospital = reader(request)
    place = hospital or user.centre
    if place is None:
        raise PermissionDenied
    # Any: what a template shows.
    context: dict[str, Any] = {
        "hospital": hospital,
        "teams": list(TEAMS.items()),
        "timings": [in_words(one, place) for one in times_at(place, URGENCIES)],
        "others": [] if hospital else hospitals_with_own_times(place, URGENCIES),
        "urgencies": URGENCIES,
    }
    if hospital:
        now = timezone.now()
        rows = current(hospital, now=now).select_related("person").order_by("team", "rank")
        context |= {
            "rows": [{"one": row, "team": TEAMS.get(row.team, "")} for row in rows],
            "people": User.objects.filter(organisation=hospital, is_active=True).order_by(
                "name_en"
            ),
            "channels": [CHANNELS[one] for one in channels_of(hospital)],
        }
    context["sent"] = [
        {**row, "channel": CHANNELS.get(row["channel"], row["channel"])}
        for row in newest(lambda row: hospital is None or row["hospital"] == hospital.code)
    ]
    return render(request, "emergency_department/alerting.html", context)


def in_words(counted: Counted, place: Organisation) -> dict[str, object]:
    """The times of one urgency and whose they are, for a place that may set its own."""
    own = counted.owner == place.pk
    if own:
        whose = _("set here")
    else:
        whose = _("of the dispatch centre") if counted.owner else _("as delivered")
    return {"urgency": counted.urgency, "after_s": counted.after_s, "own": own, "whose": whose}


@login_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Put somebody on the list, take somebody off, or set the times of one urgency."""
    user, _hospital = reader(request)
    said, now = request.POST, timezone.now()
    try:
        match said.get("what"):
            case "off":
                row = get_object_or_404(OnCall, pk=named(request, "row"))
                take_off_call(row=row, actor=user, now=now)
            case "timing":
                seconds = [number(said.get(f"after_{place}", "")) for place in (1, 2, 3)]
                urgency = number(said.get("urgency", ""))
                if "back" in said:
                    clear_timing(urgency=urgency, actor=user, now=now)
                else:
                    set_timing(urgency=urgency, seconds=seconds, actor=user, now=now)
            case _:
                put_on_call(
                    person=get_object_or_404(User, pk=named(request, "person")),
                    rank=number(said.get("rank", "")),
                    team=said.get("team", "") if said.get("team", "") in TEAMS else "",
                    phone=said.get("phone", "")[:40],
                    email=said.get("email", "")[:254],
                    pager=said.get("pager", "")[:40],
                    actor=user,
                    now=now,
                )
    except Refused as refused:
        messages.warning(request, str(refused.detail))
    else:
        messages.success(request, _("Saved."))
    return redirect("alerting")


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker of the department's page: it shows push messages and keeps nothing."""
    response = HttpResponse(WORKER.read_text(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
