"""The sender as a process: woken at once, killed in the middle, two side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from subprocess import Popen
from typing import Any

import pytest
from django.utils import timezone

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.delivery.actions import Draft, queue
from ehr_prehospital.delivery.credentials import sealed
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.plain_post import KIND
from ehr_prehospital.exchange.fhir.subscriptions.actions import subscribe
from ehr_prehospital.exchange.fhir.subscriptions.queries import KIND as SUBSCRIPTION
from ehr_prehospital.exchange.fhir.subscriptions.queries import state_of
from ehr_prehospital.exchange.fhir.subscriptions.rules import HANDOVER, Content, Wish
from ehr_prehospital.exchange.nemsis.submission.client import KIND as SUBMISSION
from tests.actions.care import put_on_board
from tests.nemsis_peer import ORGANISATION, PASSWORD, USER
from tests.rules.nemsis_files import NEMSIS, STANDARDS, needs_files
from tests.running import answers, free_port, process
from tests.town import Town
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@contextmanager
def peer() -> Iterator[int]:
    port = free_port()
    with process("-m", "tests.fake_receiver", str(port)):
        wait_until(lambda: answers(port), what="the receiver answers")
        yield port


def deliver() -> AbstractContextManager[Popen[bytes]]:
    """As the platform starts it (config/parts.py)."""
    return process("manage.py", "deliver", "--skip-checks")


# Any: the receiver's own JSON.
def received(port: int) -> list[dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/received")
    rows: list[dict[str, Any]] = json.loads(connection.getresponse().read())
    connection.close()
    return rows


def partner_at(port: int, path: str = "/") -> Partner:
    centre, _made = Organisation.objects.get_or_create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C1", defaults={"name_en": "Centre"}
    )
    return Partner.objects.create(
        centre=centre, name=path, kind=KIND, address=f"http://127.0.0.1:{port}{path}"
    )


def queued(partner: Partner, name: str, key: str = "") -> Delivery:
    draft = Draft(name.encode(), "text/plain", sameness_key=name, order_key=key)
    return queue(partner=partner, draft=draft, actor=None, now=timezone.now())


def delivered() -> int:
    return Delivery.objects.filter(state=Delivery.State.DELIVERED).count()


def test_two_senders_send_everything_once_and_each_key_in_its_order() -> None:
    with peer() as port, deliver(), deliver():
        partner = partner_at(port)
        for number in range(60):
            queued(partner, f"{number % 3} {number}", key=str(number % 3))
        wait_until(lambda: delivered() == 60, timeout_s=60, what="all are delivered")

        bodies = [row["body"] for row in received(port)]
    assert len(bodies) == len(set(bodies)) == 60
    for key in "012":
        numbers = [int(body.split()[1]) for body in bodies if body.startswith(f"{key} ")]
        assert numbers == sorted(numbers)


def test_a_sender_that_sleeps_is_woken_by_the_commit() -> None:
    with peer() as port, deliver():
        partner = partner_at(port)
        queued(partner, "first")
        wait_until(lambda: delivered() == 1, what="it runs")
        time.sleep(0.5)  # so that it has gone to sleep for half a minute
        began = time.monotonic()
        queued(partner, "second")
        wait_until(lambda: delivered() == 2, timeout_s=5, what="it was woken")

    assert time.monotonic() - began < 5


def test_a_sender_killed_in_the_middle_leaves_it_to_the_next_one() -> None:
    with peer() as port:
        with deliver() as sender:
            queued(partner_at(port, "/slow"), "hello")
            wait_until(lambda: received(port), what="it is being sent")
            sender.kill()
            sender.wait()
        left = Delivery.objects.get()
        assert left.state == Delivery.State.SENDING
        # The time of the claim passes: the next sender finds it.
        Delivery.objects.update(claimed_until=timezone.now())
        Partner.objects.update(address=f"http://127.0.0.1:{port}/")
        with deliver():
            wait_until(lambda: delivered() == 1, what="it is sent again")

        rows = received(port)
    assert [row["body"] for row in rows] == ["hello", "hello"]
    assert len({row["key"] for row in rows}) == 1  # so that the receiver knows it again
    outcomes = [one.outcome for one in left.attempts.order_by("number")]
    assert outcomes == ["interrupted", "delivered"]


@needs_files
def test_a_document_reaches_a_registry_that_answers_later_and_its_status_is_asked_for() -> None:
    port = free_port()
    with process("-m", "tests.nemsis_peer", str(port), ONBOARD_STANDARDS=str(STANDARDS)):
        wait_until(lambda: answers(port), timeout_s=60, what="the registry answers")
        partner = partner_at(port, "/async")
        partner.kind, partner.organisation = SUBMISSION, ORGANISATION
        partner.credentials = sealed({"username": USER, "password": PASSWORD})
        partner.save()
        case = NEMSIS / "compliance-2025" / "full" / "2025-EMS-1-Overdose_v351.xml"
        draft = Draft(case.read_bytes(), "application/xml", sameness_key="case")
        delivery = queue(partner=partner, draft=draft, actor=None, now=timezone.now())
        with deliver():
            wait_until(lambda: delivered() == 1, timeout_s=60, what="it is imported")

    codes = [one.code for one in delivery.attempts.order_by("number")]
    assert codes[:2] == ["0", "10"]
    assert codes[-1] in {"1", "3"}


def test_a_hospitals_system_hears_within_moments_of_a_patient_on_board(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    with peer() as port, deliver():
        address = f"http://127.0.0.1:{port}/"
        Partner.objects.create(
            centre=town.centre,
            name="HIS",
            organisation=town.hospitals[0].code,
            kind=SUBSCRIPTION,
            address=address,
        )
        wish = Wish(HANDOVER, address, Content.ID_ONLY)
        row = subscribe(user=nurse_chen, wish=wish, base="http://here/fhir", now=timezone.now())
        wait_until(lambda: state_of(row, timezone.now()) == "active", what="hands are shaken")

        began = time.monotonic()
        put_on_board(mission, town.hospitals[0], medic_wang, at=timezone.now())
        wait_until(lambda: len(received(port)) == 2, timeout_s=20, what="it is told")
        took_s = time.monotonic() - began

        bodies = [json.loads(one["body"]) for one in received(port)]
    kinds = [
        one["valueCode"]
        for body in bodies
        for one in body["entry"][0]["resource"]["parameter"]
        if one["name"] == "type"
    ]
    assert kinds == ["handshake", "event-notification"]
    assert took_s < 5
