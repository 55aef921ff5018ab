"""Hold what a case needs; drop what nothing needs any more. Both in the journal."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Role, User
from ehr_prehospital.recording.models import LegalHold, Recording
from ehr_prehospital.recording.queries import hold_of, keeping_of, keeps_until, overdue
from ehr_prehospital.recording.store import growing_file, storage

log = logging.getLogger(__name__)

MAY_HOLD = frozenset({Role.SUPERVISOR, Role.QUALITY_REVIEWER})


def place_hold(
    *, mission: Mission, hold_id: UUID, reason: str, actor: User, now: datetime
) -> LegalHold:
    """Nothing of the mission is dropped from now on. Idempotent. Raises NotAllowed, BadInput."""
    _check(mission, actor)
    reason = reason.strip()
    if not reason:
        raise BadInput(_("Say why it has to be kept."), code="reason_missing")
    try:
        with transaction.atomic():
            # In turn with `drop`, which looks for a hold under the same lock.
            Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
            hold, made = LegalHold.objects.get_or_create(
                pk=hold_id,
                defaults={
                    "mission": mission,
                    "reason": reason[:200],
                    "placed_by": actor,
                    "placed_at": now,
                },
            )
            if made:
                append(
                    kind="recording.held",
                    actor=actor,
                    now=now,
                    refs={**refs_of(mission), "legal_hold": hold.pk},
                )
    except IntegrityError:
        standing = hold_of(mission)
        if standing is None:
            raise
        return standing
    return hold


def lift_hold(*, hold: LegalHold, actor: User, now: datetime) -> LegalHold:
    """From now on the retention of its class counts again. Raises NotAllowed."""
    _check(hold.mission, actor)
    with transaction.atomic():
        kept = LegalHold.objects.select_for_update(no_key=True).get(pk=hold.pk)
        if kept.lifted_at is None:
            kept.lifted_at, kept.lifted_by = now, actor
            kept.save(update_fields=["lifted_at", "lifted_by"])
            append(
                kind="recording.released",
                actor=actor,
                now=now,
                refs={**refs_of(hold.mission), "legal_hold": kept.pk},
            )
    return kept


def _check(mission: Mission, actor: User) -> None:
    centre = actor.centre
    if actor.role not in MAY_HOLD or centre is None or centre.pk != mission.incident.centre_id:
        raise NotAllowed(_("Only a supervisor or a reviewer of the centre may do this."))


def drop_overdue(*, now: datetime) -> int:
    """Drop the films whose time is over; what was known of them stays. Returns how many."""
    return sum(drop(recording=one, now=now) for one in overdue(now))


def drop(*, recording: Recording, now: datetime) -> bool:
    """False where a hold or a longer class came in between.

    The row says so before the files go: a crash in between leaves a file that nobody is shown.
    """
    mission = recording.stream.mission
    with transaction.atomic():
        kept = (
            Recording.objects.select_for_update(no_key=True, of=("self",))
            .select_related("stream__mission")
            .get(pk=recording.pk)
        )
        # Whoever places a hold now waits for the row of the mission, or is seen here.
        Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)
        if kept.state == Recording.State.DROPPED or hold_of(mission) or keeps_until(kept) > now:
            return False
        names = [kept.file, kept.strip.get("file", "")]
        kept.state, kept.dropped_at = Recording.State.DROPPED, now
        kept.file, kept.fragments, kept.strip = "", {}, {}
        kept.save(update_fields=["state", "dropped_at", "file", "fragments", "strip"])
        append(
            kind="recording.dropped",
            actor=None,
            now=now,
            refs={**refs_of(mission), "stream": kept.stream_id, "recording": kept.pk},
            detail={"class": keeping_of(kept).code, "bytes": kept.size},
        )
    for name in filter(None, names):
        storage().delete(name)
    growing_file(recording.pk).unlink(missing_ok=True)
    return True
