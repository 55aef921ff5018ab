"""Reads of calls and incidents."""

from datetime import datetime

from dispatch.calls.models import Incident
from dispatch.calls.rules import Duplicate, OpenIncident, possible_duplicates
from dispatch.people.models import Organisation


def duplicates_near(
    *, centre: Organisation, lat: float, lon: float, now: datetime
) -> list[Duplicate]:
    """Open incidents that a new call at this place may be about, nearest first."""
    rows = Incident.objects.filter(centre=centre, closed_at__isnull=True)
    candidates = (
        OpenIncident(row.pk, row.number, row.complaint, row.lat, row.lon, row.opened_at)
        for row in rows
    )
    return possible_duplicates(candidates, lat=lat, lon=lon, now=now)
