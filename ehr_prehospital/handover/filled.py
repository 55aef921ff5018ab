"""What the handover knows for the record: the alert, the pre-admission number, both names."""

from dispatch.fleet.models import Mission
from ehr_prehospital.handover.outcome.queries import filled_by_hospital
from ehr_prehospital.handover.queries import newest_handover_of
from ehr_prehospital.handover.rules import State
from ehr_prehospital.record.catalogue import From
from ehr_prehospital.record.filled import Filled
from ehr_prehospital.record.queries import stamp


def filled_by_handover(mission: Mission) -> list[Filled]:
    """Nothing while no hospital was alerted, or once the alert was cancelled."""
    handover = newest_handover_of(mission)
    if handover is None or handover.state == State.CANCELLED:
        return []
    return [
        Filled(
            "disposition.prealert_at",
            stamp(handover.sent_at),
            source=From.CLOCK,
            at=handover.sent_at,
        ),
        Filled(
            "disposition.preadmission_number",
            handover.preadmission_number,
            source=From.DISPATCH,
        ),
        *filled_by_hospital(handover),
    ]
