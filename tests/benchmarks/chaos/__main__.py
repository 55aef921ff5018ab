"""`make chaos-uplink`: does everything that the vehicles produced arrive, once, whatever breaks?

Real agents with real outboxes, each behind a bad link of its own; the real uplink and PostgreSQL,
killed again and again. Then the faults stop, the outboxes run empty, and what is in the database is
compared with notes taken at the outboxes' doors. The last line is JSON; exit code 1 when anything
was lost or is there twice.
"""

from __future__ import annotations

import argparse
import heapq
import json
import shutil
import sys
import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from random import Random
from uuid import UUID

from tests.benchmarks.bed import Bed, bed, say
from tests.benchmarks.chaos.faults import schedule
from tests.benchmarks.chaos.field import Field, Struck, drain, field_of
from tests.benchmarks.chaos.judge import judged
from tests.benchmarks.chaos.truth import Truth, truth_of
from tests.benchmarks.chaos.units import Unit
from tests.benchmarks.uplink import make_fleet

TELL_EVERY_S = 10.0
CALM_S = 15.0  # a silent link found, and the longest wait before the next attempt


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos-uplink", description=__doc__)
    parser.add_argument("--vehicles", type=int, default=50)
    parser.add_argument("--processes", type=int, help="of the vehicles; one each unless told")
    parser.add_argument("--minutes", type=float, default=3.0, help="of faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drain", type=float, default=300.0, help="seconds at most to run empty")
    parser.add_argument("--keep", type=Path, help="a folder for the notes and the programs' words")
    chosen = parser.parse_args()
    with bed() as place:
        told = run(place, chosen)
    print(json.dumps(told), flush=True)
    return int(bool(told["lost"] or told["duplicated"]))


def run(place: Bed, chosen: argparse.Namespace) -> dict[str, object]:
    folder = place.state_dir / "vehicles"
    folder.mkdir()
    fleet = [
        Unit(*one, folder / f"{number}.outbox")
        for number, one in enumerate(make_fleet(chosen.vehicles))
    ]
    let_go_of_the_database()
    seconds = chosen.minutes * 60
    with field_of(
        fleet, folder, postgres=place.postgres,
        processes=chosen.processes or chosen.vehicles, random=Random(chosen.seed),
    ) as field:  # fmt: skip
        say(f"{chosen.vehicles} vehicles, faults for {seconds:g} s")
        rage(field, chosen.seed, seconds=seconds, vehicles=chosen.vehicles)
        say("the faults have stopped")
        calm(field)
        say("the devices stop; the outboxes run empty")
        emptied_s = -time.monotonic()
        emptied = drain(fleet, field, within_s=chosen.drain)
        emptied_s += time.monotonic()
        say(f"{'empty' if emptied else 'NOT empty'} after {emptied_s:.0f} s")
    truths = {UUID(unit.vehicle_id): truth_of(unit.outbox) for unit in fleet}
    if chosen.keep:
        shutil.copytree(folder, chosen.keep, dirs_exist_ok=True)
    return told_of(field, truths) | {"emptied": emptied, "emptied_after_s": round(emptied_s, 1)}


def let_go_of_the_database() -> None:
    """What this process holds open would be killed with PostgreSQL."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    connection = connections["default"]
    connection.close()
    assert isinstance(connection, DatabaseWrapper)
    connection.close_pool()


def rage(field: Field, seed: int, *, seconds: float, vehicles: int) -> None:
    """Strike and lift as scheduled, until every fault has ended."""
    begin_s = tell_s = time.monotonic()
    to_come = schedule(seed, seconds=seconds, vehicles=vehicles)
    to_lift: list[tuple[float, int, Struck]] = []
    while to_come or to_lift or not field.whole or time.monotonic() < begin_s + seconds:
        now_s = time.monotonic() - begin_s
        while to_lift and to_lift[0][0] <= now_s:
            field.lift(heapq.heappop(to_lift)[2])
        while to_come and to_come[0].at_s <= now_s:
            fault = to_come.pop(0)
            if (struck := field.strike(fault)) is not None:
                heapq.heappush(to_lift, (now_s + fault.lasts_s, len(field.struck), struck))
        field.look()
        if time.monotonic() >= tell_s:
            tell_s += TELL_EVERY_S
            counts = Counter(struck.kind.value for struck in field.struck)
            say(f"{now_s:5.0f} s  {len(field.struck)} faults {dict(counts)}")
        time.sleep(0.05)


def calm(field: Field) -> None:
    """The devices go on, so that every vehicle has something to be acknowledged."""
    end_s = time.monotonic() + CALM_S
    while time.monotonic() < end_s:
        field.look()
        time.sleep(0.2)


def told_of(field: Field, truths: dict[UUID, Truth]) -> dict[str, object]:
    verdict = judged(truths)
    waits = recoveries(field.struck, [truth.acked_at_s for truth in truths.values()])
    kinds = Counter(struck.kind.value for struck in field.struck)
    return {
        "faults": len(field.struck),
        "produced": sum(verdict.produced.values()),
        "stored": sum(verdict.stored.values()),
        "lost": verdict.lost,
        "duplicated": sum(map(abs, verdict.duplicated.values())),
        "longest_recovery_s": round(max(waits.values(), default=0.0), 1),
        "undecided": verdict.undecided,
        "undecided_stored": verdict.undecided_stored,
        "parked": verdict.parked,
        "crashes": field.crashes,
        "vehicles": len(truths),
        "by_fault": {
            kind: {"faults": kinds[kind], "longest_recovery_s": round(waits.get(kind, 0.0), 1)}
            for kind in sorted(kinds)
        },
        "by_item": {
            what: {
                "produced": verdict.produced[what],
                "stored": verdict.stored[what],
                "duplicated": verdict.duplicated[what],
            }
            for what in sorted({*verdict.produced, *verdict.duplicated})
        },
    }


def recoveries(struck: list[Struck], acked_at_s: list[list[float]]) -> dict[str, float]:
    """Kind of fault → the longest time from its end to a vehicle's next acknowledged frame.

    Time in which another fault stood in the way of that vehicle does not count.
    """
    longest: dict[str, float] = {}
    for vehicle, acked in enumerate(acked_at_s):
        mine = [one for one in struck if vehicle in one.vehicles]
        for one in mine:
            assert one.ended_s is not None
            at = bisect_left(acked, one.ended_s)
            next_s = acked[at] if at < len(acked) else time.monotonic()
            wait_s = free_s(one.ended_s, next_s, mine)
            longest[one.kind.value] = max(longest.get(one.kind.value, 0.0), wait_s)
    return longest


def free_s(begin_s: float, end_s: float, faults: list[Struck]) -> float:
    """The seconds between two moments in which none of the faults stood."""
    total_s, reached_s = end_s - begin_s, begin_s
    for fault in sorted(faults, key=lambda one: one.began_s):
        last_s = min(fault.ended_s or end_s, end_s)
        total_s -= max(0.0, last_s - max(fault.began_s, reached_s))
        reached_s = max(reached_s, last_s)
    return max(0.0, total_s)


if __name__ == "__main__":
    sys.exit(main())
