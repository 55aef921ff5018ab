"""How soon the next one is told: by a hospital, else by its centre, else as delivered."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Organisation, Role, User
from ehr_prehospital.alerting.actions import clear_timing, set_timing
from ehr_prehospital.alerting.models import AlertTiming
from ehr_prehospital.alerting.queries import times_at
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.watch import watch_unconfirmed
from tests.actions.care import later, newest, put_on_board
from tests.town import Town, person

FORM = {"what": "timing", "urgency": "1", "after_1": "10", "after_2": "20", "after_3": "40"}
DELIVERED = (30, 60, 120)


@pytest.fixture
def supervisor_he(town: Town) -> User:
    return person("he", Role.SUPERVISOR, town.centre)


@pytest.fixture
def handover(mission: Mission, town: Town, medic_wang: User) -> Handover:
    return put_on_board(mission, town.hospitals[0], medic_wang, at=later(600))


@pytest.fixture
def elsewhere(town: Town) -> User:
    """The supervisor of another centre on the same platform."""
    centre = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C2", name_en="Another", name_zh="另一中心"
    )
    return person("other-supervisor", Role.SUPERVISOR, centre)


def test_the_centres_times_are_for_its_hospitals_that_set_none(
    handover: Handover, supervisor_he: User
) -> None:
    set_timing(urgency=1, seconds=[10, 20, 40], actor=supervisor_he, now=later(0))

    assert watch_unconfirmed(later(609)) == 0
    assert watch_unconfirmed(later(611)) == 1
    assert newest("alerting.timing").refs == {"centre": str(supervisor_he.organisation_id)}


def test_a_hospitals_own_times_come_before_those_of_its_centre(
    handover: Handover, supervisor_he: User, nurse_chen: User
) -> None:
    set_timing(urgency=1, seconds=[10, 20, 40], actor=supervisor_he, now=later(0))
    set_timing(urgency=1, seconds=[20, 40, 60], actor=nurse_chen, now=later(0))

    assert watch_unconfirmed(later(611)) == 0
    clear_timing(urgency=1, actor=nurse_chen, now=later(612))
    assert watch_unconfirmed(later(613)) == 1


def test_another_centres_times_are_nothing_to_us(handover: Handover, elsewhere: User) -> None:
    set_timing(urgency=1, seconds=[1, 2, 3], actor=elsewhere, now=later(0))

    assert watch_unconfirmed(later(611)) == 0
    assert times_at(handover.hospital, [1])[0].after_s == DELIVERED


def test_a_time_is_of_a_hospital_or_a_centre_and_once(town: Town, supervisor_he: User) -> None:
    for place in ({}, {"hospital": town.hospitals[0], "centre": town.centre}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlertTiming.objects.create(urgency=1, after_s=[1, 2, 3], **place)
    set_timing(urgency=1, seconds=[10, 20, 40], actor=supervisor_he, now=later(0))
    set_timing(urgency=1, seconds=[11, 22, 44], actor=supervisor_he, now=later(1))

    assert AlertTiming.objects.get().after_s == [11, 22, 44]


def test_nobody_else_sets_them(dispatcher_li: User, medic_wang: User) -> None:
    for one in (dispatcher_li, medic_wang):
        with pytest.raises(NotAllowed):
            set_timing(urgency=1, seconds=[10, 20, 40], actor=one, now=later(0))
        with pytest.raises(NotAllowed):
            clear_timing(urgency=1, actor=one, now=later(0))


@pytest.mark.parametrize(
    ("urgency", "seconds"),
    [(1, [30, 20, 10]), (1, [10, 10, 20]), (1, [10, 20]), (1, [0, 1, 2]), (1, [1, 2, 3601]),
     (4, [1, 2, 3])],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused_and_nothing_changes(
    supervisor_he: User, urgency: int, seconds: list[int]
) -> None:
    with pytest.raises(BadInput):
        set_timing(urgency=urgency, seconds=seconds, actor=supervisor_he, now=later(0))

    assert not AlertTiming.objects.exists()


def test_the_centre_keeps_its_times_on_its_page_and_sees_who_has_others(
    supervisor_he: User, nurse_chen: User, client: Client
) -> None:
    set_timing(urgency=2, seconds=[77, 88, 99], actor=nurse_chen, now=later(0))
    client.force_login(supervisor_he)
    client.post("/alerts/change/", FORM)

    page = client.get("/alerts/").content.decode()

    assert AlertTiming.objects.get(hospital=None).centre == supervisor_he.organisation
    assert 'value="40"' in page
    assert "77 · 88 · 99" in page
    client.post("/alerts/change/", {**FORM, "back": ""})
    assert not AlertTiming.objects.filter(hospital=None).exists()


def test_a_hospital_sees_whose_times_count(
    supervisor_he: User, nurse_chen: User, client: Client
) -> None:
    set_timing(urgency=1, seconds=[11, 22, 33], actor=supervisor_he, now=later(0))
    client.force_login(nurse_chen)

    page = client.get("/alerts/").content.decode()

    assert 'value="33"' in page
    assert "of the dispatch centre" in page
    assert "as delivered" in page


def test_the_page_says_what_is_wrong_in_the_readers_language(
    supervisor_he: User, client: Client
) -> None:
    client.force_login(supervisor_he)
    chinese = {"accept-language": "zh-hans"}
    client.post("/alerts/change/", {**FORM, "after_2": "5"}, headers=chinese)

    page = client.get("/alerts/", headers=chinese).content.decode()

    assert "请填三个递增的秒数，均不超过一小时。" in page
    assert not AlertTiming.objects.exists()
