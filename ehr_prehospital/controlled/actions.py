"""Write a move of a controlled drug. What happened is never refused for the balance it leaves."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.fleet.models import Ambulance
from dispatch.fleet.queries import unit_of
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, NotAllowed
from dispatch.people.models import Role, User
from ehr_prehospital.controlled.models import ControlledMove
from ehr_prehospital.controlled.queries import BEGINNING, balances_of, link, moves_of
from ehr_prehospital.controlled.rules import WITNESSED, Kind
from ehr_prehospital.record.formulary import formulary


@dataclass(frozen=True, slots=True)
class MoveDraft:
    id: UUID
    kind: Kind
    drug: str
    amount: Decimal
    unit: str
    occurred_at: datetime
    batch: str = ""
    entry_id: UUID | None = None
    witness: str = ""
    note: str = ""


def may_see(user: User, ambulance: Ambulance, now: datetime) -> None:
    """The crew of the unit, and the supervisor of its centre; nobody else. Raises NotAllowed."""
    centre = user.centre if user.role == Role.SUPERVISOR else None
    if centre is not None and ambulance.station.parent_id == centre.pk:
        return
    own = unit_of(user, now=now) if user.role == Role.PARAMEDIC else None
    if own is None or own.pk != ambulance.pk:
        raise NotAllowed(_("Only the crew of this unit and its supervisor may do this."))


def move(*, ambulance: Ambulance, draft: MoveDraft, actor: User, now: datetime) -> ControlledMove:
    """Idempotent on the id. Raises NotAllowed, BadInput.

    A count that is not what the book says, and a book below nothing, are journaled as a mismatch.
    """
    may_see(actor, ambulance, now)
    drug = formulary().get(draft.drug)
    if drug is None or not drug.controlled:
        raise BadInput(
            _("“%(drug)s” is no controlled drug of the formulary.") % {"drug": draft.drug},
            code="not_controlled",
        )
    if draft.unit != drug.unit:
        raise BadInput(
            _("The ledger counts this drug in %(unit)s.") % {"unit": drug.unit}, code="wrong_unit"
        )
    if draft.kind in WITNESSED and not draft.witness.strip():
        raise BadInput(_("A second person has to witness this."), code="witness_missing")
    with transaction.atomic():
        alone_with(ambulance)
        earlier = ControlledMove.objects.filter(pk=draft.id).first()
        if earlier:
            if earlier.ambulance_id != ambulance.pk:
                raise BadInput(_("This identifier is already used."), code="id_in_use")
            return earlier
        chain = moves_of(ambulance)
        row = ControlledMove(
            id=draft.id,
            ambulance=ambulance,
            number=len(chain) + 1,
            kind=draft.kind,
            drug=draft.drug,
            batch=draft.batch.strip(),
            amount=draft.amount,
            unit=draft.unit,
            entry_id=draft.entry_id,
            witness=draft.witness.strip(),
            note=draft.note.strip(),
            actor=actor,
            occurred_at=min(draft.occurred_at, now),
            recorded_at=now,
        )
        row.hash = link(bytes(chain[-1].hash) if chain else BEGINNING, row)
        row.save(force_insert=True)
        tell(row, chain, actor=actor, now=now)
    return row


def alone_with(ambulance: Ambulance) -> None:
    """Until the commit: the next number is taken once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(ambulance.pk)])


def tell(row: ControlledMove, before: list[ControlledMove], *, actor: User, now: datetime) -> None:
    refs = {"unit": row.ambulance_id}
    detail = {
        "move": str(row.pk),
        "kind": str(row.kind),
        "drug": row.drug,
        "hash": bytes(row.hash).hex(),
    }
    append(
        kind="controlled.moved",
        actor=actor,
        now=now,
        occurred_at=row.occurred_at,
        refs=refs,
        detail=detail,
    )
    here = (row.drug, row.batch)
    after = balances_of([*before, row])
    if any(one.mismatch and (one.drug, one.batch) == here for one in after):
        append(
            kind="controlled.mismatch",
            actor=actor,
            now=now,
            refs=refs,
            detail={"move": str(row.pk), "drug": row.drug},
        )
