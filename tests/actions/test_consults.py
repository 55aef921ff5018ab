"""A consult from the ring to the hanging up: who is rung, who sees, who is told, who is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from config.boards import CONSOLE, CONSULT, ED, TABLET
from config.timeline import TIMELINE
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.access.queries import may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.consult import actions
from ehr_prehospital.consult.actions.ordering import NeedsWeighing
from ehr_prehospital.consult.models import (
    Consult,
    ConsultMessage,
    ConsultParty,
    Drawing,
    Order,
    OrderWord,
)
from ehr_prehospital.consult.rules.drawing import Drawn
from ehr_prehospital.consult.rules.orders import OrderStep
from ehr_prehospital.consult.watch import watch_consults
from ehr_prehospital.hypermedia.timeline import Lane
from ehr_prehospital.record.models import RecordEntry
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.actions.consults import at_desk, call, order_aspirin, physician, say_of, states
from tests.boards import Follower
from tests.town import NOW, Town

pytestmark = pytest.mark.slow


@pytest.fixture
def sun(town: Town) -> User:
    return physician(town, "sun", rank=1)


@pytest.fixture
def qian(town: Town) -> User:
    return physician(town, "qian", rank=2)


@pytest.fixture
def talking(mission: Mission, medic_wang: User, sun: User) -> Consult:
    """Medic Wang and Dr Sun in a call since NOW."""
    consult = call(mission, medic_wang)
    actions.accept(consult=consult, actor=sun, now=NOW)
    consult.refresh_from_db()
    return consult


def test_a_call_rings_the_first_on_call_and_opens_the_patient_with_the_answer(
    mission: Mission, medic_wang: User, sun: User, qian: User
) -> None:
    consult = call(mission, medic_wang)
    before = may_see(user=sun, mission=mission, now=NOW).level

    actions.accept(consult=consult, actor=sun, now=later(5))

    consult.refresh_from_db()
    assert (before, may_see(user=sun, mission=mission, now=later(5)).level) == (
        Level.NONE,
        Level.CLINICAL,
    )
    assert may_see(user=qian, mission=mission, now=later(5)).level is Level.NONE
    assert consult.state == "talking"
    assert states(consult) == {"wang": "connected", "sun": "connected"}
    assert kinds()[-3:] == ["consult.called", "consult.rung", "consult.accepted"]
    assert newest("consult.accepted").refs["mission"] == str(mission.pk)
    assert "ST" not in str(
        Entry.objects.filter(kind__startswith="consult.").values("refs", "detail")
    )


def test_hanging_up_closes_the_patient_at_once(
    talking: Consult, mission: Mission, sun: User
) -> None:
    actions.leave(consult=talking, actor=sun, now=later(60))
    actions.leave(consult=talking, actor=sun, now=later(61))

    talking.refresh_from_db()
    assert (talking.state, talking.ended_at) == ("ended", later(60))
    assert may_see(user=sun, mission=mission, now=later(60)).level is Level.NONE
    assert kinds().count("consult.left") == 1


def test_calling_twice_is_calling_once_and_one_consult_is_enough(
    mission: Mission, medic_wang: User, sun: User
) -> None:
    first = call(mission, medic_wang)
    again = actions.call(
        consult_id=first.pk,
        mission=mission,
        specialty="cardiology",
        hospital=None,
        reason="",
        actor=medic_wang,
        now=later(1),
    )

    with pytest.raises(Refused) as refused:
        call(mission, medic_wang, at=later(2))

    assert again == first
    assert refused.value.code == "consult_open"
    assert kinds().count("consult.called") == 1


def test_nobody_but_the_crew_calls_and_nobody_but_the_called_answers(
    mission: Mission, medic_wang: User, medic_other: User, nurse_chen: User, town: Town, sun: User
) -> None:
    surgeon = physician(town, "bones", specialties=("trauma",))
    for stranger_ in (medic_other, nurse_chen, sun):
        with pytest.raises(NoAccess):
            call(mission, stranger_)
    consult = call(mission, medic_wang)

    for uncalled in (surgeon, nurse_chen, medic_other):
        with pytest.raises(NoAccess):
            actions.accept(consult=consult, actor=uncalled, now=later(1))

    assert newest("patient.refused").detail == {"purpose": "consult", "reason": "not_called"}
    with pytest.raises(BadInput):
        actions.ask(
            consult=consult, specialty="magic", hospital=None, transfer=False, actor=medic_wang,
            now=NOW,
        )  # fmt: skip


def test_who_declines_is_followed_by_the_next_and_who_is_silent_too(
    mission: Mission, medic_wang: User, sun: User, qian: User
) -> None:
    consult = call(mission, medic_wang)

    actions.decline(consult=consult, reason="busy", actor=sun, now=later(5))
    assert states(consult) == {"wang": "connected", "sun": "declined", "qian": "ringing"}
    for desk in (sun, qian):
        at_desk(desk, later(31))
    actions.beat(consult_id=consult.pk, actor=medic_wang, now=later(31))
    watch_consults(now=later(31))

    consult.refresh_from_db()
    assert states(consult) == {"wang": "connected", "sun": "declined", "qian": "unanswered"}
    assert consult.state == "waiting"
    assert newest("consult.unanswered").actor_id is None
    at_desk(qian, later(65))
    watch_consults(now=later(65))
    assert consult.parties.filter(user=qian, state="ringing").count() == 1
    with pytest.raises(Refused):
        actions.decline(consult=consult, reason="", actor=sun, now=later(66))


def test_with_nobody_at_a_desk_the_call_waits_and_a_desk_takes_it_from_the_queue(
    mission: Mission, medic_wang: User, sun: User
) -> None:
    at_desk(sun, NOW - timedelta(minutes=5))
    consult = call(mission, medic_wang)
    waiting = consult.state

    queue = snapshot(CONSULT, Viewer(sun, NOW)).state["consults"][str(consult.pk)]
    actions.accept(consult=consult, actor=sun, now=later(40))

    consult.refresh_from_db()
    assert (waiting, consult.state) == ("waiting", "talking")
    assert queue["reason"] == ""  # not his patient yet
    assert queue["requests"][0]["specialty"] == "cardiology"  # type: ignore[index, call-overload]


def test_a_transfer_changes_who_sees_the_patient(
    talking: Consult, mission: Mission, medic_wang: User, sun: User, qian: User
) -> None:
    at_desk(qian, later(20))
    actions.ask(
        consult=talking, specialty="cardiology", hospital=None, transfer=True, actor=sun,
        now=later(20),
    )  # fmt: skip
    still = may_see(user=sun, mission=mission, now=later(20)).level

    actions.accept(consult=talking, actor=qian, now=later(25))

    assert states(talking) == {"wang": "connected", "sun": "left", "qian": "connected"}
    assert still is Level.CLINICAL
    assert may_see(user=sun, mission=mission, now=later(25)).level is Level.NONE
    assert may_see(user=qian, mission=mission, now=later(25)).level is Level.CLINICAL
    with pytest.raises(NoAccess):
        actions.ask(
            consult=talking, specialty="any", hospital=None, transfer=False, actor=sun,
            now=later(26),
        )  # fmt: skip


def test_the_emergency_department_is_rung_as_one_and_answers_with_a_name(
    mission: Mission, medic_wang: User, town: Town, nurse_chen: User, nurse_elsewhere: User
) -> None:
    consult = call(mission, medic_wang, hospital=town.hospitals[0])
    rung = states(consult)

    with pytest.raises(NoAccess):
        actions.accept(consult=consult, actor=nurse_elsewhere, now=later(2))
    actions.accept(consult=consult, actor=nurse_chen, now=later(3))

    assert rung == {"wang": "connected", "H1": "ringing"}
    assert states(consult) == {"wang": "connected", "chen": "connected"}
    assert may_see(user=nurse_chen, mission=mission, now=later(3)).level is Level.CLINICAL
    actions.end(consult=consult, actor=medic_wang, now=later(9))
    assert may_see(user=nurse_chen, mission=mission, now=later(9)).level is Level.NONE


def test_a_third_party_joins_and_a_crashed_page_is_noticed_shown_and_shut_out(
    talking: Consult, mission: Mission, medic_wang: User, sun: User, qian: User
) -> None:
    at_desk(qian, later(1))
    actions.ask(
        consult=talking, specialty="any", hospital=None, transfer=False, actor=medic_wang,
        now=later(1),
    )  # fmt: skip
    actions.accept(consult=talking, actor=qian, now=later(2))
    for user in (medic_wang, qian):
        actions.beat(consult_id=talking.pk, actor=user, now=later(9))

    watch_consults(now=later(10))
    silent = talking.parties.get(user=sun).silent_since
    actions.beat(consult_id=talking.pk, actor=sun, now=later(12))
    heard = talking.parties.get(user=sun).silent_since
    for user in (medic_wang, qian):
        actions.beat(consult_id=talking.pk, actor=user, now=later(191))
    watch_consults(now=later(192))

    assert (silent, heard) == (NOW, None)
    assert states(talking)["sun"] == "lost"
    assert may_see(user=sun, mission=mission, now=later(192)).level is Level.NONE
    assert actions.beat(consult_id=talking.pk, actor=sun, now=later(193)) is None
    assert [kind for kind in kinds() if kind in ("consult.silent", "consult.heard")] == [
        "consult.silent",
        "consult.heard",
    ]


def test_the_end_of_the_mission_ends_the_consult(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    Mission.objects.filter(pk=mission.pk).update(open=False, ended_at=later(30), state="cancelled")

    watch_consults(now=later(31))

    talking.refresh_from_db()
    assert talking.state == "ended"
    assert may_see(user=sun, mission=mission, now=later(31)).level is Level.NONE


# --- the thread -----------------------------------------------------------------


def test_an_order_is_read_back_given_and_stands_in_the_record(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    order = order_aspirin(talking, sun, at=later(1))

    say_of(order, "read_back", medic_wang, at=10, drug="aspirin", dose="300", unit="mg")
    done = say_of(order, "give", medic_wang, at=30)

    assert done.state == "recorded"
    assert [word.flags for word in done.words.all()] == [[], []]
    entries = RecordEntry.objects.filter(record__mission=mission, source="order")
    said = {row.element: (row.value, row.unit) for row in entries}
    assert said["medication.drug"] == ("aspirin", "")
    assert said["medication.dose"] == ("300", "mg")
    assert said["medication.authorisation"] == ("online", "")
    assert said["medication.authorised_by"] == ("sun Sun", "")
    assert {row.author for row in entries} == {medic_wang}
    assert {row.occurred_at for row in entries} == {later(30)}
    assert [row.problems for row in entries if row.problems] == []
    assert kinds()[-1] == "order.recorded"
    told = [one for one in TIMELINE.of(mission) if one.lane is Lane.CONSULT]
    assert [(one.kind, one.title) for one in told if one.kind == "order"] == [
        ("order", "ordered: Aspirin 300 mg Oral"),
        ("order", "read back: Aspirin 300 mg Oral"),
        ("order", "given and recorded: Aspirin 300 mg Oral"),
    ]
    assert {"call", "party"} <= {one.kind for one in told}


def test_a_word_sent_twice_is_written_once(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    order = order_aspirin(talking, sun)
    word = actions.ordering.Word(uuid4(), OrderStep.GIVE, later(5), {})

    for _ in range(2):
        actions.say_of_order(order=order, word=word, actor=medic_wang, now=later(9))

    assert RecordEntry.objects.filter(element="medication.drug").count() == 1
    assert order.words.get().flags == ["no_read_back"]


def test_what_was_given_offline_after_the_withdrawal_is_kept_and_flagged(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    order = order_aspirin(talking, sun)
    actions.withdraw(order=order, reason="allergy", actor=sun, now=later(20))
    actions.leave(consult=talking, actor=sun, now=later(30))

    done = say_of(order, "give", medic_wang, at=3600, dose="150")

    assert done.state == "recorded"
    assert done.words.get(step="give").flags == ["after_withdrawal", "other_dose"]
    assert RecordEntry.objects.get(element="medication.dose").value == "150"


def test_a_refusal_carries_its_reason_and_a_wrong_read_back_is_seen(
    talking: Consult, medic_wang: User, sun: User
) -> None:
    wrong, refused = order_aspirin(talking, sun), order_aspirin(talking, sun)

    say_of(wrong, "read_back", medic_wang, dose="30", unit="mg")
    refused = say_of(refused, "refuse", medic_wang, reason="contraindicated")

    assert wrong.words.get().flags == ["read_back_differs"]
    assert (refused.state, refused.words.get().said) == ("refused", {"reason": "contraindicated"})
    assert RecordEntry.objects.filter(element="medication.drug").count() == 0
    with pytest.raises(Refused):
        actions.withdraw(order=refused, reason="", actor=sun, now=later(61))


def test_what_speaks_against_a_drug_has_to_be_weighed(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    with pytest.raises(NeedsWeighing) as stopped:
        order_aspirin(talking, sun, dose="3000")
    with pytest.raises(BadInput):
        order_aspirin(talking, sun, dose="-1")
    with pytest.raises(BadInput):
        order_aspirin(talking, sun, unit="teaspoon")

    weighed = actions.order(
        consult=talking,
        order_id=uuid4(),
        kind="drug",
        content={"drug": "adrenaline", "use": "anaphylaxis", "dose": "0.7", "unit": "mg",
                 "route": "im"},
        weighed=True,
        actor=sun,
        now=NOW,
    )  # fmt: skip

    assert "above_dose" in stopped.value.cautions
    assert weighed.cautions == ["above_dose"]
    assert Order.objects.count() == 1


def test_only_a_physician_in_the_call_orders_and_only_the_crew_answers(
    talking: Consult, mission: Mission, medic_wang: User, medic_other: User, sun: User, qian: User
) -> None:
    order = order_aspirin(talking, sun)

    for nobody in (medic_wang, qian, medic_other):
        with pytest.raises(NoAccess):
            order_aspirin(talking, nobody)
    for nobody in (sun, medic_other):
        with pytest.raises(NoAccess):
            say_of(order, "give", nobody)

    assert order.words.count() == 0


def test_words_and_drawing_stay_as_they_were(talking: Consult, mission: Mission, sun: User) -> None:
    stream = uuid4()
    message = actions.say(
        consult=talking, message_id=uuid4(), text="12-lead, please", occurred_at=NOW, actor=sun,
        now=NOW,
    )  # fmt: skip
    actions.draw(
        mission=mission,
        consult=talking,
        drawn=[(NOW, Drawn("freeze", stream, 41))],
        actor=sun,
        now=NOW,
    )

    for table in (ConsultMessage, Drawing):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()

    assert ConsultMessage.objects.get() == message
    frozen = newest("consult.frozen")
    assert (frozen.refs["stream"], frozen.detail) == (str(stream), {"seq": 41})
    assert OrderWord.objects.count() == 0


def test_a_frozen_picture_its_proof_and_each_stroke_stand_on_the_time_line(
    talking: Consult, mission: Mission, medic_wang: User, sun: User
) -> None:
    stream, stroke = uuid4(), uuid4()
    pen = {"tool": "pen", "color": "red", "w": 0.01, "pts": [[0.1, 0.2]], "ttl": None}
    strokes = [
        (later(at), Drawn("stroke", stream, 41, stroke, {**pen, "phase": phase}))
        for at, phase in ((3, "begin"), (3.1, "move"), (3.2, "end"))
    ]
    by_sun = [(later(1), Drawn("freeze", stream, 41)), *strokes]
    by_wang = [(later(2), Drawn("seen", stream, 41))]
    for actor, drawn in ((sun, by_sun), (medic_wang, by_wang)):
        actions.draw(mission=mission, consult=talking, drawn=drawn, actor=actor, now=later(4))

    told = [one for one in TIMELINE.of(mission) if one.stream == str(stream)]

    assert [(one.kind, one.at, one.by, one.more["seq"]) for one in told] == [
        ("freeze", later(1), sun.shown_name, 41),
        ("seen", later(2), medic_wang.shown_name, 41),
        ("stroke", later(3), sun.shown_name, 41),
    ]
    assert told[2].more["pts"] == [[0.1, 0.2]]
    assert {one.lane for one in told} == {Lane.CONSULT}


# --- who is told ----------------------------------------------------------------


def test_following_a_consult_equals_looking_afresh_on_every_board(
    mission: Mission,
    medic_wang: User,
    sun: User,
    qian: User,
    nurse_chen: User,
    dispatcher_li: User,
    town: Town,
) -> None:
    say(mission, "on_scene", later(1), medic_wang)
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(2))
    mission.refresh_from_db()
    followers = [
        Follower(board, user, later(30))
        for board, user in (
            (CONSOLE, dispatcher_li),
            (TABLET, medic_wang),
            (ED, nurse_chen),
            (CONSULT, nurse_chen),
            (CONSULT, sun),
            (CONSULT, qian),
        )
    ]
    consult = call(mission, medic_wang, at=later(3))

    def order() -> Order:
        return Order.objects.get()

    at_desk(qian, later(5))
    steps = (
        lambda: actions.decline(consult=consult, reason="busy", actor=sun, now=later(4)),
        lambda: actions.accept(consult=consult, actor=qian, now=later(5)),
        lambda: order_aspirin(consult, qian, at=later(6)),
        lambda: say_of(order(), "read_back", medic_wang, at=7),
        lambda: say_of(order(), "give", medic_wang, at=8),
        lambda: actions.say(
            consult=consult, message_id=uuid4(), text="given", occurred_at=later(8),
            actor=medic_wang, now=later(8),
        ),
        lambda: actions.ask(
            consult=consult, specialty="", hospital=town.hospitals[0], transfer=True, actor=qian,
            now=later(9),
        ),
        lambda: actions.accept(consult=consult, actor=nurse_chen, now=later(10)),
        lambda: actions.end(consult=consult, actor=medic_wang, now=later(12)),
    )  # fmt: skip
    for follower in followers:
        follower.catch_up()
    for step in steps:
        step()
        for follower in followers:
            follower.catch_up()


def test_the_roster_is_planned_by_a_supervisor_and_heard_from_desks_only(
    town: Town, dispatcher_li: User, administrator: User, sun: User, medic_wang: User
) -> None:
    planned = actions.plan_on_call(
        physician=sun,
        specialties=["trauma"],
        rank=3,
        starts_at=NOW,
        ends_at=later(3600),
        actor=administrator,
        now=NOW,
    )
    actions.end_on_call(planned=planned, actor=administrator, now=later(60))

    planned.refresh_from_db()
    assert planned.ends_at == later(60)
    for refused in (dispatcher_li, medic_wang, sun):
        with pytest.raises(NotAllowed):
            actions.end_on_call(planned=planned, actor=refused, now=later(61))
    with pytest.raises(NotAllowed):
        actions.here(actor=medic_wang, available=True, now=NOW)
    with pytest.raises(BadInput):
        actions.plan_on_call(
            physician=medic_wang, specialties=["trauma"], rank=1, starts_at=NOW,
            ends_at=later(60), actor=administrator, now=NOW,
        )  # fmt: skip
    assert ConsultParty.objects.count() == 0
