"""What the ledger of a vehicle comes to. Pure: moves in, balances and mismatches out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    RECEIVED = "received"
    GIVEN = "given"
    WASTED = "wasted"
    RETURNED = "returned"
    COUNTED = "counted"


SIGNS: Mapping[Kind, int] = {
    Kind.RECEIVED: 1,
    Kind.GIVEN: -1,
    Kind.WASTED: -1,
    Kind.RETURNED: -1,
}
# Somebody else has to have seen it.
WITNESSED = frozenset({Kind.WASTED, Kind.RETURNED, Kind.RECEIVED, Kind.COUNTED})


@dataclass(frozen=True, slots=True)
class Move:
    kind: Kind
    drug: str
    batch: str
    unit: str
    amount: Decimal
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """`found` is the last count, `short` how much it was away from the book then."""

    drug: str
    batch: str
    unit: str
    amount: Decimal
    found: Decimal | None = None
    short: Decimal = Decimal()

    @property
    def amount_text(self) -> str:
        return plain(self.amount)

    @property
    def found_text(self) -> str:
        return "" if self.found is None else plain(self.found)

    @property
    def mismatch(self) -> bool:
        return self.short != 0 or self.amount < 0


def plain(amount: Decimal) -> str:
    """`46.5`: no zeros behind, no exponent."""
    return f"{amount.normalize():f}"


def balances(moves: Iterable[Move]) -> list[Balance]:
    """By drug and batch, in their order. A count changes no book: it shows what is missing."""
    book: dict[tuple[str, str, str], Balance] = {}
    for move in sorted(moves, key=lambda one: one.occurred_at):
        key = (move.drug, move.batch, move.unit)
        before = book.get(key, Balance(*key, amount=Decimal()))
        if move.kind is Kind.COUNTED:
            book[key] = replace(before, found=move.amount, short=before.amount - move.amount)
        else:
            book[key] = replace(before, amount=before.amount + SIGNS[move.kind] * move.amount)
    return [book[key] for key in sorted(book)]
