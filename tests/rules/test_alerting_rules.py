"""The ladder: who is told next, and by which channel."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from ehr_prehospital.alerting.rules import (
    DEFAULT_AFTER_S,
    Channel,
    Reachable,
    Timing,
    Told,
    level_of,
    seconds_of,
    timing_for,
    told_at,
)

T0 = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
H1, H2, CENTRE = uuid4(), uuid4(), uuid4()
SUN = Reachable(UUID(int=1), phone="+100", push=1)
HE = Reachable(UUID(int=2), phone="+200", pager="22", push=1)
WU = Reachable(UUID(int=3), email="wu@example.invalid")
EVERY = frozenset(Channel)


def test_the_first_on_the_list_hears_the_alert_itself() -> None:
    assert told_at(0, [SUN, HE], EVERY) == [Told(SUN.person, Channel.WEB_PUSH)]


def test_then_the_next_person_and_the_wall() -> None:
    assert told_at(1, [SUN, HE, WU], EVERY, {SUN.person}) == [
        Told(None, Channel.LOUDSPEAKER),
        Told(HE.person, Channel.WEB_PUSH),
    ]


def test_then_a_second_channel() -> None:
    assert told_at(2, [SUN, HE], EVERY, {SUN.person, HE.person}) == [
        Told(None, Channel.LOUDSPEAKER),
        Told(HE.person, Channel.SMS),
    ]


def test_in_the_end_everybody_by_everything() -> None:
    told = told_at(3, [SUN, HE, WU], EVERY)

    assert Told(SUN.person, Channel.SMS) in told
    assert Told(HE.person, Channel.PAGER) in told
    assert Told(WU.person, Channel.EMAIL) in told
    assert len(told) == len(set(told))


def test_who_has_no_browser_is_reached_otherwise_at_once() -> None:
    silent = Reachable(UUID(int=4), phone="+400")

    assert told_at(1, [SUN, silent], EVERY, {SUN.person})[1:] == [Told(silent.person, Channel.SMS)]


def test_a_channel_that_nobody_set_up_is_not_used() -> None:
    assert told_at(3, [SUN], {Channel.VOICE}) == [Told(SUN.person, Channel.VOICE)]
    assert told_at(2, [SUN], set()) == []


def test_with_an_empty_list_the_wall_remains() -> None:
    assert told_at(0, [], EVERY) == []
    assert told_at(3, [], EVERY) == [Told(None, Channel.LOUDSPEAKER)]


@pytest.mark.parametrize(("seconds", "level"), [(29, 0), (30, 1), (60, 2), (119, 2), (120, 3)])
def test_the_level_rises_with_each_limit(seconds: int, level: int) -> None:
    now = T0 + timedelta(seconds=seconds)

    assert level_of(sent_at=T0, now=now, after_s=DEFAULT_AFTER_S) == level


def test_the_setting_that_names_most_wins() -> None:
    settings = [
        Timing(CENTRE, None, (40, 80, 160)),
        Timing(CENTRE, 1, (15, 30, 60)),
        Timing(H1, None, (20, 40, 60)),
        Timing(H1, 1, (10, 20, 30)),
    ]

    def seconds(hospital: UUID, centre: UUID, urgency: int) -> tuple[int, ...]:
        return seconds_of(timing_for(settings, hospital=hospital, centre=centre, urgency=urgency))

    assert seconds(H1, CENTRE, 1) == (10, 20, 30)
    assert seconds(H1, CENTRE, 3) == (20, 40, 60)
    assert seconds(H2, CENTRE, 1) == (15, 30, 60)
    assert seconds(H2, CENTRE, 3) == (40, 80, 160)
    assert seconds(H2, uuid4(), 1) == DEFAULT_AFTER_S


def test_nobody_is_passed_over_because_the_first_try_could_not_reach_them() -> None:
    assert told_at(0, [SUN, HE], {Channel.SMS}) == []
    assert told_at(1, [SUN, HE], {Channel.SMS}) == [Told(SUN.person, Channel.SMS)]
