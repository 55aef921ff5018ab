"""Let the prepared cases happen: everybody who takes part, and the clock that moves them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from config.replay.cases import Case, Prepared
from config.replay.clock import Clock, Pace
from config.replay.control_room import ControlRoom, strictly_later
from config.replay.crew import World
from config.replay.durations import Assumptions
from config.replay.fleet import Fleet, Unit
from config.replay.hospitals import Wards, nurses
from dispatch.city.roads.router import Router
from dispatch.people.models import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a replay went. `behind_s` is how late the wall clock ever was, in real seconds."""

    end_s: float
    interrupted: bool
    behind_s: float


def replay(
    prepared: Prepared,
    *,
    units: Sequence[Unit],
    roads: Router,
    dispatcher: User,
    assumed: Assumptions,
    log_name: str,
    speed: float,
    now: Callable[[], datetime],
    progress: Callable[[str], None],
) -> Outcome:
    """Play to the end, or until Ctrl-C; the cases' timelines are filled on the way."""
    now = strictly_later(now)
    clock = Clock()
    fleet = Fleet(units, clock, watched=speed > 0)
    world = World(clock, now, roads, fleet, Wards(nurses(), clock, now), assumed)
    room = ControlRoom(world, dispatcher, log_name=log_name)
    for case in prepared.cases:
        clock.at(case.rings_s, partial(room.ring, case))
    tell_each_hour(clock, prepared.cases, progress)
    fleet.report(now=now())
    pace = Pace(speed, lambda at_s: fleet.report(now=now(), at_s=at_s))
    try:
        clock.run(pace)
    except KeyboardInterrupt:
        return Outcome(clock.now_s, interrupted=True, behind_s=pace.behind_s)
    return Outcome(clock.now_s, interrupted=False, behind_s=pace.behind_s)


def tell_each_hour(clock: Clock, cases: Sequence[Case], progress: Callable[[str], None]) -> None:
    def tell(hour: int) -> None:
        progress(standing(hour, cases))

    last_s = cases[-1].rings_s
    hour = 1
    while hour * 3600 <= last_s:
        clock.at(hour * 3600, partial(tell, hour))
        hour += 1


def standing(hour: int, cases: Sequence[Case]) -> str:
    timelines = [case.timeline for case in cases]
    rang = sum(one.rang_s <= hour * 3600 for one in timelines)
    served = sum(one.on_scene_s is not None for one in timelines)
    freed = sum(one.freed_s is not None for one in timelines)
    return f"hour {hour}: {rang} of {len(timelines)} calls, {served} reached, {freed} ended"
