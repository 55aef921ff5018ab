"""The hospital's word: delivered by a machine, seen, confirmed and ready by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Role, User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions.steps import (
    admit_hospital,
    advance,
    keep_step,
    lock,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.actions.telling import stop_telling, tell_team
from ehr_prehospital.handover.department.holding import hold_bay
from ehr_prehospital.handover.followers import tell
from ehr_prehospital.handover.models import Handover, HandoverLook, Notice
from ehr_prehospital.handover.queries import open_handover_of, times_of
from ehr_prehospital.handover.rules import WITHDRAWN, State
from ehr_prehospital.pathways.actions import activate
from ehr_prehospital.pathways.models import TeamActivation


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
            stop_telling(locked, now=now)
        if step is State.READY:
            locked.bay, locked.team = bay, team
            hold_bay(handover=locked, code=bay, now=now)
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


def speak(*, notice: Notice, actor: User, now: datetime) -> Notice:
    """The wall has said it aloud. First report counts: several screens may hang there."""
    handover = notice.handover
    if actor.role != Role.ED_STAFF or actor.organisation_id != handover.hospital_id:
        raise NoAccess
    with transaction.atomic():
        if Notice.objects.filter(pk=notice.pk, spoken_at=None).update(spoken_at=now):
            append(
                kind="handover.spoken",
                actor=actor,
                now=now,
                refs={**refs_to(handover, handover.mission), "notice": notice.pk},
                detail={"level": notice.level},
            )
    notice.refresh_from_db()
    return notice


def read_card(*, handover: Handover, actor: User, now: datetime) -> datetime:
    """This person has read the card to its end: what comes from now on is marked for them."""
    admit_hospital(actor, handover, now)
    with transaction.atomic():
        HandoverLook.objects.update_or_create(
            handover=handover, reader=actor, defaults={"looked_at": now}
        )
        append(
            kind="handover.read",
            actor=actor,
            now=now,
            refs=refs_to(handover, handover.mission),
        )
    return now


def call_team(
    *, mission: Mission, kind: str, team: str, actor: User, now: datetime
) -> TeamActivation:
    """Call a team of the hospital, and tell those on its list, in one."""
    with transaction.atomic():
        called = activate(mission=mission, kind=kind, team=team, actor=actor, now=now)
        handover = open_handover_of(mission)
        if handover and called.activated_at == now:
            tell_team(handover, lock(mission), team=team, now=now)
    return called
