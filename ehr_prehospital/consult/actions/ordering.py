"""Order, read back, give, refuse, withdraw: one order, one thread, one entry of the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import User
from ehr_prehospital.consult.actions.calling import open_or_refuse
from ehr_prehospital.consult.actions.steps import (
    NotPossible,
    admit_crew,
    admit_party,
    lock,
    refs,
    turn_away,
)
from ehr_prehospital.consult.dosing import against, decimal
from ehr_prehospital.consult.models import Consult, Order, OrderWord
from ehr_prehospital.consult.rules.calls import Side
from ehr_prehospital.consult.rules.orders import (
    Flag,
    IllegalOrderStep,
    OrderKind,
    OrderState,
    OrderStep,
    command,
    differs,
    fact,
    same,
)
from ehr_prehospital.record.actions import Draft, add_entries
from ehr_prehospital.record.catalogue import elements
from ehr_prehospital.record.models import RecordEntry
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.record.terms import tables

LONGEST_TEXT = 500


class NeedsWeighing(Refused):
    """Something speaks against the order; the physician has to say that it was weighed."""

    code = "needs_weighing"

    def __init__(self, cautions: list[str]) -> None:
        super().__init__(_("Something speaks against this order: weigh it, then order again."))
        self.cautions = cautions


@dataclass(frozen=True, slots=True)
class Word:
    """What the crew says of an order, made on the tablet and maybe sent much later."""

    id: UUID
    step: OrderStep
    occurred_at: datetime
    said: Mapping[str, str]


def order(
    *,
    consult: Consult,
    order_id: UUID,
    kind: str,
    content: Mapping[str, str],
    weighed: bool,
    actor: User,
    now: datetime,
) -> Order:
    """A physician in the call orders. Idempotent on the id.

    A drug is checked against formulary and record: raises NeedsWeighing when something speaks
    against it and `weighed` was not said; BadInput for what cannot be given at all.
    """
    party = admit_party(actor, consult, now)
    if party.side == Side.CREW:
        turn_away(actor, consult, now, "crew_does_not_order")
    tidy = checked(kind, content)
    found = cautions_of(consult, kind, tidy, now)
    earlier = Order.objects.filter(pk=order_id).first()
    if earlier:
        if earlier.consult_id != consult.pk:
            raise BadInput(_("This identifier is already used."), code="id_in_use")
        return earlier
    if found and not weighed:
        raise NeedsWeighing(found)
    with transaction.atomic():
        locked = lock(consult)
        open_or_refuse(locked)
        made = Order.objects.create(
            id=order_id,
            consult=locked,
            kind=kind,
            content=tidy,
            cautions=found,
            state=OrderState.ORDERED,
            ordered_by=actor,
            ordered_at=now,
        )
        tell(made, "ordered", actor=actor, now=now)
    return made


def checked(kind: str, content: Mapping[str, str]) -> dict[str, str]:
    """The order's content with nothing in it that is not meant. Raises BadInput."""
    note = content.get("note", "").strip()[:LONGEST_TEXT]
    match kind:
        case OrderKind.DRUG:
            return {**checked_drug(content), "note": note}
        case OrderKind.PROCEDURE:
            procedure = content.get("procedure", "")
            if procedure not in tables()["treatment"]:
                raise BadInput(_("There is no such treatment."), code="no_such_treatment")
            return {"procedure": procedure, "note": note}
        case OrderKind.TEXT:
            text = content.get("text", "").strip()[:LONGEST_TEXT]
            if not text:
                raise BadInput(_("Say what is to be done."), code="no_text")
            return {"text": text}
    raise BadInput(_("There is no such kind of order."), code="no_such_order")


def checked_drug(content: Mapping[str, str]) -> dict[str, str]:
    drug, unit, route = (content.get(name, "") for name in ("drug", "unit", "route"))
    if drug not in tables()["drug"]:
        raise BadInput(_("There is no such drug."), code="no_such_drug")
    bounds = elements()["medication.dose"].units
    if unit not in bounds or route not in tables()["route"]:
        raise BadInput(_("A drug needs its unit and its route."), code="unit_missing")
    value = decimal(content.get("dose", ""))
    least, most = bounds[unit]
    if value is None or value <= 0 or not least <= value <= most:
        raise BadInput(_("The dose is out of bounds."), code="out_of_bounds")
    return {
        "drug": drug,
        "use": content.get("use", ""),
        "dose": f"{value.normalize():f}",
        "unit": unit,
        "route": route,
    }


def cautions_of(
    consult: Consult, kind: str, content: Mapping[str, str], now: datetime
) -> list[str]:
    if kind != OrderKind.DRUG:
        return []
    value = decimal(content["dose"])
    assert value is not None  # noqa: S101  (checked before)
    return against(
        consult.mission,
        code=content["drug"],
        use_id=content["use"],
        value=value,
        unit=content["unit"],
        route=content["route"],
        now=now,
    )


