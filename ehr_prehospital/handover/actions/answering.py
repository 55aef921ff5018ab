"""The hospital's word: delivered by a machine, seen, confirmed and ready by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions.steps import (
    admit_hospital,
    advance,
    keep_step,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.followers import tell
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.queries import times_of
from ehr_prehospital.handover.rules import WITHDRAWN, State


def deliver(*, handover: Handover, actor: User, now: datetime) -> Handover:
    """The hospital's screen shows the card: a machine's word, not a person's."""
    return hospital_step(handover, State.DELIVERED, actor=actor, now=now)


def see(*, handover: Handover, actor: User, now: datetime) -> Handover:
    """Somebody opened the card. On a withdrawn one: somebody saw that nobody comes."""
    if handover.state in WITHDRAWN:
        return see_withdrawal(handover, actor=actor, now=now)
    return hospital_step(handover, State.SEEN, actor=actor, now=now)


def confirm(*, handover: Handover, actor: User, now: datetime) -> Handover:
    """A named person answers for the hospital. The first name stays."""
    return hospital_step(handover, State.CONFIRMED, actor=actor, now=now)


def ready(*, handover: Handover, bay: str, team: str, actor: User, now: datetime) -> Handover:
    """Bay and team are waiting; said again, they change. Confirms too, if nobody did."""
    if not bay.strip():
        raise BadInput(_("Name the bay."), code="no_bay")
    return hospital_step(
        handover, State.READY, actor=actor, now=now, bay=bay.strip()[:40], team=team.strip()[:80]
    )


def hospital_step(
    handover: Handover, step: State, *, actor: User, now: datetime, bay: str = "", team: str = ""
) -> Handover:
    """One step of a person of the receiving hospital. Taken again, it changes nothing.

    Raises NoAccess for anybody else, NotPossible once the handover is closed.
    """
    admit_hospital(actor, handover, now)
    with transaction.atomic():
        mission, locked = lock_both(handover)
        before = (locked.state, times_of(locked), locked.bay, locked.team)
        advance(locked, step, now, actor=actor, now=now)
        if locked.confirmed_at and locked.confirmed_by is None:
            locked.confirmed_by = actor
        if step is State.READY:
            locked.bay, locked.team = bay, team
        if before == (locked.state, times_of(locked), locked.bay, locked.team):
            return locked
        locked.save()
        tell(locked, step, actor, now)
        append(kind=f"handover.{step}", actor=actor, now=now, refs=refs_to(locked, mission))
    return locked


def see_withdrawal(handover: Handover, *, actor: User, now: datetime) -> Handover:
    """The hospital acknowledges a redirect or a cancellation; it has lost sight already."""
    if actor.role != Role.ED_STAFF or actor.organisation_id != handover.hospital_id:
        raise NoAccess
    with transaction.atomic():
        mission, locked = lock_both(handover)
        if locked.withdrawal_seen_at is None:
            locked.withdrawal_seen_at, locked.withdrawal_seen_by = now, actor
            locked.save(update_fields=["withdrawal_seen_at", "withdrawal_seen_by"])
            keep_step(locked, "withdrawal_seen", now, actor=actor, now=now)
            append(
                kind="handover.withdrawal_seen",
                actor=actor,
                now=now,
                refs=refs_to(locked, mission),
            )
    return locked
