"""Boards: what each role sees, and that following equals looking afresh."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import BOARDS, CONSOLE, ED, TABLET
from dispatch.calls.actions import answer_call, attach_call, drop_call
from dispatch.calls.models import Incident
from dispatch.fleet.actions import assign, close_incident, command, record_fact, undo_fact
from dispatch.fleet.models import Ambulance, Mission
from dispatch.fleet.rules import State
from dispatch.journal.queries import head
from dispatch.live.board import Viewer, snapshot
from dispatch.people.models import User
from ehr_prehospital.handover.actions import board as board_patient
from ehr_prehospital.handover.actions import confirm, deliver, give, ready, receive, redirect
from ehr_prehospital.handover.models import Handover
from tests.boards import Follower, board_follows
from tests.town import NOW, Town

pytestmark = pytest.mark.slow


def test_following_a_whole_case_equals_looking_afresh_on_every_board(
    town: Town,
    chest_pain: Incident,
    a1: Ambulance,
    medic_wang: User,
    medic_other: User,
    nurse_chen: User,
    nurse_elsewhere: User,
    dispatcher_li: User,
) -> None:
    clock = (NOW + timedelta(seconds=second) for second in range(60))
    followers = [
        Follower(board, user, NOW + timedelta(minutes=1))
        for board, user in (
            (CONSOLE, dispatcher_li),
            (TABLET, medic_wang),
            (TABLET, medic_other),
            (ED, nurse_chen),
            (ED, nurse_elsewhere),
        )
    ]
    mission_id = uuid4()

    def mission() -> Mission:
        return Mission.objects.get(pk=mission_id)

    def handover() -> Handover:
        return Handover.objects.get(mission_id=mission_id, hospital=nurse_elsewhere.organisation)

    def fact(name: str) -> None:
        record_fact(
            mission=mission(),
            fact=name,
            occurred_at=(now := next(clock)),
            actor=medic_wang,
            source="tablet",
            now=now,
            fact_id=uuid4(),
        )

    steps = (
        lambda: assign(
            incident=chest_pain,
            ambulance=a1,
            actor=dispatcher_li,
            now=NOW,
            mission_id=mission_id,
        ),
        lambda: fact("acknowledged"),
        lambda: fact("at_patient"),
        lambda: board_patient(
            mission=mission(),
            hospital=town.hospitals[0],
            fact_id=uuid4(),
            occurred_at=(now := next(clock)),
            actor=medic_wang,
            source="tablet",
            now=now,
        ),
        lambda: redirect(
            mission=mission(),
            hospital=town.hospitals[1],
            reason="on_divert",
            actor=medic_wang,
            now=next(clock),
        ),
        lambda: deliver(handover=handover(), actor=nurse_elsewhere, now=next(clock)),
        lambda: confirm(handover=handover(), actor=nurse_elsewhere, now=next(clock)),
        lambda: ready(
            handover=handover(), bay="R2", team="stroke", actor=nurse_elsewhere, now=next(clock)
        ),
        lambda: fact("at_destination"),
        lambda: give(mission=mission(), actor=medic_wang, occurred_at=next(clock), now=next(clock)),
        lambda: receive(handover=handover(), actor=nurse_elsewhere, now=next(clock)),
        lambda: fact("available"),
        lambda: close_incident(incident=chest_pain, actor=dispatcher_li, now=next(clock)),
    )
    for step in steps:  # each on all boards at once
        step()
        for follower in followers:
            follower.catch_up()


def test_calls_and_commands_follow_too(
    mission: Mission, chest_pain: Incident, dispatcher_li: User, medic_wang: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW):
        first, second = (
            answer_call(
                call_id=uuid4(), number_from="110", ring_at=NOW, actor=dispatcher_li, now=NOW
            )
            for _ in range(2)
        )
    with board_follows(CONSOLE, dispatcher_li, NOW):
        attach_call(call=first, incident=chest_pain, actor=dispatcher_li, now=NOW)
        drop_call(call=second, actor=dispatcher_li, now=NOW)
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        slip = record_fact(
            mission=mission,
            fact="acknowledged",
            occurred_at=NOW,
            actor=medic_wang,
            source="tablet",
            now=NOW,
            fact_id=uuid4(),
        )
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        undo_fact(fact=slip, actor=medic_wang, now=NOW)
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        command(
            mission=mission,
            to=State.CANCELLED,
            reason="caller_cancelled",
            actor=dispatcher_li,
            now=NOW,
            fact_id=uuid4(),
        )


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_for_all_that_one_action_wrote(
    mission: Mission, town: Town, medic_wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr("dispatch.journal.actions.ring", lambda: rung.append(head()))
    before = head()

    board_patient(
        mission=mission,
        hospital=town.hospitals[0],
        fact_id=uuid4(),
        occurred_at=NOW,
        actor=medic_wang,
        source="tablet",
        now=NOW,
    )

    assert head() - before > 1
    assert rung == [head()]


@pytest.mark.parametrize(
    ("last", "state"),
    [("cancelled", "waiting"), ("treated_and_released", "attended"), ("en_route", "assigned")],
)
def test_an_incident_waits_until_somebody_was_with_the_patient(
    mission: Mission, chest_pain: Incident, dispatcher_li: User, last: str, state: str
) -> None:
    for seconds, fact in enumerate(("on_scene", "at_patient") if state == "attended" else ()):
        say(mission, fact, seconds)

    say(mission, last, 9)

    items = snapshot(CONSOLE, Viewer(dispatcher_li, NOW)).state["incidents"]
    assert items[str(chest_pain.pk)]["state"] == state


def say(mission: Mission, fact: str, seconds: int) -> None:
    record_fact(
        mission=mission,
        fact=fact,
        occurred_at=(now := NOW + timedelta(seconds=seconds)),
        actor=None,
        source="dispatcher",
        now=now,
        fact_id=uuid4(),
        reason="other",
    )


def test_each_role_sees_only_its_own(
    mission: Mission,
    town: Town,
    medic_wang: User,
    medic_other: User,
    nurse_chen: User,
    nurse_elsewhere: User,
) -> None:
    board_patient(
        mission=mission,
        hospital=town.hospitals[0],
        fact_id=uuid4(),
        occurred_at=NOW,
        actor=medic_wang,
        source="tablet",
        now=NOW,
    )

    def seen(name: str, user: User) -> dict[str, int]:
        state = snapshot(BOARDS[name], Viewer(user, NOW)).state
        return {shelf: len(state[shelf]) for shelf in ("handovers", "patients", "incidents")}

    assert seen("ed", nurse_chen) == {"handovers": 1, "patients": 1, "incidents": 1}
    assert seen("ed", nurse_elsewhere) == {"handovers": 0, "patients": 0, "incidents": 0}
    assert seen("tablet", medic_wang) == {"handovers": 1, "patients": 1, "incidents": 1}
    assert seen("tablet", medic_other) == {"handovers": 0, "patients": 0, "incidents": 0}


@pytest.mark.parametrize(
    ("name", "role", "open_"),
    [
        ("console", "dispatcher", True),
        ("console", "paramedic", False),
        ("tablet", "paramedic", True),
        ("ed", "ed_staff", True),
        ("ed", "dispatcher", False),
        ("console", "administrator", False),
    ],
)
def test_a_board_opens_to_its_roles_only(town: Town, name: str, role: str, *, open_: bool) -> None:
    user = User(username="x", role=role, organisation=town.centre)

    assert BOARDS[name].open_to(user) is open_
