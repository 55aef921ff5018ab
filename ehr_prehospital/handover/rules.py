"""The handover's state machine as a table. No database, no clock.

The state is what its times say: the furthest step that has one. Steps are facts or
a person's word and may be late, so a step is recorded whatever came after it; but
nothing ever moves the state backwards, and a closed handover takes no more steps.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    CONFIRMED = "confirmed"
    READY = "ready"
    ARRIVED = "arrived"
    OFFLOADING = "offloading"
    HANDED_OVER = "handed_over"
    REDIRECTED = "redirected"
    CANCELLED = "cancelled"


WAY: tuple[State, ...] = (
    State.SENT,
    State.DELIVERED,
    State.SEEN,
    State.CONFIRMED,
    State.READY,
    State.ARRIVED,
    State.OFFLOADING,
    State.HANDED_OVER,
)
WITHDRAWN: frozenset[State] = frozenset({State.REDIRECTED, State.CANCELLED})
CLOSED: frozenset[State] = WITHDRAWN | {State.HANDED_OVER}
OPEN: tuple[State, ...] = tuple(state for state in WAY if state not in CLOSED)

# From a state: the steps that may still be taken. A late confirmation of a patient
# who already arrived is worth recording, hence earlier steps stay allowed.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        **{state: frozenset(WAY[1:]) | WITHDRAWN for state in OPEN},
        **{state: frozenset() for state in CLOSED},
    }
)

# Who takes a step has taken these too: nobody confirms what they have not seen.
IMPLIES: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.SEEN: (State.DELIVERED,),
        State.CONFIRMED: (State.DELIVERED, State.SEEN),
        State.READY: (State.DELIVERED, State.SEEN, State.CONFIRMED),
    }
)

# After how long without a named person's word the alarm is raised one level.
UNCONFIRMED_AFTER: tuple[timedelta, ...] = (
    timedelta(seconds=30),
    timedelta(seconds=60),
    timedelta(seconds=120),
)

Times = Mapping[State, datetime]


class IllegalStep(Exception):
    """The table does not have this step from this state; `allowed` says what it has."""

    def __init__(self, state: State, step: State) -> None:
        super().__init__(f"{step} from {state}")
        self.state = state
        self.step = step
        self.allowed = TRANSITIONS[state]


def state_of(times: Times) -> State:
    """The furthest step with a time; a withdrawal outranks the way."""
    for end in (State.HANDED_OVER, State.REDIRECTED, State.CANCELLED):
        if end in times:
            return end
    return max((state for state in WAY if state in times), key=WAY.index, default=State.SENT)


def take(times: Times, step: State, at: datetime) -> Times:
    """The times after a step. Taken twice, a step keeps its first time.

    Raises IllegalStep from a closed handover, unless the step is the one that closed it.
    """
    state = state_of(times)
    if step in times:
        return times
    if step not in TRANSITIONS[state]:
        raise IllegalStep(state, step)
    added = {earlier: at for earlier in IMPLIES.get(step, ()) if earlier not in times}
    return {**times, **added, step: at}


def alarm_level(*, sent_at: datetime, now: datetime) -> int:
    """0 while there is time, then 1, 2, 3 as the 30, 60 and 120 s pass without a word."""
    return sum(now - sent_at >= limit for limit in UNCONFIRMED_AFTER)
