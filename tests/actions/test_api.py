"""The HTTP operations: shapes, refusals in the user's language, doors that stay shut."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from dispatch.calls.models import Incident
from dispatch.fleet.models import Ambulance, Fix, Mission
from dispatch.people.models import User
from tests.town import at


@pytest.fixture
def li(dispatcher_li: User) -> Client:
    client = Client()
    client.force_login(dispatcher_li)
    return client


def fresh_fixes() -> None:
    from django.utils import timezone

    Fix.objects.update(fix_at=timezone.now())


def post(client: Client, path: str, **body: Any) -> Any:  # Any: JSON
    return client.post(f"/api/{path}", body, content_type="application/json")


def intake(**more: Any) -> dict[str, Any]:
    lat, lon = at(4, 4)
    return {
        "id": str(uuid4()),
        "place": {"label": "Street 4", "lat": lat, "lon": lon, "source": "map"},
        "complaint": "chest_pain",
        "answers": {"sweating": "yes"},
        **more,
    }


def test_an_incident_comes_back_with_its_recommendation(
    li: Client, medic_other: User, a1: Ambulance
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from dispatch.fleet.models import Shift

    Shift.objects.update(
        starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1)
    )
    fresh_fixes()
    call_id = str(uuid4())

    assert post(li, "calls/", id=call_id, number_from="120").status_code == 201
    response = post(li, "incidents/", **intake(call_id=call_id))

    assert response.status_code == 201
    answer = response.json()
    assert answer["priority"] == 1
    ranked = answer["recommendation"]["ranked"]
    assert [unit["call_sign"] for unit in ranked] == ["A2"]
    assert "by road" in ranked[0]["reasons"][0]["text"]
    assert len(ranked[0]["route"]) > 2
    excluded = answer["recommendation"]["excluded"]
    assert [unit["reasons"][0]["code"] for unit in excluded] == ["off_shift"]

    assigned = post(
        li,
        f"incidents/{answer['id']}/missions/",
        id=str(uuid4()),
        ambulance_id=ranked[0]["unit_id"],
        recommendation_id=answer["recommendation"]["id"],
    )
    assert assigned.status_code == 201
    again = post(
        li,
        f"incidents/{answer['id']}/missions/",
        id=str(uuid4()),
        ambulance_id=ranked[0]["unit_id"],
        recommendation_id=answer["recommendation"]["id"],
    )
    assert again.status_code == 409
    assert again.json() == {
        "code": "unit_has_open_mission",
        "detail": "A2 already has an open mission.",
    }
    assert Mission.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"complaint": "boredom"},
        {"place": {"label": "x", "lat": 95, "lon": 0}},
        {"place": {"label": ""}},
        {"patient_age_years": 200},
        {"id": "no-uuid"},
    ],
)
def test_bad_input_is_a_400_that_says_where(li: Client, more: dict[str, Any]) -> None:
    response = post(li, "incidents/", **intake(**more))

    assert response.status_code == 400
    assert response.json()["code"] == "bad_input"
    assert response.json()["detail"]
    assert not Incident.objects.exists()


def test_refusals_come_in_the_language_of_the_user(li: Client, dispatcher_li: User) -> None:
    li.cookies["django_language"] = "zh-hans"

    response = post(li, "incidents/", **intake(complaint="boredom"))

    assert any("\u4e00" <= sign <= "\u9fff" for sign in response.json()["detail"])


def test_a_stranger_reaches_nothing(stranger: User, mission: Mission) -> None:
    client = Client()

    assert client.get("/api/me/").status_code == 403
    assert client.get("/console/").status_code == 302
    client.force_login(stranger)
    assert client.get("/console/").status_code == 403
    assert client.get(f"/api/missions/{mission.pk}/route/").status_code == 404
    assert post(client, "calls/", id=str(uuid4())).status_code == 403
    fact = {"id": str(uuid4()), "fact": "en_route", "occurred_at": "2026-11-22T06:00:00+00:00"}
    assert post(client, f"missions/{mission.pk}/facts/", **fact).status_code == 404


def test_another_crew_cannot_speak_for_a_mission(medic_other: User, mission: Mission) -> None:
    client = Client()
    client.force_login(medic_other)
    fact = {"id": str(uuid4()), "fact": "en_route", "occurred_at": "2026-11-22T06:00:00+00:00"}

    assert post(client, f"missions/{mission.pk}/facts/", **fact).status_code == 404
    assert not mission.facts.exists()


def test_the_schema_of_the_operations_can_be_read(li: Client) -> None:
    response = li.get("/api/schema/")

    assert response.status_code == 200
    assert b"/api/incidents/" in response.content


def test_every_operation_is_described_without_guessing(tmp_path: Path) -> None:
    described = tmp_path / "schema.yml"

    call_command("spectacular", validate=True, fail_on_warn=True, file=str(described))

    operations = described.read_text()
    for known in ("/api/incidents/duplicates/", "/api/triage/", "DuplicateOut", "JudgedOut"):
        assert known in operations
