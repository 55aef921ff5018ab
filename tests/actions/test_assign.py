"""From incident to mission: the recommendation, the choice, the referee."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import CONSOLE
from dispatch.calls.actions import PatientHint, Place, open_incident
from dispatch.calls.models import Incident
from dispatch.decision.actions.units import UnitIsTaken, choose_unit, recommend_units
from dispatch.decision.models import Recommendation
from dispatch.decision.plain import rows_again
from dispatch.decision.rules.units import Candidate
from dispatch.fleet.actions import UnitIsBusy, assign
from dispatch.fleet.models import Ambulance, Fix, Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import User
from tests.boards import board_follows
from tests.town import NOW, at


def test_a_recommendation_ranks_by_road_and_keeps_its_inputs(
    chest_pain: Incident, medic_wang: User, medic_other: User, dispatcher_li: User
) -> None:
    stored, ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)

    # A2 stands nearer but is a basic crew, and this patient needs an advanced one.
    assert [unit.call_sign for unit in ranking.ranked] == ["A1"]
    assert [(unit.call_sign, unit.reasons[0].code) for unit in ranking.excluded] == [
        ("A2", "crew_level")
    ]
    kept = rows_again(stored.inputs["units"], Candidate)
    assert {unit.call_sign for unit in kept} == {"A1", "A2"}
    # Four streets east, four north, at blue-light residential speed.
    assert 150 < ranking.ranked[0].eta_s < 400
    assert Entry.objects.filter(kind="recommendation.made").count() == 1


def test_units_without_crew_or_fresh_position_are_excluded_with_the_reason(
    chest_pain: Incident, a1: Ambulance, medic_other: User, dispatcher_li: User
) -> None:
    Fix.objects.filter(ambulance__call_sign="A2").update(fix_at=NOW - timedelta(minutes=5))

    _stored, ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)

    assert ranking.ranked == ()
    reasons = {
        unit.call_sign: [reason.code for reason in unit.reasons] for unit in ranking.excluded
    }
    assert reasons == {"A1": ["off_shift"], "A2": ["stale_fix"]}


def test_another_than_the_first_unit_needs_a_reason(
    chest_pain: Incident, a2: Ambulance, medic_wang: User, medic_other: User, dispatcher_li: User
) -> None:
    stored, _ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=NOW)

    def choose(reason: str) -> Mission:
        return choose_unit(
            incident=chest_pain,
            ambulance=a2,
            recommendation=stored,
            override_reason=reason,
            actor=dispatcher_li,
            now=NOW,
            mission_id=uuid4(),
        )

    with pytest.raises(BadInput):
        choose("")
    assert not Mission.objects.exists()

    choose("local_knowledge")
    stored.refresh_from_db()
    assert stored.override_reason == "local_knowledge"
    assert stored.chosen_id == a2.pk
    assert Entry.objects.get(kind="recommendation.overridden").detail == {
        "reason": "local_knowledge"
    }


def test_a_unit_has_one_open_mission_and_the_database_says_so(
    mission: Mission, chest_pain: Incident, a1: Ambulance, dispatcher_li: User
) -> None:
    before = Entry.objects.count()

    with pytest.raises(UnitIsBusy) as refused:
        assign(incident=chest_pain, ambulance=a1, actor=dispatcher_li, now=NOW, mission_id=uuid4())

    assert "A1" in str(refused.value.detail)
    assert Mission.objects.count() == 1
    assert Entry.objects.count() == before


def test_assigning_twice_with_one_id_is_one_mission(
    mission: Mission, chest_pain: Incident, a1: Ambulance, dispatcher_li: User
) -> None:
    again = assign(
        incident=chest_pain, ambulance=a1, actor=dispatcher_li, now=NOW, mission_id=mission.pk
    )

    assert again == mission
    assert Entry.objects.filter(kind="mission.assigned").count() == 1


def test_only_the_control_room_assigns(
    chest_pain: Incident, a1: Ambulance, medic_wang: User, stranger: User
) -> None:
    for outsider in (medic_wang, stranger):
        with pytest.raises(NotAllowed):
            choose_unit(
                incident=chest_pain,
                ambulance=a1,
                recommendation=Recommendation.objects.first(),
                override_reason="",
                actor=outsider,
                now=NOW,
                mission_id=uuid4(),
            )
    assert not Mission.objects.exists()


def test_a_unit_is_diverted_to_the_more_urgent_in_one_step(
    chest_pain: Incident, mission: Mission, medic_other: User, dispatcher_li: User
) -> None:
    Incident.objects.filter(pk=mission.incident_id).update(priority=5)
    urgent = another_incident(dispatcher_li, 0, 0)
    stored, ranking = recommend_units(incident=urgent, actor=dispatcher_li, now=NOW)
    assert [(unit.call_sign, unit.duty) for unit in ranking.picked] == [("A1", "coming")]

    with board_follows(CONSOLE, dispatcher_li, NOW):
        taken = choose_unit(
            incident=urgent,
            ambulance=mission.ambulance,
            recommendation=stored,
            override_reason="",
            actor=dispatcher_li,
            now=NOW,
            mission_id=uuid4(),
        )

    mission.refresh_from_db()
    assert (mission.state, mission.end_reason) == ("diverted", "higher_priority")
    assert taken.open
    assert taken.incident == urgent
    assert stored.outcome["sides"][0]["of"] == 2


def test_a_unit_that_went_further_since_is_not_taken(
    mission: Mission, medic_other: User, dispatcher_li: User
) -> None:
    Incident.objects.filter(pk=mission.incident_id).update(priority=5)
    urgent = another_incident(dispatcher_li, 0, 0)
    stored, _ranking = recommend_units(incident=urgent, actor=dispatcher_li, now=NOW)
    Mission.objects.filter(pk=mission.pk).update(state="on_scene", on_scene_at=NOW)
    before = Entry.objects.count()

    with pytest.raises(UnitIsTaken):
        choose_unit(
            incident=urgent,
            ambulance=mission.ambulance,
            recommendation=stored,
            override_reason="",
            actor=dispatcher_li,
            now=NOW,
            mission_id=uuid4(),
        )

    assert Entry.objects.count() == before
    assert Mission.objects.count() == 1


def another_incident(actor: User, column: float, row: float) -> Incident:
    lat, lon = at(column, row)
    return open_incident(
        incident_id=uuid4(),
        call=None,
        place=Place("Street 0", lat, lon, "junction"),
        complaint="chest_pain",
        answers={"sweating": "yes"},
        patient=PatientHint(),
        caller_note="",
        actor=actor,
        now=NOW,
    )
