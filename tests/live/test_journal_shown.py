"""Who is shown what of the journal: their own organisation's matters, and nothing clinical."""

from typing import cast
from uuid import uuid4

import pytest
from django.test import Client

from config.boards import CONSOLE
from dispatch.calls.actions import PatientHint, Place, answer_call, open_incident
from dispatch.calls.models import Incident
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.live.board import Items, Viewer, snapshot
from dispatch.live.matters import newest_own_rows
from dispatch.people.models import Organisation, User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions import board as board_patient
from ehr_prehospital.record.actions import add_entry
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.vitals.watching import begin_watching
from tests.boards import board_follows
from tests.town import NOW, Town, at, person


@pytest.fixture
def neighbour_zhang(town: Town) -> User:
    """A dispatcher of the centre of the next town."""
    centre = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C2", name_en="Next", name_zh="邻镇"
    )
    return person("zhang", "dispatcher", centre)


def another_incident(actor: User) -> Incident:
    lat, lon = at(1, 1)
    return open_incident(
        incident_id=uuid4(),
        call=None,
        place=Place("Street 1", lat, lon, "junction"),
        complaint="chest_pain",
        answers={"awake": "yes", "breathing": "yes"},
        patient=PatientHint("unknown", None),
        caller_note="",
        actor=actor,
        now=NOW,
    )


def give_aspirin(mission: Mission, actor: User) -> None:
    add_entry(
        mission=mission,
        entry_id=uuid4(),
        said=Statement("drug.aspirin", "300", unit="mg", route="oral"),
        occurred_at=NOW,
        replaces=None,
        actor=actor,
        now=NOW,
    )


def on_the_console(user: User) -> Items:
    return snapshot(CONSOLE, Viewer(user, NOW)).state["journal"]


def kinds(user: User) -> list[str]:
    return [cast("str", item["kind"]) for item in on_the_console(user).values()]


def test_a_dispatcher_is_not_told_what_a_crew_writes_into_the_record(
    mission: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        give_aspirin(mission, medic_wang)

    assert "record.entry_added" in Entry.objects.values_list("kind", flat=True)
    assert "mission.assigned" in kinds(dispatcher_li)
    assert not [kind for kind in kinds(dispatcher_li) if kind.startswith(("record", "patient"))]
    assert "aspirin" not in str(on_the_console(dispatcher_li))


def test_a_dispatcher_follows_the_handover_without_learning_who_the_patient_is(
    mission: Mission, town: Town, medic_wang: User, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        board_patient(
            mission=mission, hospital=town.hospitals[0], fact_id=uuid4(), occurred_at=NOW,
            actor=medic_wang, source="tablet", now=NOW,
        )  # fmt: skip

    (sent,) = (i for i in on_the_console(dispatcher_li).values() if i["kind"] == "handover.sent")
    refs = cast("dict[str, str]", sent["refs"])
    assert refs.keys() == {"incident", "mission", "unit", "hospital", "handover"}
    assert "detail" not in sent


def test_each_centre_is_shown_its_own_matters_only(
    mission: Mission, dispatcher_li: User, neighbour_zhang: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(CONSOLE, neighbour_zhang, NOW):
        answer_call(call_id=uuid4(), number_from="110", ring_at=NOW, actor=neighbour_zhang, now=NOW)
        theirs = another_incident(neighbour_zhang)

    assert kinds(neighbour_zhang) == ["incident.opened", "call.answered"]
    assert str(theirs.pk) not in str(on_the_console(dispatcher_li))
    assert kinds(dispatcher_li) == ["mission.assigned", "incident.opened"]


def test_the_newest_own_rows_are_found_behind_a_busy_neighbours(
    mission: Mission, dispatcher_li: User, neighbour_zhang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.live.matters.PAGE", 2)
    for _ in range(5):
        another_incident(neighbour_zhang)

    assert kinds(dispatcher_li) == ["mission.assigned", "incident.opened"]


def test_an_administrator_audits_their_own_centre_and_reads_no_treatment(
    mission: Mission,
    medic_wang: User,
    nurse_chen: User,
    administrator: User,
    neighbour_zhang: User,
) -> None:
    give_aspirin(mission, medic_wang)
    with pytest.raises(NoAccess):
        begin_watching(user=nurse_chen, mission_id=mission.pk, now=NOW)
    theirs = another_incident(neighbour_zhang)
    client = Client()
    client.force_login(administrator)

    def table(kind: str = "") -> str:
        page = client.get("/journal/", {"kind": kind}).content.decode()
        return page[page.index("<tbody>") : page.index("</tbody>")]

    page, refused = table(), table("patient.refused")

    assert "record.entry_added" in page
    assert "aspirin" not in page
    assert str(mission.pk) in page
    assert str(theirs.pk) not in page
    assert "patient.refused" in refused
    assert "mission.assigned" not in refused


def test_a_hospital_is_concerned_by_what_names_it_and_what_its_people_do(
    mission: Mission, town: Town, medic_wang: User, nurse_chen: User, nurse_elsewhere: User
) -> None:
    board_patient(
        mission=mission, hospital=town.hospitals[0], fact_id=uuid4(), occurred_at=NOW,
        actor=medic_wang, source="tablet", now=NOW,
    )  # fmt: skip
    with pytest.raises(NoAccess):
        begin_watching(user=nurse_elsewhere, mission_id=mission.pk, now=NOW)

    def own(user: User) -> set[str]:
        return {row.kind for row in newest_own_rows(user, among=Entry.objects.all(), limit=50)}

    assert own(nurse_chen) == {"mission.on_board", "handover.sent", "record.opened"}
    assert own(nurse_elsewhere) == {"patient.refused"}


def test_who_belongs_nowhere_is_shown_nothing(mission: Mission, stranger: User) -> None:
    assert newest_own_rows(stranger, among=Entry.objects.all(), limit=50) == []
