"""The FHIR face: what it says of itself, reading, searching, who may, and how it refuses."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.access.models import Patient
from ehr_prehospital.exchange.fhir.server.models import FhirToken
from ehr_prehospital.exchange.fhir.validation import validate_resource
from ehr_prehospital.record.models import Record
from ehr_prehospital.vitals.actions import take_telemetry
from tests.actions.care import later, newest, put_on_board, say
from tests.actions.test_ecg import RAW, brought, signed_in
from tests.actions.test_record_now import body, post
from tests.actions.test_vitals import frame
from tests.ecg_files import heart
from tests.rules.nemsis_files import STANDARDS
from tests.town import Town

pytestmark = pytest.mark.slow
SETS = ("0f9a1f34-6a52-4c53-9a94-0d3f4f0a1b01", "0f9a1f34-6a52-4c53-9a94-0d3f4f0a1b02")

TAKEN_AT = datetime.fromisoformat("2026-11-22T06:05:00+00:00")


@pytest.fixture(autouse=True)
def standards(settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS if STANDARDS.is_dir() else None


@pytest.fixture
def boarded(mission: Mission, town: Town, medic_wang: User, a1: Ambulance) -> Mission:
    """A patient with two sets of vital signs, on the way to the first hospital."""
    say(mission, "at_patient", later(300), medic_wang)
    post(
        mission,
        medic_wang,
        [
            body("identity.name", "Wang Xiuying"),
            body("situation.primary_impression", "stemi"),
            body("vital.heart_rate", 88, unit="/min", group=SETS[0]),
            body("vital.taken_at", "2026-11-22T14:05:00+08:00", group=SETS[0]),
            body("vital.heart_rate", 92, unit="/min", group=SETS[1]),
            body("vital.taken_at", "2026-11-22T14:15:00+08:00", group=SETS[1]),
        ],
    )
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    return mission


def fhir(client: Client, path: str, status: int = 200, **more: Any) -> Any:
    answer = client.get(f"/fhir/{path}", **more)
    found = json.loads(answer.content)
    assert answer.status_code == status, found
    assert answer["Content-Type"].startswith("application/fhir+json")
    if STANDARDS.is_dir():
        assert [one for one in validate_resource(found) if one.level == "error"] == []
    return found


@pytest.fixture
def nurse(client: Client, boarded: Mission, nurse_chen: User) -> Client:
    client.force_login(nurse_chen)
    return client


def patient_of(client: Client, mission: Mission) -> dict[str, Any]:
    found = fhir(client, f"Patient?identifier={number_of(mission)}")
    assert found["total"] == 1
    patient: dict[str, Any] = found["entry"][0]["resource"]
    return patient


def number_of(mission: Mission) -> str:
    return Patient.objects.get(encounters__mission=mission).temporary_number


def test_it_says_what_it_can_to_anybody(client: Client) -> None:
    said = fhir(client, "metadata")
    assert said["fhirVersion"] == "4.0.1"
    types = [one["type"] for one in said["rest"][0]["resource"]]
    assert types == [
        "Patient", "Encounter", "Observation", "DocumentReference", "Composition", "AuditEvent",
        "Subscription",
    ]  # fmt: skip


def test_a_patient_is_found_and_read_and_every_look_is_logged(
    nurse: Client, boarded: Mission, nurse_chen: User
) -> None:
    patient = patient_of(nurse, boarded)
    assert patient["name"] == [{"text": "Wang Xiuying"}]
    assert fhir(nurse, f"Patient/{patient['id']}") == patient
    by_mission = fhir(nurse, f"Encounter?identifier={boarded.number}")
    assert by_mission["entry"][0]["resource"]["subject"]["reference"] == f"Patient/{patient['id']}"
    seen = newest("patient.viewed")
    assert (seen.actor_id, seen.detail["purpose"]) == (nurse_chen.pk, "record")


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("code=8867-4", 2),
        ("code=http://loinc.org|8867-4", 2),
        ("code=http://snomed.info/sct|8867-4", 0),
        ("code=8867-4,2708-6&date=ge2026-11-22T06:10:00Z", 1),
        ("code=8867-4&date=2026-11-22", 2),
        ("code=8867-4&date=lt2026-11-22", 0),
        ("code=8867-4&category=vital-signs&status=final", 2),
        ("code=8867-4&_lastUpdated=lt2020", 0),
    ],
)
def test_observations_are_searched(query: str, total: int, nurse: Client, boarded: Mission) -> None:
    patient = patient_of(nurse, boarded)
    assert fhir(nurse, f"Observation?patient={patient['id']}&{query}")["total"] == total
    assert fhir(nurse, f"Observation?subject=Patient/{patient['id']}&{query}")["total"] == total


def test_pages_are_turned_by_their_links(nurse: Client, boarded: Mission) -> None:
    patient = patient_of(nurse, boarded)
    path = f"Observation?patient={patient['id']}&_count=7"
    ids: list[str] = []
    total = 0
    while path:
        page = fhir(nurse, path)
        total = page["total"]
        ids += [one["resource"]["id"] for one in page["entry"]]
        links = {one["relation"]: one["url"] for one in page["link"]}
        path = links.get("next", "").partition("/fhir/")[2]
    assert len(ids) == len(set(ids)) == total > 14


def test_encounter_composition_document_and_its_reference_hang_together(
    nurse: Client, boarded: Mission
) -> None:
    patient = patient_of(nurse, boarded)
    (encounter,) = fhir(nurse, f"Encounter?patient={patient['id']}")["entry"]
    assert encounter["resource"]["subject"]["reference"] == f"Patient/{patient['id']}"
    within = f"encounter={encounter['resource']['id']}"
    (composition,) = fhir(nurse, f"Composition?{within}&type=67796-3")["entry"]
    references = fhir(nurse, f"DocumentReference?{within}")["entry"]
    (document,) = [one for one in references if "docStatus" in one["resource"]]
    url = document["resource"]["content"][0]["attachment"]["url"]
    assert url == f"Composition/{composition['resource']['id']}/$document"
    bundle = fhir(nurse, url)
    assert (bundle["type"], bundle["entry"][0]["resource"]["resourceType"]) == (
        "document",
        "Composition",
    )


def test_who_looked_is_an_audit_event(
    nurse: Client, boarded: Mission, nurse_chen: User, stranger: User
) -> None:
    patient = patient_of(nurse, boarded)
    nurse.force_login(stranger)
    fhir(nurse, f"Patient/{patient['id']}", 403)
    nurse.force_login(nurse_chen)
    events = fhir(nurse, f"AuditEvent?patient={patient['id']}")["entry"]
    said = [
        (one["resource"]["agent"][0]["who"]["identifier"]["value"], one["resource"]["outcome"])
        for one in events
    ]
    assert said[0] == (nurse_chen.username, "0")
    assert (stranger.username, "4") in said


@pytest.mark.parametrize("who", ["nurse_elsewhere", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_else_sees_anything(
    who: str, client: Client, boarded: Mission, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    record = Record.objects.get(mission=boarded)
    refused = fhir(client, f"Patient?identifier={number_of(boarded)}", 403)
    assert refused["issue"][0]["code"] == "forbidden"
    fhir(client, f"Observation/{record.pk.hex}-{'0' * 16}", 403)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Patient", 400, "invalid"),
        ("Observation?patient=x&colour=red", 400, "invalid"),
        ("Observation?patient=x&_count=many", 400, "invalid"),
        ("Basic", 404, "not-found"),
        ("Patient/nobody", 404, "not-found"),
        (f"Patient/{'0' * 32}-{'0' * 16}", 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_is_said_as_an_outcome(
    path: str, status: int, code: str, nurse: Client
) -> None:
    assert fhir(nurse, path, status)["issue"][0]["code"] == code


def test_a_bad_date_is_refused_and_nothing_is_written(nurse: Client, boarded: Mission) -> None:
    patient = patient_of(nurse, boarded)
    fhir(nurse, f"Observation?patient={patient['id']}&date=soon", 400)
    answer = nurse.post("/fhir/Patient", {}, content_type="application/json")
    assert answer.status_code in (403, 405)


def test_a_system_reads_with_its_token_until_it_is_revoked(
    client: Client, boarded: Mission, nurse_chen: User
) -> None:
    out = StringIO()
    call_command("fhir_token", nurse_chen.username, "East HIS", stdout=out)
    bearer: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {out.getvalue().strip()}"}
    path = f"Patient?identifier={number_of(boarded)}"

    assert fhir(client, path, **bearer)["total"] == 1
    assert newest("patient.viewed").actor_id == nurse_chen.pk
    assert out.getvalue().strip() not in str(list(FhirToken.objects.values()))
    fhir(client, path, 401, HTTP_AUTHORIZATION="Bearer wrong")
    assert client.get(f"/fhir/{path}").status_code in (401, 403)

    call_command("fhir_token", nurse_chen.username, "East HIS", "--revoke", stdout=StringIO())
    fhir(client, path, 401, **bearer)
    assert newest("fhir.token_revoked").detail["name"] == "East HIS"
    with pytest.raises(CommandError, match="nobody"):
        call_command("fhir_token", "nobody", "x")


def test_waves_are_sampled_data_with_the_codes_of_their_leads(
    nurse: Client, boarded: Mission, a1: Ambulance, medic_wang: User
) -> None:
    began = TAKEN_AT - timedelta(seconds=10)
    seconds = [at for at in range(10) if at != 4]
    frames = [frame(a1, at + 1, at=began + timedelta(seconds=at)) for at in seconds]
    take_telemetry(frames, TAKEN_AT)
    status, _said = brought(signed_in(medic_wang), boarded, RAW)
    assert status == 201

    patient = patient_of(nurse, boarded)
    found = fhir(nurse, f"Observation?patient={patient['id']}&code=131328")
    twelve, strip = (one["resource"] for one in found["entry"])

    leads = [one["code"]["text"] for one in twelve["component"]]
    assert leads == ["I", "II", "III", "aVR", "aVL", "aVF", *(f"V{n}" for n in range(1, 7))]
    second = twelve["component"][1]
    assert second["code"]["coding"][0] == {
        "system": "urn:iso:std:iso:11073:10101",
        "code": "131330",
    }
    data = second["valueSampledData"]
    assert (data["period"], data["factor"], data["origin"]["code"]) == (2, 1, "uV")
    assert max(int(step) for step in data["data"].split()) == heart()["II"].max()

    (lead,) = strip["component"]
    data = lead["valueSampledData"]
    steps = data["data"].split(" ")
    assert (lead["code"]["text"], data["period"], data["factor"]) == ("II", 4, 2.5)
    assert len(steps) == 2500
    assert steps[:2] == ["1", "-1"]
    assert [at for at, step in enumerate(steps) if step == "E"] == list(range(1000, 1250))
    assert datetime.fromisoformat(strip["effectiveDateTime"]) == began
    by_lead = fhir(nurse, f"Observation?patient={patient['id']}&code=34534-8")
    assert by_lead["total"] == 1
