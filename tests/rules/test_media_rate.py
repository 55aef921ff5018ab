"""The rate follows the link: cases shared with the browser, and a link that queues."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ambulance_agent.drivers.camera.rate import (
    FLOOR_KBPS,
    LOOK_MS,
    Rate,
    Unanswered,
    adapt,
    begin,
    reconnected,
)
from ambulance_agent.protocol.media import Step
from tests.rules import media_rate_cases


def test_the_shared_cases_are_what_the_rules_say_now() -> None:
    assert media_rate_cases.FILE.read_text() == media_rate_cases.cases()


def through(link_kbps: float, *, seconds: float, rate: Rate, adapting: bool = True) -> list[float]:
    """25 pictures a second through a queue that drains at `link_kbps`: each one's age in ms."""
    open_, ages, free_at = Unanswered(), [], 0.0
    answers: list[tuple[float, int]] = []
    for seq in range(round(seconds * 25)):
        now = seq * 40.0
        while answers and answers[0][0] <= now:
            open_.acknowledged(answers.pop(0)[1], now)
        if seq % 3 == 0 and adapting:  # about ten looks a second
            rate = adapt(rate, open_.lag_ms(now), seq / 25 * 10 * LOOK_MS)
        if rate.stopped or rate.step in {Step.STILL, Step.VOICE}:
            continue
        free_at = max(free_at, now) + rate.kbps * 40 / link_kbps
        open_.sent(seq, now)
        answers.append((free_at + 30, seq))
        ages.append(free_at + 30 - now)
    return ages


def test_a_link_of_600_kbit_keeps_a_picture_of_1500_fresh_only_with_adapting() -> None:
    steady = through(600, seconds=60, rate=begin(1500))[-500:]
    blind = through(600, seconds=60, rate=begin(1500), adapting=False)[-500:]

    assert sorted(steady)[len(steady) // 2] < 150
    assert max(steady) < 800
    assert min(blind) > 5000


def test_steps_are_taken_one_at_a_time_and_down_only_after_seconds() -> None:
    rate, steps, now = begin(1000), [], 0.0
    for lag_ms, looks in ((700, 300), (4000, 100), (10, 600)):
        for _ in range(looks):
            now += LOOK_MS
            rate = adapt(rate, lag_ms, now)
            steps.append((rate.step, now))
    order = [*Step]
    taken = [
        (abs(order.index(b[0]) - order.index(a[0])), b[1])
        for a, b in pairwise(steps)
        if a[0] is not b[0]
    ]

    assert {size for size, _at in taken} == {1}
    assert all(later - sooner >= 4000 for (_, sooner), (_, later) in pairwise(taken))
    assert {step for step, _ in steps} == set(Step)
    assert rate.step is Step.HD


def test_a_rate_never_leaves_its_bounds() -> None:
    rate = begin(800)
    for look in range(2000):
        rate = adapt(rate, (look * 37) % 900 if look < 1000 else 0, look * LOOK_MS)
        assert FLOOR_KBPS <= rate.kbps <= 800


def test_a_new_socket_forgets_the_old_lag_and_asks_for_a_key_picture() -> None:
    rate = reconnected(adapt(begin(1000), 900, 100))

    assert (rate.stopped, rate.key, rate.looks) == (False, True, ())


def test_the_lag_is_the_age_of_the_oldest_unanswered_picture_less_the_quickest_answer() -> None:
    open_ = Unanswered()
    open_.sent(1, 0)
    open_.acknowledged(1, 40)
    open_.sent(2, 100)
    open_.sent(3, 140)

    assert open_.lag_ms(190) == pytest.approx(50)
    open_.acknowledged(3, 200)
    assert open_.lag_ms(300) == 0
