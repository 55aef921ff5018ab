"""Two incidents that are one event: merge them, and part them again if it was an error."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.calls.actions import own_centre
from dispatch.calls.models import Call, Incident, Merge
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User


def merge_incidents(
    *, merge_id: UUID, duplicate: Incident, into: Incident, actor: User, now: datetime
) -> Merge:
    """Close the duplicate and give its calls to the other one. Idempotent on the id.

    The kept incident takes over the higher urgency and all needs: the second caller may
    have seen more. Refused while a unit is on the duplicate.
    """
    own_centre(actor, duplicate, into)
    if duplicate.pk == into.pk:
        raise BadInput(_("An incident is not its own duplicate."), code="same_incident")
    with transaction.atomic():
        earlier = Merge.objects.filter(pk=merge_id).first()
        if earlier:
            return earlier
        gone, kept = _locked(duplicate, into)
        if gone.closed_at or kept.closed_at:
            raise Refused(_("This incident is closed."), code="incident_closed")
        if gone.missions.filter(open=True).exists():
            raise Refused(
                _("A unit is still on the duplicate; send it elsewhere first."), code="mission_open"
            )
        calls = list(Call.objects.filter(incident=gone).values_list("pk", flat=True))
        merge = Merge.objects.create(
            id=merge_id,
            duplicate=gone,
            into=kept,
            calls=calls,
            before={"priority": kept.priority, "needs": kept.needs},
            merged_at=now,
            merged_by=actor,
        )
        Call.objects.filter(pk__in=calls).update(incident=kept)
        kept.priority = min(kept.priority, gone.priority)
        kept.needs = sorted({*kept.needs, *gone.needs})
        kept.save(update_fields=["priority", "needs"])
        gone.closed_at = now
        gone.save(update_fields=["closed_at"])
        _tell(merge, "merged", actor, now)
    return merge


def part_incidents(*, merge: Merge, actor: User, now: datetime) -> None:
    """Undo a merge: the duplicate opens again with its calls. Said twice it changes nothing."""
    own_centre(actor, merge.duplicate, merge.into)
    with transaction.atomic():
        gone, kept = _locked(merge.duplicate, merge.into)
        if kept.closed_at:
            raise Refused(_("This incident is closed."), code="incident_closed")
        if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now):
            return
        Call.objects.filter(pk__in=merge.calls, incident=kept).update(incident=gone)
        later = Merge.objects.filter(into=kept, undone_at=None, merged_at__gt=merge.merged_at)
        if not later.exists():
            kept.priority, kept.needs = merge.before["priority"], merge.before["needs"]
            kept.save(update_fields=["priority", "needs"])
        gone.closed_at = None
        gone.save(update_fields=["closed_at"])
        _tell(merge, "parted", actor, now)


def _locked(duplicate: Incident, into: Incident) -> tuple[Incident, Incident]:
    """Both rows, locked in one order whichever way round they are merged."""
    rows = Incident.objects.select_for_update(no_key=True).filter(pk__in=[duplicate.pk, into.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[duplicate.pk], found[into.pk]


def _tell(merge: Merge, what: str, actor: User, now: datetime) -> None:
    """A row for each of the two: both change on the board."""
    for subject, other in (
        (merge.duplicate_id, merge.into_id),
        (merge.into_id, merge.duplicate_id),
    ):
        append(
            kind=f"incident.{what}",
            actor=actor,
            now=now,
            refs={"incident": subject, "other": other},
            detail={"merge": str(merge.pk)},
        )
