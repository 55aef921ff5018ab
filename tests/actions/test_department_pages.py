"""The hospital's pages: who may open them, what they show, and that each look is written down."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.people.models import User
from ehr_prehospital.handover.actions import give, receive
from ehr_prehospital.handover.department.actions import hang_display, take_down
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.actions import judge_alert, return_outcome
from ehr_prehospital.record.actions import Identity, set_patient
from tests.actions.care import later, put_on_board
from tests.town import NOW, Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User, nurse_chen: User) -> Handover:
    set_patient(mission=mission, identity=Identity(name="李明"), actor=medic_wang, now=later(500))
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    give(mission=mission, actor=medic_wang, occurred_at=later(950), now=later(950))
    done = receive(handover=handover, actor=nurse_chen, now=later(1000))
    now = timezone.now()
    Handover.objects.filter(pk=done.pk).update(sent_at=now, handed_over_at=now)
    done.refresh_from_db()
    return done


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_figure_leads_to_its_cases_by_number_and_the_look_is_written_down(
    handover: Handover, nurse_chen: User
) -> None:
    page = as_(nurse_chen).get("/ed/statistics/")
    cases = as_(nurse_chen).get("/ed/statistics/cases/?figure=outcome")
    export = as_(nurse_chen).get("/ed/statistics/export.csv")

    assert b"figure=outcome" in page.content
    assert handover.preadmission_number in cases.content.decode()
    assert handover.preadmission_number in export.content.decode()
    for answer in (page, cases, export):
        assert "李明" not in answer.content.decode()
    looks = Entry.objects.filter(kind="figures.viewed", actor_id=nurse_chen.pk).order_by("pk")
    assert [look.detail["figure"] for look in looks] == ["outcome", "export"]


def test_another_hospital_and_a_crew_see_none_of_it(
    handover: Handover, nurse_elsewhere: User, medic_wang: User, dispatcher_li: User
) -> None:
    elsewhere = as_(nurse_elsewhere).get("/ed/statistics/cases/?figure=alerts")

    assert handover.preadmission_number not in elsewhere.content.decode()
    assert as_(nurse_elsewhere).get(f"/ed/outcomes/{handover.pk}/").status_code == 403
    for person in (medic_wang, dispatcher_li):
        assert as_(person).get("/ed/statistics/").status_code == 403
        assert as_(person).get("/ed/outcomes/").status_code == 403
    assert as_(dispatcher_li).get("/tablet/cases/").status_code == 403


def test_the_form_returns_the_outcome_and_says_what_is_wrong(
    handover: Handover, nurse_chen: User
) -> None:
    client, path = as_(nurse_chen), f"/ed/outcomes/{handover.pk}/save/"
    wrong = client.post(path, {"id": str(uuid4()), "diagnosis": "", "at_balloon": "x"})
    right = client.post(
        path,
        {"id": str(uuid4()), "diagnosis": "STEMI", "at_balloon": "2026-11-22T15:00"},
    )

    assert wrong.status_code == 400
    assert right.status_code == 302
    assert handover.outcomes.get().times["balloon"].startswith("2026-11-22T15:00")


def test_the_crew_reads_the_outcome_without_the_name_and_the_look_is_logged(
    handover: Handover, nurse_chen: User, medic_wang: User, medic_other: User
) -> None:
    return_outcome(
        handover=handover,
        outcome_id=uuid4(),
        diagnosis="Takotsubo",
        diagnosis_code="",
        disposition="admitted",
        hospital_disposition="",
        hospital_diagnosis="",
        times={},
        note="",
        actor=nurse_chen,
        now=timezone.now(),
    )
    judge_alert(
        handover=handover,
        judgement_id=uuid4(),
        verdict="right",
        text="",
        actor=nurse_chen,
        now=timezone.now(),
    )

    own = as_(medic_wang).get("/tablet/cases/").content.decode()
    others = as_(medic_other).get("/tablet/cases/").content.decode()

    assert "Takotsubo" in own
    assert "李明" not in own
    assert "Takotsubo" not in others
    look = Entry.objects.filter(kind="patient.viewed", actor_id=medic_wang.pk).latest("id")
    assert look.detail["purpose"] == "outcome"


def test_a_corridor_reads_no_name_and_nothing_without_its_key(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    set_patient(mission=mission, identity=Identity(name="李明"), actor=medic_wang, now=later(500))
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    display, token = hang_display(name="East", actor=nurse_chen, now=NOW)

    page = Client().get(f"/ed/arrivals/{token}/")
    answer = Client().get(f"/ed/arrivals/{token}/rows/")

    (row,) = answer.json()["rows"]
    assert (row["colour"], row["kind"], row["band"]) == ("red", "heart", "middle")
    assert set(row) == {"colour", "kind", "band", "bay", "state", "due_at", "since"}
    shown = page.content.decode() + answer.content.decode()
    for secret in ("李明", handover.preadmission_number, "A1", str(mission.pk)):
        assert secret not in answer.content.decode()
        assert secret not in shown or secret == "A1"
    assert Client().get("/ed/arrivals/wrong/rows/").status_code == 404
    take_down(display_id=display.pk, actor=nurse_chen, now=later(10))
    assert Client().get(f"/ed/arrivals/{token}/rows/").status_code == 404
