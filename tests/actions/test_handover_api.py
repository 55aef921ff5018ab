"""The crew's and the hospital's operations over HTTP: shapes, codes, words in both languages."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from dispatch.fleet.models import Mission
from dispatch.people.models import Organisation, User
from ehr_prehospital.record.models import RecordVersion
from tests.actions.care import newest
from tests.town import NOW, Town


def as_(user: User, language: str = "en") -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE=language)
    client.force_authenticate(user)
    return client


def board(client: APIClient, mission: Mission, hospital: Organisation) -> Any:
    return client.post(
        f"/api/missions/{mission.pk}/board/",
        {
            "id": str(uuid4()),
            "occurred_at": NOW.isoformat(),
            "hospital_id": str(hospital.pk),
        },
        format="json",
    )


def test_one_patient_from_the_tablet_to_the_closed_record(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    tablet, hospital = as_(medic_wang), as_(nurse_chen)

    patient = tablet.put(
        f"/api/missions/{mission.pk}/patient/",
        {"unknown": True, "sex": "male", "age_years": 60},
        format="json",
    )
    assert patient.status_code == 200
    assert patient.json()["temporary_number"].startswith("U-")
    entry = tablet.post(
        f"/api/missions/{mission.pk}/entries/",
        {
            "id": str(uuid4()),
            "element": "drug.aspirin",
            "value": 300,
            "unit": "mg",
            "route": "oral",
            "occurred_at": NOW.isoformat(),
        },
        format="json",
    )
    assert (entry.status_code, entry.json()["value"]) == (201, "300")
    sent = board(tablet, mission, town.hospitals[0])
    assert (sent.status_code, sent.json()["state"]) == (201, "sent")
    number = sent.json()["preadmission_number"]
    assert number.startswith("H1-")

    handover = sent.json()["id"]
    for step, body in (
        ("delivered", {}),
        ("seen", {}),
        ("confirm", {}),
        ("ready", {"bay": "2", "team": "cath lab"}),
        ("receive", {}),
    ):
        answer = hospital.post(f"/api/handovers/{handover}/{step}/", body, format="json")
        assert answer.status_code == 200, answer.json()
    done = tablet.post(f"/api/missions/{mission.pk}/handover/give/", {}, format="json").json()

    assert (done["state"], done["bay"], done["preadmission_number"]) == ("handed_over", "2", number)
    assert (done["given_by"]["name_en"], done["received_by"]["name_en"]) == ("Wang", "Chen")
    assert set(done["times"]) == {
        "sent",
        "delivered",
        "seen",
        "confirmed",
        "ready",
        "offloading",
        "handed_over",
    }
    assert RecordVersion.objects.get().version == 1


def test_who_may_not_is_told_so_and_logged(mission: Mission, town: Town, medic_other: User) -> None:
    answer = board(as_(medic_other), mission, town.hospitals[0])

    assert answer.status_code == 403
    assert answer.json()["code"] == "no_access"
    assert newest("patient.refused").actor_id == medic_other.pk


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"element": "drug.aspirin", "value": True, "unit": "mg"}, "bad_input"),
        ({"element": "drug.aspirin", "value": {"dose": 1}, "unit": "mg"}, "bad_input"),
        ({"element": "note", "value": "x", "replaces": "nothing"}, "bad_input"),
        ({"element": "note", "value": "a\x00b"}, "bad_input"),
        ({}, "bad_input"),
    ],
)
def test_nonsense_is_a_400_with_a_code_and_a_sentence(
    body: dict[str, object], code: str, mission: Mission, medic_wang: User
) -> None:
    answer = as_(medic_wang).post(
        f"/api/missions/{mission.pk}/entries/",
        {"id": str(uuid4()), "occurred_at": NOW.isoformat(), **body},
        format="json",
    )

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["detail"]


def test_a_rule_that_refuses_is_a_409(mission: Mission, town: Town, medic_wang: User) -> None:
    tablet = as_(medic_wang)
    assert board(tablet, mission, town.hospitals[0]).status_code == 201

    answer = board(tablet, mission, town.hospitals[1])

    assert (answer.status_code, answer.json()["code"]) == (409, "already_on_board")


def test_a_redirect_moves_the_card(
    mission: Mission, town: Town, medic_wang: User, dispatcher_li: User, nurse_elsewhere: User
) -> None:
    board(as_(medic_wang), mission, town.hospitals[0])

    moved = as_(dispatcher_li).post(
        f"/api/missions/{mission.pk}/redirect/",
        {"hospital_id": str(town.hospitals[1].pk), "reason": "on_divert"},
        format="json",
    )

    assert (moved.status_code, moved.json()["hospital_id"]) == (200, str(town.hospitals[1].pk))
    confirmed = as_(nurse_elsewhere).post(f"/api/handovers/{moved.json()['id']}/confirm/")
    assert confirmed.json()["confirmed_by"]["name_en"] == "Elsewhere"


def test_what_is_not_there_is_a_404(medic_wang: User, nurse_chen: User) -> None:
    assert as_(nurse_chen).post(f"/api/handovers/{uuid4()}/confirm/").status_code == 404
    assert as_(medic_wang).post(f"/api/missions/{uuid4()}/handover/give/").status_code == 404


def test_nobody_gets_in_without_signing_in(mission: Mission) -> None:
    assert APIClient().put(f"/api/missions/{mission.pk}/patient/").status_code in {401, 403}


def test_every_clinical_operation_is_published_with_its_refusals(administrator: User) -> None:
    schema = as_(administrator).get("/api/schema/?format=json").json()

    ours = {
        path: operation
        for path, operations in schema["paths"].items()
        for operation in operations.values()
        if "/handovers/" in path or path.endswith(("/board/", "/entries/", "/patient/", "/give/"))
    }
    assert len(ours) >= 10
    for path, operation in ours.items():
        assert {"400", "403", "409"} <= set(operation["responses"]), path


def test_the_tablet_learns_units_routes_and_choices(medic_wang: User) -> None:
    options = as_(medic_wang).get("/api/entry-options/").json()

    assert options["drug"]["aspirin"] == {"units": ["mg"], "routes": ["oral"], "choices": []}
    assert "verbal" in options["observation"]["avpu"]["choices"]
