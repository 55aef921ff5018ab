"""The supervisor's page of the centre's tablets: when they were seen, what waits, wiping one."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dispatch.people.models import Organisation, Role, User
from dispatch.tablets.actions import ask_wipe
from dispatch.tablets.models import Tablet
from dispatch.tablets.queries import tablets_of

# A tablet reports twice a minute while it is open.
SILENT = timedelta(minutes=2)


def supervisor(request: HttpRequest) -> tuple[User, Organisation]:
    """The signed-in supervisor and the centre; anyone else is refused."""
    user = request.user
    if not isinstance(user, User) or user.role != Role.SUPERVISOR or user.centre is None:
        raise PermissionDenied
    return user, user.centre


def state_of(tablet: Tablet, *, silent: bool) -> str:
    """wiped, wiping, silent or live."""
    if tablet.wiped_at:
        return "wiped"
    if tablet.wipe_asked_at:
        return "wiping"
    return "silent" if silent else "live"


@login_required
def tablets(request: HttpRequest) -> HttpResponse:
    """Every tablet of the centre, the last seen first. The page asks again by itself."""
    _user, centre = supervisor(request)
    now = timezone.now()
    own = list(tablets_of(centre, now=now))
    waiting = sum(one.waiting for one in own)
    rows = [
        {"tablet": one, "state": state_of(one, silent=now - one.last_seen_at > SILENT)}
        for one in own
    ]
    context = {"rows": rows, "now": now, "waiting": waiting}
    return render(request, "dispatcher/tablets.html", context)


@login_required
@require_POST
def wipe(request: HttpRequest, tablet_id: UUID) -> HttpResponse:
    """Ask a tablet to send what waits and to forget everything else."""
    user, centre = supervisor(request)
    tablet = get_object_or_404(Tablet, pk=tablet_id, centre=centre)
    ask_wipe(tablet=tablet, actor=user, now=timezone.now())
    messages.success(request, _("The tablet is wiped as soon as it is heard of."))
    return redirect("tablets")
