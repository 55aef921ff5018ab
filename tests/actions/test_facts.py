"""What a crew says happened: always stored, then judged."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from dispatch.fleet.actions import IllegalTransition, command, record_fact, undo_fact
from dispatch.fleet.models import Mission, MissionFact
from dispatch.fleet.rules import State
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User
from tests.town import NOW


def say(mission: Mission, fact: str, at: datetime, *, now: datetime | None = None) -> MissionFact:
    return record_fact(
        mission=mission,
        fact=fact,
        occurred_at=at,
        actor=None,
        source="tablet",
        now=now or at,
        fact_id=uuid4(),
    )


def minute(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def test_facts_move_the_mission_and_keep_both_times(mission: Mission) -> None:
    fact = say(mission, "acknowledged", minute(1), now=minute(3))

    assert mission.state == State.ACKNOWLEDGED
    assert mission.acknowledged_at == minute(1)
    assert (fact.occurred_at, fact.recorded_at) == (minute(1), minute(3))
    entry = Entry.objects.get(kind="mission.acknowledged")
    assert (entry.occurred_at, entry.recorded_at) == (minute(1), minute(3))


def test_a_late_fact_of_an_offline_vehicle_fills_its_time_and_moves_nothing_back(
    mission: Mission,
) -> None:
    say(mission, "on_scene", minute(8))
    late = say(mission, "en_route", minute(2), now=minute(9))

    assert mission.state == State.ON_SCENE
    assert mission.en_route_at == minute(2)
    assert late.contradiction == ""


def test_a_fact_that_contradicts_is_kept_flagged_and_not_counted(mission: Mission) -> None:
    say(mission, "on_board", minute(10))
    doubted = say(mission, "no_patient", minute(11))

    assert mission.state == State.ON_BOARD
    assert doubted.contradiction == "contradicts"
    assert MissionFact.objects.filter(pk=doubted.pk).exists()
    assert Entry.objects.filter(kind="mission.contradiction").count() == 1


def test_a_fact_sent_twice_is_stored_once(mission: Mission) -> None:
    fact = say(mission, "acknowledged", minute(1))
    again = record_fact(
        mission=mission,
        fact="acknowledged",
        occurred_at=minute(1),
        actor=None,
        source="tablet",
        now=minute(2),
        fact_id=fact.pk,
    )

    assert again == fact
    assert mission.facts.count() == 1


def test_a_word_that_is_no_fact_is_refused(mission: Mission) -> None:
    with pytest.raises(BadInput):
        say(mission, "teleported", minute(1))

    assert not mission.facts.exists()


def test_a_slip_can_be_undone_for_ten_seconds(mission: Mission, medic_wang: User) -> None:
    fact = say(mission, "acknowledged", minute(1))

    undo_fact(fact=fact, actor=medic_wang, now=minute(1) + timedelta(seconds=9))

    mission.refresh_from_db()
    assert mission.state == State.ASSIGNED
    assert mission.acknowledged_at is None
    assert Entry.objects.filter(kind="mission.fact_undone").count() == 1


def test_after_ten_seconds_it_needs_a_correction(mission: Mission, medic_wang: User) -> None:
    fact = say(mission, "acknowledged", minute(1))

    with pytest.raises(Refused):
        undo_fact(fact=fact, actor=medic_wang, now=minute(1) + timedelta(seconds=11))

    mission.refresh_from_db()
    assert mission.state == State.ACKNOWLEDGED


def test_a_mission_ends_and_the_unit_is_free_again(mission: Mission) -> None:
    say(mission, "no_patient", minute(9))

    assert not mission.open
    assert mission.ended_at == minute(9)


def test_cancel_is_a_command_that_the_table_may_refuse(
    mission: Mission, dispatcher_li: User
) -> None:
    say(mission, "on_board", minute(9))

    with pytest.raises(IllegalTransition):
        command(
            mission=mission,
            to=State.CANCELLED,
            reason="caller_cancelled",
            actor=dispatcher_li,
            now=minute(10),
            fact_id=uuid4(),
        )

    mission.refresh_from_db()
    assert mission.open


def test_only_the_control_room_cancels(mission: Mission, medic_wang: User) -> None:
    with pytest.raises(NotAllowed):
        command(
            mission=mission,
            to=State.CANCELLED,
            reason="caller_cancelled",
            actor=medic_wang,
            now=minute(1),
            fact_id=uuid4(),
        )
