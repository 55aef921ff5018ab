"""Who is told next and how: the ladder from an alert that nobody confirms. Pure.

The steps are the demonstration's own, after the way of the German IVENA for red cases (a second
channel beside the screen); a hospital sets its times, and its list says the people.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Channel(StrEnum):
    WEB_PUSH = "web_push"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    PAGER = "pager"
    LOUDSPEAKER = "loudspeaker"


class People(StrEnum):
    """Whom a step of the ladder tells: the one it has come to, or everybody so far and the rest."""

    NEXT = "next"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rung:
    people: People
    channels: tuple[Channel, ...]
    # Where the next person cannot be reached like that: the first of these that can be used.
    else_channels: tuple[Channel, ...] = ()


SECOND = (Channel.SMS, Channel.VOICE, Channel.PAGER, Channel.EMAIL)
# At the alert itself, then after each time of the timing (30, 60, 120 s).
LADDER: tuple[Rung, ...] = (
    Rung(People.NEXT, (Channel.WEB_PUSH,)),
    Rung(People.NEXT, (Channel.WEB_PUSH, Channel.LOUDSPEAKER), SECOND),
    Rung(People.NEXT, (Channel.LOUDSPEAKER,), SECOND),
    Rung(People.ALL, (Channel.LOUDSPEAKER, *SECOND, Channel.WEB_PUSH)),
)
# What a channel needs to know of a person.
ADDRESS = MappingProxyType(
    {
        Channel.SMS: "phone",
        Channel.VOICE: "phone",
        Channel.EMAIL: "email",
        Channel.PAGER: "pager",
        Channel.WEB_PUSH: "push",
    }
)
DEFAULT_AFTER_S = (30, 60, 120)


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person of the list, and what is known of them. `push`: how many browsers take messages."""

    person: UUID
    phone: str = ""
    email: str = ""
    pager: str = ""
    push: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to do: this person by this channel. None: the loudspeaker of the wall."""

    person: UUID | None
    channel: Channel


@dataclass(frozen=True, slots=True)
class Timing:
    """A setting of a hospital or of a centre (`owner`); urgency None is for every urgency."""

    owner: UUID
    urgency: int | None
    after_s: tuple[int, ...]


def timing_for(
    settings: Collection[Timing], *, hospital: UUID, centre: UUID | None, urgency: int
) -> Timing | None:
    """The setting that counts: the hospital's own before its centre's, one for the urgency first.

    None: nobody set any, and `DEFAULT_AFTER_S` holds. Another centre's count for nobody here.
    """
    fitting = [
        one
        for one in settings
        if one.owner in (hospital, centre) and one.urgency in (None, urgency)
    ]
    return max(
        fitting,
        key=lambda one: (one.owner == hospital, one.urgency is not None),
        default=None,
    )


def seconds_of(timing: Timing | None) -> tuple[int, ...]:
    """After how many seconds each level is reached."""
    return tuple(sorted(timing.after_s)) if timing else DEFAULT_AFTER_S


def level_of(*, sent_at: datetime, now: datetime, after_s: Sequence[int]) -> int:
    """0 while there is time, then one more with each limit that passed without a name."""
    return sum(now - sent_at >= timedelta(seconds=limit) for limit in after_s)


def told_at(
    level: int,
    people: Sequence[Reachable],
    usable: Collection[Channel],
    already: Collection[UUID] = (),
) -> list[Told]:
    """Whom the step tells, by the channels that the hospital has and the person can be reached by.

    The next is the first of the list who was not told yet (`already`); at its end the last one is
    told again, by another channel. With an empty list the wall remains. `usable` never holds a
    channel that nobody set up.
    """
    rung = LADDER[min(level, len(LADDER) - 1)]
    found: list[Told] = []
    if Channel.LOUDSPEAKER in rung.channels and Channel.LOUDSPEAKER in usable:
        found.append(Told(None, Channel.LOUDSPEAKER))
    if not people:
        return found
    fresh = [one for one in people if one.person not in already]
    chosen = people if rung.people is People.ALL else (fresh or people[-1:])[:1]
    for person in chosen:
        ways = [one for one in rung.channels if _reaches(one, person, usable)]
        second = [one for one in rung.else_channels if _reaches(one, person, usable)]
        if rung.people is People.NEXT:
            # From the second minute on a second channel, whatever the browser says.
            ways = [*ways, *second[:1]] if level >= 2 or not ways else ways
        found += [Told(person.person, one) for one in ways]
    return found


def _reaches(channel: Channel, person: Reachable, usable: Collection[Channel]) -> bool:
    needs = ADDRESS.get(channel)
    return needs is not None and channel in usable and bool(getattr(person, needs))
