"""Closed records become deliveries: by one press, by themselves, and again when amended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dispatch.fleet.models import Mission
from dispatch.people.models import User
from ehr_prehospital.delivery.models import Delivery, Partner
from ehr_prehospital.delivery.rules import Answer, Outcome
from ehr_prehospital.delivery.sending import send_next
from ehr_prehospital.exchange.nemsis.actions import register
from ehr_prehospital.exchange.nemsis.submission.actions import (
    NotSubmittable,
    submit,
    submit_closed,
)
from ehr_prehospital.exchange.nemsis.submission.client import KIND
from ehr_prehospital.record.actions import close_version
from ehr_prehospital.record.models import Record
from tests.actions.care import kinds
from tests.actions.test_deliveries_page import reviewer
from tests.actions.test_ecg import signed_in
from tests.actions.test_nemsis_door import DEM, MANDATORY
from tests.actions.test_record_now import body, post
from tests.town import Town

__all__ = ["reviewer"]


@pytest.fixture
def partner(town: Town) -> Partner:
    return Partner.objects.create(
        centre=town.centre,
        name="State",
        kind=KIND,
        address="http://127.0.0.1:9/",
        automatic=True,
        registered_at=timezone.now() - timedelta(minutes=1),
    )


def closed(mission: Mission, crew: User, said: dict[str, str] = MANDATORY) -> Record:
    register(organisation=mission.incident.centre, content=DEM.encode(), now=timezone.now())
    post(mission, crew, [body(element, value) for element, value in said.items()])
    record = Record.objects.get(mission=mission)
    close_version(record=record, handover=None, actor=crew, now=timezone.now())
    return Record.objects.get(mission=mission)


def test_a_closed_record_is_queued_by_itself_once(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    record = closed(mission, medic_wang)

    assert [submit_closed(now=timezone.now()) for _ in range(2)] == [1, 0]

    delivery = Delivery.objects.get()
    assert (delivery.mission_id, delivery.order_key) == (mission.pk, str(record.pk))
    assert b"<PatientCareReport" in bytes(delivery.content)
    assert kinds()[-1] == "delivery.queued"


def test_an_amended_version_is_submitted_again_in_the_place_of_one_that_waits(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    record = closed(mission, medic_wang)
    submit_closed(now=timezone.now())
    close_version(record=record, handover=None, actor=medic_wang, now=timezone.now())
    submit_closed(now=timezone.now())

    states = list(Delivery.objects.order_by("number").values_list("state", flat=True))
    assert states == ["cancelled", "waiting"]


def test_an_amended_version_follows_one_that_was_delivered(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    record = closed(mission, medic_wang)
    submit_closed(now=timezone.now())
    delivered = {KIND: lambda _parcel: Answer(Outcome.DELIVERED, "1")}
    send_next(delivered, clock=timezone.now)
    close_version(record=record, handover=None, actor=medic_wang, now=timezone.now())
    submit_closed(now=timezone.now())

    states = list(Delivery.objects.order_by("number").values_list("state", flat=True))
    assert states == ["delivered", "waiting"]


def test_a_record_that_lacks_what_nemsis_demands_waits_for_a_person(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    record = closed(mission, medic_wang, {"response.mode": "emergent"})

    assert [submit_closed(now=timezone.now()) for _ in range(2)] == [1, 0]

    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.REFUSED
    assert "eTimes.13" in delivery.attempts.get().text
    with pytest.raises(NotSubmittable, match=r"eTimes\.13"):
        submit(record=record, partner=partner, actor=medic_wang, now=timezone.now())


def test_a_record_that_a_fault_of_ours_keeps_back_does_not_stop_the_others(
    mission: Mission, medic_wang: User, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_record: object, **_more: object) -> bytes:
        raise KeyError("Wang Xiuying")

    closed(mission, medic_wang)
    monkeypatch.setattr("ehr_prehospital.exchange.nemsis.submission.actions.export", broken)

    assert submit_closed(now=timezone.now()) == 1

    attempt = Delivery.objects.get().attempts.get()
    assert (attempt.code, attempt.text) == ("fault_of_ours", "KeyError")


@pytest.mark.parametrize("change", [{"automatic": False}, {"active": False}])
def test_nothing_is_sent_by_itself_where_that_is_not_wanted(
    mission: Mission, medic_wang: User, partner: Partner, change: dict[str, bool]
) -> None:
    closed(mission, medic_wang)
    Partner.objects.update(**change)

    assert submit_closed(now=timezone.now()) == 0


def test_what_was_closed_before_the_partner_was_there_waits_for_a_person(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    closed(mission, medic_wang)
    Partner.objects.update(registered_at=timezone.now())

    assert submit_closed(now=timezone.now()) == 0


def test_an_open_record_is_not_submitted(
    mission: Mission, medic_wang: User, partner: Partner
) -> None:
    post(mission, medic_wang, [body("response.mode", "emergent")])

    with pytest.raises(NotSubmittable):
        submit(record=Record.objects.get(), partner=partner, actor=medic_wang, now=timezone.now())


def test_the_office_submits_with_one_press(
    mission: Mission, medic_wang: User, partner: Partner, reviewer: User
) -> None:
    closed(mission, medic_wang)
    client = signed_in(reviewer)

    page = client.get("/deliveries/records/").content.decode()
    form = {"mission": mission.pk, "partner": partner.pk}
    said = client.post("/deliveries/records/submit/", form, follow=True).content.decode()

    assert mission.number in page
    assert "is queued" in said
    nonsense = client.post("/deliveries/records/submit/", {**form, "mission": "nonsense"})
    assert nonsense.status_code == 404
    assert Delivery.objects.get().queued_by == reviewer
    assert mission.number not in client.get("/deliveries/records/").content.decode()


def test_others_cannot_submit(
    mission: Mission, medic_wang: User, partner: Partner, dispatcher_li: User
) -> None:
    closed(mission, medic_wang)

    answer = signed_in(dispatcher_li).post(
        "/deliveries/records/submit/", {"mission": mission.pk, "partner": partner.pk}
    )

    assert answer.status_code == 403
    assert not Delivery.objects.exists()


def test_the_office_sees_what_the_rules_find_and_no_value(
    mission: Mission, medic_wang: User, reviewer: User, dispatcher_li: User
) -> None:
    closed(mission, medic_wang, {**MANDATORY, "narrative.history": "Mrs Wang fell."})

    page = signed_in(reviewer).get(f"/deliveries/records/{mission.pk}/").content.decode()

    assert mission.number in page
    assert "Our own rules" in page
    assert "Wang" not in page.replace('"name_en": "Wang"', "")
    assert kinds()[-1] == "record.checked"
    assert signed_in(dispatcher_li).get(f"/deliveries/records/{mission.pk}/").status_code == 403
