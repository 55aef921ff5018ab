"""The transfer between hospitals as a table of states. No database, no clock."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# Only what both ends agreed to is driven; a withdrawal of what is driven is the dispatcher's.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.REQUESTED: frozenset({State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset(),
        State.DECLINED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)
# Why a patient is moved, and why a hospital cannot take them.
REASONS = ("higher_care", "procedure", "no_bed", "back_home", "isolation", "wish", "other")
DECLINED = ("no_bed", "no_team", "not_our_field", "unstable", "other")
# Who agreed for the patient. `emergency`: nobody could be asked and waiting would harm.
CONSENTS = ("patient", "relative", "guardian", "emergency")
# How soon: the priority that dispatch gives the incident. Unchecked: the centre's own choice.
URGENCIES: Mapping[str, int] = MappingProxyType({"now": 1, "soon": 2, "today": 3, "planned": 4})
# What must come along; read by the crew, not by the ranking.
ESCORTS = ("doctor", "nurse", "ventilator", "infusion_pump", "incubator", "monitor", "isolation")


def allowed(state: str, step: State) -> bool:
    return step in TRANSITIONS[State(state)]
