"""A tablet's secret is released to its person, its reports are kept, a wipe is confirmed."""

from base64 import b64decode
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from dispatch.journal.models import Entry
from dispatch.journal.refusals import NotAllowed
from dispatch.people.models import User
from dispatch.tablets.actions import (
    MOST_WRONG,
    Wiped,
    WrongPassword,
    ask_wipe,
    confirm_wipe,
    forget_key,
    release_key,
    report,
)
from dispatch.tablets.models import Tablet, TabletKey
from tests.actions.test_ecg import signed_in
from tests.town import NOW

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


@pytest.fixture
def tablet_id(medic_wang: User) -> UUID:
    """A tablet on which Wang has signed in once."""
    tablet_id = uuid4()
    release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW)
    return tablet_id


@pytest.fixture
def supervisor_zhao(dispatcher_li: User) -> User:
    return User.objects.create(
        username="zhao",
        role="supervisor",
        name_en="Zhao",
        organisation=dispatcher_li.organisation,
    )


def kinds() -> list[str]:
    return list(
        Entry.objects.filter(kind__startswith="tablet.")
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_the_secret_is_the_same_for_one_person_on_one_tablet_and_no_other(
    medic_wang: User, tablet_id: UUID
) -> None:
    colleague = User.objects.create(
        username="ma", role="paramedic", name_en="Ma", organisation=medic_wang.organisation
    )

    again = release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW)
    twice = release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW)
    other_tablet = release_key(tablet_id=uuid4(), actor=medic_wang, now=NOW)
    other_person = release_key(tablet_id=tablet_id, actor=colleague, now=NOW)

    assert again == twice
    assert len({again, other_tablet, other_person}) == 3
    assert len(again) == 32
    assert kinds() == ["tablet.registered"] * 2


def test_nobody_but_a_crew_gets_a_secret(dispatcher_li: User, nurse_chen: User) -> None:
    for person in (dispatcher_li, nurse_chen):
        with pytest.raises(NotAllowed):
            release_key(tablet_id=uuid4(), actor=person, now=NOW)

    assert not Tablet.objects.exists()


def test_wrong_passwords_are_counted_and_a_right_one_begins_anew(
    medic_wang: User, tablet_id: UUID
) -> None:
    medic_wang.password = make_password(PASSWORD)
    left = []
    for _ in range(2):
        with pytest.raises(WrongPassword) as wrong:
            release_key(tablet_id=tablet_id, password="guess", actor=medic_wang, now=NOW)
        left.append(wrong.value.left)

    release_key(tablet_id=tablet_id, password=PASSWORD, actor=medic_wang, now=NOW)

    assert left == [MOST_WRONG - 1, MOST_WRONG - 2]
    assert TabletKey.objects.get().wrong_passwords == 0


def test_the_last_wrong_password_ends_the_session(medic_wang: User, tablet_id: UUID) -> None:
    client = signed_in(medic_wang)
    address = f"/api/tablets/{tablet_id}/key/"

    answers = [
        client.post(address, {"password": "guess"}, content_type="application/json").status_code
        for _ in range(MOST_WRONG + 1)
    ]

    assert answers == [409] * MOST_WRONG + [403]


def test_the_key_over_http_names_the_session_and_is_not_stored_on_the_way(
    medic_wang: User,
) -> None:
    address = f"/api/tablets/{uuid4()}/key/"

    first, second = (
        signed_in(medic_wang).post(address, {}, content_type="application/json") for _ in range(2)
    )

    assert len(b64decode(first.json()["secret"])) == 32
    assert first.json()["secret"] == second.json()["secret"]
    assert first.json()["session"] != second.json()["session"]
    assert first["Cache-Control"] == "no-store"


def test_signing_out_forgets_the_secret_for_good(medic_wang: User, tablet_id: UUID) -> None:
    before = release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW)

    forget_key(tablet_id=tablet_id, actor=medic_wang)

    assert release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW) != before


def test_a_tablet_that_is_to_be_wiped_gets_no_key_and_says_what_it_lost(
    medic_wang: User, supervisor_zhao: User, tablet_id: UUID
) -> None:
    said = {"tablet_id": tablet_id, "waiting": 3, "oldest_waiting_at": NOW, "storage_low": False}
    before = report(**said, actor=medic_wang, now=NOW)  # type: ignore[arg-type]
    tablet = Tablet.objects.get(pk=tablet_id)

    for _ in range(2):
        ask_wipe(tablet=tablet, actor=supervisor_zhao, now=NOW)
    after = report(**said, actor=medic_wang, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(Wiped):
        release_key(tablet_id=tablet_id, actor=medic_wang, now=NOW)
    for _ in range(2):
        confirm_wipe(tablet_id=tablet_id, lost=2, actor=medic_wang, now=NOW)

    tablet.refresh_from_db()
    assert (before, after) == (False, True)
    assert (tablet.wiped_at, tablet.lost, tablet.wipe_asked_by) == (NOW, 2, supervisor_zhao)
    assert not TabletKey.objects.exists()
    assert kinds() == ["tablet.registered", "tablet.wipe_asked", "tablet.wiped"]
    assert Entry.objects.get(kind="tablet.wiped").detail == {"lost": 2, "why": "asked"}


def test_a_tablet_that_wiped_itself_says_so(medic_wang: User, tablet_id: UUID) -> None:
    client = signed_in(medic_wang)

    answer = client.post(
        f"/api/tablets/{tablet_id}/wiped/", {"lost": 0}, content_type="application/json"
    )
    afterwards = client.get("/api/me/")

    assert (answer.status_code, afterwards.status_code) == (204, 403)
    assert Entry.objects.get(kind="tablet.wiped").detail == {"lost": 0, "why": "wrong_pins"}


def test_only_a_supervisor_of_its_centre_wipes_a_tablet(
    medic_wang: User, dispatcher_li: User, tablet_id: UUID
) -> None:
    tablet = Tablet.objects.get(pk=tablet_id)
    for person in (medic_wang, dispatcher_li):
        with pytest.raises(NotAllowed):
            ask_wipe(tablet=tablet, actor=person, now=NOW)
        assert signed_in(person).get("/tablets/").status_code == 403
        assert signed_in(person).post(f"/tablets/{tablet_id}/wipe/").status_code == 403

    tablet.refresh_from_db()
    assert tablet.wipe_asked_at is None


def test_the_supervisors_page_shows_what_waits_and_wipes_in_both_languages(
    supervisor_zhao: User, tablet_id: UUID
) -> None:
    Tablet.objects.filter(pk=tablet_id).update(waiting=17)
    client: Client = signed_in(supervisor_zhao)

    page = client.get("/tablets/").content.decode()
    client.post(f"/tablets/{tablet_id}/wipe/")
    chinese = client.get("/tablets/", headers={"Accept-Language": "zh-CN"}).content.decode()

    assert str(tablet_id)[:8] in page
    assert "17 statements wait" in page
    assert 'data-state="wiping"' in chinese
    assert "等待清除" in chinese
