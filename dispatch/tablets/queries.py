"""The tablets of a centre, those that need a look first."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from dispatch.people.models import Organisation
from dispatch.tablets.models import Tablet

# Wiped ones stay in the list this long; the journal keeps them for ever.
WIPED_SHOWN = timedelta(days=7)


def tablets_of(centre: Organisation, *, now: datetime) -> QuerySet[Tablet]:
    """Last seen first, with the people whom the page names."""
    return (
        Tablet.objects.filter(centre=centre)
        .filter(Q(wiped_at__isnull=True) | Q(wiped_at__gt=now - WIPED_SHOWN))
        .select_related("last_user", "wipe_asked_by")
        .order_by("-last_seen_at")
    )
