"""At the door: the sheet, both signatures, triage level and wristband, who may and who is told."""

from uuid import uuid4

import pytest

from config.boards import CONSOLE, ED, TABLET
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.department.actions import set_up
from ehr_prehospital.handover.door.actions import (
    SheetIsSigned,
    WrongPassword,
    countersign,
    read_wristband,
    sign_for_crew,
    sign_for_hospital,
    triage,
    write_sheet,
)
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.queries import content_of, newest_version, record_of
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.boards import board_follows
from tests.town import Town

RING = {"what": "gold ring", "count": 1, "keeper": "relative", "valuable": True}


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def write(mission: Mission, actor: User, condition: str = "stable", at: float = 900) -> Handover:
    return write_sheet(
        mission=mission,
        condition=condition,
        condition_note="",
        things=[RING],
        note="",
        actor=actor,
        now=later(at),
    )


def crew_signs(mission: Mission, actor: User, at: float = 960) -> Handover:
    return sign_for_crew(
        mission=mission,
        signature_id=uuid4(),
        image="M1,1L9,9",
        statement_version="1 en",
        signed_at=later(at),
        actor=actor,
        now=later(at),
    )


def hospital_signs(
    handover: Handover, actor: User, *, password: str = "", image: str = "", at: float = 1000
) -> Handover:
    return sign_for_hospital(
        handover=handover,
        signature_id=uuid4(),
        method="drawn" if image else "password",
        image=image,
        password=password,
        remark="one shoe missing",
        statement_version="1 en",
        actor=actor,
        now=later(at),
    )


