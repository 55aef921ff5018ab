"""What strikes, when and whom: the same seed gives the same schedule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    AGENT = "agent"  # SIGKILL, every other time in the middle of a write; started again
    STOP = "stop"  # SIGTERM: the agent ends in order, and goes on with its numbers
    UPLINK = "uplink"  # SIGKILL of the centre's process, started again
    POSTGRES = "postgres"  # SIGKILL of all its processes, started again
    CUT = "cut"  # connections break in the middle of a frame, none gets through
    STALL = "stall"  # nothing arrives, nothing is closed; all of it comes late
    DELAY = "delay"
    THROTTLE = "throttle"


EVERY_S = {
    Kind.AGENT: 1.5, Kind.STOP: 10.0, Kind.UPLINK: 20.0, Kind.POSTGRES: 30.0,
    Kind.CUT: 2.0, Kind.STALL: 5.0, Kind.DELAY: 8.0, Kind.THROTTLE: 8.0,
}  # fmt: skip
LASTS_S = {
    Kind.AGENT: (0.0, 6.0), Kind.STOP: (0.0, 6.0), Kind.UPLINK: (0.2, 3.0),
    Kind.POSTGRES: (0.0, 12.0), Kind.CUT: (0.0, 15.0), Kind.STALL: (1.0, 20.0),
    Kind.DELAY: (3.0, 15.0), Kind.THROTTLE: (3.0, 15.0),
}  # fmt: skip
ON_THE_WAY = (Kind.CUT, Kind.STALL, Kind.DELAY, Kind.THROTTLE)
BEGIN_S = 5.0  # every vehicle is connected by then


@dataclass(frozen=True, slots=True)
class Fault:
    at_s: float
    kind: Kind
    lasts_s: float
    vehicles: tuple[int, ...]
    strength: float  # 0..1, what it means is the kind's


def schedule(seed: int, *, seconds: float, vehicles: int) -> list[Fault]:
    """In order of time; every kind strikes at least once."""
    random = Random(seed)
    faults = []
    for kind in Kind:
        at_s = random.uniform(BEGIN_S, max(BEGIN_S, min(seconds / 2, 2 * EVERY_S[kind])))
        while at_s < seconds:
            faults.append(_fault(kind, at_s, vehicles, random))
            at_s += random.expovariate(1 / EVERY_S[kind])
    return sorted(faults, key=lambda fault: fault.at_s)


def _fault(kind: Kind, at_s: float, vehicles: int, random: Random) -> Fault:
    if kind in ON_THE_WAY:  # from one vehicle to a whole valley
        struck = random.sample(range(vehicles), random.randint(1, max(1, vehicles // 6)))
    elif kind in (Kind.AGENT, Kind.STOP):
        struck = [random.randrange(vehicles)]
    else:
        struck = list(range(vehicles))
    return Fault(at_s, kind, random.uniform(*LASTS_S[kind]), tuple(struck), random.random())
