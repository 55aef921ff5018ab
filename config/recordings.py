"""What is done with recordings in the background: sealed, given small pictures, dropped in time."""

import logging
from datetime import date

from django.utils import timezone
from django.utils.timezone import localdate

from ehr_prehospital.recording.actions.keeping import drop_overdue
from ehr_prehospital.recording.actions.sealing import seal
from ehr_prehospital.recording.actions.strips import make_strip
from ehr_prehospital.recording.queries import to_seal

log = logging.getLogger(__name__)


def tend(dropped_on: date | None) -> date:
    """One round. Returns the day on which overdue films were dropped last."""
    for recording in to_seal():
        try:
            sealed = seal(recording=recording, now=timezone.now())
            if sealed and sealed.state == sealed.State.COMPLETE:
                make_strip(recording=sealed, now=timezone.now())
        except Exception:  # a damaged one must not stop the others; it is tried again
            log.exception("could not seal recording %s", recording.pk)
    today = localdate(timezone.now())
    if dropped_on != today:
        drop_overdue(now=timezone.now())
    return today
