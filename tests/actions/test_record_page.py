"""The record as a page to print: a draft at first, then the closed version with both names."""

from dataclasses import asdict
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import translation

from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover import actions
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.sheets import sheet_for
from ehr_prehospital.record.actions import Identity, add_entry, set_patient
from ehr_prehospital.record.models import RecordVersion
from ehr_prehospital.record.printable import Sheet
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.vitals.actions import take_telemetry
from tests.actions.care import later, newest, put_on_board, say
from tests.actions.test_vitals import frame
from tests.town import Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User, a1: Ambulance) -> Handover:
    """A patient with a name, vitals, a drug and a corrected impression, on board for H1."""
    say(mission, "at_patient", later(300), medic_wang)
    take_telemetry([frame(a1, n, at=later(300 + 10 * n)) for n in range(60)], later(900))
    set_patient(
        mission=mission,
        identity=Identity(name="王秀英", sex="female", age_years=68),
        actor=medic_wang,
        now=later(320),
    )
    wrong = uuid4()
    for entry_id, said, replaces in (
        (uuid4(), Statement("drug.aspirin", "300", "mg", "oral"), None),
        (wrong, Statement("impression", "angina"), None),
        (uuid4(), Statement("impression", "stemi"), wrong),
        (uuid4(), Statement("allergy", pertinent_negative="no_known_allergy"), None),
    ):
        add_entry(
            mission=mission,
            entry_id=entry_id,
            said=said,
            occurred_at=later(400),
            replaces=[replaces] if replaces else (),
            actor=medic_wang,
            now=later(401),
        )
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def page(user: User, handover: Handover, at: float = 700) -> Sheet:
    return sheet_for(user=user, mission=handover.mission, handover=handover, now=later(at))


def test_before_the_handover_it_is_a_draft(handover: Handover, medic_wang: User) -> None:
    sheet = page(medic_wang, handover)

    assert (sheet.draft, sheet.version, sheet.hash, sheet.closed_at) == (True, 0, "", None)
    assert sheet.handover is not None
    assert sheet.handover.preadmission_number == "H1-20261122-0001"
    assert newest("patient.viewed").detail["purpose"] == "print"


def test_it_has_times_patient_vitals_time_line_and_both_names(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    say(mission, "at_destination", later(900), medic_wang)
    actions.give(mission=mission, actor=medic_wang, occurred_at=later(1000), now=later(1000))
    actions.receive(handover=handover, actor=nurse_chen, now=later(1100))

    sheet = page(nurse_chen, handover, at=1200)

    assert (sheet.draft, sheet.version) == (False, 1)
    assert sheet.hash == bytes(RecordVersion.objects.get().hash).hex()
    moments = {moment.nemsis: moment.at for moment in sheet.mission.moments}
    assert moments["eTimes.07"] == later(300)
    assert moments["eTimes.12"] == later(1100)
    assert (sheet.patient.name, sheet.patient.sex) == ("王秀英", "Female")
    assert len(sheet.vitals.times) == 2
    assert [row.label for row in sheet.vitals.rows] == ["heart rate", "oxygen saturation"]
    lines = {(line.label, line.value, line.reason): line for line in sheet.entries}
    assert lines["Aspirin", "300", ""].route == "Oral"
    assert lines["impression", "Angina", ""].replaced
    assert not lines["impression", "ST-elevation myocardial infarction", ""].replaced
    assert ("allergy", "", "No known drug allergy") in lines
    assert sheet.handover is not None
    assert (sheet.handover.given_by, sheet.handover.received_by) == ("Wang", "Chen")
    assert sheet.handover.received_at == later(1100)


def test_it_speaks_chinese(handover: Handover, medic_wang: User) -> None:
    with translation.override("zh-hans"):
        sheet = page(medic_wang, handover)

    values = {line.value for line in sheet.entries}
    assert "ST段抬高型心肌梗死" in values
    assert sheet.patient.sex == "女"


@pytest.mark.parametrize("who", ["nurse_elsewhere", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_else_prints_it(
    who: str, handover: Handover, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    with pytest.raises(NoAccess):
        page(user, handover)

    assert newest("patient.refused").actor_id == user.pk


def test_there_is_nothing_to_print_before_there_is_a_record(
    mission: Mission, medic_wang: User
) -> None:
    with pytest.raises(Http404):
        sheet_for(user=medic_wang, mission=mission, handover=None, now=later(10))


def test_what_was_closed_stays_as_it_was_closed(
    handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    actions.give(mission=mission, actor=medic_wang, occurred_at=later(1000), now=later(1000))
    actions.receive(handover=handover, actor=nurse_chen, now=later(1100))
    closed = page(nurse_chen, handover, at=1200)

    mission.ambulance.call_sign = "A99"
    mission.ambulance.save()

    assert asdict(page(nurse_chen, handover, at=1300)) == asdict(closed)
