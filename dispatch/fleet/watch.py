"""What the watcher tells of the fleet: once per event, through the journal."""

from datetime import datetime

from django.db import transaction

from dispatch.fleet.models import Fix
from dispatch.fleet.rules import FIX_LATE
from dispatch.journal.actions import append
from dispatch.journal.models import Entry


def told(kind: str, ref: str, subject: object, *, since: datetime) -> bool:
    """Has the journal said this of this subject since then?"""
    return Entry.objects.filter(
        kind=kind, recorded_at__gte=since, **{f"refs__{ref}": str(subject)}
    ).exists()


def watch_units(*, now: datetime) -> int:
    """Units on a mission whose position has not been heard for two minutes."""
    silent = Fix.objects.filter(
        fix_at__lte=now - FIX_LATE, ambulance__missions__open=True
    ).distinct()
    found = 0
    for fix in silent:
        with transaction.atomic():
            if not told("unit.silent", "unit", fix.ambulance_id, since=fix.fix_at):
                append(kind="unit.silent", actor=None, now=now, refs={"unit": fix.ambulance_id})
                found += 1
    return found
