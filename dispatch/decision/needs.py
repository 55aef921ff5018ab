"""Who else knows what a patient needs: the record, which dispatch must not know.

The clinical side registers here when the process starts, as it does with the followers
of missions; a control room without it decides by what the caller said.
"""

from collections.abc import Callable
from datetime import datetime

from dispatch.fleet.models import Mission

Knower = Callable[[Mission, datetime], frozenset[str]]

_knowers: list[Knower] = []


def know(knower: Knower) -> None:
    if knower not in _knowers:
        _knowers.append(knower)


def needs_of(mission: Mission, now: datetime) -> list[str]:
    """What the call said and what the crew has found: capabilities, sorted."""
    needs = set(mission.incident.needs)
    for knower in _knowers:
        needs |= knower(mission, now)
    return sorted(needs)
