"""A call as a table: what becomes of a party by which step, and what the consult then is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Side(StrEnum):
    """On whose behalf a party is in the call."""

    CREW = "crew"
    PHYSICIAN = "physician"
    HOSPITAL = "hospital"


class PartyState(StrEnum):
    RINGING = "ringing"
    CONNECTED = "connected"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    LOST = "lost"


class Step(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    TIME_OUT = "time_out"
    # Somebody else answered, or the caller hung up while it rang.
    WITHDRAW = "withdraw"
    LEAVE = "leave"
    # Nothing heard of the page for too long: the sight of the patient may not stay open behind it.
    LOSE = "lose"


class ConsultState(StrEnum):
    # Asked for, and nobody rings at the moment.
    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"


TRANSITIONS: Mapping[tuple[PartyState, Step], PartyState] = MappingProxyType(
    {
        (PartyState.RINGING, Step.ACCEPT): PartyState.CONNECTED,
        (PartyState.RINGING, Step.DECLINE): PartyState.DECLINED,
        (PartyState.RINGING, Step.TIME_OUT): PartyState.UNANSWERED,
        (PartyState.RINGING, Step.WITHDRAW): PartyState.WITHDRAWN,
        (PartyState.CONNECTED, Step.LEAVE): PartyState.LEFT,
        (PartyState.CONNECTED, Step.LOSE): PartyState.LOST,
    }
)
OVER: frozenset[PartyState] = frozenset(PartyState) - {PartyState.RINGING, PartyState.CONNECTED}

# A mesh of more than four sends every picture and voice four times over one mobile link.
MOST_PARTIES = 4
RING_FOR = timedelta(seconds=25)
# Pages beat every two seconds; three beats missing is worth saying, three minutes is gone.
SILENT_AFTER = timedelta(seconds=8)
LOST_AFTER = timedelta(minutes=3)


class IllegalStep(Exception):
    """The table does not have this step from this state; `allowed` says what it has."""

    def __init__(self, state: PartyState, step: Step) -> None:
        super().__init__(f"{step} from {state}")
        self.state, self.step = state, step
        self.allowed = allowed(state)


@dataclass(frozen=True, slots=True)
class Seat:
    """A party as the rules see it."""

    side: Side
    state: PartyState


def allowed(state: PartyState) -> frozenset[Step]:
    return frozenset(step for before, step in TRANSITIONS if before is state)


def after(state: PartyState, step: Step) -> PartyState:
    """The state after the step; taken twice it changes nothing. Raises IllegalStep."""
    if state in {to for (_from, one), to in TRANSITIONS.items() if one is step}:
        return state
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def consult_state(seats: Collection[Seat], *, ended: bool) -> ConsultState:
    """What the whole is, of what its parties are. The crew alone is no conversation."""
    if ended:
        return ConsultState.ENDED
    others = [seat.state for seat in seats if seat.side is not Side.CREW]
    if PartyState.CONNECTED in others:
        return ConsultState.TALKING
    return ConsultState.RINGING if PartyState.RINGING in others else ConsultState.WAITING


def is_over(seats: Collection[Seat], *, asked: bool) -> bool:
    """Nobody but the crew is left, nobody rings, nobody is asked for any more."""
    others = {seat.state for seat in seats if seat.side is not Side.CREW}
    return not asked and not others & {PartyState.CONNECTED, PartyState.RINGING}


def is_full(seats: Collection[Seat]) -> bool:
    inside = [seat for seat in seats if seat.state not in OVER]
    return len(inside) >= MOST_PARTIES


def rang_out(rung_at: datetime, now: datetime) -> bool:
    return now - rung_at >= RING_FOR


def is_silent(heard_at: datetime, now: datetime) -> bool:
    return now - heard_at >= SILENT_AFTER


def is_lost(heard_at: datetime, now: datetime) -> bool:
    return now - heard_at >= LOST_AFTER
