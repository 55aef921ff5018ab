"""Closed records are given to the hospital's registry: the Bundle, whose, and what then."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.adapters import ADAPTERS
from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.fhir.mhd.actions import NotProvidable, provide, provide_closed
from ehr_prehospital.exchange.fhir.mhd.client import KIND
from ehr_prehospital.exchange.fhir.validation import validate_resource
from ehr_prehospital.record.actions import close_version
from ehr_prehospital.record.models import Record
from tests.actions.care import later, put_on_board, say
from tests.actions.test_deliveries_page import reviewer
from tests.actions.test_record_now import body, post
from tests.live.test_deliver import peer, received
from tests.rules.nemsis_files import STANDARDS
from tests.town import Town

pytestmark = pytest.mark.slow
__all__ = ["reviewer"]


@pytest.fixture(autouse=True)
def standards(settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS if STANDARDS.is_dir() else None


@pytest.fixture
def partner(town: Town) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        name="East registry",
        organisation=town.hospitals[0].code,
        kind=KIND,
        address="http://127.0.0.1:9/registry",
        automatic=True,
        registered_at=timezone.now() - timedelta(minutes=1),
    )


@pytest.fixture
def record(mission: Mission, town: Town, medic_wang: User) -> Record:
    """Closed, and taken over by the first hospital."""
    say(mission, "at_patient", later(300), medic_wang)
    post(mission, medic_wang, [body("identity.name", "Wang Xiuying")])
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))
    found = Record.objects.get(mission=mission)
    close_version(record=found, handover=None, actor=medic_wang, now=timezone.now())
    return Record.objects.select_related("mission").get(pk=found.pk)


def content(delivery: Delivery) -> Any:
    return json.loads(bytes(delivery.content))


def of_kind(bundle: Any, kind: str) -> list[Any]:
    found = [one["resource"] for one in bundle["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def test_a_closed_record_goes_to_the_registry_of_its_hospital_as_fhir_and_paper(
    record: Record, partner: Partner
) -> None:
    assert [provide_closed(now=timezone.now()) for _ in range(2)] == [1, 0]

    bundle = content(Delivery.objects.get())
    if STANDARDS.is_dir():
        assert [one for one in validate_resource(bundle) if one.level == "error"] == []
    assert bundle["type"] == "transaction"
    (submission,) = of_kind(bundle, "List")
    references = of_kind(bundle, "DocumentReference")
    assert [one["item"]["reference"] for one in submission["entry"]] == [
        f"urn:uuid:{one['id']}" for one in references
    ]
    binaries = {f"urn:uuid:{one['id']}": one for one in of_kind(bundle, "Binary")}
    starts = []
    for one in references:
        attachment = one["content"][0]["attachment"]
        data = base64.b64decode(binaries[attachment["url"]]["data"])
        assert len(data) == attachment["size"]
        digest = hashlib.sha1(data, usedforsecurity=False).digest()
        assert base64.b64decode(attachment["hash"]) == digest
        starts.append(data[:5])
    assert starts == [b'{"res', b"%PDF-"]
    assert of_kind(bundle, "Patient")[0]["name"] == [{"text": "Wang Xiuying"}]


def test_a_newer_version_takes_the_place_of_the_one_before(
    record: Record, partner: Partner, medic_wang: User
) -> None:
    provide_closed(now=timezone.now())
    first = content(Delivery.objects.get())
    close_version(record=record, handover=None, actor=medic_wang, now=timezone.now())
    provide_closed(now=timezone.now())

    waiting, newer = Delivery.objects.order_by("number")
    assert (waiting.state, newer.state) == ("cancelled", "waiting")
    for before, after in zip(
        of_kind(first, "DocumentReference"),
        of_kind(content(newer), "DocumentReference"),
        strict=True,
    ):
        (replaced,) = after["relatesTo"]
        assert replaced["target"]["identifier"]["value"] == before["masterIdentifier"]["value"]


def test_another_hospital_gets_nothing(
    record: Record, partner: Partner, town: Town, medic_wang: User
) -> None:
    Partner.objects.update(organisation=town.hospitals[1].code)
    partner.refresh_from_db()

    assert provide_closed(now=timezone.now()) == 0
    with pytest.raises(NotProvidable):
        provide(record=record, partner=partner, actor=medic_wang, now=timezone.now())


def test_a_person_gives_it_where_the_partner_does_not_take_it_by_itself(
    client: Client, reviewer: User, record: Record, partner: Partner
) -> None:
    Partner.objects.update(automatic=False)
    client.force_login(reviewer)
    shown = client.get("/deliveries/records/").content.decode()
    assert f'value="{record.mission_id}"' in shown

    client.post(
        "/deliveries/records/submit/", {"partner": partner.pk, "mission": record.mission_id}
    )

    assert Delivery.objects.get().queued_by == reviewer
    left = client.get("/deliveries/records/").content.decode()
    assert f'value="{record.mission_id}"' not in left


@pytest.mark.parametrize(
    ("path", "state", "code"),
    [
        ("/registry", "delivered", "created"),
        ("/full", "refused", "not_all_created"),
        ("/gone", "refused", "http_410"),
        ("/busy", "waiting", "http_503"),
        ("/other", "waiting", "no_answer_in_it"),
    ],
)
def test_the_answer_of_a_real_registry_decides(
    path: str, state: str, code: str, record: Record, partner: Partner
) -> None:
    with peer() as port:
        Partner.objects.update(address=f"http://127.0.0.1:{port}{path}")
        provide_closed(now=timezone.now())
        send_next(ADAPTERS, clock=timezone.now)
        got = received(port)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts.get().code) == (state, code)
    assert json.loads(got[0]["body"]) == content(delivery)
