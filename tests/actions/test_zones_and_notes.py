"""Zones and notes: drawn, told to the desk and the crew, removed; refused to others."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from config.boards import CONSOLE, TABLET
from dispatch.calls.actions import add_note
from dispatch.calls.models import Incident, IncidentNote
from dispatch.city.models import Zone
from dispatch.decision.actions.zones import draw_zone, remove_zone
from dispatch.fleet.models import Mission
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import Organisation, User
from tests.boards import board_follows
from tests.town import NOW, at

Ring = list[tuple[float, float]]


def square(column: float, row: float, half: float = 1) -> Ring:
    """(lon, lat) corners round a crossing of the town."""
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return [at(column + x, row + y)[::-1] for x, y in corners]


def drawn(actor: User, ring: Ring, kind: str = "hazard", name: str = "Gas leak") -> Zone:
    return draw_zone(zone_id=uuid4(), name=name, kind=kind, ring=ring, actor=actor, now=NOW)


def hazards(user: User, board: Any, incident: Incident) -> list[str]:  # Any: a board's JSON
    item = snapshot(board, Viewer(user, NOW)).state["incidents"][str(incident.pk)]
    return [str(one["name"]) for one in item["hazards"]]  # type: ignore[index,union-attr,call-overload]


def test_a_call_in_a_danger_zone_warns_the_desk_and_the_crew_until_the_zone_is_removed(
    mission: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    incident = mission.incident
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        zone = drawn(dispatcher_li, square(4, 4))
        drawn(dispatcher_li, square(4, 4), kind="event", name="Marathon")
        drawn(dispatcher_li, square(0, 0), name="Far away")
    warned = [hazards(user, board, incident) for user, board in
              ((dispatcher_li, CONSOLE), (medic_wang, TABLET))]  # fmt: skip
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        remove_zone(zone=zone, actor=dispatcher_li, now=NOW)
        remove_zone(zone=zone, actor=dispatcher_li, now=NOW)

    assert warned == [["Gas leak"], ["Gas leak"]]
    assert hazards(dispatcher_li, CONSOLE, incident) == []
    assert Entry.objects.filter(kind="zone.removed").count() == 1
    assert Entry.objects.filter(kind="zone.drawn").first().detail == {  # type: ignore[union-attr]
        "kind": "hazard",
        "corners": 4,
    }


def test_a_zone_is_drawn_by_the_control_room_and_must_be_one(
    medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    for outsider in (medic_wang, nurse_chen):
        with pytest.raises(NotAllowed):
            drawn(outsider, square(1, 1))
    for ring, code in (
        (square(1, 1)[:2], "too_few_corners"),
        ([*square(1, 1)[:2], *square(1, 1)[:1:-1]], "crosses_itself"),
    ):
        with pytest.raises(BadInput) as refused:
            drawn(dispatcher_li, ring)
        assert refused.value.code == code
    with pytest.raises(BadInput):
        drawn(dispatcher_li, square(1, 1), name="  ")

    assert not Zone.objects.exists()


def test_another_centre_neither_sees_nor_removes_a_zone(
    mission: Mission, dispatcher_li: User
) -> None:
    zone = drawn(dispatcher_li, square(4, 4))
    centre = Organisation.objects.create(
        kind=Organisation.Kind.DISPATCH_CENTRE, code="C2", name_en="Other", name_zh="别处"
    )
    other = User.objects.create(username="zhao", role="dispatcher", organisation=centre)

    with pytest.raises(NotAllowed):
        remove_zone(zone=zone, actor=other, now=NOW)

    assert snapshot(CONSOLE, Viewer(other, NOW)).state["zones"] == {}


def test_a_note_reaches_desk_and_crew_and_the_journal_names_it_without_its_words(
    mission: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    identity = uuid4()
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        for _twice in range(2):
            add_note(
                note_id=identity,
                incident=mission.incident,
                text=" Dog in  the yard ",
                actor=dispatcher_li,
                now=NOW,
            )

    item = snapshot(TABLET, Viewer(medic_wang, NOW)).state["incidents"][str(mission.incident_id)]
    assert [one["text"] for one in item["notes"]] == ["Dog in the yard"]  # type: ignore[index,union-attr,call-overload]
    entry = Entry.objects.get(kind="incident.noted")
    assert (entry.detail, entry.refs["note"]) == ({}, str(identity))


def test_a_note_is_refused_when_empty_to_strangers_and_on_a_closed_incident(
    chest_pain: Incident, medic_wang: User, dispatcher_li: User
) -> None:
    def note(actor: User, text: str) -> None:
        add_note(note_id=uuid4(), incident=chest_pain, text=text, actor=actor, now=NOW)

    with pytest.raises(BadInput):
        note(dispatcher_li, "  ")
    with pytest.raises(NotAllowed):
        note(medic_wang, "hello")
    Incident.objects.update(closed_at=NOW)
    with pytest.raises(Refused) as refused:
        note(dispatcher_li, "too late")

    assert refused.value.code == "incident_closed"
    assert not IncidentNote.objects.exists()


def test_zones_and_notes_over_http(mission: Mission, dispatcher_li: User) -> None:
    client = Client()
    client.force_login(dispatcher_li)

    def post(path: str, **body: object) -> Any:  # Any: Django's test response
        return client.post(f"/api/{path}", body, content_type="application/json")

    bad = post("zones/", id=str(uuid4()), name="X", kind="hazard", ring=[[0, 0], [1]])
    made = post("zones/", id=str(uuid4()), name="Fire", kind="hazard", ring=square(4, 4))
    noted = post(f"incidents/{mission.incident_id}/notes/", id=str(uuid4()), text="Code 4711")
    removed = post(f"zones/{made.json()['id']}/remove/")

    assert [bad.status_code, made.status_code, noted.status_code] == [400, 201, 201]
    assert removed.status_code == 204


def test_the_journal_of_an_incident_names_its_calls_and_missions_and_no_other(
    mission: Mission, dispatcher_li: User, stranger: User
) -> None:
    drawn(dispatcher_li, square(4, 4))
    add_note(note_id=uuid4(), incident=mission.incident, text="x", actor=dispatcher_li, now=NOW)
    client = Client()
    client.force_login(dispatcher_li)

    rows = client.get("/api/journal/", {"incident": str(mission.incident_id)}).json()
    every = client.get("/api/journal/").json()
    client.force_login(stranger)

    kinds = {row["kind"] for row in rows.values()}
    assert {"incident.opened", "mission.assigned", "incident.noted"} <= kinds
    assert "zone.drawn" not in kinds
    assert "zone.drawn" in {row["kind"] for row in every.values()}
    newest = max(map(int, every))
    assert str(newest) not in client.get("/api/journal/").json()
    assert client.get("/api/journal/").status_code == 403
