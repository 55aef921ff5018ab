"""The office's pages of what is sent to other systems: no name of a patient stands there."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.adapters import KINDS
from config.hospital_systems import channel_options, hospital_choices, hospital_options
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.admission.queries import KINDS as HOSPITAL_KINDS
from ehr_prehospital.alerting.queries import KIND_OF as ALERT_KINDS
from ehr_prehospital.delivery.actions import cancel, send_again
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner
from ehr_prehospital.delivery.partners import PartnerDraft, register
from ehr_prehospital.delivery.queries import (
    SHOWN,
    attempts_of,
    counts,
    of_centre,
    partners_of,
    shown,
)
from ehr_prehospital.delivery.words import OUTCOMES, explained

READERS = frozenset({Role.QUALITY_REVIEWER, Role.ADMINISTRATOR})
CHIPS = {"delivered": "ok", "refused": "bad", "sending": "accent", "waiting": "warn"}


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt in words."""

    attempt: DeliveryAttempt
    kind: str

    @property
    def outcome(self) -> str:
        return str(OUTCOMES[self.attempt.outcome])

    @property
    def words(self) -> str:
        return explained(self.attempt.code, KINDS[self.kind].codes if self.kind in KINDS else {})

    @property
    def chip(self) -> str:
        return {"delivered": "ok", "refused": "bad"}.get(self.attempt.outcome, "warn")


def reader(request: HttpRequest) -> tuple[User, Organisation]:
    """Who answers for what leaves the house; anyone else is refused."""
    user = request.user
    if not isinstance(user, User) or user.role not in READERS or user.centre is None:
        raise PermissionDenied
    return user, user.centre


def named(request: HttpRequest, name: str) -> UUID:
    """The id that a form sent; no page where it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


@login_required
def deliveries(request: HttpRequest) -> HttpResponse:
    """The newest deliveries, by state, partner and mission."""
    _user, centre = reader(request)
    state, mission = request.GET.get("state", ""), request.GET.get("mission", "").strip()
    partners = partners_of(centre)
    known = {str(one.pk): one for one in partners}
    partner = known.get(request.GET.get("partner", ""))
    found = of_centre(centre, state=state, partner=partner.pk if partner else None, mission=mission)
    rows = [
        {
            "delivery": one.delivery,
            "kind": kind_name(one.delivery.kind),
            "event": event_of(one.delivery),
            "chip": CHIPS.get(one.delivery.state, ""),
            "newest": AttemptRow(one.newest, one.delivery.kind) if one.newest else None,
            "count": len(one.attempts),
        }
        for one in shown(found)
    ]
    states = [
        {"code": code, "label": label, "count": count, "chip": CHIPS.get(code, "")}
        for (code, label), count in zip(
            Delivery.State.choices, counts(centre).values(), strict=True
        )
    ]
    return render(
        request,
        "shared/deliveries.html",
        {
            "rows": rows,
            "states": states,
            "state": state,
            "partners": partners,
            "partner": partner,
            "mission": mission,
            "most": SHOWN if len(rows) == SHOWN else 0,
            "now": timezone.now(),
        },
    )


def event_of(row: Delivery) -> str:
    """Of a message to a hospital's system, what it is about: A04."""
    parts = row.sameness_key.split(":")
    return parts[2] if row.kind in HOSPITAL_KINDS and len(parts) == 4 else ""


def kind_name(kind: str) -> str:
    return str(KINDS[kind].name) if kind in KINDS else kind


@login_required
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery with every attempt and what the partner said of it."""
    user, centre = reader(request)
    row = get_object_or_404(of_centre(centre), pk=delivery_id)
    if request.method == "POST":
        act = send_again if request.POST.get("what") == "send" else cancel
        try:
            act(delivery=row, actor=user, now=timezone.now())
        except Refused as refused:
            messages.warning(request, str(refused.detail))
        return redirect("delivery", delivery_id)
    attempts = [AttemptRow(one, row.kind) for one in attempts_of(row)]
    return render(
        request,
        "shared/delivery.html",
        {
            "delivery": row,
            "kind": kind_name(row.kind),
            "event": event_of(row),
            "chip": CHIPS.get(row.state, ""),
            "attempts": attempts,
            "open": row.state == Delivery.State.WAITING,
            "dead": row.state == Delivery.State.REFUSED,
        },
    )


@login_required
def partners(request: HttpRequest) -> HttpResponse:
    """Where deliveries go. An administrator registers and changes them."""
    user, centre = reader(request)
    return render(
        request,
        "shared/partners.html",
        {
            "partners": [
                {
                    "partner": one,
                    "kind": kind_name(one.kind),
                    "events": str(one.options["events"]).split()
                    if "events" in one.options
                    else None,
                }
                for one in partners_of(centre)
            ],
            **hospital_choices(centre),
            "now": timezone.now(),
            "kinds": [(code, kind.name) for code, kind in KINDS.items()],
            "may_change": user.role == Role.ADMINISTRATOR,
        },
    )


@login_required
@require_POST
def save_partner(request: HttpRequest) -> HttpResponse:
    """A new partner, or another one in the place of one that is known."""
    user, centre = reader(request)
    if user.role != Role.ADMINISTRATOR:
        raise PermissionDenied
    said = request.POST
    partner = (
        get_object_or_404(Partner, pk=named(request, "id"), centre=centre) if "id" in said else None
    )
    kind = said.get("kind", "")
    if kind not in KINDS:
        raise PermissionDenied
    names = ("username", "password", "token")
    hospital = None
    # A hospital's system is of one hospital; a channel to people may be.
    if kind in HOSPITAL_KINDS or kind in ALERT_KINDS:
        if said.get("hospital"):
            hospital = Organisation.objects.filter(
                kind=Organisation.Kind.HOSPITAL, parent=centre, pk=named(request, "hospital")
            ).first()
        if hospital is None and kind in HOSPITAL_KINDS:
            messages.warning(request, _("Name the hospital whose system it is."))
            return redirect("partners")
    draft = PartnerDraft(
        name=said.get("name", ""),
        kind=kind,
        address=said.get("address", "").strip(),
        organisation=said.get("organisation", ""),
        credentials={name: said[name] for name in names if said.get(name)},
        schemes=KINDS[kind].schemes,
        options=options_of(kind, request),
        hospital=hospital,
        automatic="automatic" in said,
        active="active" in said,
    )
    try:
        register(centre=centre, draft=draft, actor=user, now=timezone.now(), partner=partner)
    except Refused as refused:
        messages.warning(request, str(refused.detail))
    else:
        messages.success(request, _("“%(name)s” is registered.") % {"name": draft.name})
    return redirect("partners")


def options_of(kind: str, request: HttpRequest) -> dict[str, str]:
    """What the form says for partners of this kind."""
    if kind in HOSPITAL_KINDS:
        return hospital_options(request)
    return channel_options(request) if kind in ALERT_KINDS else {}
