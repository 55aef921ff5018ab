"""When to try again, when to give up, and what an adapter is given and gives. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Outcome(StrEnum):
    """What one attempt came to. `pending`: taken, but the partner has not finished with it."""

    DELIVERED = "delivered"
    PENDING = "pending"
    LATER = "later"
    REFUSED = "refused"
    # The process that sent it was killed: whether the partner has it is not known.
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that the partner says of what it was sent; `rule` and `where` are its own words."""

    level: str
    text: str
    rule: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `ticket` is handed to the next attempt (a handle to ask with);
    `said` is the raw answer, `retry_after_s` the pause that the partner asked for.

    `rests`: nobody answers at that address, so that no other delivery need try there until the
    next attempt is due. `longest_pause_s` is where the doubling of the pauses ends. `given` is
    what the partner gave back of its own (a number), for whoever waits for it.
    """

    outcome: Outcome
    code: str = ""
    text: str = ""
    said: str = ""
    ticket: str = ""
    remarks: tuple[Remark, ...] = ()
    retry_after_s: float | None = None
    longest_pause_s: float | None = None
    rests: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partner:
    """A receiving system as an adapter sees it. `options` are its kind's own."""

    name: str
    organisation: str
    address: str
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery as an adapter sends it. `id` stays the same however often it is sent."""

    id: UUID
    partner: Partner
    content: bytes = field(repr=False)
    content_type: str
    ticket: str = ""


# Sends and returns what came back; raises only for a fault of ours.
Adapter = Callable[[Parcel], Answer]

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
FIRST_ASKED = timedelta(seconds=2)
LONGEST_ASKED = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=3)


def pause(tries: int, *, outcome: Outcome, chance: float) -> timedelta:
    """How long to wait after so many tries: it doubles, up to a limit.

    `chance` (0 to 1) takes away up to half, so that what failed together does not come back
    together.
    """
    asked = outcome is Outcome.PENDING
    first, longest = (FIRST_ASKED, LONGEST_ASKED) if asked else (FIRST_PAUSE, LONGEST_PAUSE)
    doubled: timedelta = first * 2 ** min(max(tries, 1) - 1, 16)
    return min(doubled, longest) * (1 - chance / 2)


def next_attempt(
    answer: Answer, *, tries: int, since: datetime, now: datetime, chance: float
) -> datetime | None:
    """When to send or ask again; None where this answer ends it, or patience has ended."""
    if answer.outcome in (Outcome.DELIVERED, Outcome.REFUSED) or now - since > GIVE_UP_AFTER:
        return None
    wait = pause(tries, outcome=answer.outcome, chance=chance)
    if answer.longest_pause_s is not None:
        wait = min(wait, timedelta(seconds=answer.longest_pause_s))
    if answer.retry_after_s is not None:
        wait = min(max(wait, timedelta(seconds=answer.retry_after_s)), LONGEST_PAUSE)
    return now + wait
