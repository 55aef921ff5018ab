"""Orders before the arrival: by whom, when, released at the door, withdrawn with the alert."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.exchange.hl7v2.checking import check
from ehr_prehospital.exchange.hl7v2.client import KIND
from ehr_prehospital.handover import actions as handover
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.orders.actions import OrderDraft, prepare, release, withdraw
from ehr_prehospital.handover.orders.models import PreparedOrder
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.actions.test_ecg import signed_in
from tests.town import NOW, Town

BLOOD = "Red cells, 2 units"


@pytest.fixture
def his(town: Town) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        hospital=town.hospitals[0],
        name="HIS",
        kind=KIND,
        address="mllp://127.0.0.1:9",
    )


@pytest.fixture
def coming(his: Partner, mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)


def blood(coming: Handover, nurse: User, at: float = 5) -> PreparedOrder:
    draft = OrderDraft(uuid4(), "blood", BLOOD, stat=True)
    return prepare(handover=coming, draft=draft, actor=nurse, now=later(at))


def orders_told() -> list[str]:
    """ORC-1 of every order that was queued."""
    rows = Delivery.objects.order_by("number")
    texts = [bytes(row.content).decode() for row in rows]
    for text in texts:
        assert check(text.encode()) == ()
    return [
        line.split("|")[1] for text in texts for line in text.split("\r") if line.startswith("ORC")
    ]


def test_an_order_is_prepared_by_name_and_nobody_is_told_yet(
    coming: Handover, nurse_chen: User
) -> None:
    order = blood(coming, nurse_chen)

    assert (order.state, order.prepared_by) == ("prepared", nurse_chen)
    assert orders_told() == []
    assert newest("order.prepared").actor_id == nurse_chen.pk
    assert "Red" not in str(newest("order.prepared").detail)


def test_the_arrival_releases_it_to_the_hospitals_system(
    coming: Handover, mission: Mission, nurse_chen: User
) -> None:
    order = blood(coming, nurse_chen)
    say(mission, "at_destination", later(600))

    order.refresh_from_db()
    assert (order.state, order.released_at, order.released_by) == ("released", later(600), None)
    assert orders_told() == ["NW"]
    assert "order.released" in kinds()


def test_a_person_releases_it_before_and_withdraws_it_again(
    coming: Handover, nurse_chen: User
) -> None:
    order = blood(coming, nurse_chen)
    release(order=order, actor=nurse_chen, now=later(20))
    release(order=order, actor=nurse_chen, now=later(21))
    withdraw(order=order, actor=nurse_chen, now=later(30))

    assert orders_told() == ["NW", "CA"]
    order.refresh_from_db()
    assert order.released_by == order.withdrawn_by == nurse_chen


def test_what_was_never_released_is_withdrawn_in_silence(
    coming: Handover, nurse_chen: User
) -> None:
    withdraw(order=blood(coming, nurse_chen), actor=nurse_chen, now=later(30))

    assert orders_told() == []


def test_a_redirect_leaves_nothing_ordered(
    coming: Handover, mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    released, waiting = blood(coming, nurse_chen), blood(coming, nurse_chen, 6)
    release(order=released, actor=nurse_chen, now=later(20))
    handover.redirect(
        mission=mission,
        hospital=town.hospitals[1],
        reason="no_bed",
        actor=medic_wang,
        now=later(60),
    )

    assert orders_told() == ["NW", "CA"]
    newest_keys = Delivery.objects.order_by("number").values_list("sameness_key", flat=True)
    assert [key.split(":")[2] for key in newest_keys] == ["A04", "O19", "O19", "A11"]
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_only_the_receiving_hospital_orders_and_only_something(
    coming: Handover, medic_wang: User, nurse_chen: User, nurse_elsewhere: User
) -> None:
    for stranger in (medic_wang, nurse_elsewhere):
        with pytest.raises(NoAccess):
            blood(coming, stranger)
    for kind, what in (("blood", "  "), ("pizza", "large")):
        draft = OrderDraft(uuid4(), kind, what)
        with pytest.raises(BadInput):
            prepare(handover=coming, draft=draft, actor=nurse_chen, now=later(5))
    assert not PreparedOrder.objects.exists()


def test_over_http_an_order_stands_once_on_the_card(coming: Handover, nurse_chen: User) -> None:
    client = signed_in(nurse_chen)
    body = {"id": str(uuid4()), "kind": "imaging", "what": "CT head", "stat": True}

    answers = [
        client.post(f"/api/handovers/{coming.pk}/orders/", body, content_type="application/json")
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    said = answers[1].json()
    assert said["state"] == "prepared"
    assert said["prepared_by"]["name_en"] == "Chen"
    answer = client.post(f"/api/orders/{said['id']}/release/")
    assert answer.json()["state"] == "released"
    card = client.post(f"/api/handovers/{coming.pk}/seen/").json()
    assert [one["what"] for one in card["orders"]] == ["CT head"]
