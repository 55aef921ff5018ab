"""Move-ups: proposed, accepted, refused, expired; postings: driven to, ended by an emergency."""

from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from config.boards import CONSOLE, TABLET
from dispatch.calls.models import Incident
from dispatch.calls.queries import duplicates_near
from dispatch.decision.actions.escalation import watch_overdue, watch_unacknowledged
from dispatch.decision.actions.estimates import refresh_etas
from dispatch.decision.actions.moving import accept_move, refuse_move, watch_moves
from dispatch.decision.actions.posting import AlreadyThere, NotOnShift, send_to_post
from dispatch.decision.actions.units import choose_unit, recommend_units
from dispatch.decision.models import MoveUp
from dispatch.decision.situation import situation_of
from dispatch.fleet.actions import UnitIsBusy, assign, record_fact, undo_fact
from dispatch.fleet.holds import hold
from dispatch.fleet.models import Ambulance, CrewCheck, Fix, Mission, Shift
from dispatch.fleet.safety import watch_crews
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.live.board import Viewer
from dispatch.live.projections import missions, units
from dispatch.people.models import User
from dispatch.uplink.queries import order_of
from tests.boards import board_follows
from tests.town import NOW, Town, at, on_shift, person, unit

pytestmark = pytest.mark.slow

# A town of two and a half kilometres: a target so short that each station covers only its side.
POLICY = """
based_on = "standard"
id = "town"
[relocation]
target_s = 130
graded = [[1.0, 1.0]]
least_gain = 0.02
cell_m = 300
points = [{ code = "P1", en = "North bridge", zh = "北桥", lon = 120.012, lat = 31.018 }]
"""


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def policy(tmp_path: Path, settings: Settings, town: Town) -> None:
    from dispatch.city.queries import current_folder

    path = tmp_path / "town.toml"
    path.write_text(POLICY)
    settings.POLICY_FILE = path
    folder = current_folder()
    assert folder
    rows = [at(column, row) for column in range(9) for row in range(9)]
    lines = [f"{lon},{lat},{10 if lat < 31.01 else 30}" for lat, lon in rows]
    folder.demand.write_text("lon,lat,population\n" + "\n".join(lines) + "\n")


@pytest.fixture
def a3(town: Town, a1: Ambulance) -> Ambulance:
    """A second unit at the station of A1."""
    twin = unit("A3", town.stations[0], "als")
    on_shift(person("twin", "paramedic", twin.station), twin)
    return twin


@pytest.fixture
def proposal(a3: Ambulance, medic_wang: User, dispatcher_li: User) -> MoveUp:
    """A1 and A3 stand at the same station: one of them should wait elsewhere."""
    assert watch_moves(now=NOW) == 1
    return MoveUp.objects.get()


def crew_of(proposal: MoveUp) -> User:
    return Shift.objects.get(ambulance=proposal.ambulance, seat="lead").user


def say(mission: Mission, fact: str, seconds: float, actor: User) -> None:
    record_fact(
        mission=mission,
        fact=fact,
        occurred_at=later(seconds),
        actor=actor,
        source="tablet",
        now=later(seconds),
        fact_id=uuid4(),
    )


# --- proposals --------------------------------------------------------------------------


def test_a_proposal_is_kept_with_its_inputs_and_told_once(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, later(10)):
        assert watch_moves(now=later(10)) == 0

    assert proposal.covered_after > proposal.covered_before
    assert proposal.policy == "town-1.0"
    assert proposal.inputs["calls"] == 0
    assert sum(proposal.inputs["demand"]) == pytest.approx(1, abs=1e-4)
    assert {one["call_sign"] for one in proposal.inputs["units"]} == {"A1", "A3"}
    assert [row.detail["point"] for row in Entry.objects.filter(kind="move_up.proposed")] == [
        proposal.point
    ]


