"""A consult on the time line: the call, who was in it, what was said, ordered and drawn."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.consult.models import Consult, ConsultMessage, ConsultParty, Drawing, Order
from ehr_prehospital.consult.rules.orders import OrderKind
from ehr_prehospital.consult.words import (
    CAUTIONS,
    ORDER_FLAGS,
    ORDER_STATES,
    PARTY_STATES,
    REFUSALS_OF_ORDERS,
)
from ehr_prehospital.hypermedia.timeline import Lane, Moment
from ehr_prehospital.record.words import labels


def calls(mission: Mission) -> Iterator[Moment]:
    """The consult as a stretch, and each party that rang or talked."""
    for row in Consult.objects.filter(mission=mission).select_related("opened_by"):
        yield Moment(
            id=f"consult-{row.pk}",
            lane=Lane.CONSULT,
            kind="call",
            at=row.opened_at,
            until=row.ended_at,
            title=_("Consult"),
            detail=row.reason,
            by=row.opened_by.shown_name,
        )
    parties = ConsultParty.objects.filter(consult__mission=mission).exclude(side="crew")
    for party in parties.select_related("user", "hospital"):
        yield Moment(
            id=f"party-{party.pk}",
            lane=Lane.CONSULT,
            kind="party",
            at=party.answered_at or party.rung_at,
            until=party.ended_at,
            title=f"{_named(party.user, party.hospital)}: {PARTY_STATES[party.state]}",
            by=_named(party.user, party.hospital),
            urgent=party.state == "lost",
        )


def thread(mission: Mission) -> Iterator[Moment]:
    """What was typed, and every step of every order; what did not fit says so."""
    messages = ConsultMessage.objects.filter(consult__mission=mission).select_related("author")
    for message in messages:
        yield Moment(
            id=f"message-{message.pk}",
            lane=Lane.CONSULT,
            kind="message",
            at=message.occurred_at,
            recorded_at=message.recorded_at,
            title=message.text,
            by=message.author.shown_name,
        )
    orders = Order.objects.filter(consult__mission=mission).select_related("ordered_by")
    for order in orders.prefetch_related("words__by"):
        yield Moment(
            id=f"order-{order.pk}",
            lane=Lane.CONSULT,
            kind="order",
            at=order.ordered_at,
            title=f"{ORDER_STATES['ordered']}: {order_text(order)}",
            detail="; ".join(str(CAUTIONS[code]) for code in order.cautions),
            by=order.ordered_by.shown_name,
        )
        for word in order.words.all():
            state = {"give": "recorded", "refuse": "refused", "withdraw": "withdrawn"}
            said = REFUSALS_OF_ORDERS.get(word.said.get("reason", ""), "")
            flags = [str(ORDER_FLAGS[flag]) for flag in word.flags]
            yield Moment(
                id=f"word-{word.pk}",
                lane=Lane.CONSULT,
                kind="order",
                at=word.occurred_at,
                recorded_at=word.recorded_at,
                title=f"{ORDER_STATES[state.get(word.step, word.step)]}: {order_text(order)}",
                detail="; ".join([*flags, str(said)] if said else flags),
                by=word.by.shown_name,
                urgent=bool(flags),
            )


def drawings(mission: Mission) -> Iterator[Moment]:
    """Frozen pictures, the proof that they were shown, and each stroke from its first point on."""
    titles = {
        "freeze": _("Picture frozen"),
        "seen": _("Shown on the crew’s screen"),
        "stroke": _("Drawn on the picture"),
    }
    rows = Drawing.objects.filter(mission=mission, t__in=titles).select_related("author")
    for row in rows.order_by("occurred_at", "id"):
        if row.t == "stroke" and row.body.get("phase") != "begin":
            continue
        yield Moment(
            id=f"drawing-{row.pk}",
            lane=Lane.CONSULT,
            kind=row.t,
            at=row.occurred_at,
            title=titles[row.t],
            by=row.author.shown_name,
            stream=str(row.stream or ""),
            more={"seq": row.seq, "stroke": str(row.stroke or ""), **row.body},
        )


def order_text(order: Order) -> str:
    """As the thread says it, in the language of the request."""
    content: Mapping[str, str] = order.content
    if order.kind == OrderKind.DRUG:
        words: list[str | Promise] = [
            labels("drug").get(content["drug"], content["drug"]),
            content["dose"],
            labels("unit").get(content["unit"], content["unit"]),
            labels("route").get(content["route"], content["route"]),
        ]
        return " ".join(str(word) for word in words)
    if order.kind == OrderKind.PROCEDURE:
        return str(labels("treatment").get(content["procedure"], content["procedure"]))
    return content["text"]


def _named(user: User | None, hospital: Organisation | None) -> str:
    return user.shown_name if user else str(hospital or "")
