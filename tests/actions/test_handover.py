"""On board means admitted: one transaction, one number, the hospital's word, both names."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from ambulance_agent.protocol import Fact, Status
from dispatch.fleet.models import Ambulance, Mission, MissionFact
from dispatch.journal.models import Entry
from dispatch.journal.queries import broken_at
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.people.models import User
from dispatch.uplink.takers import StatusFrame
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.access.models import Encounter, Grant, Patient
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.handover import actions
from ehr_prehospital.handover.actions import NotPossible, boarding
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.watch import watch_unconfirmed
from ehr_prehospital.record.actions import add_entry
from ehr_prehospital.record.content import read
from ehr_prehospital.record.models import Record, RecordVersion
from ehr_prehospital.record.rules import Statement
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.town import NOW, Town

pytestmark = pytest.mark.slow


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User) -> Handover:
    """Medic Wang's patient, on board at 10 minutes, bound for H1."""
    for fact, at in (("on_scene", 240), ("at_patient", 300)):
        say(mission, fact, later(at), medic_wang)
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def test_on_board_fixes_the_destination_issues_the_number_and_alerts(
    handover: Handover, mission: Mission, town: Town, medic_wang: User
) -> None:
    mission.refresh_from_db()

    assert (mission.state, mission.destination) == ("on_board", town.hospitals[0])
    assert mission.on_board_at == later(600)
    assert (handover.state, handover.preadmission_number) == ("sent", "H1-20261122-0001")
    assert handover.encounter.patient.temporary_number == "U-20261122-0001"
    assert Record.objects.get(mission=mission).state == Record.State.OPEN
    sent = newest("handover.sent")
    assert sent.actor_id == medic_wang.pk
    assert sent.refs == {
        "mission": str(mission.pk),
        "incident": str(mission.incident_id),
        "unit": str(mission.ambulance_id),
        "hospital": str(town.hospitals[0].pk),
        "handover": str(handover.pk),
        "patient": str(handover.encounter.patient_id),
        "record": str(Record.objects.get(mission=mission).pk),
    }
    assert "mission.on_board" in kinds()
    assert broken_at() is None


def test_boarding_twice_is_boarding_once(mission: Mission, town: Town, medic_wang: User) -> None:
    fact_id = uuid4()

    first = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600), fact_id=fact_id)
    again = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600), fact_id=fact_id)
    pressed_again = put_on_board(mission, town.hospitals[0], medic_wang, at=later(610))

    assert first == again == pressed_again
    assert Handover.objects.count() == 1
    assert kinds().count("handover.sent") == 1


def test_boarding_for_another_hospital_is_a_redirect_and_says_so(
    handover: Handover, mission: Mission, town: Town, medic_wang: User
) -> None:
    with pytest.raises(Refused) as refused:
        put_on_board(mission, town.hospitals[1], medic_wang, at=later(610))

    assert refused.value.code == "already_on_board"
    mission.refresh_from_db()
    assert mission.destination == town.hospitals[0]


def test_a_station_takes_no_patients(mission: Mission, town: Town, medic_wang: User) -> None:
    with pytest.raises(BadInput):
        put_on_board(mission, town.stations[0], medic_wang, at=later(600))


