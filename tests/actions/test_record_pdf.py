"""The record as PDF over HTTP: for those who may print the page, logged like it."""

import re
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client

from dispatch.fleet.models import Ambulance, Mission
from dispatch.people.models import User
from ehr_prehospital.handover import actions
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.vitals.actions import take_telemetry
from tests.actions.care import later, newest, put_on_board, say
from tests.actions.test_vitals import frame
from tests.town import Town


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User, a1: Ambulance) -> Handover:
    say(mission, "at_patient", later(300), medic_wang)
    take_telemetry([frame(a1, n, at=later(300 + 10 * n)) for n in range(60)], later(900))
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


def asked(client: Client, user: User, mission: Mission, query: str = "") -> HttpResponse:
    client.force_login(user)
    answer: object = client.get(f"/api/missions/{mission.pk}/record/pdf/{query}")
    return cast("HttpResponse", answer)


QUERIES = ["", "?language=en", "?sheet=handover", "?language=en&sheet=handover"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_receiving_nurse_gets_it(
    query: str, client: Client, handover: Handover, mission: Mission, nurse_chen: User
) -> None:
    answer = asked(client, nurse_chen, mission, query)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-")
    seen = newest("patient.viewed")
    assert (seen.actor_id, seen.detail["purpose"]) == (nurse_chen.pk, "print")


def test_a_closed_version_is_the_same_file_every_time(
    client: Client, handover: Handover, mission: Mission, medic_wang: User, nurse_chen: User
) -> None:
    actions.give(mission=mission, actor=medic_wang, occurred_at=later(1000), now=later(1000))
    actions.receive(handover=handover, actor=nurse_chen, now=later(1100))

    first, second = (asked(client, nurse_chen, mission).content for _ in range(2))

    assert first == second


@pytest.mark.parametrize("who", ["nurse_elsewhere", "medic_other", "dispatcher_li", "stranger"])
def test_nobody_else_gets_it(
    who: str, client: Client, handover: Handover, mission: Mission, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)

    assert asked(client, user, mission).status_code == 403
    assert newest("patient.refused").actor_id == user.pk


def test_an_unknown_language_is_refused_with_its_name(
    client: Client, handover: Handover, mission: Mission, medic_wang: User
) -> None:
    answer = asked(client, medic_wang, mission, "?language=fr")

    assert answer.status_code == 400
    assert "language" in answer.content.decode()


def test_the_printed_page_leads_to_both_papers(
    client: Client, handover: Handover, mission: Mission, nurse_chen: User
) -> None:
    client.force_login(nurse_chen)

    page = client.get(f"/handovers/{handover.pk}/record/").content.decode()

    links = re.findall(r'href="(/api/[^"]+/record/pdf/[^"]+)"', page)
    assert [re.findall(r"sheet=(\w+)", link) for link in links] == [["record"], ["handover"]]
    assert all(client.get(link.replace("&amp;", "&")).status_code == 200 for link in links)
