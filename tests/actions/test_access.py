"""The one door to a patient: who gets through, and that every look is written down."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess, Purpose, look, open_encounter, patient_for
from ehr_prehospital.access.models import Patient
from ehr_prehospital.access.queries import encounter_of, may_see
from ehr_prehospital.access.rules import Level
from ehr_prehospital.record.actions import open_record
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.town import NOW, Town, on_shift, person


@pytest.fixture
def patient(mission: Mission) -> Patient:
    """Unknown, on the mission of medic Wang."""
    open_record(mission=mission, actor=None, now=NOW)
    encounter = encounter_of(mission)
    assert encounter
    return encounter.patient


def door(user: User, patient: Patient, seconds: float = 0) -> Patient:
    return patient_for(user=user, patient_id=patient.pk, purpose=Purpose.RECORD, now=later(seconds))


def test_the_crew_sees_its_patient_and_the_look_is_logged(
    patient: Patient, mission: Mission, medic_wang: User
) -> None:
    found = door(medic_wang, patient)

    assert found == patient
    entry = newest("patient.viewed")
    assert entry.actor_id == medic_wang.pk
    assert entry.refs == {
        "user": str(medic_wang.pk),
        "mission": str(mission.pk),
        "patient": str(patient.pk),
    }
    assert entry.detail == {"purpose": "record", "level": "clinical", "through": "crew"}


@pytest.mark.parametrize(
    "who", ["dispatcher_li", "nurse_chen", "medic_other", "administrator", "stranger"]
)
def test_nobody_else_sees_the_patient_and_the_attempt_is_logged(
    who: str, patient: Patient, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    with pytest.raises(NoAccess):
        door(user, patient)

    entry = newest("patient.refused")
    assert entry.actor_id == user.pk
    assert entry.refs["patient"] == str(patient.pk)
    assert entry.refs["user"] == str(user.pk)


@pytest.mark.django_db(transaction=True)
def test_a_refused_look_stays_written_when_the_request_fails(
    patient: Patient, nurse_chen: User
) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        door(nurse_chen, patient)
    assert "patient.refused" not in kinds()

    with pytest.raises(NoAccess):
        door(nurse_chen, patient)
    assert kinds()[-1] == "patient.refused"


def test_a_patient_that_does_not_exist_is_refused_in_the_same_words(
    patient: Patient, medic_other: User
) -> None:
    with pytest.raises(NoAccess) as hidden:
        door(medic_other, patient)
    with pytest.raises(NoAccess) as unknown:
        patient_for(user=medic_other, patient_id=uuid4(), purpose=Purpose.RECORD, now=NOW)

    assert str(hidden.value.detail) == str(unknown.value.detail)


def test_the_hospital_sees_from_the_alert_until_a_day_after_the_handover(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User, nurse_elsewhere: User
) -> None:
    say(mission, "at_patient", later(300), medic_wang)
    encounter = encounter_of(mission)
    assert encounter
    with pytest.raises(NoAccess):
        door(nurse_chen, encounter.patient, 301)

    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))

    assert door(nurse_chen, encounter.patient, 601) == encounter.patient
    with pytest.raises(NoAccess):
        door(nurse_elsewhere, encounter.patient, 602)


def test_the_crew_keeps_sight_for_twelve_hours_after_its_mission(
    patient: Patient, mission: Mission, medic_wang: User
) -> None:
    say(mission, "no_patient", later(60), medic_wang)
    end = mission.ended_at
    assert end

    def level(after: timedelta) -> Level:
        return may_see(user=medic_wang, mission=mission, now=end + after).level

    assert level(timedelta(hours=11, minutes=59)) is Level.CLINICAL
    assert level(timedelta(hours=12)) is Level.NONE


def test_the_next_crew_of_the_ambulance_does_not_inherit_the_patient(
    patient: Patient, mission: Mission, a1: Ambulance, town: Town, medic_wang: User
) -> None:
    say(mission, "no_patient", later(60), medic_wang)
    relief = on_shift(person("relief", "paramedic", town.stations[0]), a1, "attendant")
    shift = relief.shift_set.get()
    shift.starts_at = later(120)
    shift.save()

    with pytest.raises(NoAccess):
        door(relief, patient, 180)


def test_a_dispatcher_sees_numbers_of_open_incidents_but_no_patient(
    patient: Patient, mission: Mission, dispatcher_li: User
) -> None:
    judged = look(
        user=dispatcher_li,
        mission=mission,
        needed=Level.OPERATIONAL,
        purpose=Purpose.VITALS,
        now=NOW,
    )

    assert judged.level is Level.OPERATIONAL
    assert newest("patient.viewed").detail["purpose"] == "vitals"
    mission.incident.closed_at = later(60)
    assert may_see(user=dispatcher_li, mission=mission, now=later(61)).level is Level.NONE


def test_an_unknown_patient_gets_the_next_number_of_the_day(
    mission: Mission, patient: Patient, chest_pain: object
) -> None:
    again = open_encounter(mission=mission, now=later(5))

    assert again.patient == patient
    assert patient.temporary_number == "U-20261122-0001"
    assert Patient.objects.count() == 1