def test_a_proposal_comes_and_goes_on_the_console(
    a3: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        assert watch_moves(now=NOW) == 1
    Fix.objects.update(fix_at=later(700))
    with board_follows(CONSOLE, dispatcher_li, later(700)):
        watch_moves(now=later(700))

    assert list(MoveUp.objects.order_by("made_at").values_list("outcome", flat=True)) == [
        "expired", "",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["rest", "shift", "silence"])
def test_whoever_must_be_left_alone_is_not_asked(
    a3: Ambulance, medic_wang: User, dispatcher_li: User, what: str
) -> None:
    for ambulance in Ambulance.objects.filter(call_sign__in=["A1", "A3"]):
        if what == "rest":
            hold(hold_id=uuid4(), ambulance=ambulance, kind="rest", what="meal", until=None,
                 actor=dispatcher_li, now=NOW)  # fmt: skip
    if what == "shift":
        Shift.objects.update(ends_at=later(1500))
    if what == "silence":
        Fix.objects.update(fix_at=later(-600))

    assert watch_moves(now=NOW) == 0
    assert not MoveUp.objects.exists()


def test_a_proposal_expires_when_its_unit_goes_to_rest(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    hold(hold_id=uuid4(), ambulance=proposal.ambulance, kind="rest", what="meal", until=None,
         actor=dispatcher_li, now=later(5))  # fmt: skip

    with board_follows(CONSOLE, dispatcher_li, later(10)):
        watch_moves(now=later(10))

    proposal.refresh_from_db()
    assert proposal.outcome == "expired"
    assert Entry.objects.filter(kind="move_up.expired").count() == 1
    with pytest.raises(Refused) as refused:
        accept_move(proposal=proposal, actor=dispatcher_li, now=later(11), mission_id=uuid4())
    assert refused.value.code == "proposal_ended"


def test_a_refusal_needs_a_reason_and_leaves_the_unit_alone_for_a_while(
    proposal: MoveUp, dispatcher_li: User, nurse_chen: User
) -> None:
    with pytest.raises(BadInput):
        refuse_move(proposal=proposal, reason="", actor=dispatcher_li, now=later(5))
    with pytest.raises(NotAllowed):
        refuse_move(proposal=proposal, reason="traffic", actor=nurse_chen, now=later(5))

    with board_follows(CONSOLE, dispatcher_li, later(5)):
        refuse_move(proposal=proposal, reason="traffic", actor=dispatcher_li, now=later(5))

    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.reason) == ("refused", "traffic")
    assert Entry.objects.get(kind="move_up.refused").detail == {"reason": "traffic"}
    watch_moves(now=later(10))
    following = MoveUp.objects.filter(ended_at__isnull=True).first()
    assert following is None or following.ambulance_id != proposal.ambulance_id


def test_a_policy_that_leaves_units_at_home_proposes_nothing(
    a3: Ambulance, medic_wang: User, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "home.toml"
    path.write_text(POLICY.replace("[relocation]", '[relocation]\nmode = "off"'))
    settings.POLICY_FILE = path

    assert watch_moves(now=NOW) == 0


def test_a_compliance_table_fills_its_points(
    a3: Ambulance, medic_wang: User, dispatcher_li: User, tmp_path: Path,
    settings: Settings,
) -> None:  # fmt: skip
    path = tmp_path / "table.toml"
    path.write_text(
        POLICY.replace("[relocation]", '[relocation]\nmode = "table"')
        + '[relocation.table]\n2 = ["S1", "P1"]\n1 = ["S1"]\n'
    )
    settings.POLICY_FILE = path

    assert watch_moves(now=NOW) == 1

    made = MoveUp.objects.get()
    assert (made.point, made.kind, made.point_zh) == ("P1", "standby", "北桥")
    accept_move(proposal=made, actor=dispatcher_li, now=later(5), mission_id=uuid4())
    assert watch_moves(now=later(10)) == 0


# --- postings are missions ----------------------------------------------------------------


def test_an_accepted_move_is_a_mission_that_the_crew_drives_and_ends(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    crew, same = crew_of(proposal), uuid4()

    with board_follows(CONSOLE, dispatcher_li, later(5)), board_follows(TABLET, crew, later(5)):
        mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5),
                              mission_id=same)  # fmt: skip
    again = accept_move(proposal=proposal, actor=dispatcher_li, now=later(6), mission_id=same)
    for seconds, fact in enumerate(("acknowledged", "en_route", "on_scene"), start=10):
        with board_follows(CONSOLE, dispatcher_li, later(seconds)):
            say(mission, fact, seconds, crew)

    assert again == mission
    assert (mission.incident.kind, mission.incident.complaint) == (proposal.kind, proposal.kind)
    assert (mission.state, mission.open) == ("on_scene", True)
    with board_follows(CONSOLE, dispatcher_li, later(20)), board_follows(TABLET, crew, later(20)):
        say(mission, "available", 20, crew)
    mission.incident.refresh_from_db()
    assert mission.incident.closed_at == later(20)
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.mission) == ("accepted", mission)


