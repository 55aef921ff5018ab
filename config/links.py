"""The administrator's page of the vehicles' links, and of the frames that were parked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.frames import TAKERS
from config.pages import administrator
from dispatch.fleet.models import Ambulance
from dispatch.terms import PARKED_REASONS
from dispatch.uplink.actions import replay
from dispatch.uplink.models import ParkedFrame, VehicleLink

# The process that holds a link tells of it every 5 s.
UNTOLD = timedelta(seconds=20)
SILENT = timedelta(seconds=10)
PARKED_SHOWN = 200
# A position is quarantined when it is 10 s ahead; alarms and ages suffer earlier.
CLOCK_WRONG_MS = 2000
LATE_MS = 5000


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One vehicle. `state` is one of live, silent, down, never."""

    unit: Ambulance
    link: VehicleLink | None
    state: str
    parked: int

    @property
    def since(self) -> datetime | None:
        if self.link is None or self.state == "live":
            return None
        return self.link.disconnected_at or self.link.last_frame_at

    @property
    def lag_text(self) -> str:
        lag_ms = (self.link.lag_ms or 0) if self.link else 0
        return f"{lag_ms} ms" if abs(lag_ms) < LATE_MS else f"{lag_ms / 1000:,.0f} s"

    @property
    def clock_is_wrong(self) -> bool:
        offset = self.link.clock_offset_ms if self.link else None
        return offset is not None and abs(offset) > CLOCK_WRONG_MS

    @property
    def clock_text(self) -> str:
        """Seconds with their sign; tenths only where they matter."""
        offset_s = (self.link.clock_offset_ms or 0) / 1000 if self.link else 0.0
        return f"{offset_s:+.1f} s" if abs(offset_s) < 100 else f"{offset_s:+,.0f} s"

    @property
    def is_late(self) -> bool:
        return bool(self.link and (self.link.lag_ms or 0) > LATE_MS)


def reason_code(reason: str) -> str:
    """What stands before the detail, where it is one of the known reasons."""
    code = reason.partition(":")[0]
    return code if code in PARKED_REASONS else "fault_of_ours"


def state_of(link: VehicleLink | None, now: datetime) -> str:
    if link is None:
        return "never"
    if link.disconnected_at or now - link.told_at > UNTOLD:
        return "down"
    silent = link.last_frame_at is None or link.told_at - link.last_frame_at > SILENT
    return "silent" if silent else "live"


@login_required
def links(request: HttpRequest) -> HttpResponse:
    """Every vehicle of the fleet, the worst first. The page asks again every few seconds."""
    administrator(request)
    now = timezone.now()
    units = (
        Ambulance.objects.filter(in_service=True)
        .select_related("link")
        .annotate(parked=Count("parkedframe", filter=Q(parkedframe__replayed_at__isnull=True)))
        .order_by("call_sign")
    )
    rows = []
    for unit in units:
        link = getattr(unit, "link", None)
        rows.append(LinkRow(unit, link, state_of(link, now), unit.parked))
    worst = ("down", "silent", "live", "never")
    rows.sort(key=lambda row: (not (row.parked or row.clock_is_wrong), worst.index(row.state)))
    parked = ParkedFrame.objects.filter(replayed_at__isnull=True).select_related("ambulance")
    return render(
        request,
        "shared/links.html",
        {
            "rows": rows,
            "live": sum(row.state == "live" for row in rows),
            "parked": [
                {"frame": frame, "code": reason_code(frame.reason)}
                for frame in parked.order_by("-received_at")[:PARKED_SHOWN]
            ],
            "parked_count": parked.count(),
            "now": now,
        },
    )


@login_required
@require_POST
def replay_parked(request: HttpRequest) -> HttpResponse:
    """Take one parked frame, or all of them, as if they came now."""
    actor = administrator(request)
    waiting = ParkedFrame.objects.filter(replayed_at__isnull=True).order_by("received_at")
    if one := request.POST.get("frame", ""):
        waiting = waiting.filter(pk=int(one)) if one.isdigit() else waiting.none()
    left = [replay(parked, takers=TAKERS, actor=actor, now=timezone.now()) for parked in waiting]
    taken, still = left.count(""), len(left) - left.count("")
    if taken:
        messages.success(
            request, ngettext("%(n)s frame taken.", "%(n)s frames taken.", taken) % {"n": taken}
        )
    if still:
        messages.warning(
            request,
            ngettext(
                "%(n)s frame still cannot be taken.", "%(n)s frames still cannot be taken.", still
            )
            % {"n": still},
        )
    if not left:
        messages.info(request, _("Nothing waits to be taken."))
    return redirect("links")
