"""An order's states as a table, and what may be ordered. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class OrderKind(StrEnum):
    BLOOD = "blood"
    IMAGING = "imaging"
    THEATRE = "theatre"
    LABORATORY = "laboratory"


class OrderState(StrEnum):
    """Prepared is nobody's work yet; released, the hospital's system has it."""

    PREPARED = "prepared"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


# What was released and is withdrawn is cancelled in the hospital's system, too.
TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.PREPARED: frozenset({OrderState.RELEASED, OrderState.WITHDRAWN}),
        OrderState.RELEASED: frozenset({OrderState.WITHDRAWN}),
        OrderState.WITHDRAWN: frozenset(),
    }
)