def test_both_sides_sign_and_the_record_closes_over_the_sheet(
    mission: Mission, handover: Handover, medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    say(mission, "at_destination", later(880), medic_wang)
    nurse_chen.set_password("bay-seven")
    nurse_chen.save()
    now = later(1100)

    for board, viewer in ((TABLET, medic_wang), (ED, nurse_chen), (CONSOLE, dispatcher_li)):
        with board_follows(board, viewer, now):
            write(mission, medic_wang, "stable" if board is TABLET else "worse")
    crew_signs(mission, medic_wang)
    with board_follows(TABLET, medic_wang, now), board_follows(ED, nurse_chen, now):
        done = hospital_signs(handover, nurse_chen, password="bay-seven")

    assert done.state == "handed_over"
    assert done.handed_over_at == later(1000)
    record = record_of(mission)
    assert record
    version = newest_version(record)
    assert version
    part = content_of(version).handover
    assert part
    assert part.sheet
    assert [thing.what for thing in part.sheet.things] == ["gold ring"]
    signed = [(one.side, one.method, one.remark) for one in part.signatures]
    assert signed == [("crew", "drawn", ""), ("hospital", "password", "one shoe missing")]
    assert {one.sheet_hash for one in part.signatures} == {part.sheet.hash}
    assert kinds().count("handover.signed") == 2


def test_what_was_signed_stays_as_it_was(
    mission: Mission, handover: Handover, medic_wang: User
) -> None:
    write(mission, medic_wang)
    crew_signs(mission, medic_wang)

    write(mission, medic_wang)  # the same again, as a tablet sends it
    with pytest.raises(SheetIsSigned):
        write(mission, medic_wang, "worse")

    assert handover.signatures.get().sheet_hash


def test_a_signature_needs_the_persons_own_password(
    mission: Mission, handover: Handover, nurse_chen: User
) -> None:
    nurse_chen.set_password("bay-seven")
    nurse_chen.save()

    for attempt in range(5):
        with pytest.raises(WrongPassword):
            hospital_signs(handover, nurse_chen, password="bay-eight", at=1000 + attempt)
    with pytest.raises(NoAccess):
        hospital_signs(handover, nurse_chen, password="bay-seven", at=1010)
    done = hospital_signs(handover, nurse_chen, password="bay-seven", at=1010 + 900)

    assert done.received_by == nurse_chen
    assert kinds().count("handover.signature_refused") == 5


def test_nobody_signs_for_another_hospital(
    mission: Mission, handover: Handover, nurse_elsewhere: User, medic_other: User
) -> None:
    with pytest.raises(NoAccess):
        hospital_signs(handover, nurse_elsewhere, image="M1,1L2,2")
    with pytest.raises(NoAccess):
        crew_signs(mission, medic_other)
    with pytest.raises(NoAccess):
        write(mission, medic_other)

    assert not handover.signatures.exists()


def test_the_receiver_signs_on_the_crews_tablet_with_their_own_account(
    mission: Mission,
    handover: Handover,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
) -> None:
    for person in (nurse_chen, nurse_elsewhere):
        person.set_password("bay-seven")
        person.save()

    def signs(username: str) -> Handover:
        return countersign(
            mission=mission,
            signature_id=uuid4(),
            username=username,
            password="bay-seven",
            image="M1,1L5,5",
            remark="",
            statement_version="1 en",
            actor=medic_wang,
            now=later(1000),
        )

    with pytest.raises(WrongPassword):
        signs("elsewhere")
    done = signs("chen")

    assert done.received_by == nurse_chen
    assert done.signatures.get().signer == nurse_chen


def test_a_signature_after_the_fact_makes_the_records_next_version(
    mission: Mission, handover: Handover, medic_wang: User, nurse_chen: User
) -> None:
    from ehr_prehospital.handover.actions import receive

    crew_signs(mission, medic_wang)
    receive(handover=handover, actor=nurse_chen, now=later(1000))
    record = record_of(mission)
    assert record
    assert record.version == 1

    hospital_signs(handover, nurse_chen, image="M1,1L2,2", at=1400)

    record.refresh_from_db()
    version = newest_version(record)
    assert version
    part = content_of(version).handover
    assert part
    assert record.version == 2
    assert [one.side for one in part.signatures] == ["crew", "hospital"]


def test_the_door_triages_on_its_own_scale(
    mission: Mission, handover: Handover, nurse_chen: User, nurse_elsewhere: User
) -> None:
    with board_follows(ED, nurse_chen, later(1100)):
        row = triage(handover=handover, level="II", actor=nurse_chen, now=later(1000))
    assert (row.scale, row.level, row.triaged_by) == ("four", "II", nurse_chen)
    with pytest.raises(BadInput):
        triage(handover=handover, level="2", actor=nurse_chen, now=later(1000))
    with pytest.raises(NoAccess):
        triage(handover=handover, level="I", actor=nurse_elsewhere, now=later(1000))

    with board_follows(ED, nurse_chen, later(1100)):
        set_up(scale="five", offload_target_s=600, actor=nurse_chen, now=later(1010))
    again = triage(handover=handover, level="2", actor=nurse_chen, now=later(1020))

    assert (again.scale, again.level) == ("five", "2")


def test_the_wristband_comes_back_whatever_number_it_has(
    mission: Mission, handover: Handover, medic_wang: User, nurse_chen: User
) -> None:
    with board_follows(TABLET, medic_wang, later(1100)), board_follows(ED, nurse_chen, later(1100)):
        read_wristband(
            handover=handover,
            wristband=handover.preadmission_number,
            scanned=True,
            actor=nurse_chen,
            now=later(1000),
        )
    assert newest("handover.wristband_read").detail["matches"] is True

    read_wristband(
        handover=handover, wristband="Z-1", scanned=False, actor=nurse_chen, now=later(1010)
    )

    (item,) = snapshot(TABLET, Viewer(medic_wang, later(1100))).state["doors"].values()
    assert item["wristband"] == {
        "code": "Z-1",
        "scanned": False,
        "at": later(1010).isoformat(),
        "matches": False,
    }
    assert newest("handover.wristband_read").detail["matches"] is False


def test_the_control_room_sees_clock_and_colour_and_nothing_signed(
    mission: Mission, handover: Handover, medic_wang: User, dispatcher_li: User
) -> None:
    write(mission, medic_wang)

    (item,) = snapshot(CONSOLE, Viewer(dispatcher_li, later(1100))).state["doors"].values()

    assert item["colour"] == "red"
    assert item["offload_target_s"] == 900
    assert not {"sheet", "signatures", "triage", "wristband", "outcome"} & set(item)
    assert not any("gold" in str(row.detail) for row in Entry.objects.all())


def test_a_later_version_of_the_record_is_marked_at_the_hospital(
    mission: Mission, handover: Handover, medic_wang: User, nurse_chen: User
) -> None:
    from tests.actions.test_handover_boards import write as write_entry

    crew_signs(mission, medic_wang)
    hospital_signs(handover, nurse_chen, image="M1,1L2,2")
    (item,) = snapshot(ED, Viewer(nurse_chen, later(1100))).state["doors"].values()
    assert item["record_version"] == 1

    with board_follows(ED, nurse_chen, later(1100)):
        write_entry(mission, medic_wang)

    (item,) = snapshot(ED, Viewer(nurse_chen, later(1100))).state["doors"].values()
    assert item["record_version"] == 2
