"""Every table of the dispatch app, from its feature folders, lowest first."""

from dispatch.calls.models import Call, Incident, IncidentNote, Merge
from dispatch.city.models import (
    City,
    Closure,
    HouseNumber,
    PlaceName,
    SpeedFactor,
    SpeedTable,
    Zone,
)
from dispatch.decision.models import (
    EtaBand,
    Hospital,
    MoveUp,
    PolicyReplay,
    Recommendation,
    ShownEta,
)
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
from dispatch.tablets.models import Tablet, TabletKey
from dispatch.uplink.models import Frame, ParkedFrame, VehicleLink

__all__ = [
    "Ambulance",
    "Call",
    "City",
    "Closure",
    "CrewAlarm",
    "CrewCheck",
    "Entry",
    "EtaBand",
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
    "ShownEta",
    "SpeedFactor",
    "SpeedTable",
    "Tablet",
    "TabletKey",
    "Track",
    "User",
    "VehicleLink",
    "Zone",
]