def withdraw(*, order: Order, reason: str, actor: User, now: datetime) -> Order:
    """The physician takes an order back, with a reason, while it is not carried out."""
    party = admit_party(actor, order.consult, now)
    if party.side == Side.CREW:
        turn_away(actor, order.consult, now, "crew_does_not_order")
    with transaction.atomic():
        kept = locked_order(order)
        if kept.state == OrderState.WITHDRAWN:
            return kept
        try:
            kept.state = command(OrderState(kept.state), OrderStep.WITHDRAW)
        except IllegalOrderStep as illegal:
            raise NotPossible(_("Not possible any more: the order was answered.")) from illegal
        kept.save(update_fields=["state"])
        OrderWord.objects.create(
            id=uuid5(kept.pk, "withdraw"),
            order=kept,
            step=OrderStep.WITHDRAW,
            by=actor,
            occurred_at=now,
            recorded_at=now,
            said={"reason": reason.strip()[:LONGEST_TEXT]},
        )
        tell(kept, "withdrawn", actor=actor, now=now)
    return kept


def say_of_order(*, order: Order, word: Word, actor: User, now: datetime) -> Order:
    """The crew's word: read back, given, refused. A fact; what does not fit is flagged.

    What is given is written into the record, with the order as its source. Idempotent on the id.
    """
    admit_crew(actor, order.consult, now)
    with transaction.atomic():
        kept = locked_order(order)
        earlier = OrderWord.objects.filter(pk=word.id).first()
        if earlier:
            if earlier.order_id != kept.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return kept
        state, flags = fact(OrderState(kept.state), word.step)
        said = tidy_said(word.said)
        flags = (*flags, *differing(kept, word.step, said))
        kept.state = state
        OrderWord.objects.create(
            id=word.id,
            order=kept,
            step=word.step,
            by=actor,
            occurred_at=min(word.occurred_at, now),
            recorded_at=now,
            said=said,
            flags=[str(flag) for flag in flags],
        )
        if word.step is OrderStep.GIVE:
            write(kept, word, said, actor=actor, now=now)
            kept.state = command(OrderState.GIVEN, OrderStep.RECORD)
        kept.save(update_fields=["state"])
        kind = {
            OrderStep.READ_BACK: "read_back",
            OrderStep.GIVE: "recorded",
            OrderStep.REFUSE: "refused",
        }[word.step]
        tell(kept, kind, actor=actor, now=now, occurred_at=word.occurred_at)
    return kept


def tidy_said(said: Mapping[str, str]) -> dict[str, str]:
    names = ("drug", "procedure", "dose", "unit", "route", "reason", "note", "by", "text")
    return {name: str(said[name]).strip()[:LONGEST_TEXT] for name in names if said.get(name)}


def differing(order: Order, step: OrderStep, said: Mapping[str, str]) -> tuple[Flag, ...]:
    if step is OrderStep.READ_BACK and differs(order.content, said):
        return (Flag.READ_BACK_DIFFERS,)
    if step is OrderStep.GIVE and order.kind == OrderKind.DRUG:
        given, ordered = said.get("dose", order.content["dose"]), order.content["dose"]
        unit = said.get("unit", order.content["unit"])
        if not same(given, ordered) or unit != order.content["unit"]:
            return (Flag.OTHER_DOSE,)
    return ()


def write(order: Order, word: Word, said: Mapping[str, str], *, actor: User, now: datetime) -> None:
    """The entries of what was done; their ids follow from the word's, so twice is once."""
    statements, grouped = statements_of(order, said, by=actor)
    add_entries(
        mission=order.consult.mission,
        drafts=[
            Draft(
                id=uuid5(word.id, one.element),
                said=one,
                occurred_at=min(word.occurred_at, now),
                group=word.id if grouped else None,
                source=RecordEntry.Source.ORDER,
            )
            for one in statements
        ],
        actor=actor,
        now=now,
    )


def statements_of(
    order: Order, said: Mapping[str, str], *, by: User
) -> tuple[list[Statement], bool]:
    content, physician = {**order.content, **said}, both_names(order.ordered_by)
    match order.kind:
        case OrderKind.DRUG:
            rows = [
                Statement("medication.drug", order.content["drug"]),
                Statement("medication.dose", content["dose"], content["unit"]),
                Statement("medication.route", content["route"]),
                Statement("medication.authorisation", "online"),
                Statement("medication.authorised_by", physician),
                Statement("medication.given_by", said.get("by") or both_names(by)),
            ]
            if order.content.get("use"):
                use = f"{order.content['drug']}.{order.content['use']}"
                rows.append(Statement("medication.indication", use))
            return rows, True
        case OrderKind.PROCEDURE:
            return [
                Statement("procedure.kind", order.content["procedure"]),
                Statement("procedure.authorisation", "online"),
                Statement("procedure.authorised_by", physician),
                Statement("procedure.done_by", said.get("by") or both_names(by)),
            ], True
    return [Statement("narrative.note", f"{physician}: {order.content['text']}")], False


def both_names(person: User) -> str:
    """As it is written down: read in either language."""
    return " ".join(dict.fromkeys(name for name in (person.name_zh, person.name_en) if name))[:80]


def locked_order(order: Order) -> Order:
    lock(order.consult)
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("consult__mission__incident", "ordered_by")
        .get(pk=order.pk)
    )


def tell(
    order: Order, kind: str, *, actor: User, now: datetime, occurred_at: datetime | None = None
) -> None:
    append(
        kind=f"order.{kind}",
        actor=actor,
        now=now,
        occurred_at=min(occurred_at, now) if occurred_at else None,
        refs={**refs(order.consult), "order": order.pk},
        detail={"kind": order.kind},
    )
