"""Which messages a step of a handover means for one hospital's system. Pure."""

from collections.abc import Sequence

from ehr_prehospital.exchange.hl7v2.target import Event

ACCEPTED = frozenset({Event.PENDING_ADMIT, Event.PRE_ADMIT})
CLOSES = {
    Event.PENDING_ADMIT: Event.CANCEL_PRE_ADMIT,
    Event.PRE_ADMIT: Event.CANCEL_PRE_ADMIT,
    Event.REGISTER: Event.CANCEL_VISIT,
}


def stands(told: Sequence[Event]) -> list[Event]:
    """What the system has open after all that it was told: in the order in which it was opened.

    A registration takes the pre-admission before it with it.
    """
    found: list[Event] = []
    for event in told:
        if event is Event.REGISTER:
            found = [Event.REGISTER]
        elif event in ACCEPTED:
            found = [*(one for one in found if one not in ACCEPTED), event]
        elif event is Event.CANCEL_VISIT:
            found = [one for one in found if one is not Event.REGISTER]
        elif event is Event.CANCEL_PRE_ADMIT:
            found = [one for one in found if one not in ACCEPTED]
    return found


def announces(event: Event | None, told: Sequence[Event]) -> bool:
    """Whether an acceptance is still told as one: A14 and A05 announce a visit that is to come.

    HL7 v2.5.1, chapter 3: a pending admission (3.3.14) or pre-admission (3.3.5) comes before the
    patient is admitted or registered. To a system in which the visit is open it would open a second
    one, or take the patient back to one who is expected.
    """
    return event in ACCEPTED and event not in told and Event.REGISTER not in stands(told)


def cancellations(told: Sequence[Event]) -> list[Event]:
    """What closes what stands, the newest first."""
    return [CLOSES[one] for one in reversed(stands(told))]
