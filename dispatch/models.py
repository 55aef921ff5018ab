"""Every table of the dispatch app, from its feature folders, lowest first."""

from dispatch.calls.models import Call, Incident, IncidentNote, Merge
from dispatch.city.models import City, Closure, HouseNumber, PlaceName, Zone
from dispatch.decision.models import Hospital, MoveUp, PolicyReplay, Recommendation
from dispatch.fleet.models import (
    Ambulance,
    CrewAlarm,
    CrewCheck,
    Fix,
    Hold,
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
    "Closure",
    "CrewAlarm",
    "CrewCheck",
    "Entry",
    "Fix",
    "Frame",
    "Hold",
    "Hospital",
    "HouseNumber",
    "Incident",
    "IncidentNote",
    "Merge",
    "Mission",
    "MissionFact",
    "MoveUp",
    "Organisation",
    "ParkedFrame",
    "PlaceName",
    "PolicyReplay",
    "Recommendation",
    "Sequence",
    "Shift",
    "Track",
    "User",
    "VehicleLink",
    "Zone",
]
