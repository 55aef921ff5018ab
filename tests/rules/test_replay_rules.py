"""The arithmetic of a replay, against values computed by hand."""

from random import Random

import pytest

from config.replay.clock import Clock, Pace
from config.replay.durations import Always, Assumptions, Exponential, LogNormal, clock, course
from config.replay.jemss import BadModel, duration, share
from config.replay.motion import Drive, metres_between
from config.replay.rules import (
    Timeline,
    lines,
    most_at_once,
    most_waiting,
    percentile,
    spread,
    utilisation,
)
from dispatch.city.roads.router import Path


def answered(priority: int, rang_s: float, assigned_s: float, on_scene_s: float) -> Timeline:
    return Timeline(priority, rang_s, assigned_s=assigned_s, on_scene_s=on_scene_s)


@pytest.mark.parametrize(
    ("values", "share_", "expected"),
    [
        ([7.0], 0.9, 7.0),
        ([10.0, 20.0], 0.5, 15.0),
        # Nine steps between ten values: 0.9 of them ends at 8.1, between 90 and 100.
        ([10.0 * n for n in range(1, 11)], 0.9, 91.0),
        ([30.0, 10.0, 20.0], 0.5, 20.0),
        ([1.0, 2.0, 3.0, 4.0], 1.0, 4.0),
    ],
)
def test_a_percentile_lies_linearly_between_the_nearest_ranks(
    values: list[float], share_: float, expected: float
) -> None:
    assert percentile(values, share_) == pytest.approx(expected)


def test_of_no_values_there_is_no_percentile_and_an_empty_spread() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)

    assert spread([None]).count == 0
    assert spread([None]).median_s is None


def test_a_line_per_priority_and_one_for_all_leave_the_warm_up_out() -> None:
    urgent = answered(1, 0, 60, 300)
    urgent_too = answered(1, 100, 180, 700)
    other = answered(4, 50, 250, 850)
    never_reached = Timeline(4, 400, opened_s=480, waited=True)
    warm_up = Timeline(1, -500, counted=False, assigned_s=-400, on_scene_s=9999)

    first, fourth, together = lines([other, urgent, urgent_too, never_reached, warm_up])

    assert (first.priority, first.calls, first.waited) == (1, 2, 0)
    # Ring to on scene: 300 and 600 s; nine tenths of the way between them is 570.
    assert first.simulated["ring_to_on_scene"].median_s == pytest.approx(450)
    assert first.simulated["ring_to_on_scene"].p90_s == pytest.approx(570)
    # Call to assigned: 60 and 80 s. Assigned to on scene: 240 and 520 s.
    assert first.simulated["call_to_assigned"].median_s == pytest.approx(70)
    assert first.simulated["assigned_to_on_scene"].median_s == pytest.approx(380)
    assert (fourth.calls, fourth.waited) == (2, 1)
    assert fourth.simulated["ring_to_on_scene"].count == 1
    assert (together.priority, together.calls) == (None, 4)
    assert together.simulated["ring_to_on_scene"].median_s == pytest.approx(600)


def test_the_real_intervals_come_from_the_same_rows() -> None:
    row = Timeline(2, 0, assigned_s=1, on_scene_s=2, real_assigned_s=90, real_on_scene_s=590)

    together = lines([row])[-1]

    assert together.real["call_to_assigned"].median_s == 90
    assert together.real["assigned_to_on_scene"].median_s == 500
    assert together.real["ring_to_on_scene"].median_s == 590


def test_utilisation_is_busy_time_in_the_window_over_all_unit_time() -> None:
    before = Timeline(1, 0, assigned_s=0, freed_s=150)  # 50 s inside
    inside = Timeline(1, 0, assigned_s=200, freed_s=260)  # 60 s
    beyond = Timeline(1, 0, assigned_s=290, freed_s=900)  # 10 s
    unfinished = Timeline(1, 0, assigned_s=280)  # 20 s
    never = Timeline(1, 0)

    used = utilisation([before, inside, beyond, unfinished, never], units=2, start_s=100, end_s=300)

    assert used == pytest.approx(140 / 400)
    assert utilisation([inside], units=2, start_s=100, end_s=100) is None


