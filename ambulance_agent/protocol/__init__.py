"""What a vehicle and the dispatch centre say to each other, version 1.

Read codes → frames (vehicle to centre) → replies (centre to vehicle) →
codec. The only part of the agent that the server imports.
"""

from ambulance_agent.protocol.codec import (
    MAX_FRAME_BYTES,
    MAX_REPLY_BYTES,
    MalformedFrame,
    MalformedReason,
    decode_from_server,
    decode_from_vehicle,
    encode,
)
from ambulance_agent.protocol.codes import (
    PROTOCOL_VERSION,
    DeviceStateCode,
    Fact,
    Lead,
    MissionState,
    Quality,
    RefusalCode,
    Unit,
    VitalCode,
)
from ambulance_agent.protocol.frames import (
    DeviceState,
    Frame,
    FromVehicle,
    Hello,
    Numeric,
    Position,
    Status,
    Telemetry,
    Wave,
    reading,
)
from ambulance_agent.protocol.replies import (
    Ack,
    FromServer,
    Order,
    Point,
    Refused,
    StandDown,
    Welcome,
)

__all__ = [
    "MAX_FRAME_BYTES",
    "MAX_REPLY_BYTES",
    "PROTOCOL_VERSION",
    "Ack",
    "DeviceState",
    "DeviceStateCode",
    "Fact",
    "Frame",
    "FromServer",
    "FromVehicle",
    "Hello",
    "Lead",
    "MalformedFrame",
    "MalformedReason",
    "MissionState",
    "Numeric",
    "Order",
    "Point",
    "Position",
    "Quality",
    "RefusalCode",
    "Refused",
    "StandDown",
    "Status",
    "Telemetry",
    "Unit",
    "VitalCode",
    "Wave",
    "Welcome",
    "decode_from_server",
    "decode_from_vehicle",
    "encode",
    "reading",
]
