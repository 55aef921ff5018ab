"""The queue of deliveries: order, repetition, back-off, dead letters and who sends them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.delivery.actions import (
    CLAIMED_FOR,
    Draft,
    NotRefused,
    cancel,
    claim,
    finish,
    queue,
    send_again,
)
from ehr_prehospital.delivery.credentials import Unsealable, opened, sealed
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner
from ehr_prehospital.delivery.queries import next_due_at
from ehr_prehospital.delivery.rules import Adapter, Answer, Outcome, Parcel, Remark
from ehr_prehospital.delivery.sending import send_next, sent
from tests.actions.care import kinds, later, newest
from tests.town import NOW, Town


@pytest.fixture
def partner(town: Town) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        name="State",
        organisation="A1",
        kind="test",
        address="http://127.0.0.1:9/",
        credentials=sealed({"password": "correct horse"}),
    )


def queued(
    partner: Partner, name: str, *, key: str = "", mission: Mission | None = None
) -> Delivery:
    draft = Draft(name.encode(), "text/plain", sameness_key=name, order_key=key, mission=mission)
    return queue(partner=partner, draft=draft, actor=None, now=NOW)


def answering(*answers: Answer) -> tuple[dict[str, Adapter], list[Parcel]]:
    """An adapter that gives these answers, the last one for ever, and what it was given."""
    given: list[Parcel] = []
    left: Iterator[Answer] = iter(answers)
    last = answers[-1]

    def adapter(parcel: Parcel) -> Answer:
        given.append(parcel)
        return next(left, last)

    return {"test": adapter}, given


OK = Answer(Outcome.DELIVERED, "1")


def send_all(adapters: dict[str, Adapter], *, at_s: float = 0) -> int:
    count = 0
    while send_next(adapters, clock=lambda: later(at_s)):
        count += 1
    return count


def test_a_delivery_goes_to_its_partner_with_opened_credentials(
    partner: Partner, mission: Mission
) -> None:
    queued(partner, "hello", mission=mission)
    adapters, given = answering(Answer(Outcome.DELIVERED, "1", "taken", "<ok/>"))

    assert send_all(adapters) == 1

    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.DELIVERED
    assert (given[0].content, given[0].partner.credentials) == (
        b"hello",
        {"password": "correct horse"},
    )
    attempt = delivery.attempts.get()
    assert (attempt.outcome, attempt.code, attempt.said) == ("delivered", "1", "<ok/>")
    assert kinds()[-2:] == ["delivery.queued", "delivery.delivered"]
    assert newest("delivery.delivered").refs["mission"] == str(mission.pk)


def test_the_same_thing_twice_is_one_delivery(partner: Partner) -> None:
    first = queued(partner, "hello")

    assert queued(partner, "hello").pk == first.pk
    assert kinds().count("delivery.queued") == 1


def test_one_key_is_sent_in_order_and_waits_for_the_one_before(partner: Partner) -> None:
    for name in ("one", "two"):
        queued(partner, name, key="patient")
    queued(partner, "other", key="another patient")
    adapters, given = answering(Answer(Outcome.LATER, "busy"), OK)

    send_all(adapters)
    assert [parcel.content for parcel in given] == [b"one", b"other"]
    send_all(adapters, at_s=6)

    assert [parcel.content for parcel in given] == [b"one", b"other", b"one", b"two"]


def test_a_dead_letter_does_not_hold_up_what_comes_after(partner: Partner) -> None:
    for name in ("one", "two"):
        queued(partner, name, key="patient")
    adapters, _given = answering(Answer(Outcome.REFUSED, "-12"), OK)

    send_all(adapters)

    assert [one.state for one in Delivery.objects.order_by("number")] == ["refused", "delivered"]


def test_what_fails_is_tried_again_with_growing_pauses_and_every_answer_is_kept(
    partner: Partner,
) -> None:
    queued(partner, "hello")
    adapters, given = answering(Answer(Outcome.LATER, "unreachable"))

    for at_s in (0, 1, 6, 7, 20):
        send_all(adapters, at_s=at_s)

    delivery = Delivery.objects.get()
    assert len(given) == delivery.tries == delivery.attempts.count() == 3
    assert delivery.next_attempt_at
    assert later(30) <= delivery.next_attempt_at <= later(40)
    assert next_due_at() == delivery.next_attempt_at


def test_a_status_is_asked_for_with_the_handle_of_the_attempt_before(partner: Partner) -> None:
    queued(partner, "hello")
    adapters, given = answering(Answer(Outcome.PENDING, "10", ticket="handle-7"), OK)

    send_all(adapters)
    send_all(adapters, at_s=3)

    assert [parcel.ticket for parcel in given] == ["", "handle-7"]
    assert Delivery.objects.get().state == Delivery.State.DELIVERED


def test_after_three_days_it_waits_for_a_person(partner: Partner) -> None:
    queued(partner, "hello")
    adapters, _given = answering(Answer(Outcome.LATER, "unreachable"))

    send_all(adapters, at_s=timedelta(days=3, seconds=1).total_seconds())

    assert Delivery.objects.get().state == Delivery.State.REFUSED
    assert newest("delivery.refused").detail["code"] == "unreachable"


def test_a_person_sends_a_dead_letter_again_behind_what_waits(
    partner: Partner, administrator: User
) -> None:
    dead = queued(partner, "dead", key="patient")
    adapters, given = answering(Answer(Outcome.REFUSED, "-12"), OK)
    send_all(adapters)
    queued(partner, "next", key="patient")

    send_again(delivery=dead, actor=administrator, now=later(60))
    send_again(delivery=dead, actor=administrator, now=later(61))
    send_all(adapters, at_s=62)

    assert [parcel.content for parcel in given] == [b"dead", b"next", b"dead"]
    assert kinds().count("delivery.sent_again") == 1
    assert newest("delivery.sent_again").actor_id == administrator.pk
    dead.refresh_from_db()
    assert [one.outcome for one in dead.attempts.order_by("number")] == ["refused", "delivered"]


def test_what_was_delivered_is_neither_sent_again_nor_cancelled(
    partner: Partner, administrator: User
) -> None:
    delivery = queued(partner, "hello")
    send_all(answering(OK)[0])

    for act in (send_again, cancel):
        with pytest.raises(NotRefused):
            act(delivery=delivery, actor=administrator, now=NOW)


def test_a_cancelled_delivery_is_not_sent(partner: Partner, administrator: User) -> None:
    cancel(delivery=queued(partner, "hello"), actor=administrator, now=NOW)

    assert send_all(answering(OK)[0], at_s=60) == 0
    assert kinds()[-1] == "delivery.cancelled"


def test_what_a_killed_sender_had_is_sent_again_and_its_late_answer_changes_nothing(
    partner: Partner,
) -> None:
    queued(partner, "hello")
    lost = claim(now=NOW)
    assert lost
    assert claim(now=later(CLAIMED_FOR.total_seconds() - 1)) is None

    again = claim(now=later(CLAIMED_FOR.total_seconds()))
    assert again
    finish(lost, Answer(Outcome.REFUSED, "late"), now=later(91))
    assert Delivery.objects.get().state == Delivery.State.SENDING
    finish(again, OK, now=later(92))

    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.DELIVERED
    outcomes = [one.outcome for one in delivery.attempts.order_by("number")]
    assert outcomes == ["interrupted", "refused", "delivered"]


def test_a_slow_partner_takes_two_senders_at_most(partner: Partner) -> None:
    for number in range(4):
        queued(partner, str(number))

    assert [claim(now=NOW) is not None for _ in range(3)] == [True, True, False]
    # Nothing to wake up for before one of them is done or dead.
    assert next_due_at() == NOW + CLAIMED_FOR


def test_a_fault_of_ours_waits_for_a_person_and_names_nobody(partner: Partner) -> None:
    def broken(_parcel: Parcel) -> Answer:
        raise ValueError("Wang Xiuying")

    answer = sent(queued(partner, "hello"), {"test": broken})

    assert (answer.outcome, answer.code, answer.text) == (
        Outcome.REFUSED,
        "fault_of_ours",
        "ValueError",
    )


def test_a_kind_without_an_adapter_waits_for_a_person(partner: Partner) -> None:
    assert sent(queued(partner, "hello"), {}).code == "no_adapter"


def test_an_inactive_partner_is_sent_nothing(partner: Partner) -> None:
    queued(partner, "hello")
    Partner.objects.update(active=False)

    assert send_all(answering(OK)[0]) == 0
    assert next_due_at() is None


def test_an_attempt_cannot_be_rewritten(partner: Partner) -> None:
    queued(partner, "hello")
    answer = Answer(Outcome.REFUSED, "-14", remarks=(Remark("error", "no\0t good", "nemSch_e1"),))
    send_all(answering(answer)[0])

    assert DeliveryAttempt.objects.get().remarks[0]["text"] == "not good"
    for change in (
        lambda: DeliveryAttempt.objects.update(code="1"),
        lambda: DeliveryAttempt.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_credentials_are_sealed_and_open_only_with_the_key_of_the_platform(
    settings: Settings,
) -> None:
    box = sealed({"password": "correct horse"})

    assert b"correct" not in box
    assert opened(box) == {"password": "correct horse"}
    assert opened(b"") == {}
    settings.SECRET_KEY = str(uuid4()) * 2
    with pytest.raises(Unsealable):
        opened(box)
