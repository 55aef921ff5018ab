"""Tell a hospital's systems what happens to a handover; take the number that they give back.

All of it inside the transaction of what happened, and none of it can refuse that.
"""

import hashlib
import json
import logging
from base64 import b32encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import State as MissionState
from dispatch.journal.actions import append
from dispatch.people.models import User
from ehr_prehospital.admission.queries import (
    TOLD,
    events,
    handovers_to_tell,
    operator,
    order_key,
    queued_so_far,
    sameness,
    systems_of,
    told,
    visit_of,
)
from ehr_prehospital.admission.rules import announces, cancellations, stands
from ehr_prehospital.delivery.actions import Draft, queue
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.rules import Answer, Outcome
from ehr_prehospital.exchange.fhir import admission as fhir
from ehr_prehospital.exchange.hl7v2 import client, messages
from ehr_prehospital.exchange.hl7v2.checking import rows_of, values
from ehr_prehospital.exchange.hl7v2.messages import Envelope
from ehr_prehospital.exchange.hl7v2.reading import Received
from ehr_prehospital.exchange.hl7v2.target import Event, Target, target_of
from ehr_prehospital.exchange.visit import Order, Visit
from ehr_prehospital.handover.actions.steps import lock_both, refs_to
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.handover.orders.rules import OrderState
from ehr_prehospital.handover.orders.words import KINDS as ORDER_KINDS
from ehr_prehospital.handover.queries import open_handover_of
from ehr_prehospital.handover.rules import WITHDRAWN, State
from ehr_prehospital.record.followers import MERGED, PARTED
from ehr_prehospital.record.models import Record

log = logging.getLogger(__name__)
INVALID = "invalid_message"
PARTS_OF_KEY = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """Who did it and when: what every message says of its occasion."""

    actor: User | None
    now: datetime
    occurred_at: datetime


# --- who acts when ------------------------------------------------------------


def on_handover(handover: Handover, step: State, actor: User | None, now: datetime) -> None:
    """Registered with the handover's followers."""
    moment = Moment(actor, now, now)
    for partner in systems_of(handover.hospital):
        system = System(partner, handover, moment)
        if step in WITHDRAWN:
            system.cancel()
        elif step is State.SENT:
            system.board()
        elif step is State.ARRIVED:
            system.arrive()
        elif handover.confirmed_at:
            system.accept()
            system.update()


def on_mission_fact(mission: Mission, fact: MissionFact, now: datetime) -> None:
    """Registered with dispatch's followers: on board after an earlier alert."""
    if fact.fact != MissionState.ON_BOARD or fact.undone_at:
        return
    handover = open_handover_of(mission)
    if handover is None:
        return
    for partner in systems_of(handover.hospital):
        System(partner, handover, Moment(fact.actor, now, fact.occurred_at)).board()


def on_record(record: Record, written: frozenset[str], actor: User | None, now: datetime) -> None:
    """Registered with the record's followers: another identity, an allergy, another suspicion."""
    about = written & TOLD or {one for one in written if one.startswith("identity.")}
    patient = written & {MERGED, PARTED}
    if not about and not patient:
        return
    for handover in handovers_to_tell(record):
        for partner in systems_of(handover.hospital):
            system = System(partner, handover, Moment(actor, now, now))
            if MERGED in patient:
                system.merge()
            elif PARTED in patient:
                system.part(record)
            else:
                system.update()


def on_order(order: PreparedOrder, actor: User | None, now: datetime) -> None:
    """Registered with the orders' followers: released, or withdrawn after that."""
    for partner in systems_of(order.handover.hospital):
        System(partner, order.handover, Moment(actor, now, now)).order(order)


# --- one system and one handover ----------------------------------------------


class System:
    """What one hospital's system is told of one handover, from what it was told before."""

    def __init__(self, partner: Partner, handover: Handover, moment: Moment) -> None:
        self.partner = partner
        self.handover = handover
        self.moment = moment
        self.target = target_for(partner)
        self.told = told(partner, handover)
        self.visit = for_target(
            visit_of(handover, chinese=self.target.language == "zh"), self.target
        )

    @property
    def knows(self) -> bool:
        return bool(stands(events(self.told)))

    def board(self) -> None:
        """The patient is on board: registered, once."""
        if self.visit.on_board_at and Event.REGISTER not in stands(events(self.told)):
            self.say(Event.REGISTER)

    def accept(self) -> None:
        """A registered patient is pre-admitted no more: of that only a correction tells."""
        event = self.target.accept
        if event and announces(event, events(self.told)):
            self.say(event)

    def update(self) -> None:
        """Only where it would say something else than the newest message did."""
        if self.knows and self.told[-1][1] != digest(self.visit):
            self.say(Event.UPDATE)

    def arrive(self) -> None:
        if self.knows and Event.ARRIVE not in events(self.told):
            self.say(Event.ARRIVE)

    def cancel(self) -> None:
        for event in cancellations(events(self.told)):
            self.say(event)

    def merge(self) -> None:
        if self.knows and self.target.wants(Event.MERGE):
            self.say(Event.MERGE)
        else:
            self.update()

    def part(self, record: Record) -> None:
        """The visit goes back from the known patient's number to that of the mission."""
        merge = record.encounter.patient.merges.order_by("-merged_at").first()
        if merge and self.knows and self.target.wants(Event.MERGE):
            wrong = replace(self.visit.person, number=merge.known.temporary_number)
            self.say(Event.MOVE_VISIT, replace(self.visit, person=wrong))
        self.update()

    def order(self, row: PreparedOrder) -> None:
        if not self.target.wants(Event.ORDER):
            return
        withdrawn = row.state == OrderState.WITHDRAWN
        by = row.withdrawn_by if withdrawn else row.prepared_by
        by = by or row.prepared_by
        said = Order(
            number=row.number,
            kind=row.kind,
            kind_name=str(ORDER_KINDS[row.kind]),
            what=row.what,
            stat=row.stat,
            by=by.username,
            by_name=by.name_zh or by.name_en if self.target.language == "zh" else by.name_en,
            at=(row.withdrawn_at if withdrawn else row.released_at) or self.moment.now,
            withdrawn=withdrawn,
        )
        self.queue(Event.ORDER, lambda envelope: ordered(self, said, envelope), digest(self.visit))

    def say(self, event: Event, visit: Visit | None = None) -> None:
        if self.target.wants(event):
            shown = visit or self.visit
            write = lambda envelope: written(self, event, shown, envelope)  # noqa: E731
            self.queue(event, write, digest(self.visit))

    def queue(self, event: Event, write: Callable[[Envelope], bytes], told_digest: str) -> None:
        """Write it and queue it. What cannot be written waits as refused for a person."""
        number = queued_so_far(self.partner, self.handover) + 1
        key = sameness(self.handover, number, event, told_digest)
        envelope = Envelope(
            control_id(self.partner, key),
            self.moment.occurred_at,
            self.moment.now,
            operator(self.moment.actor),
        )
        content, refused = attempted(lambda: write(envelope), self)
        draft = Draft(
            content=content,
            content_type=client.CONTENT_TYPE
            if self.partner.kind == client.KIND
            else fhir.CONTENT_TYPE,
            sameness_key=key,
            order_key=order_key(self.handover),
            kind=self.partner.kind,
            mission=self.handover.mission,
            holds=True,
        )
        queue(
            partner=self.partner,
            draft=draft,
            actor=self.moment.actor,
            now=self.moment.now,
            refused=refused,
        )
        self.told.append((event, told_digest))


