"""The mission's state machine as a table, and the judgement of a position fix.

Facts and commands differ. A command may be refused; a fact never is: it is
stored with both its times, and if it contradicts what is known it is flagged
for a person. The state is what the unflagged facts say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from geopy.distance import great_circle


class State(StrEnum):
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    AT_PATIENT = "at_patient"
    ON_BOARD = "on_board"
    LEFT_SCENE = "left_scene"
    AT_DESTINATION = "at_destination"
    HANDED_OVER = "handed_over"
    AVAILABLE = "available"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    DIVERTED = "diverted"
    NO_PATIENT = "no_patient"
    REFUSED = "refused"
    DEAD_ON_SCENE = "dead_on_scene"
    TREATED_AND_RELEASED = "treated_and_released"


# The way of a mission, in order; each is a state and the fact that enters it.
WAY: tuple[State, ...] = (
    State.ASSIGNED,
    State.ACKNOWLEDGED,
    State.EN_ROUTE,
    State.ON_SCENE,
    State.AT_PATIENT,
    State.ON_BOARD,
    State.LEFT_SCENE,
    State.AT_DESTINATION,
    State.HANDED_OVER,
    State.AVAILABLE,
)
ENDS: frozenset[State] = frozenset(
    {
        State.AVAILABLE,
        State.CANCELLED,
        State.DECLINED,
        State.DIVERTED,
        State.NO_PATIENT,
        State.REFUSED,
        State.DEAD_ON_SCENE,
        State.TREATED_AND_RELEASED,
    }
)
# Everything that can be said of a mission after it was assigned.
FACTS: frozenset[State] = frozenset(State) - {State.ASSIGNED}
COMMANDS: frozenset[State] = frozenset({State.CANCELLED, State.DIVERTED})

BEFORE_SCENE = (State.ASSIGNED, State.ACKNOWLEDGED, State.EN_ROUTE)
_ON_SCENE = (State.ON_SCENE, State.AT_PATIENT)
_SCENE_ENDS = (
    State.NO_PATIENT,
    State.REFUSED,
    State.DEAD_ON_SCENE,
    State.TREATED_AND_RELEASED,
)

# From a state: what the crew is offered and the dispatcher may command.
TRANSITIONS: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.ASSIGNED: (
            State.ACKNOWLEDGED,
            State.EN_ROUTE,
            State.DECLINED,
            State.CANCELLED,
            State.DIVERTED,
        ),
        State.ACKNOWLEDGED: (
            State.EN_ROUTE,
            State.DECLINED,
            State.CANCELLED,
            State.DIVERTED,
        ),
        State.EN_ROUTE: (State.ON_SCENE, State.CANCELLED, State.DIVERTED),
        State.ON_SCENE: (
            State.AT_PATIENT,
            State.NO_PATIENT,
            State.CANCELLED,
            State.DIVERTED,
        ),
        State.AT_PATIENT: (State.ON_BOARD, *_SCENE_ENDS),
        State.ON_BOARD: (State.LEFT_SCENE, State.AT_DESTINATION),
        State.LEFT_SCENE: (State.AT_DESTINATION,),
        State.AT_DESTINATION: (State.HANDED_OVER,),
        State.HANDED_OVER: (State.AVAILABLE,),
        **dict.fromkeys(ENDS, ()),
    }
)

# A posting (standby, relocation) has no patient: the unit drives there, waits, and is free all the
# time. From its waiting point it is ended by the crew, the dispatcher or an emergency.
POSTING: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        **TRANSITIONS,
        State.ON_SCENE: (State.AVAILABLE, State.CANCELLED, State.DIVERTED),
    }
)
WITH_PATIENT = frozenset(WAY[WAY.index(State.AT_PATIENT) : WAY.index(State.AVAILABLE)])

# NEMSIS v3.5.1 eTimes element of each moment; on_board has none and is our own.
NEMSIS_TIMES: Mapping[State, str] = MappingProxyType(
    {
        State.ASSIGNED: "eTimes.03",
        State.ACKNOWLEDGED: "eTimes.04",
        State.EN_ROUTE: "eTimes.05",
        State.ON_SCENE: "eTimes.06",
        State.AT_PATIENT: "eTimes.07",
        State.LEFT_SCENE: "eTimes.09",
        State.AT_DESTINATION: "eTimes.11",
        State.HANDED_OVER: "eTimes.12",
        State.AVAILABLE: "eTimes.13",
        State.CANCELLED: "eTimes.14",
    }
)

UNDO_WITHIN = timedelta(seconds=10)
# Vehicle clocks run a little ahead; more than this is no clock drift.
CLOCK_TOLERANCE = timedelta(seconds=60)


class Contradiction(StrEnum):
    """Why a fact waits for a person. `out_of_order` still counts towards the state."""

    NONE = ""
    IN_FUTURE = "in_future"
    BEFORE_ASSIGNED = "before_assigned"
    REPEATED = "repeated"
    AFTER_END = "after_end"
    OUT_OF_ORDER = "out_of_order"
    CONTRADICTS = "contradicts"


COUNTED = frozenset({Contradiction.NONE, Contradiction.OUT_OF_ORDER})


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: what, and when it happened by the teller's clock."""

    state: State
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the facts amount to."""

    state: State
    times: Mapping[State, datetime] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.state not in ENDS

    @property
    def ended_at(self) -> datetime | None:
        return self.times[self.state] if self.state in ENDS else None


def allowed(state: State, command: State) -> bool:
    return command in TRANSITIONS[state]


def rank(state: State) -> int:
    """How far along; every end but `available` outranks the way itself."""
    return WAY.index(state) if state in WAY else len(WAY)


def standing(*, assigned_at: datetime, facts: Iterable[Said]) -> Standing:
    """Fold facts, in any order of arrival, into a state and its times."""
    times: dict[State, datetime] = {State.ASSIGNED: assigned_at}
    for fact in sorted(facts, key=lambda said: said.occurred_at):
        times.setdefault(fact.state, fact.occurred_at)
    return Standing(max(times, key=rank), times)


def offered(state: State, *, posting: bool) -> tuple[State, ...]:
    """What the crew is offered and the dispatcher may command from here."""
    return (POSTING if posting else TRANSITIONS)[state]


def judge(fact: Said, *, known: Standing, now: datetime, posting: bool = False) -> Contradiction:
    """Does this fact fit what is known? It is stored whatever the answer."""
    assigned_at = known.times[State.ASSIGNED]
    if fact.occurred_at > now + CLOCK_TOLERANCE:
        return Contradiction.IN_FUTURE
    if fact.occurred_at < assigned_at - CLOCK_TOLERANCE:
        return Contradiction.BEFORE_ASSIGNED
    if fact.state in known.times:
        return Contradiction.REPEATED
    if not known.open and fact.occurred_at > (known.ended_at or now):
        return Contradiction.AFTER_END
    if posting and fact.state in WITH_PATIENT | set(_SCENE_ENDS):
        return Contradiction.CONTRADICTS
    boarded = State.ON_BOARD in known.times
    if boarded and fact.state in ENDS - {State.AVAILABLE}:
        return Contradiction.CONTRADICTS
    if fact.state in WAY:
        before = [at for state, at in known.times.items() if rank(state) < rank(fact.state)]
        after = [
            at
            for state, at in known.times.items()
            if state in WAY and rank(state) > rank(fact.state)
        ]
        if any(at > fact.occurred_at for at in before) or any(
            at < fact.occurred_at for at in after
        ):
            return Contradiction.OUT_OF_ORDER
    return Contradiction.NONE


# --- holds --------------------------------------------------------------------

# What a unit can be kept for, rest from, or lack: codes, labelled in dispatch/terms.py.
HOLDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reserved": ("transfer", "event", "handpicked", "cover"),
        "rest": ("meal", "rest_period", "after_hard_case"),
        "equipment": (
            "defibrillator", "monitor", "ventilator", "oxygen", "suction", "stretcher",
            "radio", "vehicle",
        ),
    }
)  # fmt: skip


# How an alarm of a crew ends.
CREW_ALARM_ENDS = ("safe", "helped", "slip", "drill")


# --- position fixes -----------------------------------------------------------

FIX_LATE = timedelta(seconds=120)
FIX_FUTURE = timedelta(seconds=10)
STALE_AFTER = timedelta(seconds=30)
# 70 m/s = 252 km/h: no ambulance. Since the limit is distance over elapsed time,
# a vehicle that really was moved is believed again as soon as enough time passed.
JUMP_M_PER_S = 70.0
JUMP_SLACK_M = 150.0


class FixFault(StrEnum):
    LATE = "late"
    FUTURE = "future"
    OLDER = "older_than_known"
    JUMP = "jump"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Seen:
    """A position: WGS-84 degrees and the receiver's time of the fix."""

    lat: float
    lon: float
    fix_at: datetime


def fault(
    fix: Seen, *, last: Seen | None, now: datetime, jump_m_per_s: float = JUMP_M_PER_S
) -> FixFault | None:
    """Why a fix is quarantined instead of drawn, or None when it is good."""
    if not (-90 <= fix.lat <= 90 and -180 <= fix.lon <= 180) or (fix.lat, fix.lon) == (0.0, 0.0):
        return FixFault.NOWHERE
    if fix.fix_at > now + FIX_FUTURE:
        return FixFault.FUTURE
    if fix.fix_at < now - FIX_LATE:
        return FixFault.LATE
    if last is None:
        return None
    if fix.fix_at <= last.fix_at:
        return FixFault.OLDER
    elapsed = (fix.fix_at - last.fix_at).total_seconds()
    distance_m = great_circle((fix.lat, fix.lon), (last.lat, last.lon)).m
    if distance_m > JUMP_SLACK_M + jump_m_per_s * elapsed:
        return FixFault.JUMP
    return None
