"""What a department says of itself: bays, displays, diverts that end by themselves, surge."""

from datetime import timedelta

import pytest

from config.boards import CONSOLE, ED
from dispatch.decision.actions.declaring import (
    declare_surge,
    divert_patients,
    end_diverts,
    end_surges,
    set_capabilities,
)
from dispatch.decision.models import Hospital
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.live.board import Item, Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.handover.actions import cancel, ready
from ehr_prehospital.handover.department.actions import (
    assign_bay,
    bay_cleaned,
    hang_display,
    name_bays,
    patient_left,
    take_down,
)
from ehr_prehospital.handover.department.holding import BayIsTaken
from ehr_prehospital.handover.department.models import Bay
from ehr_prehospital.handover.department.queries import display_with
from ehr_prehospital.handover.models import Handover
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.boards import board_follows
from tests.town import NOW, Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


@pytest.fixture
def bays(nurse_chen: User) -> dict[str, Bay]:
    name_bays(
        bays=[("R1", "resus"), ("R2", "resus"), ("T1", "treatment")], actor=nurse_chen, now=NOW
    )
    return {bay.code: bay for bay in Bay.objects.all()}


def states(nurse: User) -> dict[str, str]:
    (item,) = snapshot(ED, Viewer(nurse, later(2000))).state["departments"].values()
    rows: list[Item] = item["bays"]  # type: ignore[assignment]
    return {str(row["code"]): str(row["state"]) for row in rows}


def test_one_press_gives_a_bay_and_it_is_cleaned_before_the_next(
    mission: Mission,
    handover: Handover,
    bays: dict[str, Bay],
    nurse_chen: User,
    medic_wang: User,
) -> None:
    now = later(2000)
    with board_follows(ED, nurse_chen, now):
        assign_bay(bay=bays["R1"], handover=handover, actor=nurse_chen, now=later(700))
    assert states(nurse_chen) == {"R1": "awaited", "R2": "free", "T1": "free"}

    with board_follows(ED, nurse_chen, now):
        say(mission, "at_destination", later(880), medic_wang)
    assert states(nurse_chen)["R1"] == "occupied"

    with board_follows(ED, nurse_chen, now):
        assign_bay(bay=bays["R2"], handover=handover, actor=nurse_chen, now=later(900))
    assert states(nurse_chen) == {"R1": "cleaning", "R2": "occupied", "T1": "free"}

    with board_follows(ED, nurse_chen, now):
        bay_cleaned(bay=bays["R1"], actor=nurse_chen, now=later(950))
        patient_left(bay=bays["R2"], actor=nurse_chen, now=later(1900))
    assert states(nurse_chen) == {"R1": "free", "R2": "cleaning", "T1": "free"}


def test_two_patients_are_not_sent_to_one_bay(
    handover: Handover,
    bays: dict[str, Bay],
    nurse_chen: User,
    a2: Ambulance,
    medic_other: User,
    dispatcher_li: User,
    town: Town,
    chest_pain: object,
) -> None:
    from uuid import uuid4

    from dispatch.fleet.actions import assign

    second = assign(
        incident=handover.mission.incident,
        ambulance=a2,
        actor=dispatcher_li,
        now=later(610),
        mission_id=uuid4(),
    )
    other = put_on_board(second, town.hospitals[0], medic_other, at=later(650))
    ready(handover=handover, bay="R1", team="", actor=nurse_chen, now=later(700))

    with pytest.raises(BayIsTaken):
        assign_bay(bay=bays["R1"], handover=other, actor=nurse_chen, now=later(710))
    other.refresh_from_db()
    assert other.bay == ""

    cancel(handover=handover, reason="patient_refuses", actor=dispatcher_li, now=later(720))
    assign_bay(bay=bays["R1"], handover=other, actor=nurse_chen, now=later(730))

    bays["R1"].refresh_from_db()
    assert bays["R1"].handover == other


def test_a_word_that_is_no_bay_stays_a_word(handover: Handover, nurse_chen: User) -> None:
    done = ready(handover=handover, bay="corridor", team="", actor=nurse_chen, now=later(700))

    assert done.bay == "corridor"