def test_the_longest_queue_counts_only_those_who_found_no_unit() -> None:
    waited = Timeline(1, 0, opened_s=10, assigned_s=50, waited=True)
    waited_too = Timeline(2, 0, opened_s=40, waited=True)
    served = Timeline(2, 0, opened_s=40, assigned_s=45)

    assert most_waiting([waited, waited_too, served], end_s=100) == 2
    assert most_at_once([(0, 5), (5, 9)]) == 1


def test_the_same_seed_and_line_draw_the_same_course_and_another_line_another() -> None:
    assumed = Assumptions()

    assert course(assumed, seed=1, line=7) == course(assumed, seed=1, line=7)
    assert course(assumed, seed=1, line=7) != course(assumed, seed=1, line=8)
    assert course(assumed, seed=1, line=7) != course(assumed, seed=2, line=7)


def test_a_log_normal_duration_has_the_median_and_the_p90_it_is_named_by() -> None:
    random = Random(5)
    drawn = [LogNormal(540, 1080).draw(random) for _ in range(20_000)]

    assert percentile(drawn, 0.5) == pytest.approx(540, rel=0.03)
    assert percentile(drawn, 0.9) == pytest.approx(1080, rel=0.03)


def test_every_assumption_says_what_it_is_and_where_it_comes_from() -> None:
    stated = {one.name: one for one in Assumptions().stated()}
    told = Assumptions().with_sources("a file", hand_over=Exponential(240)).stated()

    assert stated["turn_out"].value == "log-normal, median 0:40, P90 1:00"
    assert all(one.meaning and one.source for one in stated.values())
    assert next(one for one in told if one.name == "hand_over").source == "a file"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exponential(7.6/60/24)", Exponential(456.0)),
        ("Normal(2.5/60/24, 0)", Always(150.0)),
        ("Exponential(1/(18.8*24))", None),
        ("Gamma(2, 3)", None),
        ("Exponential(1/0)", None),
    ],
)
def test_a_jemss_distribution_is_read_in_days(text: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(BadModel, match="unknown distribution"):
            duration(text)
    else:
        assert duration(text) == expected


def test_a_jemss_share_is_a_chance() -> None:
    assert share("Bernoulli(0.85)") == 0.85
    with pytest.raises(BadModel):
        share("Bernoulli(1.85)")


def test_a_vehicle_is_where_its_path_says_and_stands_at_the_end() -> None:
    path = Path([(120.0, 31.0), (120.0, 31.001), (120.001, 31.001)], [0, 10, 30], 206, 30, [])
    drive = Drive(path, started_s=100)

    halfway, later, arrived = drive.spot(105), drive.spot(120), drive.spot(500)

    assert (halfway.lon, halfway.lat) == pytest.approx((120.0, 31.0005))
    assert halfway.heading_deg == pytest.approx(0)
    assert halfway.speed_mps == pytest.approx(11.12, abs=0.01)
    assert (later.lon, later.lat) == pytest.approx((120.0005, 31.001))
    assert later.heading_deg == pytest.approx(90)
    assert (arrived.lon, arrived.lat, arrived.heading_deg) == (120.001, 31.001, None)
    assert drive.arrives_s == 130
    assert metres_between((120.0, 31.0), (120.0, 31.001)) == pytest.approx(111.2, abs=0.1)


def test_the_queue_keeps_the_order_of_time_then_of_asking() -> None:
    queue = Clock()
    told: list[str] = []
    queue.at(20, lambda: told.append("last"))

    def first() -> None:
        told.append("first")
        queue.after(0, lambda: told.append("then"))

    queue.at(10, first)
    queue.at(10, lambda: told.append("second"))

    queue.run(Pace(0, lambda _at_s: None))

    assert told == ["first", "second", "then", "last"]
    assert queue.now_s == 20


def test_the_wall_clock_follows_at_the_chosen_speed_and_the_screens_hear_each_second() -> None:
    wall = [1000.0]
    ticks: list[float] = []

    def sleep(seconds: float) -> None:
        wall[0] += seconds

    queue = Clock()
    queue.at(180, lambda: None)
    pace = Pace(60, ticks.append, monotonic=lambda: wall[0], sleep=sleep)

    queue.run(pace)

    assert wall[0] == pytest.approx(1003)
    assert ticks == pytest.approx([0, 60, 120])
    assert pace.behind_s == pytest.approx(0)


def test_durations_are_said_as_on_a_clock() -> None:
    assert [clock(5), clock(65), clock(3725)] == ["0:05", "1:05", "1:02:05"]
