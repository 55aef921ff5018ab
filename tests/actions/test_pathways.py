"""A suspicion opens a pathway; three sides see the same clocks, each word with its name."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from ambulance_agent.protocol.codes import Quality
from config.boards import CONSOLE, ED, TABLET
from dispatch.fleet.models import Mission
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.live.board import Board, Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.actions import prealert, redirect
from ehr_prehospital.pathways.actions import (
    NoPathway,
    accept,
    activate,
    direct,
    end_pathway,
    open_pathway,
    stand_down,
    tick,
)
from ehr_prehospital.pathways.models import Pathway, PathwayTick
from ehr_prehospital.pathways.proposing import Watch, propose
from ehr_prehospital.record.actions import add_entry
from ehr_prehospital.record.rules import Statement
from ehr_prehospital.vitals.models import Reading
from tests.actions.care import kinds, later, newest, put_on_board, say
from tests.boards import board_follows
from tests.town import Town

pytestmark = pytest.mark.slow


def opened(mission: Mission, actor: User, kind: str = "stemi", at: float = 320) -> Pathway:
    return open_pathway(mission=mission, kind=kind, pathway_id=uuid4(), actor=actor, now=later(at))


def ticked(mission: Mission, actor: User, item: str, at: float, **more: object) -> Pathway:
    said = {"kind": "stemi", "answer": "done", "tick_id": uuid4(), **more}
    return tick(
        mission=mission,
        item=item,
        at=later(at),
        actor=actor,
        now=later(at),
        **said,  # type: ignore[arg-type]
    )


def write(mission: Mission, actor: User, element: str, value: str, at: float = 330) -> UUID:
    return add_entry(
        mission=mission,
        entry_id=uuid4(),
        said=Statement(element, value),
        occurred_at=later(at),
        actor=actor,
        now=later(at),
    ).pk


# Any: JSON, as the boards send it.
def shown(board: Board, user: User, at: float = 700) -> dict[str, Any]:
    (item,) = snapshot(board, Viewer(user, later(at))).state["pathways"].values()
    return item


@pytest.fixture
def at_patient(mission: Mission, medic_wang: User) -> Mission:
    say(mission, "on_scene", later(240), medic_wang)
    say(mission, "at_patient", later(300), medic_wang)
    return mission


def test_every_board_follows_a_pathway_from_suspicion_to_its_end(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    def everything() -> None:
        opened(at_patient, dispatcher_li)
        ticked(at_patient, medic_wang, "aspirin", 330)
        put_on_board(at_patient, town.hospitals[0], medic_wang, at=later(400))
        team = activate(
            mission=at_patient, kind="stemi", team="cath_lab", actor=medic_wang, now=later(410)
        )
        accept(activation=team, actor=nurse_chen, now=later(420))
        direct(mission=at_patient, kind="stemi", to="cath_lab", actor=nurse_chen, now=later(430))
        ticked(at_patient, nurse_chen, "lab_ready", 440)
        write(at_patient, medic_wang, "situation.last_known_well", "2026-11-22T05:00:00+00:00")

    now = later(700)
    with (
        board_follows(CONSOLE, dispatcher_li, now),
        board_follows(TABLET, medic_wang, now),
        board_follows(ED, nurse_chen, now),
    ):
        everything()

    crew, hospital, desk = (
        shown(TABLET, medic_wang),
        shown(ED, nurse_chen),
        shown(CONSOLE, dispatcher_li),
    )
    assert crew == hospital
    assert crew["clocks"] == desk["clocks"]
    assert [one["code"] for one in desk["clocks"]] == ["contact_ecg", "lab", "contact_wire"]
    assert crew["teams"][0]["accepted_by"] == {"name_en": "Chen", "name_zh": "chen"}
    assert (crew["direct_to"], crew["direct_by"]) == (
        "cath_lab",
        {"name_en": "Chen", "name_zh": "chen"},
    )
    assert crew["ticks"]["aspirin"]["by"] == {"name_en": "Wang", "name_zh": "wang"}
    assert set(desk["ticks"]) == {"lab_ready"}


def test_an_impression_opens_and_a_form_only_proposes(
    at_patient: Mission, medic_wang: User
) -> None:
    write(at_patient, medic_wang, "situation.primary_impression", "stroke")
    write(at_patient, medic_wang, "vital.rhythm", "stemi_anterior")
    at_patient.refresh_from_db()

    made = propose([at_patient], with_scores=False, now=later(340))
    again = propose([at_patient], with_scores=False, now=later(350))

    rows = {one.kind: one for one in Pathway.objects.all()}
    assert (made, again) == (2, 0)
    assert (rows["stroke"].state, rows["stroke"].reasons) == ("open", ["impression"])
    assert (rows["stemi"].state, rows["stemi"].reasons) == ("proposed", ["ecg_statement"])


def test_a_score_of_the_monitors_numbers_and_the_crews_findings_proposes(
    at_patient: Mission, medic_wang: User
) -> None:
    for part, points in (("eye", "4"), ("verbal", "4"), ("motor", "6")):
        write(at_patient, medic_wang, f"vital.gcs_{part}", points)
    Reading.objects.bulk_create(
        Reading(
            ambulance_id=at_patient.ambulance_id,
            mission=at_patient,
            epoch=uuid4(),
            sequence=1,
            index=0,
            recorded_at=later(340),
            measured_at=later(340),
            code=code,
            value=value,
            unit=unit,
            quality=Quality.GOOD,
            source="monitor",
        )
        for code, value, unit in (
            ("respiratory_rate", 26, "/min"),
            ("nibp_systolic", 92, "mm[Hg]"),
        )
    )
    watch = Watch()

    assert watch.look(now=later(345), with_scores=False) == 0
    assert watch.look(now=later(346), with_scores=True) == 1
    proposed = shown(TABLET, medic_wang)
    assert (proposed["kind"], proposed["state"], proposed["reasons"]) == (
        "sepsis",
        "proposed",
        ["qsofa"],
    )
    assert watch.look(now=later(350), with_scores=True) == 0


def test_a_person_confirms_a_proposal_or_discards_it_for_good(
    at_patient: Mission, medic_wang: User
) -> None:
    write(at_patient, medic_wang, "vital.rhythm", "stemi_anterior")
    propose([at_patient], with_scores=False, now=later(340))
    end_pathway(
        mission=at_patient,
        kind="stemi",
        reason="not_confirmed",
        discard=True,
        actor=medic_wang,
        now=later(350),
    )

    assert propose([at_patient], with_scores=False, now=later(360)) == 0
    (row,) = Pathway.objects.all()
    assert (row.state, row.ended_by, row.end_reason) == (
        "discarded",
        medic_wang,
        "not_confirmed",
    )
    confirmed = opened(at_patient, medic_wang, at=370)
    assert (confirmed.state, confirmed.opened_by) == ("open", medic_wang)


def test_two_sides_that_suspect_the_same_share_one_pathway(
    at_patient: Mission, medic_wang: User, dispatcher_li: User
) -> None:
    first, second = opened(at_patient, dispatcher_li), opened(at_patient, medic_wang)

    assert first == second
    assert (second.suspicion, second.opened_by) == ("dispatcher", dispatcher_li)
    assert kinds().count("pathway.opened") == 1


def test_a_tick_is_kept_once_and_kept_when_the_pathway_has_ended(
    at_patient: Mission, medic_wang: User
) -> None:
    opened(at_patient, medic_wang)
    tick_id = uuid4()
    ticked(at_patient, medic_wang, "aspirin", 330, tick_id=tick_id)
    end_pathway(
        mission=at_patient,
        kind="stemi",
        reason="completed",
        discard=False,
        actor=medic_wang,
        now=later(340),
    )

    ticked(at_patient, medic_wang, "aspirin", 330, tick_id=tick_id)
    ticked(at_patient, medic_wang, "pads", 335)

    assert PathwayTick.objects.count() == 2
    assert newest("pathway.ticked").detail == {}


def test_a_redirect_stands_the_old_team_down_and_voids_its_word(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User, dispatcher_li: User
) -> None:
    opened(at_patient, medic_wang)
    prealert(mission=at_patient, hospital=town.hospitals[0], actor=medic_wang, now=later(330))
    team = activate(
        mission=at_patient, kind="stemi", team="cath_lab", actor=medic_wang, now=later(340)
    )
    direct(mission=at_patient, kind="stemi", to="cath_lab", actor=nurse_chen, now=later(350))

    redirect(
        mission=at_patient,
        hospital=town.hospitals[1],
        reason="on_divert",
        actor=dispatcher_li,
        now=later(360),
    )

    team.refresh_from_db()
    assert (team.stood_down_at, team.stood_down_by) == (later(360), dispatcher_li)
    assert Pathway.objects.get().direct_to == ""


def test_who_may_not(
    at_patient: Mission, town: Town, medic_wang: User, nurse_elsewhere: User, dispatcher_li: User
) -> None:
    with pytest.raises(NoPathway):
        ticked(at_patient, medic_wang, "aspirin", 330)
    opened(at_patient, medic_wang)
    with pytest.raises(NoAccess):
        opened(at_patient, nurse_elsewhere)
    with pytest.raises(NoAccess):
        ticked(at_patient, dispatcher_li, "aspirin", 330)
    with pytest.raises(NoAccess):
        direct(mission=at_patient, kind="stemi", to="cath_lab", actor=medic_wang, now=later(340))
    with pytest.raises(BadInput):
        ticked(at_patient, medic_wang, "nonsense", 330)
    with pytest.raises(BadInput):
        opened(at_patient, medic_wang, kind="nonsense")
    dispatcher_li.organisation = town.stations[0]
    dispatcher_li.organisation.parent = None
    with pytest.raises(NotAllowed):
        opened(at_patient, dispatcher_li)


def test_a_team_that_was_stood_down_is_not_accepted(
    at_patient: Mission, town: Town, medic_wang: User, nurse_chen: User
) -> None:
    opened(at_patient, medic_wang)
    prealert(mission=at_patient, hospital=town.hospitals[0], actor=medic_wang, now=later(330))
    team = activate(
        mission=at_patient, kind="stemi", team="cath_lab", actor=nurse_chen, now=later(340)
    )
    stand_down(activation=team, actor=medic_wang, now=later(345))

    with pytest.raises(Exception, match="stood down"):
        accept(activation=team, actor=nurse_chen, now=later(350))


def test_over_http_from_the_checklists_to_a_tick(
    at_patient: Mission, medic_wang: User, client: Client
) -> None:
    client.force_login(medic_wang)
    base = f"/api/missions/{at_patient.pk}/pathways/stemi/"

    checklists = client.get("/api/pathways/").json()
    started = client.post(f"{base}open/", {"id": str(uuid4())}, "application/json")
    said = {"id": str(uuid4()), "item": "aspirin", "occurred_at": later(300).isoformat()}
    answer = client.post(f"{base}tick/", said, "application/json")
    unknown = client.post(f"{base}end/", {"reason": "because"}, "application/json")

    assert checklists["stemi"]["items"][0]["zh"] == "完成十二导联心电图"
    assert (started.status_code, started.json()["state"]) == (201, "open")
    assert answer.json()["ticks"]["aspirin"]["answer"] == "done"
    assert (unknown.status_code, unknown.json()["code"]) == (400, "no_reason")