def test_only_a_department_names_its_bays(
    bays: dict[str, Bay], handover: Handover, nurse_chen: User, dispatcher_li: User
) -> None:
    assign_bay(bay=bays["R1"], handover=handover, actor=nurse_chen, now=later(700))

    with pytest.raises(NotAllowed):
        name_bays(bays=[("X", "resus")], actor=dispatcher_li, now=later(710))
    with pytest.raises(BadInput):
        name_bays(bays=[("R1", "resus"), ("R1", "resus")], actor=nurse_chen, now=later(710))
    from dispatch.journal.refusals import Refused

    with pytest.raises(Refused):
        name_bays(bays=[("X", "resus")], actor=nurse_chen, now=later(710))
    assert set(Bay.objects.values_list("code", flat=True)) == {"R1", "R2", "T1"}


def test_a_display_has_its_own_key_until_it_is_taken_down(town: Town, nurse_chen: User) -> None:
    display, token = hang_display(name="Corridor east", actor=nurse_chen, now=NOW)
    assert display_with(token) == display
    assert display_with(token + "x") is None

    take_down(display_id=display.pk, actor=nurse_chen, now=later(10))

    assert display_with(token) is None
    assert kinds()[-2:] == ["department.display_hung", "department.display_taken_down"]
    assert token not in str(newest("department.display_hung").refs)


def test_a_divert_ends_by_itself_and_the_console_hears_of_it(
    town: Town, nurse_chen: User, dispatcher_li: User
) -> None:
    hospital = Hospital.objects.get(pk=town.hospitals[0].pk)
    with board_follows(CONSOLE, dispatcher_li, later(10)):
        divert_patients(
            hospital=hospital, reason="full", until=later(1800), actor=nurse_chen, now=NOW
        )
    assert end_diverts(now=later(1799)) == 0

    with (
        board_follows(CONSOLE, dispatcher_li, later(1801)),
        board_follows(ED, nurse_chen, later(1801)),
    ):
        assert end_diverts(now=later(1801)) == 1
    assert end_diverts(now=later(1802)) == 0

    item = snapshot(CONSOLE, Viewer(dispatcher_li, later(1801))).state["hospitals"][
        str(hospital.pk)
    ]
    assert (item["divert"], item["divert_expired_at"]) == (None, later(1800).isoformat())
    assert newest("hospital.divert_expired").actor_id is None
    divert_patients(
        hospital=hospital, reason="full", until=later(4000), actor=nurse_chen, now=later(2000)
    )
    item = snapshot(CONSOLE, Viewer(dispatcher_li, later(2001))).state["hospitals"][
        str(hospital.pk)
    ]
    assert item["divert_expired_at"] is None


def test_a_surge_capacity_counts_by_colour_and_ends(
    town: Town, nurse_chen: User, nurse_elsewhere: User, dispatcher_li: User
) -> None:
    hospital = Hospital.objects.get(pk=town.hospitals[0].pk)
    capacity = {"red": 4, "yellow": 8, "green": 20}
    until = NOW + timedelta(hours=6)

    with pytest.raises(NotAllowed):
        declare_surge(
            hospital=hospital, capacity=capacity, until=until, actor=nurse_elsewhere, now=NOW
        )
    with pytest.raises(BadInput):
        declare_surge(
            hospital=hospital, capacity={"red": 4}, until=until, actor=nurse_chen, now=NOW
        )
    with board_follows(CONSOLE, dispatcher_li, later(10)):
        declare_surge(hospital=hospital, capacity=capacity, until=until, actor=nurse_chen, now=NOW)
    item = snapshot(CONSOLE, Viewer(dispatcher_li, later(10))).state["hospitals"][str(hospital.pk)]
    assert item["surge"] == {
        "capacity": capacity,
        "at": NOW.isoformat(),
        "until": until.isoformat(),
    }

    with board_follows(CONSOLE, dispatcher_li, until):
        assert end_surges(now=until) == 1
    assert kinds()[-2:] == ["hospital.surge_declared", "hospital.surge_ended"]


def test_a_hospital_declares_what_it_can_do(town: Town, nurse_chen: User) -> None:
    hospital = Hospital.objects.get(pk=town.hospitals[0].pk)

    set_capabilities(hospital=hospital, capabilities=["burns"], actor=nurse_chen, now=NOW)
    with pytest.raises(BadInput):
        set_capabilities(hospital=hospital, capabilities=["magic"], actor=nurse_chen, now=NOW)

    hospital.refresh_from_db()
    assert hospital.capabilities == ["burns", "ed"]
