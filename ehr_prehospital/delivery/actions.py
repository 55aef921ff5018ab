"""Queue, claim, finish, send again, cancel. Nothing here talks to a partner."""

import random
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import Refused
from dispatch.people.models import User
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner
from ehr_prehospital.delivery.queries import OPEN, due, next_place
from ehr_prehospital.delivery.rules import Answer, Outcome, next_attempt

# PostgreSQL tells the senders through this channel, at the commit.
CHANNEL = "onboard_delivery"
# Longer than any adapter may take; whoever is silent for so long was killed.
CLAIMED_FOR = timedelta(seconds=90)
MOST_SAID = 100_000


# Who else is told what came back, inside its transaction; registered when the process starts.
Listener = Callable[[Delivery, Answer, datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


class NotRefused(Refused):
    """Only what was refused can be sent again, and only what waits be cancelled."""

    code = "delivery_not_open_to_this"


@dataclass(frozen=True, slots=True)
class Draft:
    """What to send. `sameness_key` makes a repetition harmless; one `order_key`, one order.

    An empty order key: its order does not matter. `holds`: refused, it holds up what comes later.
    """

    content: bytes
    content_type: str
    sameness_key: str
    order_key: str = ""
    kind: str = ""
    mission: Mission | None = None
    # An alert: afterwards it is of no use to anybody, and each attempt is told in the journal.
    of_use_until: datetime | None = None
    holds: bool = False


def queue(
    *,
    partner: Partner,
    draft: Draft,
    actor: User | None,
    now: datetime,
    refused: Answer | None = None,
) -> Delivery:
    """Idempotent on the sameness key: what was queued before is returned as it is now.

    Runs inside the caller's transaction where there is one, so that what happened and what is
    sent about it become true together. `refused`: it cannot be sent as it is, a person has to look.
    """
    with transaction.atomic():
        delivery_id = uuid.uuid4()
        order_key = draft.order_key or str(delivery_id)
        _alone_with(partner, order_key)
        earlier = Delivery.objects.filter(partner=partner, sameness_key=draft.sameness_key).first()
        if earlier:
            return earlier
        delivery = Delivery.objects.create(
            id=delivery_id,
            number=next_place(),
            partner=partner,
            kind=draft.kind or partner.kind,
            order_key=order_key,
            sameness_key=draft.sameness_key,
            mission=draft.mission,
            holds=draft.holds,
            content=draft.content,
            content_type=draft.content_type,
            state=Delivery.State.WAITING,
            since=now,
            next_attempt_at=now,
            queued_at=now,
            queued_by=actor,
            of_use_until=draft.of_use_until,
        )
        _journal("delivery.queued", delivery, actor=actor, now=now)
        if refused:
            _keep(delivery, refused, began_at=now, now=now)
            _end(delivery, refused, now=now)
            delivery.save()
        wake()
    return delivery


def claim(*, now: datetime) -> Delivery | None:
    """Take the next delivery that is due, for as long as an adapter may take; None: nothing is.

    One whose sender was killed is taken again, and the attempt kept as interrupted.
    """
    with transaction.atomic():
        found = (
            due(now)
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
            .select_related("partner")
            .order_by("next_attempt_at", "number")
            .first()
        )
        if found is None:
            return None
        if found.state == Delivery.State.SENDING:
            _keep(found, Answer(Outcome.INTERRUPTED), began_at=found.claimed_at or now, now=now)
        found.state = Delivery.State.SENDING
        found.claim, found.claimed_at, found.claimed_until = uuid.uuid4(), now, now + CLAIMED_FOR
        found.tries += 1
        found.save(update_fields=["state", "claim", "claimed_at", "claimed_until", "tries"])
    return found


def finish(claimed: Delivery, answer: Answer, *, now: datetime) -> Delivery:
    """Keep what came back, and decide what happens next. A late answer changes no state."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",), no_key=True)
            .select_related("partner")
            .get(pk=claimed.pk)
        )
        # First, for they take locks of their own: the journal's is always the last.
        for listener in _listeners:
            listener(delivery, answer, now)
        _keep(delivery, answer, began_at=claimed.claimed_at or now, now=now)
        if delivery.claim != claimed.claim:  # it took too long: somebody else has it now
            return delivery
        delivery.claim = delivery.claimed_at = delivery.claimed_until = None
        delivery.ticket = answer.ticket
        again_at = next_attempt(
            answer,
            tries=delivery.tries,
            since=delivery.since,
            now=now,
            chance=random.random(),  # noqa: S311
        )
        too_late = delivery.of_use_until and again_at and again_at > delivery.of_use_until
        if again_at and not too_late:
            if delivery.of_use_until:
                _journal("delivery.attempted", delivery, actor=None, now=now, code=answer.code)
            delivery.state, delivery.next_attempt_at = Delivery.State.WAITING, again_at
        else:
            _end(delivery, answer, now=now)
        delivery.save()
        _rest(delivery.partner, again_at if answer.rests else None)
        wake()
    return delivery


def send_again(*, delivery: Delivery, actor: User, now: datetime) -> Delivery:
    """A person sends what was refused once more, behind what waits already. Raises NotRefused.

    What holds the later ones up goes in its old place, before them.
    """
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
        if locked.state in OPEN:  # pressed twice
            return locked
        if locked.state != Delivery.State.REFUSED:
            raise NotRefused(_("Only a delivery that was refused can be sent again."))
        locked.state = Delivery.State.WAITING
        if not locked.holds:
            locked.number = next_place()
        locked.tries, locked.ticket, locked.ended_at = 0, "", None
        locked.since = locked.next_attempt_at = now
        locked.save()
        wake()
        _journal("delivery.sent_again", locked, actor=actor, now=now)
    return locked


def cancel(*, delivery: Delivery, actor: User | None, now: datetime) -> Delivery:
    """It is not sent any more. Raises NotRefused for what is being sent or was delivered."""
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
        if locked.state == Delivery.State.CANCELLED:
            return locked
        if locked.state not in (Delivery.State.WAITING, Delivery.State.REFUSED):
            raise NotRefused(_("Only a delivery that waits or was refused can be cancelled."))
        locked.state, locked.ended_at, locked.next_attempt_at = (
            Delivery.State.CANCELLED,
            now,
            None,
        )
        locked.save()
        wake()
        _journal("delivery.cancelled", locked, actor=actor, now=now)
    return locked


def _end(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    delivered = answer.outcome is Outcome.DELIVERED
    delivery.state = Delivery.State.DELIVERED if delivered else Delivery.State.REFUSED
    delivery.ended_at, delivery.next_attempt_at = now, None
    kind = "delivery.delivered" if delivered else "delivery.refused"
    _journal(kind, delivery, actor=None, now=now, code=answer.code)


def _keep(delivery: Delivery, answer: Answer, *, began_at: datetime, now: datetime) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=delivery.attempts.count() + 1,
        began_at=began_at,
        ended_at=now,
        outcome=answer.outcome.value,
        code=answer.code[:40],
        text=_storable(answer.text),
        said=_storable(answer.said),
        remarks=[
            {name: _storable(value) for name, value in asdict(one).items()}
            for one in answer.remarks
        ],
    )


def _rest(partner: Partner, until: datetime | None) -> None:
    """Nobody tries a partner that is not there; the first that gets through ends the rest."""
    if partner.resting_until != until:
        Partner.objects.filter(pk=partner.pk).update(resting_until=until)


def _storable(text: str) -> str:
    """PostgreSQL keeps no zero byte, and nobody reads a novel."""
    return text.replace("\0", "")[:MOST_SAID]


def _alone_with(partner: Partner, order_key: str) -> None:
    """Until the commit: places of one key are given in the order of their commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 26))", [f"{partner.pk}{order_key}"]
        )


def wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _journal(
    kind: str, delivery: Delivery, *, actor: User | None, now: datetime, code: str = ""
) -> None:
    refs = {"delivery": delivery.pk, "centre": delivery.partner.centre_id}
    if delivery.mission_id:
        refs["mission"] = delivery.mission_id
    detail = {"partner": str(delivery.partner_id), "kind": delivery.kind}
    append(
        kind=kind,
        actor=actor,
        now=now,
        refs=refs,
        detail=detail | ({"code": code[:40]} if code else {}),
    )
