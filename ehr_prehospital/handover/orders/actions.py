"""Prepare, release and withdraw; the arrival releases, a handover taken back withdraws."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User, next_number
from ehr_prehospital.handover.actions.steps import (
    NotPossible,
    admit_hospital,
    lock_both,
    refs_to,
)
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.orders.followers import tell
from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.handover.orders.rules import TRANSITIONS, OrderKind, OrderState
from ehr_prehospital.handover.orders.words import STATES
from ehr_prehospital.handover.rules import CLOSED, WITHDRAWN, State


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What a person of the department wants. The id is the screen's."""

    id: UUID
    kind: str
    what: str
    stat: bool = False


def prepare(*, handover: Handover, draft: OrderDraft, actor: User, now: datetime) -> PreparedOrder:
    """Idempotent on the draft's id. After the arrival it is released at once.

    Raises NoAccess for anybody but the receiving hospital, BadInput for an order of nothing,
    NotPossible once the handover is closed.
    """
    admit_hospital(actor, handover, now)
    what = " ".join(draft.what.split())[:120]
    if draft.kind not in list(OrderKind):
        raise BadInput(_("This kind of order does not exist."), code="bad_kind")
    if not what:
        raise BadInput(_("Say what is ordered."), code="nothing_ordered")
    with transaction.atomic():
        mission, locked = lock_both(handover)
        earlier = PreparedOrder.objects.filter(pk=draft.id).first()
        if earlier:
            if earlier.handover_id != locked.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        if locked.state in CLOSED:
            raise NotPossible(_("The handover is closed: order in the hospital's own system."))
        order = PreparedOrder.objects.create(
            id=draft.id,
            handover=locked,
            number=next_number(f"{locked.hospital.code}-O", localdate(now)),
            kind=draft.kind,
            what=what,
            stat=draft.stat,
            state=OrderState.PREPARED,
            prepared_at=now,
            prepared_by=actor,
        )
        if locked.arrived_at:
            _move(order, OrderState.RELEASED, actor=actor, now=now)
            tell(order, actor, now)
        _journal("order.prepared", order, mission, actor=actor, now=now)
    return order


def release(*, order: PreparedOrder, actor: User, now: datetime) -> PreparedOrder:
    """A person does not wait for the arrival."""
    return _step(order, OrderState.RELEASED, actor=actor, now=now)


def withdraw(*, order: PreparedOrder, actor: User, now: datetime) -> PreparedOrder:
    """Not wanted any more; where it was released, the hospital's system is told."""
    return _step(order, OrderState.WITHDRAWN, actor=actor, now=now)


def _step(order: PreparedOrder, to: OrderState, *, actor: User, now: datetime) -> PreparedOrder:
    admit_hospital(actor, order.handover, now)
    with transaction.atomic():
        mission, handover = lock_both(order.handover)
        row = PreparedOrder.objects.select_related("prepared_by").get(pk=order.pk)
        row.handover = handover
        if row.state == to:
            return row
        if to not in TRANSITIONS[OrderState(row.state)]:
            raise NotPossible(
                _("Not possible any more: the order is “%(state)s”.") % {"state": STATES[row.state]}
            )
        was_released = row.state == OrderState.RELEASED
        _move(row, to, actor=actor, now=now)
        if to is OrderState.RELEASED or was_released:
            tell(row, actor, now)
        _journal(f"order.{to}", row, mission, actor=actor, now=now)
    return row


def on_handover(handover: Handover, step: State, actor: User | None, now: datetime) -> None:
    """Registered with the handover's followers: the arrival releases what was prepared,
    and nothing stays ordered for a patient who goes elsewhere.
    """
    if step is State.ARRIVED:
        to, moved = OrderState.RELEASED, [OrderState.PREPARED]
    elif step in WITHDRAWN:
        to, moved = OrderState.WITHDRAWN, [OrderState.PREPARED, OrderState.RELEASED]
    else:
        return
    rows = list(
        PreparedOrder.objects.filter(handover=handover, state__in=moved)
        .select_related("prepared_by")
        .order_by("prepared_at", "number")
    )
    for row in rows:
        row.handover = handover
        known = to is OrderState.RELEASED or row.state == OrderState.RELEASED
        _move(row, to, actor=None, now=now)
        if known:
            tell(row, actor, now)
    for row in rows:
        _journal(f"order.{to}", row, handover.mission, actor=actor, now=now)


def _move(row: PreparedOrder, to: OrderState, *, actor: User | None, now: datetime) -> None:
    row.state = to
    setattr(row, f"{to}_at", now)
    setattr(row, f"{to}_by", actor)
    row.save(update_fields=["state", f"{to}_at", f"{to}_by"])


def _journal(
    kind: str, order: PreparedOrder, mission: Mission, *, actor: User | None, now: datetime
) -> None:
    append(
        kind=kind,
        actor=actor,
        now=now,
        refs={**refs_to(order.handover, mission), "order": order.pk},
        detail={"kind": order.kind},
    )
