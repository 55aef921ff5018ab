"""Which bay a handover has: kept with every word about a bay, whoever says it."""

from datetime import datetime

from django.utils.translation import gettext as _

from dispatch.journal.refusals import Refused
from ehr_prehospital.handover.department.models import Bay
from ehr_prehospital.handover.department.rules import BayState, bay_state
from ehr_prehospital.handover.models import Handover


class BayIsTaken(Refused):
    """Somebody else lies in this bay, or is awaited there."""

    code = "bay_taken"


def hold_bay(*, handover: Handover, code: str, now: datetime) -> None:
    """Give the named bay to this handover and take its former one back.

    Inside the caller's transaction, whose journal row names the hospital. A name that is no
    bay of the department stays a word on the card. Raises BayIsTaken.
    """
    own = Bay.objects.select_for_update(no_key=True).filter(hospital=handover.hospital_id)
    bays = {bay.code: bay for bay in own.order_by("pk")}
    wanted = bays.get(code)
    if wanted and wanted.handover_id == handover.pk:
        return
    if wanted and wanted.handover_id:
        holder = Handover.objects.get(pk=wanted.handover_id)
        state = bay_state(closed=False, cleaning_since=None, holds=holder.state)
        if state is not BayState.FREE:
            raise BayIsTaken(_("Bay %(bay)s is taken.") % {"bay": code})
    for bay in bays.values():
        if bay.handover_id == handover.pk:
            _empty(bay, used=bool(handover.arrived_at), now=now)
    if wanted:
        wanted.handover, wanted.since, wanted.cleaning_since = handover, now, None
        wanted.save()


def _empty(bay: Bay, *, used: bool, now: datetime) -> None:
    """Whoever lay there leaves it to be cleaned; whoever was only awaited leaves it free."""
    bay.handover, bay.since = None, None
    bay.cleaning_since = now if used else None
    bay.save()
