"""The door over HTTP: what a body must have, and that refusals are told in words."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.handover.models import Handover
from tests.actions.care import later, put_on_board
from tests.town import Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_sheet_without_a_condition_is_refused_and_nothing_is_kept(
    handover: Handover, medic_wang: User
) -> None:
    path = f"/api/missions/{handover.mission_id}/handover/sheet/"

    wrong = as_(medic_wang).post(path, {"things": [{"what": "ring", "count": 0}]}, format="json")
    right = as_(medic_wang).post(
        path, {"condition": "stable", "things": [{"what": "ring"}]}, format="json"
    )

    assert wrong.status_code == 400
    assert right.status_code == 200
    assert handover.sheet.things[0]["what"] == "ring"


def test_a_hospital_signs_and_triages_and_another_does_not(
    handover: Handover, nurse_chen: User, nurse_elsewhere: User
) -> None:
    path = f"/api/handovers/{handover.pk}"
    body = {"id": str(uuid4()), "method": "drawn", "image": "M1,1L9,9"}

    refused = as_(nurse_elsewhere).post(f"{path}/sign/", body, format="json")
    level = as_(nurse_chen).post(f"{path}/triage/", {"level": "II"}, format="json")
    unknown = as_(nurse_chen).post(f"{path}/triage/", {"level": "V"}, format="json")
    band = as_(nurse_chen).post(f"{path}/wristband/", {"wristband": "Z-1"}, format="json")
    signed = as_(nurse_chen).post(f"{path}/sign/", body, format="json")

    assert [one.status_code for one in (refused, level, unknown, band, signed)] == [
        403,
        200,
        400,
        200,
        200,
    ]
    assert signed.json()["received_by"] == {"name_en": "Chen", "name_zh": "chen"}


def test_a_transfer_goes_through_the_api_by_both_ends(
    town: Town, nurse_chen: User, nurse_elsewhere: User
) -> None:
    body = {
        "id": str(uuid4()),
        "receiver_id": str(town.hospitals[0].pk),
        "diagnosis": "Stroke",
        "reason": "procedure",
        "urgency": "now",
        "consent": "relative",
        "consent_name": "Wu Fang",
        "consent_at": "2026-11-22T06:00:00+00:00",
    }

    asked = as_(nurse_elsewhere).post("/api/transfers/", body, format="json")
    path = f"/api/transfers/{asked.json()['id']}"
    own = as_(nurse_elsewhere).post(f"{path}/accept/", {}, format="json")
    accepted = as_(nurse_chen).post(f"{path}/accept/", {"receiving_team": "N"}, format="json")
    late = as_(nurse_chen).post(f"{path}/decline/", {"reason": "no_bed"}, format="json")

    assert (asked.status_code, own.status_code, accepted.status_code) == (201, 403, 200)
    assert late.status_code == 409
    assert accepted.json()["incident_number"].startswith("C1-T-")
