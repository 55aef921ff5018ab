"""What keeps a unit back and what closes a road: said, told, followed, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import CONSOLE
from dispatch.calls.models import Incident
from dispatch.city.models import Closure
from dispatch.decision.actions.roads import close_road, reopen_road
from dispatch.decision.actions.units import recommend_units
from dispatch.fleet.holds import hold, release
from dispatch.fleet.models import Ambulance, Hold
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User
from tests.boards import board_follows
from tests.town import NOW, at


def held(unit: Ambulance, actor: User, what: str = "transfer", minutes: int | None = None) -> Hold:
    return hold(
        hold_id=uuid4(),
        ambulance=unit,
        kind="reserved",
        what=what,
        until=NOW + timedelta(minutes=minutes) if minutes else None,
        actor=actor,
        now=NOW,
    )


def test_a_reserved_unit_is_shut_out_until_it_is_released(
    chest_pain: Incident, a1: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        kept = held(a1, dispatcher_li)
    _stored, without = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)
    with board_follows(CONSOLE, dispatcher_li, NOW):
        release(hold=kept, actor=medic_wang, now=NOW)
        release(hold=kept, actor=medic_wang, now=NOW)
    _stored, again = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)

    assert without.ranked == ()
    assert [reason.code for reason in without.excluded[0].reasons] == ["reserved"]
    assert [unit.call_sign for unit in again.ranked] == ["A1"]
    assert Entry.objects.filter(kind="unit.held").get().detail == {
        "kind": "reserved",
        "what": "transfer",
    }
    assert Entry.objects.filter(kind="unit.released").count() == 1


def test_a_hold_ends_by_the_clock_and_may_then_be_said_again(
    a1: Ambulance, dispatcher_li: User
) -> None:
    Hold.objects.create(
        ambulance=a1,
        kind="reserved",
        what="transfer",
        since=NOW - timedelta(hours=2),
        until=NOW - timedelta(hours=1),
        said_by=dispatcher_li,
    )

    held(a1, dispatcher_li)

    assert Hold.objects.filter(ended_at__isnull=True).count() == 1


def test_a_hold_is_refused_to_others_and_for_what_nobody_knows(
    a1: Ambulance, medic_other: User, nurse_chen: User, dispatcher_li: User
) -> None:
    for outsider in (medic_other, nurse_chen):
        with pytest.raises(NotAllowed):
            held(a1, outsider)
    with pytest.raises(BadInput):
        held(a1, dispatcher_li, what="boredom")
    held(a1, dispatcher_li)
    with pytest.raises(Refused) as refused:
        held(a1, dispatcher_li)

    assert refused.value.code == "held_already"
    assert Hold.objects.count() == 1


def test_a_closed_road_is_driven_round_until_it_is_open_again(
    chest_pain: Incident, medic_wang: User, dispatcher_li: User
) -> None:
    def eta_s() -> float:
        _stored, ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)
        return ranking.ranked[0].eta_s

    before = eta_s()
    with board_follows(CONSOLE, dispatcher_li, NOW):
        for column, row in ((0.5, 0), (0, 0.5), (3.5, 4), (4, 3.5), (4.5, 4)):
            lat, lon = at(column, row)
            close_road(
                closure_id=uuid4(), lat=lat, lon=lon, cause="flood", actor=dispatcher_li, now=NOW
            )
    # Its own street stays open to the unit that stands there, but two of its ends are shut.
    closed = eta_s()
    first = Closure.objects.earliest("closed_at")
    with board_follows(CONSOLE, dispatcher_li, NOW):
        for closure in Closure.objects.all():
            reopen_road(closure=closure, actor=dispatcher_li, now=NOW)

    assert first.street_en
    assert closed > before
    assert eta_s() == before
    assert Entry.objects.filter(kind="road.closed").count() == 5


def test_a_road_is_closed_by_the_control_room_and_where_there_is_one(
    medic_wang: User, dispatcher_li: User
) -> None:
    lat, lon = at(2, 2)
    with pytest.raises(NotAllowed):
        close_road(closure_id=uuid4(), lat=lat, lon=lon, cause="works", actor=medic_wang, now=NOW)
    with pytest.raises(BadInput):
        close_road(closure_id=uuid4(), lat=lat + 1, lon=lon, cause="works", actor=dispatcher_li,
                   now=NOW)  # fmt: skip

    assert not Closure.objects.exists()
