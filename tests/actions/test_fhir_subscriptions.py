"""Hospitals' systems subscribe and are told: of their own patients, in order, and of no others."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.rules import Answer, Outcome
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.fhir.subscriptions.actions import tell_subscribers
from ehr_prehospital.exchange.fhir.subscriptions.models import FhirSubscription
from ehr_prehospital.exchange.fhir.subscriptions.queries import KIND
from ehr_prehospital.exchange.fhir.subscriptions.rules import BACKPORT, HANDOVER, RECORD
from ehr_prehospital.exchange.fhir.validation import validate_resource
from ehr_prehospital.handover.actions import redirect
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.actions.test_record_now import body, post
from tests.rules.nemsis_files import STANDARDS
from tests.town import Town

pytestmark = pytest.mark.slow
ENDPOINT = "http://127.0.0.1:9/notify"
TAKEN = {KIND: lambda _parcel: Answer(Outcome.DELIVERED, "http_200")}


@pytest.fixture(autouse=True)
def standards(settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS if STANDARDS.is_dir() else None


@pytest.fixture
def partner(town: Town) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        name="East HIS",
        organisation=town.hospitals[0].code,
        kind=KIND,
        address=ENDPOINT,
    )


def bearer(user: User) -> dict[str, Any]:
    out = StringIO()
    call_command("fhir_token", user.username, "HIS", stdout=out)
    return {"HTTP_AUTHORIZATION": f"Bearer {out.getvalue().strip()}"}


def asked(topic: str = HANDOVER, content: str = "id-only", **more: Any) -> dict[str, Any]:
    wanted = {"url": f"{BACKPORT}backport-payload-content", "valueCode": content}
    channel = {
        "type": "rest-hook",
        "endpoint": ENDPOINT,
        "payload": "application/fhir+json",
        "_payload": {"extension": [wanted]},
    }
    said = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "bays",
        "criteria": topic,
    }
    return said | {"channel": channel | more.pop("channel", {})} | more


def made(client: Client, user: User, said: dict[str, Any], status: int = 201) -> Any:
    answer = client.post(
        "/fhir/Subscription",
        json.dumps(said),
        content_type="application/fhir+json",
        **bearer(user),
    )
    found = json.loads(answer.content)
    assert answer.status_code == status, found
    if STANDARDS.is_dir():
        assert [one for one in validate_resource(found) if one.level == "error"] == []
    return found


def bundles() -> list[Any]:
    """What was queued, oldest first; every one of them is a valid notification."""
    found = [
        json.loads(bytes(one.content))
        for one in Delivery.objects.filter(kind=KIND).order_by("number")
    ]
    if STANDARDS.is_dir():
        for one in found:
            errors = [it for it in validate_resource(one) if it.level == "error"]
            assert errors == []
    return found


def parameter(bundle: Any, name: str) -> Any:
    rows = bundle["entry"][0]["resource"]["parameter"]
    (row,) = [one for one in rows if one["name"] == name]
    return next(value for key, value in row.items() if key != "name")


def types() -> list[str]:
    return [parameter(one, "type") for one in bundles()]


def on_board(mission: Mission, town: Town, crew: User) -> None:
    say(mission, "at_patient", later(300), crew)
    post(mission, crew, [body("identity.name", "Wang Xiuying")])
    put_on_board(mission, town.hospitals[0], crew, at=later(600))


def test_a_system_shakes_hands_and_hears_of_a_patient_on_board(
    client: Client,
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    partner: Partner,
) -> None:
    row = made(client, nurse_chen, asked())
    assert row["status"] == "requested"
    assert types() == ["handshake"]
    send_next(TAKEN, clock=timezone.now)
    bearing = bearer(nurse_chen)
    read = client.get(f"/fhir/Subscription/{row['id']}", **bearing).json()
    assert read["status"] == "active"

    on_board(mission, town, medic_wang)
    assert tell_subscribers(now=later(601)) == 1
    assert tell_subscribers(now=later(602)) == 0

    told = bundles()[-1]
    assert [parameter(told, name) for name in ("status", "type")] == [
        "active",
        "event-notification",
    ]
    (event,) = [
        one["part"]
        for one in told["entry"][0]["resource"]["parameter"]
        if one["name"] == "notification-event"
    ]
    focus = next(one["valueReference"]["reference"] for one in event if one["name"] == "focus")
    encounter = client.get(focus.removeprefix("http://testserver"), **bearing)
    assert encounter.json()["resourceType"] == "Encounter"
    assert "Wang" not in json.dumps(told)  # id-only


def test_resources_are_carried_where_that_was_asked_for_and_that_is_a_look(
    client: Client,
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    partner: Partner,
) -> None:
    made(client, nurse_chen, asked(RECORD, "full-resource"))
    on_board(mission, town, medic_wang)
    post(mission, medic_wang, [body("situation.primary_impression", "stemi")])
    tell_subscribers(now=later(700))

    told = bundles()[-1]
    carried = [one["resource"]["resourceType"] for one in told["entry"]]
    assert carried[:3] == ["Parameters", "Encounter", "Patient"]
    assert "Composition" in carried
    assert newest("patient.viewed").actor_id == nurse_chen.pk
    assert types().count("event-notification") == 1  # one of many rows of one patient


def test_nobody_hears_of_another_hospitals_patient(
    client: Client,
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_elsewhere: User,
    partner: Partner,
) -> None:
    Partner.objects.update(organisation=town.hospitals[1].code)
    for topic in (HANDOVER, RECORD):
        made(client, nurse_elsewhere, asked(topic, "full-resource"))
    on_board(mission, town, medic_wang)
    tell_subscribers(now=later(700))

    assert types() == ["handshake", "handshake"]


def test_a_hospital_that_loses_the_patient_hears_that_and_no_more(
    client: Client,
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    partner: Partner,
) -> None:
    made(client, nurse_chen, asked(HANDOVER, "full-resource"))
    made(client, nurse_chen, asked(RECORD, "full-resource"))
    on_board(mission, town, medic_wang)
    tell_subscribers(now=later(610))
    redirect(
        mission=mission,
        hospital=town.hospitals[1],
        reason="full",
        actor=medic_wang,
        now=later(620),
    )
    post(mission, medic_wang, [body("situation.primary_impression", "stemi")])
    before = len(bundles())
    tell_subscribers(now=later(630))

    (last,) = bundles()[before:]
    assert [one["resource"]["resourceType"] for one in last["entry"]] == ["Parameters"]


def test_what_was_missed_is_asked_for_and_what_is_over_is_off(
    client: Client,
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    partner: Partner,
) -> None:
    row = made(client, nurse_chen, asked())
    bearing = bearer(nurse_chen)
    on_board(mission, town, medic_wang)
    tell_subscribers(now=later(610))

    path = f"/fhir/Subscription/{row['id']}"
    events = client.get(f"{path}/$events?eventsSinceNumber=1", **bearing).json()
    status = client.get(f"{path}/$status", **bearing).json()
    listed = client.get("/fhir/Subscription?status=requested", **bearing).json()
    ended = client.delete(path, **bearing)

    assert parameter(events, "type") == "query-event"
    assert parameter(status, "events-since-subscription-start") == "1"
    assert listed["total"] == 1
    assert ended.status_code == 204
    assert client.get(path, **bearing).json()["status"] == "off"
    say(mission, "at_destination", later(900), medic_wang)
    assert tell_subscribers(now=later(910)) == 0
    assert kinds()[-1] != "fhir.subscribed"
    assert newest("fhir.unsubscribed").detail["topic"] == HANDOVER


def test_a_heart_beats_while_nothing_happens(
    client: Client, nurse_chen: User, partner: Partner
) -> None:
    period = {"url": f"{BACKPORT}backport-heartbeat-period", "valueUnsignedInt": 120}
    row = made(client, nurse_chen, asked(channel={"extension": [period]}))
    send_next(TAKEN, clock=timezone.now)
    began = FhirSubscription.objects.get(pk=row["id"]).created_at

    told = [tell_subscribers(now=began + timedelta(seconds=s)) for s in (100, 130, 200, 260)]

    assert told == [0, 1, 0, 1]
    assert types() == ["handshake", "heartbeat", "heartbeat"]


def test_the_state_tells_when_the_endpoint_does_not_take_it(
    client: Client, nurse_chen: User, partner: Partner
) -> None:
    row = made(client, nurse_chen, asked())
    send_next({KIND: lambda _parcel: Answer(Outcome.REFUSED, "http_410")}, clock=timezone.now)
    read = client.get(f"/fhir/Subscription/{row['id']}", **bearer(nurse_chen)).json()
    assert read["status"] == "error"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (asked("http://hl7.org/SubscriptionTopic/admission"), 400),
        (asked(channel={"endpoint": "http://evil.example/"}), 400),
        (asked(channel={"type": "websocket"}), 400),
        (asked(channel={"header": ["Authorization: Bearer x"]}), 400),
        (asked(content="everything"), 400),
        (asked(end="tomorrow"), 400),
        ({"resourceType": "Patient"}, 400),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(
    said: dict[str, Any], status: int, client: Client, nurse_chen: User, partner: Partner
) -> None:
    found = made(client, nurse_chen, said, status)
    assert found["resourceType"] == "OperationOutcome"
    assert not FhirSubscription.objects.exists()


def test_only_a_hospitals_own_system_subscribes_and_sees_it(
    client: Client,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
    partner: Partner,
) -> None:
    made(client, medic_wang, asked(), 403)
    made(client, nurse_elsewhere, asked(), 400)
    row = made(client, nurse_chen, asked())
    answer = client.get(f"/fhir/Subscription/{row['id']}", **bearer(nurse_elsewhere))
    assert answer.status_code == 404
    client.force_login(nurse_chen)
    by_hand = client.post(
        "/fhir/Subscription", json.dumps(asked()), content_type="application/fhir+json"
    )
    assert by_hand.status_code in (401, 403)