def test_an_end_that_was_a_slip_opens_the_posting_again(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    crew = crew_of(proposal)
    mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())
    say(mission, "on_scene", 20, crew)
    say(mission, "available", 30, crew)

    with board_follows(CONSOLE, dispatcher_li, later(35)), board_follows(TABLET, crew, later(35)):
        undo_fact(fact=mission.facts.get(fact="available"), actor=crew, now=later(35))

    assert Incident.objects.get(pk=mission.incident_id).closed_at is None
    assert Mission.objects.get(pk=mission.pk).state == "on_scene"


def test_a_plan_of_the_standing_units_says_who_is_missing_where(
    a3: Ambulance, medic_wang: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("plan_posts", units=2, at="2026-11-22T06:00+00:00")

    said = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:4] for line in said.splitlines()[1:5]}
    assert rows["S1"] == ["2", "0", "-2"]
    assert rows["P1"] == ["0", "2", "+2"]  # in the middle of the densest part, crew in the vehicle
    assert "with 2." in said
    with pytest.raises(CommandError, match="room for"):
        call_command("plan_posts", units=9, room=1)
    with pytest.raises(CommandError, match="no time with an offset"):
        call_command("plan_posts", at="noon")


def test_a_posted_unit_is_recommended_and_an_emergency_ends_its_posting(
    proposal: MoveUp, chest_pain: Incident, dispatcher_li: User
) -> None:
    posted = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())
    other = Ambulance.objects.exclude(pk=proposal.ambulance_id).get(call_sign__in=["A1", "A3"])
    Fix.objects.filter(ambulance=other).delete()

    stored, ranking = recommend_units(incident=chest_pain, actor=dispatcher_li, now=later(20))
    assert [one.duty for one in ranking.ranked] == ["posted"]
    assert "posted" in [reason.code for reason in ranking.ranked[0].reasons]
    with board_follows(CONSOLE, dispatcher_li, later(21)):
        mission = choose_unit(
            incident=chest_pain,
            ambulance=proposal.ambulance,
            recommendation=stored,
            override_reason="",
            actor=dispatcher_li,
            now=later(21),
            mission_id=uuid4(),
        )

    posted.refresh_from_db()
    assert (posted.state, posted.end_reason) == ("diverted", "higher_priority")
    assert posted.incident.__class__.objects.get(pk=posted.incident_id).closed_at == later(21)
    assert (mission.open, mission.ambulance) == (True, proposal.ambulance)


def test_a_post_is_no_emergency_to_anybody(proposal: MoveUp, dispatcher_li: User) -> None:
    crew = crew_of(proposal)
    mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())
    for seconds, fact in enumerate(("acknowledged", "en_route", "on_scene"), start=10):
        say(mission, fact, seconds, crew)
    hour = later(3600)

    watch_crews(every=timedelta(minutes=20), answer_within=timedelta(minutes=2), now=hour)

    limits = {"assigned": 60, "acknowledged": 60, "en_route": 60, "on_scene": 60}
    assert watch_overdue(limits_s=limits, now=hour) == 0
    assert not CrewCheck.objects.exists()
    near = duplicates_near(centre=proposal.centre, lat=proposal.lat, lon=proposal.lon, now=hour)
    assert near == []


def test_a_crew_that_does_not_answer_a_posting_is_told_and_nobody_is_proposed_instead(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())

    assert watch_unacknowledged(after_s=dict.fromkeys(range(1, 6), 60.0), now=later(100)) == 1
    assert not mission.proposals.exists()


def test_a_patient_on_a_posting_is_written_down_and_flagged(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    crew = crew_of(proposal)
    mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())

    say(mission, "at_patient", 30, crew)

    assert mission.facts.get().contradiction == "contradicts"
    assert mission.state == "assigned"


def test_a_posting_is_driven_to_without_blue_light_and_its_vehicle_knows_what_it_is(
    proposal: MoveUp, dispatcher_li: User
) -> None:
    mission = accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())

    refresh_etas(now=later(6))

    mission.refresh_from_db()
    assert mission.eta_s == pytest.approx(proposal.drive_s, abs=1)
    order = order_of(Mission.objects.select_related("incident", "ambulance__fix").get())
    assert (order.complaint, order.priority) == (proposal.kind, 5)


