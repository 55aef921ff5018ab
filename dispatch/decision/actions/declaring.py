"""What a hospital says of itself: its free beds, and that it takes nobody for a while."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import CONTROL_ROOM
from dispatch.decision.models import Hospital
from dispatch.decision.rules.hospitals import BEDS, DIVERT_REASONS, MOST_BEDS
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Role, User


def declare_beds(
    *, hospital: Hospital, free: Mapping[str, int], actor: User, now: datetime
) -> None:
    """Free beds by type as of now; types that are not named stay unknown."""
    _may(actor, hospital)
    for kind, count in free.items():
        if kind not in BEDS or not 0 <= count <= MOST_BEDS:
            raise BadInput(
                _("“%(bed)s: %(count)s” is no number of free beds.")
                % {"bed": kind, "count": count},
                code="no_such_bed",
            )
    with transaction.atomic():
        locked = Hospital.objects.select_for_update(no_key=True).get(pk=hospital.pk)
        locked.beds_free, locked.declared_at, locked.updated_at = dict(free), now, now
        locked.save(update_fields=["beds_free", "declared_at", "updated_at"])
        append(kind="hospital.beds_declared", actor=actor, now=now, refs={"hospital": locked.pk})


def divert_patients(
    *, hospital: Hospital, reason: str, until: datetime, actor: User, now: datetime
) -> None:
    """Ask for no patients until then; said again, it moves the end."""
    _may(actor, hospital)
    if reason not in DIVERT_REASONS:
        raise BadInput(_("Say why."), code="no_reason")
    if until <= now:
        raise BadInput(_("The end lies in the past."), code="ends_before_now")
    with transaction.atomic():
        Hospital.objects.filter(pk=hospital.pk).update(
            divert_reason=reason, divert_until=until, updated_at=now
        )
        append(
            kind="hospital.diverted",
            actor=actor,
            now=now,
            refs={"hospital": hospital.pk},
            detail={"reason": reason},
        )


def take_patients(*, hospital: Hospital, actor: User, now: datetime) -> None:
    """The hospital takes patients again; said twice it changes nothing."""
    _may(actor, hospital)
    with transaction.atomic():
        ended = Hospital.objects.filter(pk=hospital.pk, divert_until__gt=now).update(
            divert_reason="", divert_until=None, updated_at=now
        )
        if ended:
            append(
                kind="hospital.divert_ended", actor=actor, now=now, refs={"hospital": hospital.pk}
            )


def _may(actor: User, hospital: Hospital) -> None:
    """Its own department, or the control room to which it was told by telephone."""
    own = actor.role == Role.ED_STAFF and actor.organisation_id == hospital.pk
    centre = hospital.organisation.parent_id
    told = actor.role in CONTROL_ROOM and centre == getattr(actor.centre, "pk", None)
    if not (own or told):
        raise NotAllowed(_("Only the hospital or its control room may say this."))
