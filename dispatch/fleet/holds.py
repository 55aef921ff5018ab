"""Keep a unit back and let it go again."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import CONTROL_ROOM, control_room
from dispatch.fleet.models import Ambulance, Hold
from dispatch.fleet.queries import unit_of
from dispatch.fleet.rules import HOLDS
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User


def hold(
    *,
    hold_id: UUID,
    ambulance: Ambulance,
    kind: str,
    what: str,
    until: datetime | None,
    actor: User,
    now: datetime,
) -> Hold:
    """Keep a unit back from now on. Its control room may, and its crew. Idempotent on the id."""
    _may(actor, ambulance, now)
    if what not in HOLDS.get(kind, ()):
        raise BadInput(
            _("A unit is not kept for “%(what)s”.") % {"what": what}, code="no_such_hold"
        )
    if until is not None and until <= now:
        raise BadInput(_("The end lies in the past."), code="ends_before_now")
    with transaction.atomic():
        earlier = Hold.objects.filter(pk=hold_id).first()
        if earlier:
            return earlier
        # One that ran out by the clock makes room for the next.
        Hold.objects.filter(ambulance=ambulance, kind=kind, what=what, ended_at=None).filter(
            until__lte=now
        ).update(ended_at=now)
        try:
            with transaction.atomic():
                made = Hold.objects.create(
                    id=hold_id,
                    ambulance=ambulance,
                    kind=kind,
                    what=what,
                    since=now,
                    until=until,
                    said_by=actor,
                )
        except IntegrityError as clash:
            if "one_hold_of_a_kind_per_ambulance" not in str(clash):
                raise
            raise Refused(_("This is already noted of the unit."), code="held_already") from clash
        append(
            kind="unit.held",
            actor=actor,
            now=now,
            refs={"unit": ambulance.pk},
            detail={"kind": kind, "what": what},
        )
    return made


def release(*, hold: Hold, actor: User, now: datetime) -> None:
    """The unit may be sent again; said twice it changes nothing."""
    _may(actor, hold.ambulance, now)
    with transaction.atomic():
        if Hold.objects.filter(pk=hold.pk, ended_at__isnull=True).update(ended_at=now):
            append(
                kind="unit.released",
                actor=actor,
                now=now,
                refs={"unit": hold.ambulance_id},
                detail={"kind": hold.kind, "what": hold.what},
            )


def _may(actor: User, ambulance: Ambulance, now: datetime) -> None:
    if actor.role in CONTROL_ROOM:
        if ambulance.station.parent_id != control_room(actor).pk:
            raise NotAllowed(_("This belongs to another centre."), code="other_centre")
        return
    own = unit_of(actor, now=now)
    if own is None or own.pk != ambulance.pk:
        raise NotAllowed(_("Only the control room or its crew may do this."))
