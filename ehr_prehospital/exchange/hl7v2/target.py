"""How one hospital's system wants its messages: a partner's options, read once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    UTF8 = "utf-8"
    GB18030 = "gb18030"


# MSH-18 (HL7 table 0211).
MSH_18: Mapping[Encoding, str] = {Encoding.UTF8: "UNICODE UTF-8", Encoding.GB18030: "GB 18030-2000"}
VERSION = "2.5.1"


class Event(StrEnum):
    """What a hospital's system is told; the value is the trigger event's code."""

    PENDING_ADMIT = "A14"
    PRE_ADMIT = "A05"
    REGISTER = "A04"
    UPDATE = "A08"
    CANCEL_PRE_ADMIT = "A38"
    CANCEL_VISIT = "A11"
    ARRIVE = "A10"
    MERGE = "A40"
    MOVE_VISIT = "A45"
    ORDER = "O19"


# What every system is told unless it is set otherwise; the arrival many know by themselves.
EVENTS = frozenset(Event) - {Event.ARRIVE}


@dataclass(frozen=True, slots=True)
class Target:
    """`accept` is the event for *the department has accepted*: A14, A05, or none.

    `application` and `facility` are MSH-5 and MSH-6.
    """

    application: str = "HIS"
    facility: str = ""
    encoding: Encoding = Encoding.UTF8
    accept: Event | None = Event.PENDING_ADMIT
    events: frozenset[Event] = EVENTS
    language: str = "zh"
    ack_s: float = 15.0

    def wants(self, event: Event) -> bool:
        if event in (Event.PENDING_ADMIT, Event.PRE_ADMIT):
            return event is self.accept
        return event in self.events


def target_of(options: Mapping[str, str]) -> Target:
    """Read a partner's options; what is not understood is as if it were not said."""
    said = options.get("events")
    known = {event.value for event in Event}
    events = frozenset(Event(one) for one in said.split() if one in known) if said else None
    accept = options.get("accept", Event.PENDING_ADMIT)
    encoding = options.get("encoding", Encoding.UTF8)
    return Target(
        application=options.get("application") or "HIS",
        facility=options.get("facility", ""),
        encoding=Encoding(encoding) if encoding in list(Encoding) else Encoding.UTF8,
        accept=Event(accept) if accept in (Event.PENDING_ADMIT, Event.PRE_ADMIT) else None,
        events=EVENTS if events is None else events,
        language="en" if options.get("language") == "en" else "zh",
        ack_s=_seconds(options.get("ack_s", "")),
    )


def _seconds(text: str) -> float:
    """Within what a sender may wait: a claim ends after 90 s."""
    try:
        return min(max(float(text), 1.0), 60.0)
    except ValueError:
        return 15.0
