"""Close a road to the decisions, and open it again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import control_room
from dispatch.city.models import Closure
from dispatch.city.queries import street_at
from dispatch.city.roads.router import LonLat
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User


def close_road(
    *, closure_id: UUID, lat: float, lon: float, cause: str, actor: User, now: datetime
) -> Closure:
    """Bar the road at this point to through traffic from now on. Idempotent on the id."""
    centre = control_room(actor)
    street = street_at(LonLat(lon, lat))
    if street is None:
        raise BadInput(_("No named road is near this point."), code="no_road")
    with transaction.atomic():
        closure, fresh = Closure.objects.get_or_create(
            id=closure_id,
            defaults={
                "centre": centre,
                "lat": lat,
                "lon": lon,
                "street_en": street[0],
                "street_zh": street[1],
                "cause": cause,
                "closed_at": now,
                "closed_by": actor,
            },
        )
        if fresh:
            append(
                kind="road.closed",
                actor=actor,
                now=now,
                refs={"closure": closure.pk, "centre": centre.pk},
                detail={"cause": cause},
            )
    return closure


def reopen_road(*, closure: Closure, actor: User, now: datetime) -> None:
    """Through traffic may pass again; said twice it changes nothing."""
    if closure.centre_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
    with transaction.atomic():
        if Closure.objects.filter(pk=closure.pk, reopened_at=None).update(reopened_at=now):
            append(
                kind="road.reopened",
                actor=actor,
                now=now,
                refs={"closure": closure.pk, "centre": closure.centre_id},
            )
