"""Someone rings: clocks, priority, duplicates, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from dispatch.calls.actions import (
    PatientHint,
    Place,
    answer_call,
    attach_call,
    drop_call,
    open_incident,
)
from dispatch.calls.models import Call, Incident
from dispatch.calls.queries import duplicates_near
from dispatch.journal.models import Entry
from dispatch.journal.queries import broken_at
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User
from tests.town import NOW, Town, at


def ring(dispatcher: User) -> Call:
    return answer_call(
        call_id=uuid4(),
        number_from="13800000000",
        ring_at=NOW - timedelta(seconds=6),
        actor=dispatcher,
        now=NOW,
    )


def incident(dispatcher: User, call: Call | None, **more: object) -> Incident:
    lat, lon = at(2, 2)
    wanted = {
        "incident_id": uuid4(),
        "call": call,
        "place": Place("Street 2", lat, lon, "address"),
        "complaint": "stroke",
        "answers": {"awake": "yes", "breathing": "yes", "recent": "yes"},
        "patient": PatientHint("female", 70),
        "caller_note": "third floor",
        "actor": dispatcher,
        "now": NOW + timedelta(seconds=50),
        **more,
    }
    return open_incident(**wanted)  # type: ignore[arg-type]


def test_the_clocks_of_a_call_are_kept(dispatcher_li: User) -> None:
    call = ring(dispatcher_li)
    incident(dispatcher_li, call)

    call.refresh_from_db()
    assert call.ring_at == NOW - timedelta(seconds=6)
    assert call.answered_at == NOW
    assert call.queued_at == NOW + timedelta(seconds=50)


def test_an_incident_keeps_its_triage_and_tells_the_journal_no_names(dispatcher_li: User) -> None:
    opened = incident(dispatcher_li, ring(dispatcher_li))

    assert (opened.priority, opened.determinant) == (1, "stroke-1")
    assert opened.reasons == ["complaint:stroke", "stroke.recent:yes"]
    assert opened.needs == ["als", "stroke"]
    assert opened.protocol_version == "1.0"
    entry = Entry.objects.get(kind="incident.opened")
    assert entry.detail == {"complaint": "stroke", "priority": 1}
    assert set(entry.refs) == {"call", "incident"}
    assert broken_at() is None


def test_the_same_id_twice_is_one_incident(dispatcher_li: User) -> None:
    same = uuid4()

    first = incident(dispatcher_li, ring(dispatcher_li), incident_id=same)
    second = incident(dispatcher_li, None, incident_id=same)

    assert first == second
    assert Entry.objects.filter(kind="incident.opened").count() == 1


def test_a_call_near_an_open_incident_is_proposed_as_its_duplicate(
    dispatcher_li: User, town: Town
) -> None:
    known = incident(dispatcher_li, ring(dispatcher_li))
    lat, lon = at(2.5, 2)

    found = duplicates_near(centre=town.centre, lat=lat, lon=lon, now=NOW + timedelta(minutes=2))
    far = duplicates_near(
        centre=town.centre, lat=at(8, 8)[0], lon=at(8, 8)[1], now=NOW + timedelta(minutes=2)
    )

    assert [duplicate.incident.id for duplicate in found] == [known.pk]
    assert 130 < found[0].distance_m < 160
    assert far == []


def test_a_second_call_is_attached_once(dispatcher_li: User) -> None:
    known = incident(dispatcher_li, ring(dispatcher_li))
    second = ring(dispatcher_li)

    attach_call(call=second, incident=known, actor=dispatcher_li, now=NOW)

    assert known.calls.count() == 2
    with pytest.raises(Refused):
        attach_call(call=second, incident=known, actor=dispatcher_li, now=NOW)
    with pytest.raises(Refused):
        drop_call(call=second, actor=dispatcher_li, now=NOW)


@pytest.mark.parametrize(
    "more",
    [
        {"complaint": "boredom"},
        {"answers": {"sweating": "yes"}},
        {"place": Place("  ", 31.0, 120.0, "typed")},
    ],
)
def test_bad_input_leaves_nothing_half_written(
    dispatcher_li: User, more: dict[str, object]
) -> None:
    call = ring(dispatcher_li)
    rows = Entry.objects.count()

    with pytest.raises(BadInput):
        incident(dispatcher_li, call, **more)

    call.refresh_from_db()
    assert call.incident is None
    assert not Incident.objects.exists()
    assert Entry.objects.count() == rows


def test_only_the_control_room_takes_calls(
    medic_wang: User, nurse_chen: User, stranger: User
) -> None:
    for outsider in (medic_wang, nurse_chen, stranger):
        with pytest.raises(NotAllowed):
            ring(outsider)
    assert not Call.objects.exists()
