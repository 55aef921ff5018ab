"""Which zones stand now, and which of them are a danger at a point."""

from collections.abc import Collection, Iterable
from uuid import UUID

from dispatch.city.models import Zone
from dispatch.city.zones.rules import holds
from dispatch.people.models import Organisation


def standing_zones(centre: Organisation | None) -> list[Zone]:
    """The zones of the centre that nobody has removed, oldest first."""
    return list(Zone.objects.filter(centre=centre, removed_at__isnull=True).order_by("drawn_at"))


def hazards_at(zones: Iterable[Zone], *, lat: float, lon: float) -> list[Zone]:
    """The danger zones among these in which the point lies."""
    return [
        zone
        for zone in zones
        if zone.kind == Zone.Kind.HAZARD and holds([(x, y) for x, y in zone.ring], (lon, lat))
    ]


def zones_of(ids: Collection[UUID]) -> list[Zone]:
    """These zones, the removed ones too."""
    return list(Zone.objects.filter(pk__in=ids))
