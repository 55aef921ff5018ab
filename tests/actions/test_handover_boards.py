"""What was written before the alert reaches the hospital's board, and leaves it with a redirect."""

from uuid import UUID, uuid4

from pytest_django import DjangoAssertNumQueries

from config.boards import CONSOLE, ED, TABLET
from dispatch.fleet.models import Ambulance, Mission
from dispatch.journal.models import Entry
from dispatch.journal.queries import head, rows_since
from dispatch.journal.tail import News
from dispatch.live.board import Board, Changes, Items, Viewer, changes, changes_by, snapshot
from dispatch.people.models import User
from ehr_prehospital.handover.actions import cancel, read_card, redirect, see
from ehr_prehospital.record.actions import Identity, add_entry, set_patient
from ehr_prehospital.record.rules import Statement
from tests.actions.care import kinds, later, put_on_board, say
from tests.boards import board_follows
from tests.town import Town, on_shift, person


def write(mission: Mission, actor: User, *, replaces: UUID | None = None) -> UUID:
    return add_entry(
        mission=mission,
        entry_id=uuid4(),
        said=Statement("impression", "stroke" if replaces else "tia"),
        occurred_at=later(30),
        replaces=[replaces] if replaces else (),
        actor=actor,
        now=later(30),
    ).pk


def shelf(board: Board, user: User, name: str, at: float = 60) -> Items:
    return snapshot(board, Viewer(user, later(at))).state[name]


def test_entries_follow_the_patient(
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
    dispatcher_li: User,
) -> None:
    now = later(60)
    with board_follows(TABLET, medic_wang, now):
        first = write(mission, medic_wang)
    with board_follows(TABLET, medic_wang, now):
        write(mission, medic_wang, replaces=first)
        set_patient(
            mission=mission, identity=Identity(name="李明"), actor=medic_wang, now=later(31)
        )
    assert shelf(ED, nurse_chen, "entries") == {}
    with board_follows(ED, nurse_chen, now), board_follows(TABLET, medic_wang, now):
        put_on_board(mission, town.hospitals[0], medic_wang, at=later(40))
    entries = shelf(ED, nurse_chen, "entries")
    assert [item["replaced"] for item in entries.values()] == [True, False]
    assert [item["name"] for item in shelf(ED, nurse_chen, "patients").values()] == ["李明"]
    with board_follows(ED, nurse_chen, now):
        write(mission, medic_wang)
    with (
        board_follows(ED, nurse_chen, now),
        board_follows(ED, nurse_elsewhere, now),
        board_follows(TABLET, medic_wang, now),
    ):
        redirect(
            mission=mission,
            hospital=town.hospitals[1],
            reason="on_divert",
            actor=dispatcher_li,
            now=later(50),
        )
    assert shelf(ED, nurse_chen, "entries") == {}
    assert shelf(ED, nurse_chen, "patients") == {}
    (withdrawn,) = shelf(ED, nurse_chen, "handovers").values()
    assert (withdrawn["state"], withdrawn["patient_id"]) == ("redirected", None)
    assert len(shelf(ED, nurse_elsewhere, "entries")) == 3


def test_a_withdrawn_card_leaves_the_board_when_it_was_seen(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(40))
    cancel(handover=handover, reason="patient_refuses", actor=medic_wang, now=later(50))
    handover.refresh_from_db()
    assert len(shelf(ED, nurse_chen, "handovers")) == 1

    with board_follows(ED, nurse_chen, later(60)):
        see(handover=handover, actor=nurse_chen, now=later(55))

    assert shelf(ED, nurse_chen, "handovers") == {}


def test_the_console_shows_the_handover_without_the_patient(
    mission: Mission, town: Town, medic_wang: User, dispatcher_li: User
) -> None:
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(40))

    (item,) = shelf(CONSOLE, dispatcher_li, "handovers").values()

    assert (item["state"], item["patient_id"]) == ("sent", None)
    assert not {"patients", "entries"} & set(
        snapshot(CONSOLE, Viewer(dispatcher_li, later(60))).state
    )


def test_a_board_that_shows_a_patient_is_a_look_once_an_hour(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    put_on_board(mission, town.hospitals[0], medic_wang, at=later(40))

    for at in (60, 61, 3700):
        shelf(ED, nurse_chen, "patients", at)

    looks = Entry.objects.filter(kind="patient.viewed", actor_id=nurse_chen.pk)
    assert [look.detail["purpose"] for look in looks] == ["board", "board"]
    assert looks[0].refs["mission"] == str(mission.pk)


def test_the_next_crew_sees_nothing_of_the_last_crews_patient(
    mission: Mission, town: Town, a1: Ambulance, medic_wang: User
) -> None:
    write(mission, medic_wang)
    say(mission, "no_patient", later(40), medic_wang)
    relief = on_shift(person("relief", "paramedic", town.stations[0]), a1, "attendant")
    shift = relief.shift_set.get()
    shift.starts_at = later(50)
    shift.save()

    assert len(shelf(TABLET, medic_wang, "patients")) == 1
    assert shelf(TABLET, relief, "patients") == {}
    assert shelf(TABLET, relief, "entries") == {}
    assert "patient.refused" not in kinds()


def test_a_hospital_reads_next_to_nothing_for_a_patient_of_another(
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    before = head()
    with board_follows(ED, nurse_elsewhere, later(60)), board_follows(ED, nurse_chen, later(60)):
        put_on_board(mission, town.hospitals[0], medic_wang, at=later(10))

    with django_assert_max_num_queries(6):
        news = changes(ED, Viewer(nurse_elsewhere, later(60)), before)
    assert news
    assert set(news.changes) <= {"hospitals"}
    seen = changes(ED, Viewer(nurse_chen, later(60)), before)
    assert seen
    assert len(seen.changes["handovers"]) == 1


def test_those_of_one_house_share_what_changed_and_each_keeps_their_own(
    mission: Mission,
    town: Town,
    medic_wang: User,
    nurse_chen: User,
    nurse_elsewhere: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    colleague = person("colleague", "ed_staff", town.hospitals[0])
    before = head()
    handover = put_on_board(mission, town.hospitals[0], medic_wang, at=later(40))
    read_card(handover=handover, actor=nurse_chen, now=later(45))
    news = News(rows_since(before))

    def told(user: User) -> Changes:
        return changes_by(ED, Viewer(user, later(60)), news)

    for user in (nurse_chen, nurse_elsewhere):
        alone = changes(ED, Viewer(user, later(60)), before)
        assert alone
        assert told(user).changes == alone.changes
    with django_assert_max_num_queries(14):
        theirs = told(colleague).changes
    assert theirs["patients"] == told(nurse_chen).changes["patients"]
    (seen,) = theirs["handovers"].values()
    (seen_by_chen,) = told(nurse_chen).changes["handovers"].values()
    assert seen
    assert seen_by_chen
    assert (seen["looked_at"], seen_by_chen["looked_at"]) == (None, later(45).isoformat())
    looks = Entry.objects.filter(kind="patient.viewed", refs__mission=str(mission.pk))
    assert set(looks.values_list("actor_id", flat=True)) == {nurse_chen.pk, colleague.pk}
