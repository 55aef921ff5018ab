"""Release a tablet's secret to whoever is signed in, hear from it, wipe it."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import NotAllowed, Refused
from dispatch.people.models import Organisation, Role, User
from dispatch.tablets.models import Tablet, TabletKey

SECRET_BYTES = 32
# So many wrong passwords on a locked tablet end the session that is open on it.
MOST_WRONG = 5


class Wiped(Refused):
    """This tablet is to be wiped, or was: it gets no key any more."""

    code = "tablet_wiped"

    def __init__(self) -> None:
        super().__init__(_("This tablet is being wiped by the control room."))


class WrongPassword(Refused):
    """`left` is how many more tries there are; at none the session ends."""

    code = "wrong_password"

    def __init__(self, left: int) -> None:
        super().__init__(_("The password is wrong."))
        self.left = left


def release_key(
    *, tablet_id: UUID, password: str | None = None, actor: User, now: datetime
) -> bytes:
    """The 32 bytes that wrap this person's key on this tablet; made at the first time.

    With a `password` it is checked first: that of a locked tablet. Refused while the tablet
    is to be wiped.
    """
    centre = _crew(actor)
    with transaction.atomic():
        tablet, new = Tablet.objects.select_for_update(no_key=True).get_or_create(
            pk=tablet_id,
            defaults={
                "centre": centre,
                "last_user": actor,
                "first_seen_at": now,
                "last_seen_at": now,
            },
        )
        if tablet.wipe_asked_at:
            raise Wiped
        key, _made = TabletKey.objects.get_or_create(
            tablet=tablet, user=actor, defaults={"secret": secrets.token_bytes(SECRET_BYTES)}
        )
        wrong = password is not None and not actor.check_password(password)
        _count(key, wrong=wrong)
        if new:
            append(
                kind="tablet.registered",
                actor=actor,
                now=now,
                refs={"tablet": tablet.pk, "centre": centre.pk},
            )
    # Only now: a refusal inside would take the count back.
    if wrong:
        raise WrongPassword(max(0, MOST_WRONG - key.wrong_passwords))
    return bytes(key.secret)


def _count(key: TabletKey, *, wrong: bool) -> None:
    key.wrong_passwords = key.wrong_passwords + 1 if wrong else 0
    key.save(update_fields=["wrong_passwords"])


def forget_key(*, tablet_id: UUID, actor: User) -> None:
    """At signing out: what this person's key closed can never be opened again."""
    TabletKey.objects.filter(tablet=tablet_id, user=actor).delete()


def report(
    *,
    tablet_id: UUID,
    waiting: int,
    oldest_waiting_at: datetime | None,
    storage_low: bool,
    actor: User,
    now: datetime,
) -> bool:
    """What the tablet says of itself; the answer is whether it is to be wiped.

    An unknown tablet is no tablet: it gets its row with its first key. Not in the journal:
    every tablet says this twice a minute.
    """
    centre = _crew(actor)
    Tablet.objects.filter(pk=tablet_id, wiped_at__isnull=True).update(
        centre=centre,
        last_user=actor,
        last_seen_at=now,
        waiting=waiting,
        oldest_waiting_at=oldest_waiting_at,
        storage_low=storage_low,
    )
    return Tablet.objects.filter(pk=tablet_id, wipe_asked_at__isnull=False).exists()


def ask_wipe(*, tablet: Tablet, actor: User, now: datetime) -> None:
    """Tell a tablet to send what waits and then to forget everything. Twice is once."""
    if actor.role != Role.SUPERVISOR or actor.centre != tablet.centre:
        raise NotAllowed(_("Only a supervisor of its centre wipes a tablet."))
    with transaction.atomic():
        asked = Tablet.objects.filter(pk=tablet.pk, wipe_asked_at__isnull=True).update(
            wipe_asked_at=now, wipe_asked_by=actor
        )
        if asked:
            append(
                kind="tablet.wipe_asked",
                actor=actor,
                now=now,
                refs={"tablet": tablet.pk, "centre": tablet.centre_id},
                detail={"waiting": tablet.waiting},
            )


def confirm_wipe(*, tablet_id: UUID, lost: int, actor: User, now: datetime) -> None:
    """The tablet's word that nothing is left on it, and how much it could not send.

    Asked for, or by itself after too many wrong PINs.
    """
    _crew(actor)
    with transaction.atomic():
        tablet = Tablet.objects.select_for_update(no_key=True).get(pk=tablet_id)
        if tablet.wiped_at:
            return
        why = "asked" if tablet.wipe_asked_at else "wrong_pins"
        tablet.wipe_asked_at = tablet.wipe_asked_at or now
        tablet.wiped_at, tablet.lost, tablet.waiting = now, lost, 0
        tablet.save(update_fields=["wipe_asked_at", "wiped_at", "lost", "waiting"])
        tablet.keys.all().delete()
        append(
            kind="tablet.wiped",
            actor=actor,
            now=now,
            refs={"tablet": tablet.pk, "centre": tablet.centre_id},
            detail={"lost": lost, "why": why},
        )


def _crew(actor: User) -> Organisation:
    """The centre of somebody who works with a tablet."""
    centre = actor.centre
    if actor.role != Role.PARAMEDIC or centre is None:
        raise NotAllowed(_("Only a crew works with a tablet."))
    return centre
