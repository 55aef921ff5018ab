"""A hospital that speaks FHIR instead of HL7 v2: the whole visit each time, checked, once."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from config.adapters import ADAPTERS
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.fhir.admission import KIND
from ehr_prehospital.exchange.fhir.validation import validate_resource
from ehr_prehospital.handover import actions as handover
from ehr_prehospital.handover.orders.actions import OrderDraft, prepare
from ehr_prehospital.record.actions.merging import merge_patient
from tests.actions.care import later, put_on_board, say
from tests.rules.nemsis_files import STANDARDS
from tests.running import answers, free_port, process
from tests.town import NOW, Town
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (STANDARDS / "fhir-r4").is_dir(), reason="the definitions are not here"),
]


# Any: the server's own JSON.
def asked(port: int) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def test_a_visit_is_planned_merged_arrives_and_is_ordered_for_by_valid_transactions(
    town: Town, mission: Mission, medic_wang: User, nurse_chen: User, settings: LazySettings
) -> None:
    settings.STANDARDS_DIR = STANDARDS
    port = free_port()
    with process("-m", "tests.fhir_hospital", str(port)):
        wait_until(lambda: answers(port), what="the hospital's server answers")
        partner = Partner.objects.create(
            centre=town.centre,
            hospital=town.hospitals[0],
            name="FHIR",
            kind=KIND,
            address=f"http://127.0.0.1:{port}/broken",
        )
        row = put_on_board(mission, town.hospitals[0], medic_wang, at=NOW)
        send_next(ADAPTERS, clock=lambda: NOW)
        broken = Delivery.objects.get()
        assert (broken.state, broken.attempts.get().code) == ("waiting", "http_503")
        assert broken.attempts.get().remarks[0]["text"] == "transient"
        partner.address = f"http://127.0.0.1:{port}/"
        partner.save()

        handover.confirm(handover=row, actor=nurse_chen, now=later(20))
        known = Patient.objects.create(
            centre=town.centre,
            temporary_number="U-20261101-0003",
            name="李明",
            sex="male",
            id_type="resident_card",
            id_number="310101198001010011",
            created_at=NOW,
        )
        merge_patient(mission=mission, known_id=known.pk, actor=medic_wang, now=later(60))
        draft = OrderDraft(uuid4(), "blood", "Red cells", stat=True)
        prepare(handover=row, draft=draft, actor=nurse_chen, now=later(70))
        say(mission, "at_destination", later(600))
        while send_next(ADAPTERS, clock=lambda: later(700)):
            pass
        found = asked(port)

    events = [one.sameness_key.split(":")[2] for one in Delivery.objects.order_by("number")]
    assert events == ["A04", "A40", "O19", "A10"]
    for bundle in found["received"]:
        assert [one for one in validate_resource(bundle) if one.level == "error"] == []
    kept = found["kept"]
    encounters = [one for one in kept.values() if one["resourceType"] == "Encounter"]
    (encounter,) = encounters
    assert encounter["status"] == "arrived"
    assert (
        encounter["hospitalization"]["preAdmissionIdentifier"]["value"] == row.preadmission_number
    )
    patients = {one["identifier"][0]["value"]: one for one in by_type(kept, "Patient")}
    assert patients[known.temporary_number]["name"] == [{"use": "official", "text": "李明"}]
    own = patients[row.encounter.patient.temporary_number]
    assert (own["active"], own["link"][0]["type"]) == (False, "replaced-by")
    assert {one["status"] for one in by_type(kept, "ServiceRequest")} == {"active"}
    row.refresh_from_db()
    assert row.visit_number == "F00001"


def by_type(kept: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in kept.values() if one["resourceType"] == kind]
