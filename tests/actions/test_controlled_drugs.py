"""Every milligram of a controlled drug has somebody's name; what does not agree is shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dispatch.fleet.models import Ambulance
from dispatch.people.models import Role, User
from ehr_prehospital.controlled.models import ControlledMove
from ehr_prehospital.controlled.queries import first_broken, moves_of
from ehr_prehospital.controlled.rules import SIGNS, Kind, Move, balances
from tests.actions.care import kinds
from tests.town import NOW, Town


@pytest.fixture
def supervisor_he(town: Town) -> User:
    return User.objects.create_user(
        username="he",
        name_en="He",
        name_zh="何",
        role=Role.SUPERVISOR,
        organisation=town.centre,
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def moved(user: User, vehicle: Ambulance, kind: str, amount: str, **more: str) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = signed_in(user).post(
        f"/api/units/{vehicle.pk}/controlled-drugs/",
        {
            "id": str(uuid4()),
            "kind": kind,
            "drug": "morphine",
            "batch": "M1",
            "amount": amount,
            "unit": "mg",
            "witness": "Zhou",
            "occurred_at": NOW.isoformat(),
            **more,
        },
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def test_the_book_follows_every_move_and_the_chain_holds(a1: Ambulance, medic_wang: User) -> None:
    moved(medic_wang, a1, "received", "50")
    moved(medic_wang, a1, "given", "4", witness="")
    status, answer = moved(medic_wang, a1, "wasted", "6")

    assert status == HTTPStatus.CREATED
    assert answer["balances"] == [
        {
            "drug": "morphine",
            "batch": "M1",
            "unit": "mg",
            "amount": "40",
            "found": None,
            "mismatch": False,
        }
    ]
    assert [one["kind"] for one in answer["moves"]] == ["wasted", "given", "received"]
    assert answer["broken_at"] is None
    assert kinds().count("controlled.moved") == 3
    assert "controlled.mismatch" not in kinds()


def test_a_count_that_differs_is_shown_until_one_agrees(a1: Ambulance, medic_wang: User) -> None:
    moved(medic_wang, a1, "received", "50")
    _, short = moved(medic_wang, a1, "counted", "40")
    marked = kinds().count("controlled.mismatch")
    _, again = moved(medic_wang, a1, "counted", "50")

    assert (short["balances"][0]["amount"], short["balances"][0]["found"]) == ("50", "40")
    assert short["balances"][0]["mismatch"]
    assert marked == 1
    assert not again["balances"][0]["mismatch"]


def test_a_dose_that_was_given_is_stored_even_when_the_book_has_none(
    a1: Ambulance, medic_wang: User
) -> None:
    status, answer = moved(medic_wang, a1, "given", "4")

    assert status == HTTPStatus.CREATED
    assert answer["balances"][0]["amount"] == "-4"
    assert answer["balances"][0]["mismatch"]
    assert "controlled.mismatch" in kinds()


def test_the_same_move_twice_counts_once(a1: Ambulance, medic_wang: User) -> None:
    ident = str(uuid4())

    moved(medic_wang, a1, "received", "50", id=ident)
    status, answer = moved(medic_wang, a1, "received", "50", id=ident)

    assert status == HTTPStatus.CREATED
    assert answer["balances"][0]["amount"] == "50"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"drug": "aspirin"}, "not_controlled"),
        ({"unit": "g"}, "wrong_unit"),
        ({"kind": "wasted", "witness": " "}, "witness_missing"),
    ],
)
def test_what_the_ledger_cannot_take_is_said(
    more: dict[str, str], code: str, a1: Ambulance, medic_wang: User
) -> None:
    kind = more.pop("kind", "received")
    status, answer = moved(medic_wang, a1, kind, "1", **more)

    assert (status, answer["code"]) == (HTTPStatus.BAD_REQUEST, code)
    assert ControlledMove.objects.count() == 0


def test_an_amount_below_nothing_is_refused(a1: Ambulance, medic_wang: User) -> None:
    status, _ = moved(medic_wang, a1, "received", "-1")

    assert status == HTTPStatus.BAD_REQUEST
    assert ControlledMove.objects.count() == 0


@pytest.mark.parametrize("who", ["medic_other", "dispatcher_li", "nurse_chen", "stranger"])
def test_nobody_else_sees_or_writes_it(
    who: str, a1: Ambulance, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)

    status, _ = moved(user, a1, "received", "50")
    seen = signed_in(user).get(f"/api/units/{a1.pk}/controlled-drugs/")
    page = signed_in(user).get("/controlled-drugs/")

    assert (status, seen.status_code) == (HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN)
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert ControlledMove.objects.count() == 0


def test_the_supervisor_sees_every_vehicle_and_what_does_not_agree(
    a1: Ambulance, medic_wang: User, supervisor_he: User
) -> None:
    moved(medic_wang, a1, "received", "50")
    moved(medic_wang, a1, "counted", "40")
    client = signed_in(supervisor_he)

    page = client.get("/controlled-drugs/").content.decode()
    ledger = client.get(f"/api/units/{a1.pk}/controlled-drugs/").json()

    assert a1.call_sign in page
    assert "does not agree" in page
    assert ledger["balances"][0]["found"] == "40"


def test_a_move_is_neither_changed_nor_deleted_and_a_forged_one_is_found(
    a1: Ambulance, medic_wang: User
) -> None:
    moved(medic_wang, a1, "received", "50")
    moved(medic_wang, a1, "given", "4")
    with pytest.raises(DatabaseError), transaction.atomic():
        ControlledMove.objects.update(amount=Decimal(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        ControlledMove.objects.all().delete()
    whole = first_broken(moves_of(a1))

    forged = moves_of(a1)
    forged[0].amount = Decimal(60)

    assert whole is None
    assert first_broken(forged) == 1
    assert first_broken(moves_of(a1)[1:]) == 1


amounts = st.decimals(min_value=0, max_value=1000, places=2)
some_moves = st.lists(st.tuples(st.sampled_from(list(Kind)), amounts), max_size=30)


@given(some_moves)
def test_a_balance_is_what_came_less_what_went(moves: list[tuple[Kind, Decimal]]) -> None:
    rows = [
        Move(kind, "morphine", "", "mg", amount, NOW + timedelta(minutes=place))
        for place, (kind, amount) in enumerate(moves)
    ]

    found = balances(rows)

    book = sum((SIGNS.get(kind, 0) * amount for kind, amount in moves), Decimal())
    assert [one.amount for one in found] == ([book] if moves else [])
