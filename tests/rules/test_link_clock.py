"""A vehicle's clock and lag, as far as its messages tell."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from ambulance_agent.protocol import Frame, Hello, Telemetry
from dispatch.uplink.links import Clock, Link

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def frame(sequence: int, made_at: datetime) -> Frame:
    return Frame(epoch=uuid4(), sequence=sequence, made_at=made_at, body=Telemetry())


def test_the_message_that_was_quickest_tells_most() -> None:
    clock = Clock()
    for way_s in (0.4, 0.1, 2.0, 0.9):
        clock.hear(after(30), after(30) + timedelta(seconds=way_s - 5))

    # Five seconds fast, less the quickest way.
    assert clock.offset_ms is not None
    assert abs(clock.offset_ms - 4900) < 5


def test_a_clock_that_was_set_back_is_followed_no_faster_than_clocks_drift() -> None:
    clock = Clock()
    clock.hear(after(10), after(0))
    clock.hear(after(100), after(100))

    assert clock.offset_ms == 9900


def test_the_lag_is_the_age_of_the_newest_news_with_the_clock_set_right() -> None:
    link = Link(uuid4(), NOW)
    link.greet(
        Hello(epoch=uuid4(), agent_version="1", sent_at=after(60), next_sequence=9), after(0)
    )
    link.take(frame(9, after(61)), after(1))
    live = link.lag_ms()
    link.take(frame(3, after(-3600)), after(5))  # from the back-log

    assert live is not None
    assert abs(live) <= 2
    assert link.lag_ms() == live + 4000
    assert link.clock.offset_ms == 60_000


def test_nothing_is_said_of_a_vehicle_that_has_not_spoken() -> None:
    link = Link(uuid4(), NOW)

    assert (link.lag_ms(), link.clock.offset_ms) == (None, None)
    assert link.row(NOW).waiting_frames is None