# --- posted by hand -----------------------------------------------------------------------


def send(
    unit_: Ambulance, actor: User, *, point: str = "P1", reason: str = "event", seconds: float = 5
) -> Mission:
    return send_to_post(
        ambulance=unit_,
        point=point,
        reason=reason,
        actor=actor,
        now=later(seconds),
        mission_id=uuid4(),
    )


def test_a_unit_is_sent_to_a_point_by_hand_with_the_reason_and_stays_free(
    a1: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    with (
        board_follows(CONSOLE, dispatcher_li, later(5)),
        board_follows(TABLET, medic_wang, later(5)),
    ):
        mission = send(a1, dispatcher_li)

    assert (mission.state, mission.incident.kind, mission.incident.priority) == (
        "assigned",
        "standby",
        5,
    )
    assert mission.incident.reasons == ["posting:event"]
    row = Entry.objects.get(kind="unit.posted")
    assert row.detail == {"point": "P1", "reason": "event"}
    assert row.refs["unit"] == str(a1.pk)
    assert row.actor_id == dispatcher_li.pk
    shown = units(Viewer(dispatcher_li, later(6)), [a1.pk])[str(a1.pk)]
    assert (shown["posting"], shown["incident_id"]) == ("standby", None)


def test_a_post_has_both_its_names_whoever_made_it(
    a1: Ambulance, a3: Ambulance, proposal: MoveUp, dispatcher_li: User
) -> None:
    stays = a1 if proposal.ambulance == a3 else a3
    with translation.override("zh-hans"):
        by_hand = send(stays, dispatcher_li)
        accepted = accept_move(
            proposal=proposal, actor=dispatcher_li, now=later(6), mission_id=uuid4()
        )

    assert (by_hand.incident.place_label, by_hand.incident.place_label_zh) == (
        "North bridge",
        "北桥",
    )
    assert (accepted.incident.place_label, accepted.incident.place_label_zh) == (
        proposal.point_en,
        proposal.point_zh,
    )
    items = missions(Viewer(dispatcher_li, later(7)), [by_hand.pk])
    assert items[str(by_hand.pk)]["place_label_zh"] == "北桥"


def test_a_post_made_before_gets_both_its_names(proposal: MoveUp, dispatcher_li: User) -> None:
    accept_move(proposal=proposal, actor=dispatcher_li, now=later(5), mission_id=uuid4())
    Incident.objects.update(place_label="北桥", place_label_zh="")
    MoveUp.objects.update(point_en="North bridge", point_zh="北桥")

    import_module("dispatch.migrations.0024_name_posts_in_both_languages").name_both(apps, None)

    assert Incident.objects.values_list("place_label", "place_label_zh").get() == (
        "North bridge",
        "北桥",
    )


def test_to_a_station_it_is_a_relocation_and_the_posting_before_ends(
    a1: Ambulance, medic_wang: User, dispatcher_li: User, town: Town
) -> None:
    first = send(a1, dispatcher_li)

    second = send(a1, dispatcher_li, point=town.stations[1].code, reason="gap", seconds=20)

    first.refresh_from_db()
    assert (first.open, first.end_reason) == (False, "moved_on")
    assert (second.open, second.incident.kind) == (True, "relocation")


def test_sent_again_with_the_same_id_it_is_the_same_mission(
    a1: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    first = send(a1, dispatcher_li)

    again = send_to_post(
        ambulance=a1,
        point="P1",
        reason="event",
        actor=dispatcher_li,
        now=later(9),
        mission_id=first.pk,
    )

    assert again == first
    assert Entry.objects.filter(kind="unit.posted").count() == 1


def test_whom_and_where_nobody_can_be_sent_is_refused_and_nothing_is_left(
    a1: Ambulance,
    a2: Ambulance,
    medic_wang: User,
    dispatcher_li: User,
    nurse_chen: User,
    chest_pain: Incident,
) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        send(a1, dispatcher_li, point="nowhere")
    with pytest.raises(BadInput, match="why"):
        send(a1, dispatcher_li, reason="boredom")
    with pytest.raises(NotAllowed):
        send(a1, nurse_chen)
    with pytest.raises(NotOnShift):
        send(a2, dispatcher_li)
    assert not Mission.objects.exists()
    send(a1, dispatcher_li)
    with pytest.raises(AlreadyThere):
        send(a1, dispatcher_li, seconds=10)
    assert Mission.objects.count() == 1


def test_a_unit_that_serves_an_emergency_is_not_posted(
    a1: Ambulance, medic_wang: User, dispatcher_li: User, chest_pain: Incident
) -> None:
    serving = assign(
        incident=chest_pain, ambulance=a1, actor=dispatcher_li, now=NOW, mission_id=uuid4()
    )

    with pytest.raises(UnitIsBusy):
        send(a1, dispatcher_li)

    serving.refresh_from_db()
    assert serving.open
    assert not Incident.objects.exclude(kind="emergency").exists()
    assert not Entry.objects.filter(kind="unit.posted").exists()


def test_posts_are_asked_for_and_taken_over_http(
    a1: Ambulance, medic_wang: User, dispatcher_li: User, nurse_chen: User, town: Town
) -> None:
    desk, ward = Client(), Client()
    desk.force_login(dispatcher_li)
    ward.force_login(nurse_chen)
    Shift.objects.update(ends_at=datetime.now(tz=NOW.tzinfo) + timedelta(hours=1))
    path = f"/api/units/{a1.pk}/posting/"
    body = {"id": str(uuid4()), "point": "P1", "reason": "gap"}

    points = desk.get("/api/waiting-points/").json()["points"]
    wrong = desk.post(path, {**body, "reason": "x"}, content_type="application/json")
    made = desk.post(path, body, content_type="application/json")
    twice = desk.post(path, {**body, "id": str(uuid4())}, content_type="application/json")

    assert points[-1] == {
        "code": "P1",
        "kind": "standby",
        "name_en": "North bridge",
        "name_zh": "北桥",
        "lat": 31.018,
        "lon": 120.012,
    }
    assert {one["code"] for one in points[:-1]} == {one.code for one in town.stations}
    assert (wrong.status_code, made.status_code, twice.status_code) == (400, 201, 409)
    assert twice.json()["code"] == "already_there"
    assert ward.get("/api/waiting-points/").status_code == 403
    assert ward.post(path, body, content_type="application/json").status_code == 403


# --- coverage -----------------------------------------------------------------------------


def test_calls_of_the_centre_draw_the_demand_to_where_they_come_from(
    chest_pain: Incident, town: Town
) -> None:
    before = situation_of(town.centre, NOW)
    for _call in range(60):
        chest_pain.pk, chest_pain.number = uuid4(), f"C1-{uuid4()}"
        chest_pain.opened_at = NOW - timedelta(days=7)
        chest_pain.save(force_insert=True)

    after = situation_of(town.centre, later(3600))

    assert before is not None
    assert after is not None
    assert after.ground.calls == 61
    assert max(after.ground.demand) > 3 * max(before.ground.demand)
    busiest = after.ground.places[int(after.ground.demand.argmax())]
    assert busiest == pytest.approx((chest_pain.lon, chest_pain.lat), abs=0.002)


def test_the_coverage_of_this_moment_is_told_to_the_control_room_only(
    a1: Ambulance, medic_wang: User, dispatcher_li: User, nurse_chen: User
) -> None:
    Fix.objects.update(fix_at=datetime.now(tz=NOW.tzinfo))
    desk, ward = Client(), Client()
    desk.force_login(dispatcher_li)
    ward.force_login(nurse_chen)

    answer = desk.get("/api/coverage/").json()

    assert 0 < answer["reached"] < 1
    assert answer["expected"] == pytest.approx(0.7 * answer["reached"], abs=0.001)
    assert answer["units"] == 1
    assert sum(zone[4] for zone in answer["zones"]) == pytest.approx(1, abs=0.001)
    assert ward.get("/api/coverage/").status_code == 403


def test_the_answers_come_over_http(proposal: MoveUp, dispatcher_li: User) -> None:
    desk = Client()
    desk.force_login(dispatcher_li)
    path = f"/api/move-ups/{proposal.pk}"

    wrong = desk.post(f"{path}/refuse/", {"reason": "boredom"}, content_type="application/json")
    sent = desk.post(f"{path}/accept/", {"id": str(uuid4())}, content_type="application/json")
    late = desk.post(f"{path}/refuse/", {"reason": "other"}, content_type="application/json")

    assert (wrong.status_code, sent.status_code, late.status_code) == (400, 201, 409)
    assert late.json()["code"] == "proposal_ended"
