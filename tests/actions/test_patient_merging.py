"""An unknown patient turns out to be a known one; a health-record system is asked about them."""

import time
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from config.env import HealthRecordSetting
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.access.models import Patient
from ehr_prehospital.record.actions import Identity, set_patient
from ehr_prehospital.record.actions.merging import (
    AlreadyMerged,
    NotMerged,
    merge_patient,
    part_patient,
    search_patients,
)
from ehr_prehospital.record.known import Sought
from ehr_prehospital.record.models import PatientMerge, RecordEntry
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.fake_health_record import TOKEN
from tests.running import answers, free_port, process
from tests.town import NOW, Town
from tests.waiting import wait_until

CARD = "110101195803020020"


@pytest.fixture
def known_wang(town: Town) -> Patient:
    """Somebody whom the centre brought to a hospital last year."""
    return patient(town.centre, name="王秀英", id_number=CARD, phone="13800000000")


def patient(centre: Organisation, **parts: str) -> Patient:
    return Patient.objects.create(
        centre=centre,
        temporary_number=f"U-{uuid4().hex[:8]}",
        sex="female",
        birth_date=date(1958, 3, 2),
        id_type="resident_card" if "id_number" in parts else "",
        created_at=NOW,
        **parts,
    )


def the_patient(mission: Mission) -> Patient:
    return Patient.objects.get(encounters__mission=mission)


def search(mission: Mission, actor: User, **sought: str) -> list[Patient]:
    return search_patients(mission=mission, sought=Sought(**sought), actor=actor, now=later(90))


def merge(mission: Mission, actor: User, known: Patient, at: float = 100) -> PatientMerge:
    return merge_patient(mission=mission, known_id=known.pk, actor=actor, now=later(at))


@pytest.mark.parametrize(
    "sought",
    [{"name": "王秀英"}, {"id_number": CARD}, {"phone": "13800000000"}],
)
def test_a_known_patient_is_found_by_what_identifies(
    sought: dict[str, str], mission: Mission, known_wang: Patient, medic_wang: User
) -> None:
    assert search(mission, medic_wang, **sought) == [known_wang]

    told = newest("patient.searched")
    assert told.detail == {"by": next(iter(sought)), "found": 1}
    assert "王秀英" not in "".join(f"{row.refs}{row.detail}" for row in Entry.objects.all())


@pytest.mark.parametrize("sought", [{}, {"name": "王"}, {"id_number": "1101"}, {"phone": "138"}])
def test_a_piece_of_a_name_or_number_finds_nobody(
    sought: dict[str, str], mission: Mission, known_wang: Patient, medic_wang: User
) -> None:
    with pytest.raises(BadInput):
        search(mission, medic_wang, **sought)


def test_another_centres_patients_and_the_patient_itself_are_not_found(
    mission: Mission, known_wang: Patient, medic_wang: User
) -> None:
    elsewhere = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C2", name_en="Elsewhere", name_zh="他处"
    )
    stranger = patient(elsewhere, name="王秀英")
    set_patient(mission=mission, identity=Identity(name="王秀英"), actor=medic_wang, now=later(80))

    assert search(mission, medic_wang, name="王秀英") == [known_wang]
    with pytest.raises(BadInput):
        merge(mission, medic_wang, stranger)


def test_only_the_crew_searches_and_merges(
    mission: Mission, known_wang: Patient, nurse_chen: User, dispatcher_li: User, medic_other: User
) -> None:
    for user in (nurse_chen, dispatcher_li, medic_other):
        with pytest.raises(NoAccess):
            search(mission, user, name="王秀英")
        with pytest.raises(NoAccess):
            merge(mission, user, known_wang)
    assert PatientMerge.objects.count() == 0


def test_a_merge_keeps_both_identities_both_numbers_and_the_visit(
    mission: Mission, town: Town, known_wang: Patient, medic_wang: User
) -> None:
    say(mission, "at_patient", later(60), medic_wang)
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(70))
    number = the_patient(mission).temporary_number
    set_patient(
        mission=mission,
        identity=Identity(sex="female", age_years=60),
        actor=medic_wang,
        now=later(80),
    )

    merged = merge(mission, medic_wang, known_wang)

    mine = the_patient(mission)
    assert (mine.temporary_number, mine.name, mine.id_number) == (number, "王秀英", CARD)
    assert mine.age_years == 60
    assert mine.pk != known_wang.pk
    known_wang.refresh_from_db()
    assert (known_wang.name, known_wang.age_years) == ("王秀英", None)
    handover.refresh_from_db()
    assert handover.encounter.patient == mine
    assert handover.preadmission_number.startswith("H1-")
    rows = RecordEntry.objects.filter(pk__in=merged.filled)
    assert {row.element for row in rows} == {
        "identity.name",
        "identity.birth_date",
        "identity.id_type",
        "identity.id_number",
        "identity.phone",
    }
    assert {row.source for row in rows} == {"document"}
    assert newest("patient.merged").refs["known_patient"] == str(known_wang.pk)


