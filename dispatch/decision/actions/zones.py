"""Draw a zone and take it off the map again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.calls.actions import control_room
from dispatch.city.models import Zone
from dispatch.city.zones.rules import MOST_CORNERS, Fault, Point, fault_of
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User

FAULTS = {
    Fault.TOO_FEW: gettext_lazy("A zone needs at least three corners."),
    Fault.TOO_MANY: gettext_lazy("A zone may have at most %(most)d corners."),
    Fault.OFF_EARTH: gettext_lazy("A corner of the zone does not lie on the earth."),
    Fault.CROSSES_ITSELF: gettext_lazy("The edge of the zone crosses itself."),
    Fault.NO_AREA: gettext_lazy("The corners lie on one line."),
}


def draw_zone(
    *, zone_id: UUID, name: str, kind: str, ring: Sequence[Point], actor: User, now: datetime
) -> Zone:
    """Show the area on every console, and its danger at every call inside. Idempotent on the id.

    `ring`: (lon, lat) in degrees, WGS-84, in order, not closed.
    """
    centre = control_room(actor)
    said = " ".join(name.split())
    if not said:
        raise BadInput(_("Give the zone a name."), code="no_name")
    if kind not in Zone.Kind.values:
        raise BadInput(_("There is no such kind of zone."), code="no_such_kind")
    fault = fault_of(ring)
    if fault:
        raise BadInput(FAULTS[fault] % {"most": MOST_CORNERS}, code=str(fault))
    with transaction.atomic():
        zone, fresh = Zone.objects.get_or_create(
            id=zone_id,
            defaults={
                "centre": centre,
                "name": said,
                "kind": kind,
                "ring": [[round(lon, 6), round(lat, 6)] for lon, lat in ring],
                "drawn_at": now,
                "drawn_by": actor,
            },
        )
        if fresh:
            append(
                kind="zone.drawn",
                actor=actor,
                now=now,
                refs={"zone": zone.pk, "centre": centre.pk},
                detail={"kind": kind, "corners": len(ring)},
            )
    return zone


def remove_zone(*, zone: Zone, actor: User, now: datetime) -> None:
    """The zone is over; said twice it changes nothing."""
    if zone.centre_id != control_room(actor).pk:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
    with transaction.atomic():
        standing = Zone.objects.filter(pk=zone.pk, removed_at=None)
        if standing.update(removed_at=now, removed_by=actor):
            append(
                kind="zone.removed",
                actor=actor,
                now=now,
                refs={"zone": zone.pk, "centre": zone.centre_id},
            )
