"""An order as a table, and what a crew's word about it is worth.

Ordering and withdrawing are commands and may be refused. Reading back, giving and refusing are
facts of a vehicle: what does not fit is kept, with a flag for a person to look at.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType


class OrderKind(StrEnum):
    DRUG = "drug"
    PROCEDURE = "procedure"
    TEXT = "text"


class OrderState(StrEnum):
    ORDERED = "ordered"
    READ_BACK = "read_back"
    GIVEN = "given"
    RECORDED = "recorded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OrderStep(StrEnum):
    READ_BACK = "read_back"
    GIVE = "give"
    # The entries of the record are written.
    RECORD = "record"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Flag(StrEnum):
    NO_READ_BACK = "no_read_back"
    READ_BACK_DIFFERS = "read_back_differs"
    AFTER_WITHDRAWAL = "after_withdrawal"
    AFTER_REFUSAL = "after_refusal"
    GIVEN_TWICE = "given_twice"
    OTHER_DOSE = "other_dose"


TRANSITIONS: Mapping[tuple[OrderState, OrderStep], OrderState] = MappingProxyType(
    {
        (OrderState.ORDERED, OrderStep.READ_BACK): OrderState.READ_BACK,
        (OrderState.ORDERED, OrderStep.REFUSE): OrderState.REFUSED,
        (OrderState.ORDERED, OrderStep.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.READ_BACK, OrderStep.GIVE): OrderState.GIVEN,
        (OrderState.READ_BACK, OrderStep.REFUSE): OrderState.REFUSED,
        (OrderState.READ_BACK, OrderStep.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.GIVEN, OrderStep.RECORD): OrderState.RECORDED,
    }
)
FACTS = frozenset({OrderStep.READ_BACK, OrderStep.GIVE, OrderStep.REFUSE})
OPEN = frozenset({OrderState.ORDERED, OrderState.READ_BACK})
COMPARED = ("drug", "procedure", "dose", "unit", "route")


class IllegalOrderStep(Exception):
    def __init__(self, state: OrderState, step: OrderStep) -> None:
        super().__init__(f"{step} from {state}")
        self.state, self.step = state, step
        self.allowed = frozenset(one for before, one in TRANSITIONS if before is state)


def command(state: OrderState, step: OrderStep) -> OrderState:
    """Raises IllegalOrderStep: an order that was given cannot be withdrawn."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalOrderStep(state, step) from None


def fact(state: OrderState, step: OrderStep) -> tuple[OrderState, tuple[Flag, ...]]:
    """The state after a fact, and what does not fit. A drug that was given was given."""
    known = TRANSITIONS.get((state, step))
    if known:
        return known, ()
    if step is OrderStep.GIVE:
        flags = {
            OrderState.ORDERED: Flag.NO_READ_BACK,
            OrderState.WITHDRAWN: Flag.AFTER_WITHDRAWAL,
            OrderState.REFUSED: Flag.AFTER_REFUSAL,
        }
        return OrderState.GIVEN, (flags.get(state, Flag.GIVEN_TWICE),)
    if state is OrderState.WITHDRAWN:
        return state, (Flag.AFTER_WITHDRAWAL,)
    return state, ()


def differs(ordered: Mapping[str, str], said: Mapping[str, str]) -> bool:
    """Does what was read back say something else? What was not repeated is not compared."""
    return any(not same(ordered.get(name, ""), said[name]) for name in COMPARED if said.get(name))


def same(one: str, other: str) -> bool:
    """0.50 is 0.5."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one.strip() == other.strip()
