"""A nearer unit becomes free while another drives: proposed, taken, kept, withdrawn."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import CONSOLE
from dispatch.calls.models import Incident
from dispatch.decision.actions.instead import keep_unit, send_instead, watch_nearer
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.models import Recommendation
from dispatch.fleet.models import Ambulance, Fix, Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import Refused
from dispatch.live.board import Viewer
from dispatch.live.projections import missions
from dispatch.people.models import User
from tests.actions.care import say
from tests.boards import board_follows
from tests.town import NOW, at

SOON = NOW + timedelta(seconds=20)


def stands_at(unit: Ambulance, column: float, row: float) -> None:
    lat, lon = at(column, row)
    Fix.objects.filter(ambulance=unit).update(
        lat=lat, lon=lon, heading_deg=None, speed_mps=0, fix_at=SOON
    )


@pytest.fixture
def far_and_near(
    mission: Mission, a1: Ambulance, a2: Ambulance, medic_wang: User, medic_other: User
) -> Mission:
    """A1 drives from the far corner; A2, free, stands around the corner from the scene."""
    Ambulance.objects.filter(pk=a2.pk).update(capability="als")
    say(mission, "en_route", NOW + timedelta(seconds=10), medic_wang)
    mission.refresh_from_db()
    stands_at(a1, 8, 8)
    lat, lon = mission.incident.lat, mission.incident.lon
    Fix.objects.filter(ambulance=a2).update(
        lat=lat, lon=lon, heading_deg=None, speed_mps=5, fix_at=SOON
    )
    return mission


def shown(mission: Mission, viewer: User) -> object:
    return missions(Viewer(viewer, SOON), None)[str(mission.pk)]["instead"]


def test_a_nearer_free_unit_is_proposed_once_with_its_gain(
    far_and_near: Mission, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, SOON):
        assert watch_nearer(now=SOON) == 1
    assert watch_nearer(now=SOON) == 0

    proposal = Recommendation.objects.get(instead_of=far_and_near)
    said = proposal.outcome["instead"]
    assert (proposal.because, said["call_sign"]) == ("nearer", "A2")
    assert said["gain_s"] >= 120
    item = shown(far_and_near, dispatcher_li)
    assert isinstance(item, dict)
    assert (item["call_sign"], item["gain_s"]) == ("A2", said["gain_s"])


def test_taking_it_frees_the_first_unit_in_the_same_step(
    far_and_near: Mission, dispatcher_li: User
) -> None:
    watch_nearer(now=SOON)

    with board_follows(CONSOLE, dispatcher_li, SOON):
        sent = send_instead(mission=far_and_near, actor=dispatcher_li, now=SOON, mission_id=uuid4())

    far_and_near.refresh_from_db()
    assert (far_and_near.state, far_and_near.end_reason) == ("cancelled", "nearer_unit")
    assert (sent.ambulance.call_sign, sent.incident_id) == ("A2", far_and_near.incident_id)


def test_a_unit_that_a_person_kept_is_not_questioned_again(
    far_and_near: Mission, dispatcher_li: User
) -> None:
    watch_nearer(now=SOON)

    with board_follows(CONSOLE, dispatcher_li, SOON):
        keep_unit(mission=far_and_near, actor=dispatcher_li, now=SOON)

    assert watch_nearer(now=SOON) == 0
    assert shown(far_and_near, dispatcher_li) is None
    assert Entry.objects.filter(kind="mission.unit_kept", actor_id=dispatcher_li.pk).exists()
    with pytest.raises(Refused):
        send_instead(mission=far_and_near, actor=dispatcher_li, now=SOON, mission_id=uuid4())


def test_what_is_so_no_more_is_withdrawn_and_may_come_back(
    far_and_near: Mission, a2: Ambulance, dispatcher_li: User
) -> None:
    watch_nearer(now=SOON)
    near = Fix.objects.get(ambulance=a2)
    stands_at(a2, 0, 8)

    with board_follows(CONSOLE, dispatcher_li, SOON):
        assert watch_nearer(now=SOON) == 0
    gone = shown(far_and_near, dispatcher_li)
    near.save()

    assert gone is None
    assert watch_nearer(now=SOON) == 1


def test_who_was_passed_over_with_a_reason_is_not_proposed(
    chest_pain: Incident,
    a1: Ambulance,
    a2: Ambulance,
    medic_wang: User,
    medic_other: User,
    dispatcher_li: User,
) -> None:
    Ambulance.objects.filter(pk=a2.pk).update(capability="als")
    Fix.objects.filter(ambulance=a2).update(lat=chest_pain.lat, lon=chest_pain.lon, fix_at=SOON)
    stands_at(a1, 8, 8)
    asked, ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=SOON)
    assert [unit.call_sign for unit in ranking.ranked] == ["A2", "A1"]

    choose_unit(
        incident=chest_pain,
        ambulance=a1,
        recommendation=asked,
        override_reason="keeps_cover",
        actor=dispatcher_li,
        now=SOON,
        mission_id=uuid4(),
    )

    assert watch_nearer(now=SOON) == 0


def test_at_the_scene_nobody_is_exchanged(
    far_and_near: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    watch_nearer(now=SOON)
    say(far_and_near, "on_scene", SOON, medic_wang)

    assert shown(far_and_near, dispatcher_li) is None
    with pytest.raises(Refused) as refused:
        send_instead(mission=far_and_near, actor=dispatcher_li, now=SOON, mission_id=uuid4())
    assert refused.value.code == "acknowledged"


def test_a_less_urgent_incident_keeps_its_unit(far_and_near: Mission) -> None:
    far_and_near.incident.priority = 3
    far_and_near.incident.save()

    assert watch_nearer(now=SOON) == 0


def test_a_lower_crew_does_not_take_over(far_and_near: Mission, a2: Ambulance) -> None:
    Ambulance.objects.filter(pk=a2.pk).update(capability="bls")

    assert watch_nearer(now=SOON) == 0
