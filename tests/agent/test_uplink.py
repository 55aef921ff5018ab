"""The link loses nothing and says so, whatever the other side does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from ambulance_agent.lanes import BACKLOG_UNDER_WAY
from ambulance_agent.outbox import Outbox
from ambulance_agent.protocol import Ack, Fact, MissionState, Order, Point, StandDown, Status
from ambulance_agent.uplink import LinkState, Uplink
from tests.agent.centre import Centre
from tests.agent.conftest import QUICK, START, MakeUplink, running, telemetry

ORDER = Order(
    mission_id=uuid4(), number="M-1", state=MissionState.ASSIGNED, priority=1,
    complaint="chest_pain", scene=Point(lat=31.2, lon=121.4, label="Riverside 3"),
)  # fmt: skip


async def test_frames_are_stored_in_order_and_leave_the_outbox_after_the_ack(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    async with running(make_uplink()) as uplink:
        await up(uplink)
        for second in range(20):
            uplink.post(outbox.append(telemetry(second), made_at=START))
        await centre.until(lambda: len(centre.stored) == 20)
        await emptied(outbox)

    assert [sequence for _, sequence in centre.arrivals] == list(range(20))
    assert centre.duplicates == 0
    assert centre.hellos[0].next_sequence == 0


async def test_frames_made_without_a_link_are_sent_when_it_is_up(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    for second in range(150):
        outbox.append(telemetry(second), made_at=START)

    async with running(make_uplink()):
        await centre.until(lambda: len(centre.stored) == 150)
        await emptied(outbox)

    # Newest first: who looks at a screen now wants to see now.
    assert centre.arrivals[0][1] == 149
    assert centre.duplicates == 0


async def test_an_urgent_frame_overtakes_the_back_log_and_a_full_window(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    centre.acknowledging = False
    for second in range(50):
        outbox.append(telemetry(second), made_at=START)
    pace = replace(QUICK, window=8, silence_s=5)

    async with running(make_uplink(pace=pace)) as uplink:
        await centre.until(lambda: len(centre.arrivals) == 8)
        uplink.post(outbox.append(status(), made_at=START, urgent=True))
        await centre.until(lambda: len(centre.arrivals) == 9)

    assert centre.arrivals[8][1] == 50


async def test_a_status_that_waited_goes_before_all_telemetry_that_waited(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    outbox.append(telemetry(0), made_at=START)
    outbox.append(status(), made_at=START, urgent=True)
    outbox.append(telemetry(1), made_at=START)

    async with running(make_uplink()):
        await centre.until(lambda: len(centre.stored) == 3)

    assert [sequence for _, sequence in centre.arrivals] == [1, 2, 0]


async def test_a_live_frame_does_not_wait_behind_the_back_log(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    for second in range(100):
        outbox.append(telemetry(second), made_at=START)
    slow = replace(QUICK, backlog_per_s=20)

    async with running(make_uplink(pace=slow)) as uplink:
        await centre.until(lambda: len(centre.arrivals) >= 1)
        live = outbox.append(telemetry(100), made_at=START)
        uplink.post(live)
        await centre.until(lambda: (live.epoch, live.sequence) in centre.stored)

        assert len(centre.arrivals) < 30


async def test_a_live_frame_is_not_queued_behind_a_back_log_on_a_thin_line(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    centre.acknowledging = False  # as slow as a line can be
    for second in range(100):
        outbox.append(telemetry(second), made_at=START)

    async with running(make_uplink(pace=replace(QUICK, silence_s=5))) as uplink:
        await centre.until(lambda: len(centre.arrivals) == BACKLOG_UNDER_WAY)
        live = outbox.append(telemetry(100), made_at=START)
        uplink.post(live)
        await centre.until(lambda: len(centre.arrivals) > BACKLOG_UNDER_WAY)

    assert centre.arrivals[BACKLOG_UNDER_WAY] == (live.epoch, live.sequence)


async def test_a_cut_line_loses_nothing(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    def greeted(times: int) -> bool:
        return len(centre.hellos) >= times

    async with running(make_uplink()) as uplink:
        for second in range(120):
            uplink.post(outbox.append(telemetry(second), made_at=START))
            if second % 40 == 20:
                connected = len(centre.hellos) + 1
                await centre.cut()
                await centre.until(partial(greeted, connected))
        await centre.until(lambda: len(centre.stored) == 120)
        await emptied(outbox)

    assert {sequence for _, sequence in centre.stored} == set(range(120))


async def test_a_restarted_centre_gets_the_rest(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    async with running(make_uplink()) as uplink:
        uplink.post(outbox.append(telemetry(0), made_at=START))
        await centre.until(lambda: len(centre.stored) == 1)
        await centre.close()
        uplink.post(outbox.append(telemetry(1), made_at=START))
        await centre.open()
        await centre.until(lambda: len(centre.stored) == 2)

    assert len(centre.hellos) >= 2
    assert centre.hellos[-1].epoch == centre.hellos[0].epoch


async def test_frames_whose_ack_was_lost_are_sent_again_and_acknowledged_again(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    centre.acknowledging = False
    async with running(make_uplink()) as uplink:
        uplink.post(outbox.append(telemetry(0), made_at=START))
        await centre.until(lambda: len(centre.arrivals) == 1)
        centre.acknowledging = True
        await centre.cut()
        await centre.until(lambda: len(centre.stored) == 1)
        await emptied(outbox)

    assert centre.duplicates == 1


async def test_what_the_welcome_knows_is_not_sent_again(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    for second in range(10):
        outbox.append(telemetry(second), made_at=START)
    centre.knows = lambda hello: 6 if hello.epoch == outbox.epoch else None

    async with running(make_uplink()):
        await centre.until(lambda: len(centre.stored) == 3)
        await emptied(outbox)

    assert sorted(sequence for _, sequence in centre.stored) == [7, 8, 9]


async def test_a_silent_centre_is_taken_for_dead(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(make_uplink(pace=replace(QUICK, unanswered_s=0.4))) as uplink:
        await up(uplink)
        centre.silent = True
        uplink.post(outbox.append(telemetry(0), made_at=START))
        first = set(centre.sockets)
        await centre.until(lambda: not first & centre.sockets)
        centre.silent = False
        await centre.until(lambda: len(centre.stored) == 1)

    assert "nothing acknowledged" in caplog.text


async def test_a_centre_that_is_slow_to_store_is_not_left(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    centre.acknowledging = False
    async with running(make_uplink(pace=replace(QUICK, silence_s=0.1))) as uplink:
        first = outbox.append(telemetry(0), made_at=START)
        uplink.post(first)
        await centre.until(lambda: len(centre.arrivals) == 1)
        await asyncio.sleep(0.5)  # many times as long as a dead line is borne
        centre.acknowledging = True
        await centre.say(Ack(epoch=first.epoch, sequences=[first.sequence]))
        await emptied(outbox)

    assert (len(centre.hellos), centre.duplicates) == (1, 0)


async def test_one_frame_that_is_never_acknowledged_does_not_hide_behind_the_others(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink
) -> None:
    pace = replace(QUICK, silence_s=5, unanswered_s=0.1)
    centre.acknowledging = False
    async with running(make_uplink(pace=pace)) as uplink:
        uplink.post(outbox.append(telemetry(0), made_at=START))
        await centre.until(lambda: len(centre.arrivals) == 1)
        centre.acknowledging = True
        uplink.post(outbox.append(telemetry(1), made_at=START))
        await centre.until(lambda: len(centre.stored) == 2)

    assert len(centre.hellos) == 2


async def test_a_parked_frame_leaves_the_outbox_and_is_counted(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink, caplog: pytest.LogCaptureFixture
) -> None:
    centre.parking = {1}
    async with running(make_uplink()) as uplink:
        for second in range(3):
            uplink.post(outbox.append(telemetry(second), made_at=START))
        await centre.until(lambda: len(centre.arrivals) == 3)
        await emptied(outbox)

        assert uplink.parked == 1
    assert "parked 1" in caplog.text


async def test_a_forged_token_is_refused_clearly_and_tried_again_slowly(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.append(telemetry(0), made_at=START)

    async with running(make_uplink(token="forged")) as uplink:
        await centre.until(lambda: centre.refusals == 2)

        assert uplink.state in {LinkState.REFUSED, LinkState.CONNECTING}
        assert uplink.refusal == "bad_credential: unknown credential"
    assert centre.stored == {}
    assert outbox.stock().frames == 1
    refused = [r for r in caplog.records if r.levelno == logging.CRITICAL]
    assert "refuses this vehicle (bad_credential" in refused[0].getMessage()
    assert "forged" not in caplog.text


async def test_orders_and_stand_downs_reach_the_drivers(
    centre: Centre,
    outbox: Outbox,
    make_uplink: MakeUplink,
    words: list[Order | StandDown],
) -> None:
    centre.orders = [ORDER]
    stand_down = StandDown(mission_id=ORDER.mission_id, reason="cancelled")
    async with running(make_uplink()) as uplink:
        uplink.post(outbox.append(telemetry(0), made_at=START))
        await centre.until(lambda: len(centre.stored) == 1)
        await centre.say(stand_down)
        uplink.post(outbox.append(telemetry(1), made_at=START))
        await centre.until(lambda: len(centre.stored) == 2)
        await emptied(outbox)

    assert words == [ORDER, stand_down]


async def test_a_message_from_a_newer_centre_is_passed_over(
    centre: Centre, outbox: Outbox, make_uplink: MakeUplink, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(make_uplink()) as uplink:
        await up(uplink)
        for socket in centre.sockets:
            await socket.send(b"\x81\xa1t\xa6future")
        uplink.post(outbox.append(telemetry(0), made_at=START))
        await centre.until(lambda: len(centre.stored) == 1)

    assert "unknown_type" in caplog.text
    assert len(centre.hellos) == 1


def status(second: int = 0) -> Status:
    return Status(
        fact_id=uuid4(), mission_id=ORDER.mission_id, fact=Fact.EN_ROUTE,
        occurred_at=START + timedelta(seconds=second),
    )  # fmt: skip


async def emptied(outbox: Outbox) -> None:
    """Acks are in the socket when the centre has sent them."""
    await turns_until(lambda: outbox.stock().frames == 0)


async def up(uplink: Uplink) -> None:
    await turns_until(lambda: uplink.state is LinkState.UP)


async def turns_until(true: Callable[[], bool]) -> None:
    """Gives the other tasks of this loop their turns; no time is waited for."""
    async with asyncio.timeout(3):
        while not true():  # noqa: ASYNC110 - nobody rings when an ack has been taken
            await asyncio.sleep(0)