def target_for(partner: Partner) -> Target:
    """FHIR has its own name for the arrival, and is told of it unless set otherwise."""
    target = target_of({name: str(value) for name, value in partner.options.items()})
    if partner.kind == fhir.KIND and "events" not in partner.options:
        return replace(target, events=target.events | {Event.ARRIVE})
    return target


def for_target(visit: Visit, target: Target) -> Visit:
    """A system that takes no merges keeps knowing the patient by the first number."""
    if target.wants(Event.MERGE):
        return visit
    return replace(visit, person=replace(visit.person, number=visit.person.own_number))


def written(system: System, event: Event, visit: Visit, envelope: Envelope) -> bytes:
    if system.partner.kind == fhir.KIND:
        return fhir.bundle(event, visit, system.target, envelope)
    return messages.message(event, visit, system.target, envelope)


def ordered(system: System, order: Order, envelope: Envelope) -> bytes:
    if system.partner.kind == fhir.KIND:
        return fhir.order_bundle(order, system.visit, system.target, envelope)
    return messages.order_message(order, system.visit, system.target, envelope)


def attempted(write: Callable[[], bytes], system: System) -> tuple[bytes, Answer | None]:
    """The bytes, or why there are none: never an error in what really happened."""
    try:
        content = write()
    except DatabaseError:
        raise
    except Exception as error:
        log.exception(
            "message of handover %s for partner %s", system.handover.pk, system.partner.pk
        )
        return b"", Answer(Outcome.REFUSED, "fault_of_ours", type(error).__name__)
    if system.partner.kind != client.KIND:
        return content, None
    text = content.decode(system.target.encoding)
    found = list(values(rows_of(text), str(system.target.encoding)))
    if not found:
        return content, None
    where = ", ".join(sorted({f"{one.where} {one.rule}" for one in found}))
    return content, Answer(Outcome.REFUSED, INVALID, where)


def digest(visit: Visit) -> str:
    """Of what a message says; an estimate that moves on is no news."""
    facts = asdict(replace(visit, expected_at=None, visit_number="", arrived_at=None))
    return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()[:16]


def control_id(partner: Partner, key: str) -> str:
    """MSH-10: 20 characters, the same whenever this message is sent, and of no other one."""
    made = hashlib.sha256(f"{partner.pk}:{key}".encode()).digest()
    return b32encode(made)[:20].decode()


# --- what they give back ------------------------------------------------------


def on_answer(delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Registered with the deliveries: the visit's number in an acknowledgement."""
    number = answer.given.get("visit_number", "")
    if not number or delivery.kind not in (client.KIND, fhir.KIND):
        return
    key = delivery.sameness_key.split(":")
    if len(key) == PARTS_OF_KEY:  # one of ours: see queries.sameness
        take_visit_number(handover=Handover.objects.get(pk=key[0]), number=number, now=now)


def on_overheard(partner_id: UUID, received: Received, now: datetime) -> None:
    """A message of the hospital's own that names our pre-admission number and its visit."""
    handover = Handover.objects.filter(
        preadmission_number=received.preadmission_number,
        hospital__in=Partner.objects.filter(pk=partner_id).values("hospital"),
    ).first()
    if handover:
        take_visit_number(handover=handover, number=received.visit_number, now=now)


def take_visit_number(*, handover: Handover, number: str, now: datetime) -> Handover:
    """The hospital's own number of the visit, beside ours. Said again, it changes nothing."""
    with transaction.atomic():
        mission, locked = lock_both(handover)
        if locked.visit_number == number[:40]:
            return locked
        locked.visit_number, locked.visit_number_at = number[:40], now
        locked.save(update_fields=["visit_number", "visit_number_at"])
        append(
            kind="handover.visit_numbered",
            actor=None,
            now=now,
            refs=refs_to(locked, mission),
            detail={"number": locked.visit_number},
        )
    return locked