@pytest.mark.parametrize("who", ["medic_other", "nurse_chen", "dispatcher_li", "stranger"])
def test_only_the_crew_takes_a_patient_on_board(
    who: str, mission: Mission, town: Town, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    with pytest.raises(NoAccess):
        put_on_board(mission, town.hospitals[0], user, at=later(600))

    assert Handover.objects.count() == 0
    assert newest("patient.refused").actor_id == user.pk


@pytest.mark.parametrize("breaks", ["next_number", "open_sight", "open_record", "append"])
def test_a_failure_in_the_middle_leaves_nothing_half_written(
    breaks: str,
    mission: Mission,
    town: Town,
    medic_wang: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def power_cut(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("power cut")

    before = kinds()
    monkeypatch.setattr(boarding, breaks, power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))

    mission.refresh_from_db()
    assert (mission.state, mission.destination, mission.on_board_at) == ("assigned", None, None)
    for model in (MissionFact, Patient, Encounter, Record, Handover, Grant):
        assert model.objects.count() == 0, model
    assert kinds() == before
    monkeypatch.undo()
    again = put_on_board(mission, town.hospitals[0], medic_wang, at=later(660))
    assert again.preadmission_number == "H1-20261122-0001"


def test_on_board_after_the_end_is_kept_and_alerts_nobody(
    mission: Mission, town: Town, medic_wang: User
) -> None:
    say(mission, "no_patient", later(300), medic_wang)

    boarded = actions.board(
        mission=mission,
        hospital=town.hospitals[0],
        fact_id=uuid4(),
        occurred_at=later(600),
        actor=medic_wang,
        source="tablet",
        now=later(600),
    )

    assert boarded.handover is None
    assert MissionFact.objects.get(fact="on_board").contradiction == "after_end"
    mission.refresh_from_db()
    assert (mission.state, mission.destination) == ("no_patient", None)


def test_a_fact_without_a_hospital_goes_to_the_recommended_one(
    mission: Mission, medic_wang: User, town: Town
) -> None:
    say(mission, "on_board", later(600), medic_wang)

    sent = Handover.objects.get()
    mission.refresh_from_db()
    assert sent.hospital == mission.destination
    assert sent.hospital in town.hospitals


# --- the hospital's word --------------------------------------------------------


def test_delivered_seen_confirmed_and_ready_each_have_time_and_name(
    handover: Handover, nurse_chen: User
) -> None:
    actions.deliver(handover=handover, actor=nurse_chen, now=later(601))
    actions.see(handover=handover, actor=nurse_chen, now=later(610))
    actions.confirm(handover=handover, actor=nurse_chen, now=later(620))
    done = actions.ready(
        handover=handover, bay="2", team="cath lab", actor=nurse_chen, now=later(700)
    )

    assert (done.state, done.bay, done.team) == ("ready", "2", "cath lab")
    assert (done.delivered_at, done.seen_at) == (later(601), later(610))
    assert (done.confirmed_at, done.confirmed_by) == (later(620), nurse_chen)
    assert kinds()[-4:] == [
        "handover.delivered",
        "handover.seen",
        "handover.confirmed",
        "handover.ready",
    ]
    assert newest("handover.ready").actor_id == nurse_chen.pk


def test_delivered_is_no_confirmation(handover: Handover, nurse_chen: User) -> None:
    done = actions.deliver(handover=handover, actor=nurse_chen, now=later(601))

    assert (done.state, done.confirmed_at, done.confirmed_by) == ("delivered", None, None)


def test_a_ready_bay_confirms_by_name(handover: Handover, nurse_chen: User) -> None:
    done = actions.ready(handover=handover, bay="1", team="", actor=nurse_chen, now=later(620))

    assert (done.confirmed_by, done.seen_at) == (nurse_chen, later(620))


def test_a_step_twice_is_told_once_and_a_new_bay_again(
    handover: Handover, nurse_chen: User
) -> None:
    for at in (620, 630):
        actions.confirm(handover=handover, actor=nurse_chen, now=later(at))
    for bay in ("1", "1", "3"):
        actions.ready(handover=handover, bay=bay, team="", actor=nurse_chen, now=later(640))

    handover.refresh_from_db()
    assert (handover.bay, handover.confirmed_at) == ("3", later(620))
    assert kinds().count("handover.confirmed") == 1
    assert kinds().count("handover.ready") == 2


@pytest.mark.parametrize("who", ["nurse_elsewhere", "medic_wang", "dispatcher_li", "stranger"])
def test_nobody_else_speaks_for_the_hospital(
    who: str, handover: Handover, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    for step in (actions.deliver, actions.see, actions.confirm, actions.receive):
        with pytest.raises(NoAccess):
            step(handover=handover, actor=user, now=later(620))

    handover.refresh_from_db()
    assert handover.state == "sent"
    assert kinds()[-4:] == ["patient.refused"] * 4
    assert newest("patient.refused").actor_id == user.pk


def test_a_late_confirmation_does_not_undo_the_arrival(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    say(mission, "at_destination", later(900), medic_wang)

    done = actions.confirm(handover=handover, actor=nurse_chen, now=later(950))

    assert (done.state, done.arrived_at) == ("arrived", later(900))
    assert done.confirmed_by == nurse_chen


# --- both names -----------------------------------------------------------------


def arrive(mission: Mission, medic: User) -> None:
    say(mission, "left_scene", later(660), medic)
    say(mission, "at_destination", later(900), medic)


@pytest.mark.parametrize("crew_first", [True, False])
def test_both_names_hand_over_and_close_the_record(
    crew_first: bool,  # noqa: FBT001
    handover: Handover,
    mission: Mission,
    medic_wang: User,
    nurse_chen: User,
) -> None:
    arrive(mission, medic_wang)

    def crew(at: float) -> Handover:
        return actions.give(mission=mission, actor=medic_wang, occurred_at=later(at), now=later(at))

    def hospital(at: float) -> Handover:
        return actions.receive(handover=handover, actor=nurse_chen, now=later(at))

    first, second = (crew, hospital) if crew_first else (hospital, crew)
    half = first(1000)
    assert half.state == "offloading"
    assert RecordVersion.objects.count() == 0
    whole = second(1060)

    assert whole.state == "handed_over"
    assert (whole.given_by, whole.received_by) == (medic_wang, nurse_chen)
    assert whole.handed_over_at == later(1060)
    mission.refresh_from_db()
    assert (mission.state, mission.handed_over_at) == ("handed_over", later(1060))
    version = RecordVersion.objects.get()
    part = read(version.content).handover
    assert part is not None
    assert part.given_by is not None
    assert part.received_by is not None
    assert (part.given_by.name_en, part.received_by.name_en) == ("Wang", "Chen")
    assert read(version.content).mission.state == "handed_over"
    assert kinds()[-1] == "record.closed"
    assert broken_at() is None


def test_signing_twice_keeps_the_first_name_and_one_version(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    arrive(mission, medic_wang)
    for at in (1000, 1001):
        actions.give(mission=mission, actor=medic_wang, occurred_at=later(at), now=later(at))
        actions.receive(handover=handover, actor=nurse_chen, now=later(at + 60))

    handover.refresh_from_db()
    assert (handover.given_at, handover.received_at) == (later(1000), later(1060))
    assert RecordVersion.objects.count() == 1
    assert MissionFact.objects.filter(fact="handed_over").count() == 1


def test_the_hospital_keeps_sight_for_a_day(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    arrive(mission, medic_wang)
    actions.give(mission=mission, actor=medic_wang, occurred_at=later(1000), now=later(1000))
    done = actions.receive(handover=handover, actor=nurse_chen, now=later(1000))
    assert done.handed_over_at

    def level(after: timedelta) -> Level:
        at = later(1000) + after
        return may_see(user=nurse_chen, mission=mission, now=at).level

    assert level(timedelta(hours=23, minutes=59)) is Level.CLINICAL
    assert level(timedelta(hours=24)) is Level.NONE


def test_a_crew_that_is_available_has_given_the_patient_away(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    arrive(mission, medic_wang)
    say(mission, "available", later(1200), medic_wang)

    done = actions.receive(handover=handover, actor=nurse_chen, now=later(1300))

    assert (done.state, done.given_by, done.given_at) == ("handed_over", medic_wang, later(1200))


def test_available_after_the_hospitals_name_completes_the_transfer(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    arrive(mission, medic_wang)
    actions.receive(handover=handover, actor=nurse_chen, now=later(1000))

    say(mission, "available", later(1200), medic_wang)

    handover.refresh_from_db()
    mission.refresh_from_db()
    assert (handover.state, handover.handed_over_at) == ("handed_over", later(1200))
    assert (mission.state, mission.open, mission.handed_over_at) == (
        "available",
        False,
        later(1200),
    )
    assert RecordVersion.objects.count() == 1


def test_nothing_to_hand_over_is_said(mission: Mission, medic_wang: User) -> None:
    with pytest.raises(Refused) as refused:
        actions.give(mission=mission, actor=medic_wang, occurred_at=NOW, now=NOW)

    assert refused.value.code == "no_handover"


# --- another hospital, or none ----------------------------------------------------


def test_a_redirect_tells_both_hospitals_and_moves_the_sight(
    handover: Handover,
    mission: Mission,
    town: Town,
    dispatcher_li: User,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
) -> None:
    entry = add_entry(
        mission=mission,
        entry_id=uuid4(),
        said=Statement("impression", "stroke"),
        occurred_at=later(610),
        replaces=None,
        actor=medic_wang,
        now=later(610),
    )

    other = actions.redirect(
        mission=mission,
        hospital=town.hospitals[1],
        reason="stroke_unit_full",
        actor=dispatcher_li,
        now=later(700),
    )

    assert other
    handover.refresh_from_db()
    mission.refresh_from_db()
    assert (handover.state, handover.end_reason) == ("redirected", "stroke_unit_full")
    assert (other.state, other.preadmission_number) == ("sent", "H2-20261122-0001")
    assert other.encounter == handover.encounter
    assert mission.destination == town.hospitals[1]
    assert may_see(user=nurse_chen, mission=mission, now=later(700)).level is Level.NONE
    assert may_see(user=nurse_elsewhere, mission=mission, now=later(700)).level is Level.CLINICAL
    assert newest("handover.redirected").refs["hospital"] == str(town.hospitals[0].pk)
    assert newest("handover.sent").refs["hospital"] == str(town.hospitals[1].pk)
    assert newest("record.entry_withdrawn").refs["entry"] == str(entry.pk)
    assert newest("record.entry_shared").refs["entry"] == str(entry.pk)
    with pytest.raises((NoAccess, NotPossible)):
        actions.confirm(handover=handover, actor=nurse_chen, now=later(710))


def test_a_withdrawn_alert_waits_until_the_hospital_has_seen_it(
    handover: Handover,
    mission: Mission,
    town: Town,
    dispatcher_li: User,
    nurse_chen: User,
    nurse_elsewhere: User,
) -> None:
    actions.cancel(handover=handover, reason="patient_refuses", actor=dispatcher_li, now=later(700))
    handover.refresh_from_db()

    with pytest.raises(NoAccess):
        actions.see(handover=handover, actor=nurse_elsewhere, now=later(705))
    seen = actions.see(handover=handover, actor=nurse_chen, now=later(710))

    assert (seen.state, seen.withdrawal_seen_at) == ("cancelled", later(710))
    assert newest("handover.withdrawal_seen").actor_id == nurse_chen.pk


@pytest.mark.parametrize("who", ["nurse_chen", "medic_other", "stranger"])
def test_nobody_else_redirects_or_cancels(
    who: str, handover: Handover, mission: Mission, town: Town, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.redirect(
            mission=mission, hospital=town.hospitals[1], reason="x", actor=user, now=later(700)
        )
    with pytest.raises(NotAllowed):
        actions.cancel(handover=handover, reason="x", actor=user, now=later(700))

    handover.refresh_from_db()
    assert handover.state == "sent"


def test_a_redirect_needs_a_reason_and_an_open_handover(
    handover: Handover, mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    with pytest.raises(BadInput):
        actions.redirect(
            mission=mission,
            hospital=town.hospitals[1],
            reason=" ",
            actor=medic_wang,
            now=later(700),
        )
    arrive(mission, medic_wang)
    actions.give(mission=mission, actor=medic_wang, occurred_at=later(1000), now=later(1000))
    actions.receive(handover=handover, actor=nurse_chen, now=later(1000))
    with pytest.raises(NotPossible):
        actions.redirect(
            mission=mission,
            hospital=town.hospitals[1],
            reason="late",
            actor=medic_wang,
            now=later(1100),
        )


# --- the vehicle's word -----------------------------------------------------------


def vehicle_says(mission: Mission, unit: Ambulance, fact: Fact, at: float) -> None:
    actions.take_status(
        StatusFrame(
            unit.pk,
            Status(fact_id=uuid4(), mission_id=mission.pk, fact=fact, occurred_at=later(at)),
        ),
        later(at),
    )


def test_a_simulated_crew_boards_for_the_recommended_hospital_and_only_gives(
    mission: Mission, a1: Ambulance, nurse_chen: User, nurse_elsewhere: User, town: Town
) -> None:
    for fact, at in ((Fact.ON_SCENE, 240), (Fact.AT_PATIENT, 300), (Fact.ON_BOARD, 600)):
        vehicle_says(mission, a1, fact, at)
    handover = Handover.objects.get()
    mission.refresh_from_db()
    assert handover.hospital == mission.destination
    vehicle_says(mission, a1, Fact.AT_DESTINATION, 900)

    vehicle_says(mission, a1, Fact.HANDED_OVER, 1000)

    handover.refresh_from_db()
    mission.refresh_from_db()
    assert (handover.state, handover.given_at, handover.given_by) == (
        "offloading",
        later(1000),
        None,
    )
    assert mission.state == "at_destination"
    receiver = nurse_chen if handover.hospital == town.hospitals[0] else nurse_elsewhere
    done = actions.receive(handover=handover, actor=receiver, now=later(1100))
    assert done.state == "handed_over"
    mission.refresh_from_db()
    assert mission.state == "handed_over"


def test_a_vehicle_cannot_speak_for_another_vehicles_mission(
    mission: Mission, a2: Ambulance
) -> None:
    with pytest.raises(Refused) as refused:
        vehicle_says(mission, a2, Fact.ON_BOARD, 600)

    assert refused.value.code == "unknown_mission"
    assert MissionFact.objects.count() == 0


# --- nobody answers ---------------------------------------------------------------


def test_an_unconfirmed_handover_raises_its_alarm_three_times(handover: Handover) -> None:
    sent = handover.sent_at
    raised = [
        watch_unconfirmed(sent + timedelta(seconds=after))
        for after in (29, 30, 31, 59, 60, 119, 120, 600)
    ]

    assert raised == [0, 1, 0, 0, 1, 0, 1, 0]
    alarms = Entry.objects.filter(kind="handover.unconfirmed").order_by("pk")
    assert [alarm.detail["level"] for alarm in alarms] == [1, 2, 3]


def test_a_confirmed_handover_raises_no_alarm(handover: Handover, nurse_chen: User) -> None:
    actions.confirm(handover=handover, actor=nurse_chen, now=later(610))

    assert watch_unconfirmed(handover.sent_at + timedelta(seconds=300)) == 0


# --- the database is the referee ----------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "confirmed"},
        {"state": "handed_over", "handed_over_at": NOW},
        {"confirmed_at": NOW},
        {"redirected_at": NOW, "cancelled_at": NOW},
    ],
)
def test_the_database_refuses_a_state_without_its_time_or_name(
    wrong: dict[str, object], handover: Handover
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(**wrong)


def test_the_database_refuses_a_second_open_handover(handover: Handover, town: Town) -> None:
    with pytest.raises(IntegrityError, match="one_open_handover"), transaction.atomic():
        Handover.objects.create(
            mission=handover.mission,
            hospital=town.hospitals[1],
            encounter=handover.encounter,
            preadmission_number="H2-1",
            state="sent",
            sent_at=NOW,
        )
