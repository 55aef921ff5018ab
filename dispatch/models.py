"""Every table of the dispatch app, from its feature folders, lowest first."""

from dispatch.calls.models import Call, Incident
from dispatch.city.models import City, HouseNumber, PlaceName
from dispatch.decision.models import Hospital, Recommendation
from dispatch.fleet.models import (
    Ambulance,
    Fix,
    Mission,
    MissionFact,
    Shift,
    Track,
)
from dispatch.journal.models import Entry
from dispatch.people.models import Organisation, Sequence, User
from dispatch.uplink.models import Frame, ParkedFrame, VehicleLink

__all__ = [
    "Ambulance",
    "Call",
    "City",
    "Entry",
    "Fix",
    "Frame",
    "Hospital",
    "HouseNumber",
    "Incident",
    "Mission",
    "MissionFact",
    "Organisation",
    "ParkedFrame",
    "PlaceName",
    "Recommendation",
    "Sequence",
    "Shift",
    "Track",
    "User",
    "VehicleLink",
]
