"""What a hospital may say back, until when, and who may still read it. No database, no clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

# The hospital may complete the outcome of a patient whom it received for this long; it writes of
# its own patient, and opens nothing of the record by it.
RETURNED_WITHIN = timedelta(days=30)
# A crew reads the outcome of its own case for this long, without the patient's identity.
READ_WITHIN = timedelta(days=30)

# What was done, in the order of the pathways' clocks: chest pain and stroke centres count these.
INTERVENTIONS = ("ct", "needle", "balloon", "groin", "theatre", "antibiotic", "birth")


class Verdict(StrEnum):
    """Was this alert right?"""

    RIGHT = "right"
    OVER = "over"
    UNDER = "under"
    NOT_NEEDED = "not_needed"


class WrongOutcome(ValueError):
    """`field` says which part is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def checked_times(times: Mapping[str, datetime], *, now: datetime) -> dict[str, str]:
    """Intervention → ISO time. Raises WrongOutcome for an unknown one or one in the future."""
    for code, at in times.items():
        if code not in INTERVENTIONS:
            raise WrongOutcome(code)
        if at > now + timedelta(minutes=1):
            raise WrongOutcome(code)
    return {code: times[code].isoformat() for code in INTERVENTIONS if code in times}


def minutes_from_door(times: Mapping[str, datetime], arrived_at: datetime) -> dict[str, int]:
    """Door to needle, door to balloon, …: whole minutes; what came before the door counts 0."""
    return {
        code: max(0, round((at - arrived_at).total_seconds() / 60)) for code, at in times.items()
    }