def test_a_merge_can_be_taken_back_and_done_again(
    mission: Mission, known_wang: Patient, medic_wang: User
) -> None:
    merge(mission, medic_wang, known_wang)
    with pytest.raises(AlreadyMerged):
        merge(mission, medic_wang, known_wang, at=110)
    set_patient(
        mission=mission,
        identity=Identity(name="王秀梅", sex="female"),
        actor=medic_wang,
        now=later(120),
    )

    part_patient(mission=mission, actor=medic_wang, now=later(130))

    mine = the_patient(mission)
    # What the crew has said since stays; what the known patient said is gone.
    assert (mine.name, mine.id_number, mine.phone) == ("王秀梅", "", "")
    assert (mine.birth_date, mine.sex) == (None, "unknown")
    with pytest.raises(NotMerged):
        part_patient(mission=mission, actor=medic_wang, now=later(140))
    merge(mission, medic_wang, known_wang, at=150)
    assert the_patient(mission).id_number == CARD
    assert kinds().count("patient.merged") == 2
    assert kinds().count("patient.parted") == 1


def test_the_same_over_http(mission: Mission, known_wang: Patient, medic_wang: User) -> None:
    client, base = APIClient(), f"/api/missions/{mission.pk}"
    client.force_authenticate(medic_wang)

    (found,) = client.post(f"{base}/patient/matches/", {"name": "王秀英"}, format="json").json()
    merged = client.post(f"{base}/patient/merge/", {"patient_id": found["id"]}, format="json")
    record = client.get(f"{base}/record/").json()
    parted = client.post(f"{base}/patient/part/")

    assert merged.status_code == 201
    assert record["merge"]["known_number"] == known_wang.temporary_number
    assert parted.json()["parted_at"]
    assert client.get(f"{base}/record/").json()["merge"] is None
    nobody = client.post(f"{base}/patient/merge/", {"patient_id": str(uuid4())}, format="json")
    assert (nobody.status_code, nobody.json()["code"]) == (400, "unknown_patient")


# --- a health-record system -----------------------------------------------------


@pytest.fixture(scope="module")
def outside() -> Iterator[str]:
    """A FHIR R4 server in a process of its own."""
    port = free_port()
    with process("-m", "tests.fake_health_record", str(port)):
        wait_until(lambda: answers(port), what="the health record answers")
        yield f"http://127.0.0.1:{port}/fhir"


@pytest.fixture
def connected(outside: str, settings: Settings) -> None:
    settings.HEALTH_RECORD = HealthRecordSetting(outside, TOKEN, timeout_s=0.5)


def history(mission: Mission, user: User) -> dict[str, object]:
    client = APIClient()
    client.force_authenticate(user)
    answer = client.get(f"/api/missions/{mission.pk}/history/")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def identify(mission: Mission, actor: User, identity: Identity) -> None:
    set_patient(mission=mission, identity=identity, actor=actor, now=later(80))


@pytest.mark.usefixtures("connected")
def test_what_is_known_elsewhere_is_proposed_and_nothing_is_stored(
    mission: Mission, medic_wang: User
) -> None:
    identify(mission, medic_wang, Identity(id_type="resident_card", id_number=CARD))
    before = RecordEntry.objects.count()

    answer = history(mission, medic_wang)

    assert (answer["state"], answer["reference"]) == ("found", "Patient/wang")
    proposals = answer["proposals"]
    assert isinstance(proposals, list)
    assert [(row["element"], row["value"], row["reference"]) for row in proposals] == [
        ("history.allergy", "青霉素", "AllergyIntolerance/a1"),
        ("history.medication", "Warfarin", "MedicationStatement/m1"),
        ("history.condition", "Atrial fibrillation", "Condition/c1"),
    ]
    assert RecordEntry.objects.count() == before
    assert newest("patient.history_asked").detail == {"state": "found", "found": 3}


@pytest.mark.usefixtures("connected")
def test_name_and_date_of_birth_find_too(mission: Mission, medic_wang: User) -> None:
    identify(mission, medic_wang, Identity(name="王秀英", birth_date=date(1958, 3, 2)))

    assert history(mission, medic_wang)["state"] == "found"


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("slow", "error"),
        ("down", "error"),
        ("broken", "error"),
        ("two", "several"),
        ("999999", "no_match"),
    ],
)
def test_how_it_went_is_said_in_time(
    number: str, state: str, mission: Mission, medic_wang: User
) -> None:
    identify(mission, medic_wang, Identity(id_type="other", id_number=number))
    began = time.monotonic()

    answer = history(mission, medic_wang)

    assert time.monotonic() - began < 4
    assert (answer["state"], answer["proposals"]) == (state, [])
    assert answer["text"]


@pytest.mark.usefixtures("connected")
def test_a_nobody_is_not_asked_for(mission: Mission, medic_wang: User) -> None:
    assert history(mission, medic_wang)["state"] == "not_identified"


def test_a_stolen_token_and_an_empty_line_are_errors_said_as_such(
    mission: Mission, medic_wang: User, outside: str, settings: Settings
) -> None:
    identify(mission, medic_wang, Identity(id_type="other", id_number=CARD))

    for url, token in ((outside, "stolen"), ("http://127.0.0.1:9/fhir", TOKEN)):
        settings.HEALTH_RECORD = HealthRecordSetting(url, token, timeout_s=0.5)
        assert history(mission, medic_wang)["state"] == "error"


def test_without_a_system_it_is_said_that_there_is_none(
    mission: Mission, medic_wang: User, settings: Settings
) -> None:
    settings.HEALTH_RECORD = None

    answer = history(mission, medic_wang)

    assert (answer["state"], answer["text"]) == ("off", "No health-record system is connected.")


@pytest.mark.usefixtures("connected")
def test_only_the_crew_asks(mission: Mission, nurse_chen: User) -> None:
    client = APIClient()
    client.force_authenticate(nurse_chen)

    assert client.get(f"/api/missions/{mission.pk}/history/").status_code == 403
    assert "patient.history_asked" not in kinds()
