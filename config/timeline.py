"""What stands on the time line of a mission: the functions that give it, one line each."""

from ehr_prehospital.consult import moments as consult
from ehr_prehospital.hypermedia import moments
from ehr_prehospital.hypermedia.timeline import Timeline

TIMELINE = Timeline(
    (
        moments.statuses,
        moments.entries,
        moments.ecgs,
        moments.files,
        moments.alarms,
        consult.calls,
        consult.thread,
        consult.drawings,
    )
)
