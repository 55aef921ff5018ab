"""The roster of physicians on call, and who sits at a desk."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.consult.models import DeskPresence, PhysicianDuty
from ehr_prehospital.consult.words import SPECIALTIES

PLANNERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
LAST_RANK = 99


def plan_on_call(
    *,
    physician: User,
    specialties: Collection[str],
    rank: int,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    now: datetime,
) -> PhysicianDuty:
    """Put a physician on call for the planner's centre. Raises NotAllowed, BadInput."""
    centre = planners_centre(actor)
    if physician.role != Role.REMOTE_PHYSICIAN or not physician.is_active:
        raise BadInput(_("This person is no remote physician."), code="no_physician")
    if not specialties or not set(specialties) <= SPECIALTIES.keys():
        raise BadInput(_("Name at least one specialty."), code="no_such_specialty")
    if ends_at <= starts_at or ends_at <= now:
        raise BadInput(_("The end lies before the start, or in the past."), code="ends_before_now")
    if not 1 <= rank <= LAST_RANK:
        raise BadInput(_("The place in the order is from 1 to 99."), code="no_such_rank")
    with transaction.atomic():
        planned = PhysicianDuty.objects.create(
            user=physician,
            centre=centre,
            specialties=sorted(set(specialties)),
            rank=rank,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        append(
            kind="on_call.planned",
            actor=actor,
            now=now,
            refs={"on_call": planned.pk, "centre": centre.pk, "user": physician.pk},
        )
    return planned


def end_on_call(*, planned: PhysicianDuty, actor: User, now: datetime) -> PhysicianDuty:
    """End a time on call now, or never let it begin. Said twice it changes nothing."""
    if planners_centre(actor).pk != planned.centre_id:
        raise NotAllowed(_("This belongs to another centre."), code="other_centre")
    with transaction.atomic():
        kept = PhysicianDuty.objects.select_for_update(no_key=True).get(pk=planned.pk)
        if kept.ends_at > now:
            kept.starts_at = min(kept.starts_at, now.replace(microsecond=0))
            kept.ends_at = max(now, kept.starts_at.replace(microsecond=999))
            kept.save(update_fields=["starts_at", "ends_at"])
            append(
                kind="on_call.ended",
                actor=actor,
                now=now,
                refs={"on_call": kept.pk, "centre": kept.centre_id, "user": kept.user_id},
            )
    return kept


def planners_centre(actor: User) -> Organisation:
    if actor.role not in PLANNERS or actor.centre is None:
        raise NotAllowed(_("Only a supervisor plans who is on call."))
    return actor.centre


def here(*, actor: User, available: bool, now: datetime) -> None:
    """The desk says that somebody sits there; every five seconds, and not journaled."""
    if actor.role != Role.REMOTE_PHYSICIAN:
        raise NotAllowed(_("This is the desk of remote physicians."))
    DeskPresence.objects.update_or_create(
        user=actor, defaults={"heard_at": now, "available": available}
    )
