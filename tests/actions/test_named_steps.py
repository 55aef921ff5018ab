"""Every step of a handover has its person; an alert from the scene goes on when boarded."""

import pytest

from config.boards import CONSOLE, ED, TABLET
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import Refused
from dispatch.live.board import Item, Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions import (
    NotPossible,
    acknowledge_withdrawal,
    cancel,
    confirm,
    deliver,
    prealert,
    ready,
    redirect,
    see,
)
from ehr_prehospital.handover.models import Handover
from tests.actions.care import later, put_on_board, say
from tests.boards import board_follows
from tests.town import Town

pytestmark = pytest.mark.slow
WANG, CHEN, LI = ({"name_en": one.title(), "name_zh": one} for one in ("wang", "chen", "li"))


@pytest.fixture
def at_patient(mission: Mission, medic_wang: User) -> Mission:
    say(mission, "on_scene", later(240), medic_wang)
    say(mission, "at_patient", later(300), medic_wang)
    return mission


def card(user: User, handover: Handover, at: float = 700) -> Item:
    board = {"paramedic": TABLET, "ed_staff": ED}.get(user.role, CONSOLE)
    return snapshot(board, Viewer(user, later(at))).state["handovers"][str(handover.pk)]


def test_an_alert_from_the_scene_is_the_same_alert_on_board(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    hospital = town.hospitals[0]
    with board_follows(ED, nurse_chen, later(700)), board_follows(TABLET, medic_wang, later(700)):
        early = prealert(mission=at_patient, hospital=hospital, actor=medic_wang, now=later(310))
        confirm(handover=early, actor=nurse_chen, now=later(330))
        before = card(nurse_chen, early)
        boarded = put_on_board(at_patient, hospital, medic_wang, at=later(600))

    assert boarded == early
    assert boarded.state == "confirmed"
    drive_s = before["drive_s"]
    assert isinstance(drive_s, float)
    assert 0 < drive_s < 600
    assert (before["on_board_at"], before["eta_s"]) == (None, None)
    after = card(nurse_chen, early)
    assert (after["on_board_at"], after["drive_s"]) == (later(600).isoformat(), None)


def test_alerting_twice_is_once_and_another_hospital_is_a_redirect(
    at_patient: Mission, town: Town, medic_wang: User, dispatcher_li: User
) -> None:
    first = prealert(
        mission=at_patient, hospital=town.hospitals[0], actor=medic_wang, now=later(310)
    )
    again = prealert(
        mission=at_patient, hospital=town.hospitals[0], actor=dispatcher_li, now=later(320)
    )

    assert first == again
    with pytest.raises(Refused) as refused:
        prealert(mission=at_patient, hospital=town.hospitals[1], actor=medic_wang, now=later(330))
    assert refused.value.code == "already_alerted"


@pytest.mark.parametrize("who", ["medic_other", "nurse_chen", "stranger"])
def test_only_crew_and_desk_alert_before_boarding(
    who: str, at_patient: Mission, town: Town, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NoAccess):
        prealert(
            mission=at_patient,
            hospital=town.hospitals[0],
            actor=request.getfixturevalue(who),
            now=later(310),
        )

    assert not Handover.objects.exists()


def test_every_step_says_by_whom_and_delivered_by_nobody(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    handover = put_on_board(at_patient, town.hospitals[0], medic_wang, at=later(600))
    deliver(handover=handover, actor=nurse_chen, now=later(602))
    ready(handover=handover, bay="R1", team="", actor=nurse_chen, now=later(620))
    say(at_patient, "at_destination", later(690), medic_wang)

    item = card(medic_wang, handover)
    assert item["by"] == {
        "sent": WANG,
        "seen": CHEN,
        "confirmed": CHEN,
        "ready": CHEN,
        "arrived": WANG,
    }
    rows = {one.step: (one.at, one.source) for one in handover.steps.all()}
    assert rows["delivered"] == (later(602), "screen")
    assert rows["confirmed"] == (later(620), "person")


def test_a_redirect_by_the_desk_is_acknowledged_by_hospital_and_crew(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    old = put_on_board(at_patient, town.hospitals[0], medic_wang, at=later(600))
    with board_follows(TABLET, medic_wang, later(700)):
        redirect(
            mission=at_patient,
            hospital=town.hospitals[1],
            reason="on_divert",
            actor=dispatcher_li,
            now=later(610),
        )
    asked = card(medic_wang, old)
    with board_follows(CONSOLE, dispatcher_li, later(700)):
        see(handover=Handover.objects.get(pk=old.pk), actor=nurse_chen, now=later(620))
        acknowledge_withdrawal(handover=old, actor=medic_wang, now=later(630))

    assert (asked["withdrawn_by"], asked["crew_told_at"]) == (LI, None)
    told = card(dispatcher_li, old)
    assert (told["withdrawal_seen_by"], told["crew_told_by"]) == (CHEN, WANG)


def test_a_crew_that_cancels_itself_has_nothing_to_acknowledge(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    handover = put_on_board(at_patient, town.hospitals[0], medic_wang, at=later(600))
    with pytest.raises(NotPossible):
        acknowledge_withdrawal(handover=handover, actor=medic_wang, now=later(605))

    cancelled = cancel(
        handover=handover, reason="patient_refuses", actor=medic_wang, now=later(610)
    )

    assert cancelled.crew_told_by == medic_wang
    with pytest.raises(NoAccess):
        acknowledge_withdrawal(handover=handover, actor=nurse_chen, now=later(620))


def test_no_transport_after_an_alert_from_the_scene_calls_it_off(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    handover = prealert(
        mission=at_patient, hospital=town.hospitals[0], actor=medic_wang, now=later(310)
    )

    with board_follows(ED, nurse_chen, later(700)):
        say(at_patient, "treated_and_released", later(400), medic_wang)

    handover.refresh_from_db()
    assert (handover.state, handover.end_reason) == ("cancelled", "treated_and_released")
    assert card(nurse_chen, handover)["patient_id"] is None


def test_a_crew_that_boards_for_another_hospital_than_it_alerted_is_not_refused(
    at_patient: Mission, town: Town, medic_wang: User
) -> None:
    first = prealert(
        mission=at_patient, hospital=town.hospitals[0], actor=medic_wang, now=later(310)
    )

    second = put_on_board(at_patient, town.hospitals[1], medic_wang, at=later(600))

    first.refresh_from_db()
    assert (first.state, second.hospital, second.state) == (
        "redirected",
        town.hospitals[1],
        "sent",
    )
