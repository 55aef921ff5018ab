"""The office's page of deliveries: who sees it, what stands there, and what it can do."""

from __future__ import annotations

import pytest
from django.test import Client

from dispatch.fleet.models import Mission
from dispatch.people.models import Role, User
from ehr_prehospital.delivery.actions import Draft, queue
from ehr_prehospital.delivery.credentials import opened
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.plain_post import KIND
from ehr_prehospital.delivery.rules import Answer, Outcome, Remark
from ehr_prehospital.delivery.sending import send_next
from tests.actions.care import kinds
from tests.actions.test_ecg import signed_in
from tests.town import NOW, Town

FORM = {
    "name": "State EMS office",
    "kind": KIND,
    "organisation": "A1",
    "address": "https://receiver.example/in",
    "username": "onboard",
    "password": "correct horse",
    "active": "on",
}


@pytest.fixture
def reviewer(town: Town) -> User:
    return User.objects.create_user(
        username="he",
        name_en="He",
        role=Role.QUALITY_REVIEWER,
        organisation=town.centre,
    )


@pytest.fixture
def refused(town: Town, mission: Mission) -> Delivery:
    partner = Partner.objects.create(
        centre=town.centre, name="State", kind=KIND, address="http://127.0.0.1:9/"
    )
    draft = Draft(b"<Wang/>", "text/xml", sameness_key="1", mission=mission)
    row = queue(partner=partner, draft=draft, actor=None, now=NOW)
    remark = Remark("error", "A <b>unit</b> is missing.", "nemSch_e001", "/EMSDataSet[1]")
    said = Answer(Outcome.REFUSED, "http_422", said="Wang Xiuying", remarks=(remark,))
    send_next({KIND: lambda _parcel: said}, clock=lambda: NOW)
    return row


def test_the_list_shows_mission_partner_state_and_the_answer_and_no_name(
    refused: Delivery, mission: Mission, reviewer: User
) -> None:
    page = signed_in(reviewer).get("/deliveries/").content.decode()
    one = signed_in(reviewer).get(f"/deliveries/{refused.pk}/").content.decode()

    assert mission.number in page
    assert 'data-state="refused"' in page
    assert "The partner answered with the HTTP status 422." in page
    assert "A &lt;b&gt;unit&lt;/b&gt; is missing." in one
    assert "nemSch_e001" in one
    assert "Wang" not in page + one


@pytest.mark.parametrize(
    ("query", "there"),
    [("state=refused", "yes"), ("state=waiting", ""), ("mission=nobody", "")],
)
def test_the_list_is_filtered(refused: Delivery, reviewer: User, query: str, there: str) -> None:
    page = signed_in(reviewer).get(f"/deliveries/?{query}").content.decode()

    assert (str(refused.pk) in page) is bool(there)


def test_a_reviewer_sends_a_refused_one_again(refused: Delivery, reviewer: User) -> None:
    signed_in(reviewer).post(f"/deliveries/{refused.pk}/", {"what": "send"})

    refused.refresh_from_db()
    assert refused.state == Delivery.State.WAITING
    assert kinds()[-1] == "delivery.sent_again"


def test_others_see_nothing(
    refused: Delivery, dispatcher_li: User, administrator: User, reviewer: User
) -> None:
    assert Client().get("/deliveries/").status_code == 302
    for path in ("/deliveries/", f"/deliveries/{refused.pk}/", "/deliveries/partners/"):
        assert signed_in(dispatcher_li).get(path).status_code == 403
        assert signed_in(administrator).get(path).status_code == 200
    assert signed_in(reviewer).post("/deliveries/partners/save/", FORM).status_code == 403


def test_an_administrator_registers_a_partner_whose_password_is_never_shown(
    administrator: User,
) -> None:
    client = signed_in(administrator)

    client.post("/deliveries/partners/save/", FORM)
    partner = Partner.objects.get()
    change = {**FORM, "id": str(partner.pk), "username": "", "password": "", "name": "New name"}
    client.post("/deliveries/partners/save/", change)

    partner.refresh_from_db()
    assert partner.name == "New name"
    assert opened(bytes(partner.credentials)) == {
        "username": "onboard",
        "password": "correct horse",
    }
    page = client.get("/deliveries/partners/").content.decode()
    assert "New name" in page
    assert "correct horse" not in page
    assert kinds()[-2:] == ["partner.registered", "partner.changed"]


@pytest.mark.parametrize("address", ["ftp://receiver.example/", "https://", "nonsense"])
def test_an_address_that_is_none_is_refused_with_a_sentence(
    administrator: User, address: str
) -> None:
    answer = signed_in(administrator).post(
        "/deliveries/partners/save/", {**FORM, "address": address}, follow=True
    )

    assert "https://receiver.example/path" in answer.content.decode()
    assert not Partner.objects.exists()


def test_the_page_speaks_chinese(refused: Delivery, reviewer: User) -> None:
    client = signed_in(reviewer)
    client.cookies["django_language"] = "zh-hans"

    page = client.get("/deliveries/").content.decode()

    assert "被拒收" in page


def test_an_administrator_registers_a_hospitals_own_system_with_what_it_wants(
    administrator: User, town: Town
) -> None:
    client = signed_in(administrator)
    form = {
        **FORM,
        "kind": "hl7.mllp",
        "address": "mllp://his.example:2575",
        "hospital": str(town.hospitals[0].pk),
        "option_encoding": "gb18030",
        "option_accept": "A05",
        "option_events": ["A04", "A40", "X99"],
    }
    client.post("/deliveries/partners/save/", form)

    partner = Partner.objects.get()
    assert partner.hospital == town.hospitals[0]
    assert partner.options == {"encoding": "gb18030", "accept": "A05", "events": "A04 A40"}
    page = client.get("/deliveries/partners/").content.decode()
    assert "Hospital system, HL7 v2" in page
    assert 'value="A40" checked' in page
    assert 'value="A11" checked' in page  # of the form for a new one


def test_an_administrator_says_what_a_channel_to_people_may_do(
    administrator: User, town: Town
) -> None:
    client = signed_in(administrator)
    form = {
        **FORM,
        "kind": "alert.web_push",
        "address": "mailto:it@hospital.example",
        "option_services": "https://push.example.org https://push.example.net",
        "option_outbox": "yes",
        "option_events": ["A04"],
    }
    client.post("/deliveries/partners/save/", form)

    partner = Partner.objects.get()
    said = {"services": form["option_services"], "outbox": "yes", "from": ""}
    assert partner.options == said
    client.post("/deliveries/partners/save/", {**form, "id": partner.pk, "option_services": ""})
    partner.refresh_from_db()
    assert partner.options == {**said, "services": ""}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"hospital": ""}, "Name the hospital whose system it is."),
        ({"address": "https://his.example/"}, "mllp://receiver.example:2575"),
        ({"address": "mllp://his.example"}, "mllp://receiver.example:2575"),
    ],
)
def test_a_hospitals_system_without_hospital_or_line_is_refused(
    administrator: User, town: Town, more: dict[str, str], sentence: str
) -> None:
    form = {
        **FORM,
        "kind": "hl7.mllp",
        "address": "mllp://his.example:2575",
        "hospital": str(town.hospitals[0].pk),
    }
    answer = signed_in(administrator).post(
        "/deliveries/partners/save/", {**form, **more}, follow=True
    )

    assert sentence in answer.content.decode()
    assert not Partner.objects.exists()
