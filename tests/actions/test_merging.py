"""Two incidents that are one event, merged and parted; a call taken off again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from config.boards import CONSOLE
from dispatch.calls.actions import (
    PatientHint,
    Place,
    answer_call,
    attach_call,
    detach_call,
    open_incident,
)
from dispatch.calls.models import Call, Incident, Merge
from dispatch.fleet.merging import merge_incidents, part_incidents
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User
from tests.boards import board_follows
from tests.town import NOW, at


@pytest.fixture
def second(dispatcher_li: User) -> Incident:
    """Somebody else rings about the chest pain, a street away, and calls it less urgent."""
    call = ring(dispatcher_li)
    lat, lon = at(4.3, 4)
    return open_incident(
        incident_id=uuid4(),
        call=call,
        place=Place("Street 4", lat, lon, "street"),
        complaint="unconscious",
        answers={"again_awake": "yes"},
        patient=PatientHint(),
        caller_note="",
        actor=dispatcher_li,
        now=NOW + timedelta(minutes=2),
    )


def ring(actor: User) -> Call:
    return answer_call(call_id=uuid4(), number_from="1", ring_at=None, actor=actor, now=NOW)


def test_a_merge_moves_the_calls_and_can_be_undone(
    chest_pain: Incident, second: Incident, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        merge = merge_incidents(
            merge_id=uuid4(), duplicate=chest_pain, into=second, actor=dispatcher_li, now=NOW
        )
    second.refresh_from_db()
    chest_pain.refresh_from_db()
    assert Incident.objects.filter(closed_at__isnull=False).get() == chest_pain
    assert (second.priority, "cath_lab" in second.needs) == (1, True)

    with board_follows(CONSOLE, dispatcher_li, NOW):
        part_incidents(merge=merge, actor=dispatcher_li, now=NOW)
        part_incidents(merge=merge, actor=dispatcher_li, now=NOW)
    second.refresh_from_db()
    chest_pain.refresh_from_db()
    assert not Incident.objects.filter(closed_at__isnull=False).exists()
    assert (second.priority, second.needs) == (3, [])
    assert second.calls.count() == 1
    kinds = Entry.objects.filter(kind__in=["incident.merged", "incident.parted"])
    assert kinds.count() == 4


def test_calls_go_over_and_come_back(
    chest_pain: Incident, second: Incident, dispatcher_li: User
) -> None:
    merge = merge_incidents(
        merge_id=uuid4(), duplicate=second, into=chest_pain, actor=dispatcher_li, now=NOW
    )
    assert (chest_pain.calls.count(), second.calls.count()) == (1, 0)

    part_incidents(merge=merge, actor=dispatcher_li, now=NOW)

    assert (chest_pain.calls.count(), second.calls.count()) == (0, 1)


def test_a_merge_is_refused_while_a_unit_is_on_it_and_to_others(
    mission: Mission, second: Incident, medic_wang: User, dispatcher_li: User
) -> None:
    def merge(duplicate: Incident, into: Incident, actor: User) -> None:
        merge_incidents(merge_id=uuid4(), duplicate=duplicate, into=into, actor=actor, now=NOW)

    with pytest.raises(Refused) as refused:
        merge(mission.incident, second, dispatcher_li)
    with pytest.raises(BadInput):
        merge(second, second, dispatcher_li)
    with pytest.raises(NotAllowed):
        merge(second, mission.incident, medic_wang)

    assert refused.value.code == "mission_open"
    assert not Merge.objects.exists()
    second.refresh_from_db()
    assert second.closed_at is None


def test_a_call_that_was_about_something_else_waits_again(
    second: Incident, dispatcher_li: User
) -> None:
    other = ring(dispatcher_li)
    attach_call(call=other, incident=second, actor=dispatcher_li, now=NOW)

    with board_follows(CONSOLE, dispatcher_li, NOW):
        detach_call(call=other, actor=dispatcher_li, now=NOW)
    with pytest.raises(Refused):
        detach_call(call=second.calls.get(), actor=dispatcher_li, now=NOW)

    other.refresh_from_db()
    assert (other.incident, other.queued_at) == (None, None)
    assert Entry.objects.filter(kind="call.detached").count() == 1


def test_an_incident_is_told_of_its_likely_double_by_road(
    chest_pain: Incident, second: Incident, dispatcher_li: User, stranger: User
) -> None:
    client = Client()
    client.force_login(dispatcher_li)

    (found,) = client.get(f"/api/incidents/{second.pk}/duplicates/").json()

    assert found["incident_id"] == str(chest_pain.pk)
    assert {reason["code"] for reason in found["reasons"]} >= {"away_by_road", "like_complaint"}
    assert found["reasons"][0]["text"] == "90 m by road"
    client.force_login(stranger)
    assert client.get(f"/api/incidents/{second.pk}/duplicates/").status_code == 403
