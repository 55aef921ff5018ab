"""What the record's rules judge, all pure: no database, no clock.

Read statements → judging → merging; chain seals versions.
"""

from ehr_prehospital.record.rules.chain import GENESIS, version_hash
from ehr_prehospital.record.rules.judging import Judged, Problem, judge
from ehr_prehospital.record.rules.merging import Entry, Merged, Standing, merge
from ehr_prehospital.record.rules.statements import (
    IDENTITY,
    OLDEST_AGE,
    InvalidEntry,
    Statement,
    Wrong,
    check,
    number_in,
    plain,
)

__all__ = [
    "GENESIS",
    "IDENTITY",
    "OLDEST_AGE",
    "Entry",
    "InvalidEntry",
    "Judged",
    "Merged",
    "Problem",
    "Standing",
    "Statement",
    "Wrong",
    "check",
    "judge",
    "merge",
    "number_in",
    "plain",
    "version_hash",
]
