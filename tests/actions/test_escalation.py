"""Silence and danger: the next unit, the overdue state, the crew's button and its timer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from config.boards import CONSOLE, TABLET
from dispatch.decision.actions.escalation import watch_overdue, watch_unacknowledged
from dispatch.decision.actions.instead import send_instead
from dispatch.decision.models import Recommendation
from dispatch.decision.policy_file import policy_named
from dispatch.fleet.models import Ambulance, CrewAlarm, CrewCheck, Fix, Mission
from dispatch.fleet.rules import TRANSITIONS, State
from dispatch.fleet.safety import (
    acknowledge_crew_alarm,
    answer_check,
    end_crew_alarm,
    raise_emergency,
    watch_crews,
)
from dispatch.journal.models import Entry
from dispatch.journal.refusals import BadInput, NotAllowed, Refused
from dispatch.live.board import Viewer
from dispatch.live.projections import missions
from dispatch.people.models import User
from tests.actions.care import say
from tests.boards import board_follows
from tests.town import NOW, at

LIMITS = policy_named("standard").escalation
EVERY, WITHIN = timedelta(minutes=20), timedelta(minutes=2)


def later(seconds: float) -> "timedelta":
    return timedelta(seconds=seconds)


def unanswered(seconds: float) -> int:
    Fix.objects.update(fix_at=NOW + later(seconds))
    return watch_unacknowledged(after_s=LIMITS.unacknowledged_s, now=NOW + later(seconds))


# --- not acknowledged ---------------------------------------------------------------


def test_silence_proposes_the_next_unit_once(
    mission: Mission, medic_other: User, dispatcher_li: User
) -> None:
    assert unanswered(29) == 0
    Fix.objects.update(fix_at=NOW + later(31))

    with board_follows(CONSOLE, dispatcher_li, NOW + later(31)):
        assert unanswered(31) == 1
    assert unanswered(60) == 0

    proposal = Recommendation.objects.get(instead_of=mission)
    assert [row["call_sign"] for row in proposal.ranked] == ["A2"]
    item = missions(Viewer(dispatcher_li, NOW), None)[str(mission.pk)]
    assert item["instead"] == {
        "because": "no_answer",
        "call_sign": "A2",
        "response_s": proposal.ranked[0]["response_s"],
        "gain_s": None,
        "made_at": (NOW + later(31)).isoformat(),
    }


def test_the_proposed_unit_goes_instead_in_one_step(
    mission: Mission, medic_other: User, dispatcher_li: User
) -> None:
    unanswered(31)
    same = uuid4()

    with board_follows(CONSOLE, dispatcher_li, NOW + later(40)):
        sent = send_instead(
            mission=mission, actor=dispatcher_li, now=NOW + later(40), mission_id=same
        )
    again = send_instead(mission=mission, actor=dispatcher_li, now=NOW + later(41), mission_id=same)

    mission.refresh_from_db()
    assert (mission.state, mission.end_reason) == ("cancelled", "no_answer")
    assert (sent.ambulance.call_sign, again) == ("A2", sent)


def test_a_crew_that_answered_after_all_keeps_its_mission(
    mission: Mission, medic_wang: User, medic_other: User, dispatcher_li: User
) -> None:
    unanswered(31)
    say(mission, "acknowledged", NOW + later(33), medic_wang)

    with pytest.raises(Refused) as refused:
        send_instead(mission=mission, actor=dispatcher_li, now=NOW + later(40), mission_id=uuid4())
    with pytest.raises(NotAllowed):
        send_instead(mission=mission, actor=medic_wang, now=NOW + later(40), mission_id=uuid4())

    assert refused.value.code == "acknowledged"
    assert Mission.objects.count() == 1


def test_with_nobody_else_the_silence_is_told_all_the_same(
    mission: Mission, dispatcher_li: User
) -> None:
    assert unanswered(31) == 1

    with pytest.raises(Refused):
        send_instead(mission=mission, actor=dispatcher_li, now=NOW + later(40), mission_id=uuid4())
    mission.refresh_from_db()
    assert mission.open


# --- overdue ------------------------------------------------------------------------


def test_a_status_that_lasts_too_long_is_told_once_for_each(
    mission: Mission, medic_wang: User
) -> None:
    def overdue(seconds: float) -> int:
        return watch_overdue(limits_s=LIMITS.overdue_s, now=NOW + later(seconds))

    assert (overdue(179), overdue(180), overdue(300)) == (0, 1, 0)
    say(mission, "en_route", NOW + later(310), medic_wang)
    assert (overdue(320), overdue(310 + 1800)) == (0, 1)
    told = Entry.objects.filter(kind="mission.overdue").order_by("id")
    assert [row.detail["state"] for row in told] == ["assigned", "en_route"]


def test_every_state_of_an_open_mission_has_a_limit() -> None:
    assert set(LIMITS.overdue_s) == {str(state) for state in State if TRANSITIONS[state]}


# --- the crew's own safety ------------------------------------------------------------


def press(unit: Ambulance, actor: User, **place: float) -> CrewAlarm:
    return raise_emergency(
        alarm_id=uuid4(),
        ambulance=unit,
        occurred_at=NOW,
        lat=place.get("lat"),
        lon=place.get("lon"),
        actor=actor,
        now=NOW,
    )


def test_the_button_shows_the_crew_and_where_it_is(
    mission: Mission, a1: Ambulance, medic_wang: User, dispatcher_li: User
) -> None:
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        alarm = press(a1, medic_wang)
    fix = Fix.objects.get(ambulance=a1)
    assert (alarm.lat, alarm.lon, alarm.fix_at) == (fix.lat, fix.lon, fix.fix_at)
    assert alarm.mission == mission
    assert press(a1, medic_wang) == alarm

    with board_follows(CONSOLE, dispatcher_li, NOW):
        acknowledge_crew_alarm(alarm=alarm, actor=dispatcher_li, now=NOW)
        acknowledge_crew_alarm(alarm=alarm, actor=dispatcher_li, now=NOW)
    with board_follows(CONSOLE, dispatcher_li, NOW), board_follows(TABLET, medic_wang, NOW):
        end_crew_alarm(alarm=alarm, reason="safe", actor=dispatcher_li, now=NOW)

    kinds = Entry.objects.filter(kind__startswith="crew.").order_by("id")
    assert [row.kind.partition("_")[2] for row in kinds] == ["raised", "acknowledged", "ended"]


def test_the_tablets_own_position_is_believed_first(a1: Ambulance, medic_wang: User) -> None:
    lat, lon = at(3, 3)

    alarm = press(a1, medic_wang, lat=lat, lon=lon)

    assert (alarm.lat, alarm.lon, alarm.fix_at) == (lat, lon, NOW)


def test_nobody_presses_for_another_crew_or_ends_without_a_word(
    a1: Ambulance, medic_wang: User, medic_other: User, dispatcher_li: User, nurse_chen: User
) -> None:
    for outsider in (medic_other, dispatcher_li, nurse_chen):
        with pytest.raises(NotAllowed):
            press(a1, outsider)
    alarm = press(a1, medic_wang)
    with pytest.raises(BadInput):
        end_crew_alarm(alarm=alarm, reason="", actor=dispatcher_li, now=NOW)
    with pytest.raises(NotAllowed):
        end_crew_alarm(alarm=alarm, reason="safe", actor=medic_wang, now=NOW)

    alarm.refresh_from_db()
    assert alarm.ended_at is None


def watch(seconds: float) -> int:
    return watch_crews(every=EVERY, answer_within=WITHIN, now=NOW + later(seconds))


def test_a_crew_on_scene_is_asked_and_its_answer_starts_the_timer_anew(
    mission: Mission, medic_wang: User
) -> None:
    say(mission, "on_scene", NOW + later(100), medic_wang)
    assert watch(1200) == 0

    with board_follows(TABLET, medic_wang, NOW + later(1300)):
        assert watch(1300) == 1
    check = CrewCheck.objects.get()
    with board_follows(TABLET, medic_wang, NOW + later(1310)):
        answer_check(check=check, actor=medic_wang, now=NOW + later(1310))

    assert watch(1310 + 1199) == 0
    assert watch(1310 + 1200) == 1
    assert not CrewAlarm.objects.exists()


def test_a_crew_that_stays_silent_raises_the_alarm_by_itself_once(
    mission: Mission, medic_wang: User, medic_other: User, dispatcher_li: User
) -> None:
    say(mission, "on_scene", NOW + later(100), medic_wang)
    watch(1300)
    with pytest.raises(NotAllowed):
        answer_check(check=CrewCheck.objects.get(), actor=medic_other, now=NOW + later(1310))

    with board_follows(CONSOLE, dispatcher_li, NOW + later(1420)):
        assert watch(1420) == 1
    end_crew_alarm(
        alarm=CrewAlarm.objects.get(), reason="safe", actor=dispatcher_li, now=NOW + later(1430)
    )

    assert watch(1500) == 0
    assert CrewAlarm.objects.get().kind == "no_answer"


def test_a_crew_that_left_the_scene_is_not_missed(mission: Mission, medic_wang: User) -> None:
    say(mission, "on_scene", NOW + later(100), medic_wang)
    watch(1300)
    say(mission, "no_patient", NOW + later(1310), medic_wang)

    assert watch(1500) == 0
    assert not CrewAlarm.objects.exists()
