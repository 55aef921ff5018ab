"""What people do to a record: open it, write into it, say who the patient is, close it.

Read opening → closing → identifying → writing.
"""

from ehr_prehospital.record.actions.closing import close_version, tell_of_entries
from ehr_prehospital.record.actions.identifying import Identity, set_patient
from ehr_prehospital.record.actions.opening import open_record
from ehr_prehospital.record.actions.writing import Draft, add_entries, add_entry

__all__ = [
    "Draft",
    "Identity",
    "add_entries",
    "add_entry",
    "close_version",
    "open_record",
    "set_patient",
    "tell_of_entries",
]
