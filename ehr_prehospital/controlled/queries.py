"""The ledger of a vehicle: its balances, its moves, and whether its chain holds."""

import json
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256

from dispatch.fleet.models import Ambulance
from dispatch.people.models import Organisation
from ehr_prehospital.controlled.models import ControlledMove
from ehr_prehospital.controlled.rules import Balance, Kind, Move, balances

BEGINNING = bytes(32)


def moves_of(ambulance: Ambulance) -> list[ControlledMove]:
    """The whole chain, oldest first."""
    rows = ControlledMove.objects.filter(ambulance=ambulance).select_related("actor")
    return list(rows.order_by("number"))


def balances_of(moves: Iterable[ControlledMove]) -> list[Balance]:
    return balances(
        Move(Kind(one.kind), one.drug, one.batch, one.unit, one.amount, one.occurred_at)
        for one in moves
    )


def link(previous: bytes, row: ControlledMove) -> bytes:
    """SHA-256 over the hash before and what the move says."""
    said = {
        "id": str(row.pk),
        "ambulance": str(row.ambulance_id),
        "number": row.number,
        "kind": str(row.kind),
        "drug": row.drug,
        "batch": row.batch,
        "amount": f"{row.amount:.4f}",
        "unit": row.unit,
        "entry": str(row.entry_id or ""),
        "witness": row.witness,
        "note": row.note,
        "actor": str(row.actor_id),
        "occurred_at": row.occurred_at.astimezone(UTC).isoformat(),
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(),
    }
    return sha256(previous + json.dumps(said, sort_keys=True).encode()).digest()


def first_broken(moves: Iterable[ControlledMove]) -> int | None:
    """The number of the first move that does not fit the chain; None when all hold."""
    previous = BEGINNING
    for place, row in enumerate(moves, start=1):
        if row.number != place or link(previous, row) != bytes(row.hash):
            return place
        previous = bytes(row.hash)
    return None


def units_with_a_ledger(centre: Organisation) -> list[Ambulance]:
    rows = Ambulance.objects.filter(station__parent=centre, controlledmove__isnull=False)
    return list(rows.distinct().order_by("call_sign"))
